"""The run's journal and its guardian, where the target is shared with others; and what former runs left there."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from golive.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from pydantic import SecretStr

    from golive.safekeeping.journal import Header
    from golive.settings import Settings

SHARED_S: Final = 15 * 60.0
LOCAL_S: Final = 60.0
"""How long the guardian goes on at least, in seconds: a simulator on this machine that is gone stays gone."""
FORMER_S: Final = 30.0
"""How long a run goes on with the open sessions of all former ones before it begins its own, in seconds."""


class Keeping:
    """On disk before it is sent, and stopped by a process of its own should this one be gone.

    `lost` is told where there is no guardian. Raises `SettingsError` where the journal cannot be written: nothing is
    begun then.
    """

    def __init__(
        self, directory: Path, settings: Settings, run_id: str, prefix: str, *, lost: Callable[[str], None]
    ) -> None:
        from golive.safekeeping.guardian import Guardian
        from golive.safekeeping.journal import Journal, name_of

        header, key = _header(settings, run_id, prefix)
        path = directory / name_of(run_id)
        try:
            self._journal = Journal(path, header)
        except OSError as fault:
            raise SettingsError(
                f"--report-dir: the journal of starts cannot be written ({fault}), and without one no charge is begun; "
                "make room, or name another directory"
            ) from None
        self._guardian = Guardian(path, key, lost=lost)
        self._left_s = header.guarded_s
        self._cut: frozenset[str] = frozenset()

    # -- what the registers write down -----------------------------------------------------------------------

    def starting(self, number: int, user_id: str, evse_id: str, *, shared: bool) -> None:
        """Raises `OSError`; the first one waits until the guardian is awake."""
        self._guardian.await_ready()
        self._journal.starting(number, user_id, evse_id, shared=shared)

    def refused(self, number: int) -> None:
        self._journal.refused(number)

    def began(self, number: int, session_id: str) -> None:
        self._journal.began(number, session_id)

    def closed(self, number: int) -> None:
        self._journal.closed(number)

    def making(self, external_id: str) -> None:
        self._journal.making(external_id)

    def unmade(self, external_id: str) -> None:
        self._journal.unmade(external_id)

    def made(self, user_id: str, external_id: str | None = None) -> None:
        self._journal.made(user_id, external_id)

    def removed(self, user_id: str) -> None:
        self._journal.removed(user_id)

    def cut(self) -> Collection[str]:
        """The sessions that the guardian stopped while this process was halted."""
        return self._cut or self._journal.cut()

    # -- the end ---------------------------------------------------------------------------------------------

    def end(self) -> str | None:
        """The run has tidied up. What it could not do is left to the guardian; returns a sentence that says so."""
        path, told = self._journal.path, self._journal.told
        self._cut = self._journal.cut()
        self._journal.close()
        if told.is_settled:
            self._guardian.over()
            with suppress(OSError):
                path.unlink()
            return None
        self._guardian.hand_over()
        more = " or more" if told.asked else ""
        minutes = f"{self._left_s / 60:g} minute{'' if self._left_s == 60 else 's'}"
        return (
            f"{len(told.begun)} sessions and {len(told.users)} users{more} are left to the guardian process, which "
            f"goes on for up to {minutes}; later: python -m golive release {path.parent}"
        )


def _header(settings: Settings, run_id: str, prefix: str) -> tuple[Header, SecretStr]:
    from golive.safekeeping.journal import Header

    if settings.key is None or settings.key_fingerprint is None or settings.target.url is None:
        raise RuntimeError("a run without key or address begins nothing that could be left behind")
    header = Header(
        run_id=run_id,
        url=settings.target.url,
        key_fingerprint=settings.key_fingerprint,
        keep_users=settings.keep_users,
        user_prefix=prefix,
        patience_s=settings.start_timeout,
        guarded_s=max(LOCAL_S if settings.target.local else SHARED_S, settings.cdr_timeout),
        max_hold_s=settings.max_hold,
        at_once=settings.max_in_flight,
        per_second=settings.max_rate or 0.0,
    )
    return header.sealed(settings.key), settings.key


def finish_former(settings: Settings, run_id: str, folder: Path) -> Iterator[str]:
    """Stop and remove what former runs beside this one left at the same target, as far as that is possible at once:
    each is tried once, and all together for no longer than `FORMER_S`. Yields a sentence for each."""
    from golive.clock import SystemClock
    from golive.guard import ForbiddenTarget
    from golive.safekeeping.former import finish, unfinished

    clock = SystemClock()
    over = clock.monotonic() + FORMER_S
    for former in unfinished(folder):
        header = former.told.header
        ours = (header.url, header.key_fingerprint) == (settings.target.url, settings.key_fingerprint)
        if settings.key is None or not ours or header.run_id == run_id:
            continue
        try:
            released = finish(former, settings.key, until_s=max(0.0, over - clock.monotonic()), users_s=0.0)
        except (ForbiddenTarget, OSError):
            continue
        if released is not None:
            done = f"{len(released.stopped)} sessions stopped, {len(released.removed)} users removed"
            left = f"; left: {'; '.join(released.left)}" if released.left else ""
            yield f"run {header.run_id} had ended before it could tidy up: {done}{left}"
