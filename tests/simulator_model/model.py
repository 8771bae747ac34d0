"""What must be so, kept beside the simulator and worked out from the rules alone: no code of the simulator is used.

Times are seconds since the world began.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.simulator.bench import TYPE_1

TICK = 2.0
MESSAGES = 10
LIMIT = 60.0
"""After this long a type-1 session that nobody stopped ends by itself."""


@dataclass
class Session:
    id: str
    evse: str
    began: float
    stopped: float | None = None
    owed: bool = False
    """Its final charge is declined and not paid yet."""
    paid: float | None = None
    kwh: float = 0.0
    final: Any = None
    """What it looked like when it was first seen final."""

    @property
    def shared(self) -> bool:
        return self.evse in TYPE_1

    @property
    def ended(self) -> float:
        if not self.shared:
            return self.began + MESSAGES * TICK
        limit = self.began + LIMIT
        return limit if self.stopped is None else min(self.stopped, limit)

    @property
    def settled(self) -> float:
        return self.ended + TICK

    def is_settled(self, now: float) -> bool:
        return now >= self.settled

    def is_over(self, now: float) -> bool:
        """Whether a stop comes too late."""
        return self.stopped is not None or now >= (self.ended if self.shared else self.settled)

    def is_debt(self, now: float) -> bool:
        return self.owed and self.is_settled(now)

    def is_invoiced(self, now: float) -> bool:
        return now >= self.settled + TICK and not self.owed


@dataclass
class User:
    id: str
    external_id: str
    methods: list[str] = field(default_factory=list)
    """In order of their set-up."""
    default: str | None = None
    sessions: list[Session] = field(default_factory=list)
    """In order of their start."""
    deleted: bool = False

    def unsettled(self, now: float) -> list[Session]:
        return [session for session in self.sessions if not session.is_settled(now)]

    def debts(self, now: float) -> list[Session]:
        return [session for session in self.sessions if session.is_debt(now)]

    def is_bound(self, now: float) -> bool:
        """Whether something keeps the user and the payment methods from being deleted."""
        return bool(self.unsettled(now) or self.debts(now))
