"""Which sessions this run has open, so that none is left charging on a shared DEV."""

import math
import threading
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from golive.clock import SystemClock, WaitingClock
from golive.connect import ConnectClient
from golive.connect.errors import AlreadyStopped, NotFound
from golive.journeys.holds import Holds
from golive.journeys.patience import Patience
from golive.outcomes import Inconclusive, Owner
from golive.politeness.asking import cleaning_up


class StartsOnDisk(Protocol):
    """Where starts are written down, so that they are known when this process is gone."""

    def starting(self, number: int, user_id: str, evse_id: str, *, shared: bool) -> None:
        """A start is about to be sent. Raises `OSError` where that cannot be written; it is not sent then."""

    def refused(self, number: int) -> None:
        """It was refused: nothing is on its way any more."""

    def began(self, number: int, session_id: str) -> None:
        """It was answered with this session."""

    def closed(self, number: int) -> None:
        """Its session has ended, or it began none."""


@dataclass(eq=False)
class Held:
    """A start that was sent; `session_id` is None until the answer is known."""

    client: ConnectClient
    user_id: str
    evse_id: str
    number: int
    session_id: str | None = None


class OpenSessions:
    """The register of starts: written before a start is sent, struck out when the session has ended."""

    def __init__(self, on_disk: StartsOnDisk | None = None, holds: Holds | None = None) -> None:
        self.holds = holds or Holds(SystemClock(), math.inf, ())
        self._on_disk = on_disk
        self._held: list[Held] = []
        self._count = 0
        self._started: dict[str, None] = {}
        self._users: dict[str, ConnectClient] = {}
        self._still_active: dict[str, str] = {}
        self._lock = threading.Lock()

    def opening(self, client: ConnectClient, user_id: str, evse_id: str) -> Held:
        """A start is about to be sent. One that was refused before stands for all further tries of its driver there.

        Raises `Inconclusive` (owner environment) where it cannot be written down: it must not be sent then.
        """
        with self._lock:
            same = (h for h in self._held if h.session_id is None and (h.user_id, h.evse_id) == (user_id, evse_id))
            if (held := next(same, None)) is None:
                self._count += 1
                held = Held(client, user_id, evse_id, self._count)
        if self._on_disk is not None:
            try:
                self._on_disk.starting(held.number, user_id, evse_id, shared=self.holds.is_shared(evse_id))
            except OSError as fault:
                raise Inconclusive(
                    f"the start on {evse_id} was not sent, because the journal of starts cannot be written: {fault}",
                    owner=Owner.ENVIRONMENT,
                ) from None
        with self._lock:
            if held not in self._held:
                self._held.append(held)
            self._users[user_id] = client
        return held

    def began(self, held: Held, session_id: str) -> None:
        """The start was answered with this session; an empty id leaves it to be looked for when it is to be stopped."""
        held.session_id = session_id or None
        if not session_id:
            return
        with self._lock:
            self._started[session_id] = None
        self.holds.began(session_id, held.evse_id, held.client.actor)
        if self._on_disk is not None:
            self._on_disk.began(held.number, session_id)

    def refused(self, held: Held) -> None:
        """The API refused to begin it: it stays in the register, as a refusal alone does not prove that."""
        if self._on_disk is not None:
            self._on_disk.refused(held.number)

    def closed(self, held: Held) -> None:
        """The session has ended, or there is none."""
        with self._lock:
            self._held = [other for other in self._held if other is not held]
        if held.session_id is not None:
            self.holds.ended(held.session_id)
        if self._on_disk is not None:
            self._on_disk.closed(held.number)

    @property
    def open(self) -> tuple[Held, ...]:
        with self._lock:
            return tuple(self._held)

    @property
    def started(self) -> tuple[str, ...]:
        """The ids of all sessions that were begun, as far as they came to be known."""
        with self._lock:
            return tuple(self._started)

    @property
    def open_ids(self) -> tuple[str, ...]:
        """What may still be open, by session id, or by EVSE and user where no id is known; what `look_back` saw."""
        held = [held.session_id or f"unknown, on {held.evse_id} of user {held.user_id}" for held in self.open]
        return tuple(dict.fromkeys((*held, *self._still_active)))

    @property
    def charging(self) -> frozenset[str]:
        """The users whose session could not be stopped, or was active still when `look_back` saw it last."""
        unstopped = (held.user_id for held in self.open if held.session_id is not None)
        return frozenset((*unstopped, *self._still_active.values()))

    @cleaning_up()
    def release(self, held: Held) -> str | None:
        """Stop one session, looking it up first where its id is not known. Returns what could not be done."""
        try:
            for session_id in self._sessions_of(held):
                try:
                    held.client.stop_charging(held.user_id, session_id)
                except AlreadyStopped:
                    continue
        except Exception as exc:  # whatever it is: the others are still to be stopped
            return f"the session on {held.evse_id} of user {held.user_id} may still be open: {exc}"
        self.closed(held)
        return None

    def release_all(self, user_id: str | None = None) -> list[str]:
        """Stop whatever is still open, or what this user has. Returns a sentence for each that could not be stopped."""
        problems = [self.release(held) for held in self.open if user_id in (None, held.user_id)]
        return [problem for problem in problems if problem]

    @cleaning_up()
    def look_back(self, clock: WaitingClock, *, pause: float, patience: float, others: Collection[str]) -> list[str]:
        """Ask for the sessions of each user that a start was sent for: that a stop was accepted does not prove that
        the session ended. One that has still to end is asked for again every `pause` seconds, up to `patience`;
        `others` were there before the run. Returns a sentence for each that is active still, and one where nothing
        can be seen."""
        waiting = Patience(clock, patience, interval=pause)
        users = dict(sorted(self._users.items()))  # in an order that does not hang on threads
        while True:
            active: dict[str, str] = {}
            for user_id, client in users.items():
                try:
                    sessions = [session.id for session in client.list_sessions(user_id) if session.is_active]
                except NotFound:
                    continue  # removed by a check, with all that it had
                except Exception as exc:  # whatever it is: the rest of the run is still to be closed
                    return [f"whether all sessions have ended could not be seen: {exc}"]
                active.update({id_: user_id for id_ in sessions if id_ not in others})
            if not active or waiting.is_over():
                break
            users = {user_id: users[user_id] for user_id in active.values()}
            waiting.pause()
        self._still_active.update(active)
        return [f"the session {id_} of user {user} was active still when the run ended" for id_, user in active.items()]

    def _sessions_of(self, held: Held) -> list[str]:
        if held.session_id is not None:
            return [held.session_id]
        try:
            active = [session.id for session in held.client.list_sessions(held.user_id) if session.is_active]
        except NotFound:  # no such user, so the start began nothing
            return []
        with self._lock:
            self._started.update(dict.fromkeys(active))
        return active
