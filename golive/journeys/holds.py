"""How long sessions are held, and which were stopped because others wait for the same VCP."""

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from golive.clock import Clock
from golive.connect import same_evse
from golive.evidence.model import Hold
from golive.outcomes import Inconclusive, Owner
from golive.recording import Recorder

CUTTING_S: Final = 60.0
"""How long the answer to a stop is waited for that may have ended a session, in seconds."""


@dataclass(frozen=True)
class _Since:
    """Both clocks: that of the machine goes on while it sleeps, the other one cannot be set back."""

    monotonic: float
    now: datetime

    @classmethod
    def of(cls, clock: Clock) -> "_Since":
        return cls(clock.monotonic(), clock.now())

    def seconds_to(self, later: "_Since") -> float:
        return max(0.0, later.monotonic - self.monotonic, (later.now - self.now).total_seconds())


class Holds:
    """What each session's hold came to, in seconds from the answer to the start; safe to use from several threads.

    `shared` are the EVSE IDs of shared VCPs. `recorded` are the holds of the run that a replay repeats, by session;
    `cut_elsewhere` names the sessions that another process stopped because of the bound.
    """

    def __init__(
        self,
        clock: Clock,
        bound_s: float,
        shared: Collection[str],
        *,
        recorded: Mapping[str, Hold] = MappingProxyType({}),
        cut_elsewhere: Callable[[], Collection[str]] = tuple,
    ) -> None:
        self.bound_s = bound_s
        self._clock = clock
        self._shared = tuple(shared)
        self._recorded = recorded
        self._cut_elsewhere = cut_elsewhere
        self._since: dict[str, _Since] = {}
        self._holds: dict[str, Hold] = {}
        self._cutting: dict[str, threading.Event] = {}
        self._lock = threading.Lock()

    def is_shared(self, evse_id: str) -> bool:
        """Whether another party may wait for it."""
        return any(same_evse(evse_id, each) for each in self._shared)

    def began(self, session_id: str, evse_id: str, actor: str) -> None:
        """A start was answered with this session."""
        with self._lock:
            self._since[session_id] = _Since.of(self._clock)
            self._holds[session_id] = Hold(
                session_id=session_id, evse_id=evse_id, actor=actor, shared=self.is_shared(evse_id)
            )

    def ended(self, session_id: str, *, cut: bool = False) -> None:
        """It was stopped, or seen to have ended: the first word counts, but for what ended it."""
        with self._lock:
            hold = self._holds.get(session_id)
            if hold is None:
                return
            held_s = hold.held_s
            if held_s is None:
                held_s = round(self._since[session_id].seconds_to(_Since.of(self._clock)), 3)
            self._holds[session_id] = hold.model_copy(update={"held_s": held_s, "cut": hold.cut or cut})

    def held_s(self, session_id: str) -> float | None:
        """How long it was held, None while it still is."""
        with self._lock:
            hold = self._holds.get(session_id)
        return None if hold is None else hold.held_s

    def is_due(self, session_id: str) -> bool:
        """Whether it is held on a shared VCP for as long as the bound allows."""
        with self._lock:
            hold = self._holds.get(session_id)
            if hold is None or not hold.shared or hold.held_s is not None:
                return False
            return self._since[session_id].seconds_to(_Since.of(self._clock)) >= self.bound_s

    @contextmanager
    def cutting(self, session_id: str) -> Iterator[None]:
        """A stop because of the bound is under way within: until it is answered, nobody can say what ended it."""
        with self._lock:
            answered = self._cutting[session_id] = threading.Event()
        try:
            yield
        finally:
            answered.set()

    def was_cut(self, session_id: str) -> bool:
        """Whether it was stopped because of the bound, by whom ever."""
        with self._lock:
            cutting = self._cutting.get(session_id)
        if cutting is not None:
            cutting.wait(CUTTING_S)
        with self._lock:
            hold = self._recorded.get(session_id) or self._holds.get(session_id)
        return (hold is not None and hold.cut) or session_id in self._cut_elsewhere()

    def told(self) -> tuple[Hold, ...]:
        """Every hold, in the order in which they began."""
        elsewhere = self._cut_elsewhere()
        with self._lock:
            holds = [self._recorded.get(id_, hold) for id_, hold in self._holds.items()]
        return tuple(hold.model_copy(update={"cut": True}) if hold.session_id in elsewhere else hold for hold in holds)

    def too_long(self, session_id: str) -> Inconclusive:
        """What is to be said of whatever the session's early end made impossible."""
        return Inconclusive(
            f"session {session_id} was stopped before this could be seen: it was held for as long as "
            f"--max-hold allows ({self.bound_s:g} s)",
            owner=Owner.ENVIRONMENT,
        )


def observe_cuts(holds: Holds, recorder: Recorder) -> None:
    """Note each session that was stopped because of the bound."""
    for hold in holds.told():
        if hold.cut:
            after = "" if hold.held_s is None else f" after {hold.held_s:.1f} s"
            recorder.observe(
                "HELD_TOO_LONG",
                f"session {hold.session_id} on the shared {hold.evse_id} was stopped{after}, whatever was still to be "
                f"seen of it: --max-hold is {holds.bound_s:g} s",
                owner=Owner.ENVIRONMENT,
                exchanges=(),
            )
