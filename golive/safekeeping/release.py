"""Stop what a journal says may be open, and remove the users that it says are still there."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol

from golive.clock import Clock
from golive.connect import ConnectClient
from golive.connect.errors import AlreadyStopped, ConnectError, NotFound
from golive.safekeeping.journal import Begun, Told

PAUSES_S: Final = (0.25, 0.5, 1.0, 2.0, 5.0)
"""Between two tries, the last one from then on."""


class Notes(Protocol):
    """Where it is written down that something is done: the journal."""

    def closed(self, number: int) -> None: ...

    def removed(self, user_id: str) -> None: ...


@dataclass(frozen=True)
class Released:
    """What was done, and what could not be."""

    stopped: tuple[str, ...]
    removed: tuple[str, ...]
    left: tuple[str, ...]


class Release:
    """Goes on until nothing is left to do or `until_s` seconds are over; a network that is cut off for a while is
    waited for. A start without an answer is looked for among its user's sessions as long as one may still show up."""

    def __init__(
        self,
        told: Told,
        client: ConnectClient,
        clock: Clock,
        notes: Notes,
        *,
        until_s: float,
        go_on: Callable[[], bool] = lambda: True,
    ) -> None:
        self._told = told
        self._client = client
        self._clock = clock
        self._notes = notes
        self._began = clock.monotonic()
        self._until_s = until_s
        self._go_on = go_on
        self._stopped: list[str] = []
        self._removed: list[str] = []
        self._said: dict[object, str] = {}

    def run(self) -> Released:
        """Stop first, remove then: a user who is charging cannot be removed."""
        tries = 0
        while True:
            for begun in list(self._told.begun.values()):
                self._settle(begun)
            if not self._told.header.keep_users and not self._told.begun:
                for user_id in list(self._told.users):
                    self._remove(user_id)
            if self._told.is_settled or self._is_over() or not self._go_on():
                return Released(tuple(self._stopped), tuple(self._removed), self._left())
            self._clock.sleep(PAUSES_S[min(tries, len(PAUSES_S) - 1)])
            tries += 1

    def _settle(self, begun: Begun) -> None:
        with self._saying(("session", begun.number)):
            sessions = [begun.session_id] if begun.session_id else self._active(begun.user_id)
            for session_id in sessions:
                with suppress(AlreadyStopped, NotFound):
                    self._client.stop_charging(begun.user_id, session_id)
                    self._stopped.append(session_id)
            if sessions or not self._may_show_up():
                del self._told.begun[begun.number]
                self._notes.closed(begun.number)

    def _active(self, user_id: str) -> list[str]:
        try:
            return [session.id for session in self._client.list_sessions(user_id) if session.is_active]
        except NotFound:
            return []

    def _remove(self, user_id: str) -> None:
        with self._saying(("user", user_id)):
            with suppress(NotFound):
                self._client.delete_user(user_id)
            self._removed.append(user_id)
            del self._told.users[user_id]
            self._notes.removed(user_id)

    def _saying(self, what: tuple[str, object]) -> "_Saying":
        return _Saying(self._said, what)

    def _may_show_up(self) -> bool:
        return self._clock.monotonic() - self._began < self._told.header.patience_s

    def _is_over(self) -> bool:
        return self._clock.monotonic() - self._began >= self._until_s

    def _left(self) -> tuple[str, ...]:
        sessions = [
            f"{begun.session_id or 'a session that may have begun'} on {begun.evse_id} of user {begun.user_id}"
            f"{self._why(('session', begun.number))}"
            for begun in self._told.begun.values()
        ]
        users = (
            []
            if self._told.header.keep_users
            else [f"user {id_}{self._why(('user', id_))}" for id_ in self._told.users]
        )
        return (*sessions, *users)

    def _why(self, what: tuple[str, object]) -> str:
        return f": {self._said[what]}" if what in self._said else ""


class _Saying:
    """Keeps what went wrong with one thing, so that the others get their turn."""

    def __init__(self, said: dict[object, str], what: object) -> None:
        self._said = said
        self._what = what

    def __enter__(self) -> None:
        self._said.pop(self._what, None)

    def __exit__(self, kind: object, fault: BaseException | None, trace: object) -> bool:
        if isinstance(fault, ConnectError):
            self._said[self._what] = str(fault)
            return True
        return False
