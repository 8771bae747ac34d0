"""The run's journal and its guardian, where the target is shared with others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from golive.outcomes import Owner

if TYPE_CHECKING:
    from pathlib import Path

    from golive.plugin.run import Run
    from golive.safekeeping.guardian import Guardian
    from golive.safekeeping.journal import Journal
    from golive.settings import Settings

SHARED_S: Final = 15 * 60.0
LOCAL_S: Final = 60.0
"""How long the guardian goes on where the target cannot be reached, in seconds: a simulator on this machine that is
gone stays gone."""
FORMER_S: Final = 30.0
"""How long a run goes on with what former ones left before it begins its own, in seconds."""


class Keeping:
    """On disk before it is sent, and stopped by a process of its own should this one be gone."""

    def __init__(self, directory: Path, settings: Settings, run_id: str) -> None:
        from golive.safekeeping.guardian import Guardian
        from golive.safekeeping.journal import NAME, Header, Journal

        if settings.key is None or settings.key_fingerprint is None or settings.target.url is None:
            raise RuntimeError("a run without key or address begins nothing that could be left behind")
        header = Header(
            run_id=run_id,
            url=settings.target.url,
            key_fingerprint=settings.key_fingerprint,
            keep_users=settings.keep_users,
            patience_s=settings.start_timeout,
            guarded_s=LOCAL_S if settings.target.local else SHARED_S,
        )
        self.journal: Journal = Journal(directory / NAME, header)
        self._guardian: Guardian = Guardian(self.journal.path, settings.key)

    def end(self) -> None:
        """The run has tidied up. What it could not do is left to the guardian, which begins when this process ends."""
        from golive.safekeeping import journal

        self.journal.close()
        told = journal.read(self.journal.path)
        if told is None or told.is_settled:
            self._guardian.over()
            self.journal.path.unlink(missing_ok=True)


def finish_former(run: Run) -> None:
    """Stop and remove what former runs beside this one left at the same target, and note it."""
    from golive.guard import ForbiddenTarget
    from golive.safekeeping.former import finish, unfinished

    settings = run.settings
    if settings.key is None:
        return
    for former in unfinished(run.report_dir.parent):
        header = former.told.header
        ours = (header.url, header.key_fingerprint) == (settings.target.url, settings.key_fingerprint)
        if not ours or header.run_id == run.id:
            continue
        try:
            released = finish(former, settings.key, until_s=FORMER_S)
        except (ForbiddenTarget, OSError):
            continue
        if released is not None:
            done = f"{len(released.stopped)} sessions stopped, {len(released.removed)} users removed"
            left = f"; left: {'; '.join(released.left)}" if released.left else ""
            run.recorder.observe(
                "FORMER_RUN_FINISHED",
                f"run {header.run_id} had ended before it could tidy up: {done}{left}",
                owner=Owner.PARTNER,
                exchanges=(),
            )
