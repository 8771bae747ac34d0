"""Which sessions the partner's backend began through the gateway: each start that was really sent is known until its
session has ended, also where its answer was lost, so that none is left charging."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from golive.clock import WaitingClock
from golive.connect import ConnectClient
from golive.connect.errors import ConnectError
from golive.gateway.asked import LIST, READ, STOP, Asked, json_of
from golive.journeys.sessions import Held, OpenSessions

_UNNAMED = "an EVSE that the request did not name"
_LOOK_S = 0.5


@dataclass
class Start:
    """One start that is about to be sent, or was; `held` may be shared with other starts of its user there."""

    held: Held
    is_settled: bool = False


class Starts:
    """Safe to use from several threads. `client_for` makes a client that speaks with a partner's own token; a start
    without an answer may still show up as a session for `patience_s` seconds."""

    def __init__(
        self,
        sessions: OpenSessions,
        client_for: Callable[[str], ConnectClient],
        clock: WaitingClock,
        patience_s: float,
    ) -> None:
        self._sessions = sessions
        self._client_for = client_for
        self._clock = clock
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._one_opens = threading.Lock()
        self._opening: tuple[str, str] | None = None
        self._mine: dict[int, Held] = {}
        self._waiting: dict[int, int] = {}
        self._unknown_since: dict[int, float] = {}

    def opening(self, asked: Asked, body: bytes) -> Start:
        """A start is about to be sent. Raises `OSError` or `Inconclusive` where that cannot be written down: it must
        not be sent then."""
        said = json_of(body)
        evse_id = said.get("evse_id") if isinstance(said, dict) else None
        named = evse_id if isinstance(evse_id, str) and evse_id else _UNNAMED
        user_id = asked.ids["user_id"]
        with self._one_opens:  # beside the other lock: a disk may take its time
            with self._lock:
                self._opening = user_id, named
            try:
                held = self._sessions.opening(self._client_for(asked.token), user_id, named)
                with self._lock:
                    self._mine[held.number] = held
                    self._waiting[held.number] = self._waiting.get(held.number, 0) + 1
            finally:
                with self._lock:
                    self._opening = None
        return Start(held)

    def answered(self, start: Start, status: int, body: bytes) -> None:
        """What DEV said to a start."""
        said = json_of(body)
        with self._lock:
            start.is_settled = True
            held = start.held
            self._waiting[held.number] -= 1
            if 200 <= status < 300:
                session_id = said.get("id") if isinstance(said, dict) else None
                if session_id:
                    self._began(held, str(session_id))
                else:
                    self._unknown_since[held.number] = self._clock.monotonic()
            elif _may_have_begun(status, said):
                self._unknown_since[held.number] = self._clock.monotonic()
            else:
                self._began_nothing(held)

    def unanswered(self, start: Start, *, sent: bool) -> None:
        """No answer came to a start; without `sent` none could."""
        with self._lock:
            start.is_settled = True
            self._waiting[start.held.number] -= 1
            if sent:
                self._unknown_since[start.held.number] = self._clock.monotonic()
            else:
                self._began_nothing(start.held)

    def noticed(self, asked: Asked, status: int, body: bytes) -> None:
        """What DEV said to a stop, or when it was asked for sessions: one that has ended is not looked after any
        more."""
        if asked.asks_for(STOP):
            if 200 <= status < 300 or (status == 409 and _type_of(json_of(body)) == "already_stopped"):
                self._ended(asked.ids["session_id"])
        elif asked.asks_for(READ, LIST) and status == 200:
            said = json_of(body)
            listed = said.get("results") if isinstance(said, dict) and "results" in said else [said]
            for session in listed if isinstance(listed, list) else ():
                if isinstance(session, dict) and session.get("is_active") is False:
                    self._ended(str(session.get("id")))

    @property
    def open(self) -> tuple[Held, ...]:
        """What may be charging."""
        there = {held.number for held in self._sessions.open}
        with self._lock:
            return tuple(held for number, held in self._mine.items() if number in there)

    def client_of(self, user_id: str) -> ConnectClient | None:
        """Speaks with the token that this user's last start came with; None where none came."""
        with self._lock:
            found = [held.client for held in self._mine.values() if held.user_id == user_id]
        return found[-1] if found else None

    def end(self, user_id: str) -> list[str]:
        """Stop what this user has, at once. Returns a sentence for each session that could not be stopped."""
        problems = (self._sessions.release(held) for held in self.open if held.user_id == user_id)
        return [problem for problem in problems if problem is not None]

    def release(self) -> list[str]:
        """Stop whatever is open. Returns a sentence for each that could not be stopped."""
        problems = []
        for held in self.open:
            self._await(held)
            if (problem := self._sessions.release(held)) is not None:
                problems.append(problem)
        return problems

    def _await(self, held: Held) -> None:
        """A start that was sent and not answered is given its time to show up."""
        with self._lock:
            since = self._unknown_since.get(held.number)
        if held.session_id is not None or since is None:
            return
        over = self._clock.deadline(self._patience_s - (self._clock.monotonic() - since))
        while not over.has_passed():
            try:
                if any(session.is_active for session in held.client.list_sessions(held.user_id)):
                    return
            except ConnectError:
                return  # releasing it says what is wrong
            self._clock.sleep(_LOOK_S)

    def _began(self, held: Held, session_id: str) -> None:
        if held.session_id not in (None, session_id):
            held = self._sessions.opening(held.client, held.user_id, held.evse_id)  # a second start, with its own
            self._mine[held.number] = held
        if held.session_id is None:
            self._sessions.began(held, session_id)

    def _began_nothing(self, held: Held) -> None:
        """Struck out, unless another start of the same user there has, or may have, begun a session."""
        known = held.session_id is not None or held.number in self._unknown_since
        shared = self._waiting[held.number] or self._opening == (held.user_id, held.evse_id)
        if not known and not shared:
            self._sessions.closed(held)

    def _ended(self, session_id: str) -> None:
        for held in self.open:
            if held.session_id == session_id:
                self._sessions.closed(held)


def _may_have_begun(status: int, said: Any) -> bool:
    """Whether a refusal leaves open what became of the start: the provider's failed, or something in between did
    (the guide: do not assume that the session changed its state)."""
    return status >= 500 or status == 408 or (status == 424 and _type_of(said) != "station_availability_issue")


def _type_of(said: Any) -> str | None:
    error = said.get("error") if isinstance(said, dict) else None
    return error.get("type") if isinstance(error, dict) else None
