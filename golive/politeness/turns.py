"""Whose turn it is: so many requests at once, so many in a second, clean-up first, and no kind starves another.

Pure: time is given, nothing waits here.
"""

import itertools
import math
from collections import Counter
from dataclasses import dataclass

from golive.politeness.asking import Kind


@dataclass(frozen=True, slots=True, order=True)
class Ticket:
    """A place in the queue; the lower goes first."""

    after_clean_up: bool
    number: int
    kind: Kind


class Turns:
    """At most `most_at_once` requests under way, and between two beginnings at least 1/`per_second` seconds: in any
    span of t seconds no more than t × `per_second` + 1 begin. None sets no such bound.

    Of several places one is kept free for clean-up, and starts take no more than half of them. Who asked first goes
    first, among those of whose kind one more may be under way; clean-up goes before all others.
    """

    def __init__(self, *, most_at_once: int, per_second: float | None) -> None:
        self._room = {
            Kind.CLEAN_UP: most_at_once,
            Kind.ORDINARY: max(1, most_at_once - 1),
            Kind.START: max(1, most_at_once // 2),
        }
        self._gap = 0.0 if per_second is None else 1.0 / per_second
        self._numbers = itertools.count()
        self._waiting: list[Ticket] = []
        self._under_way: Counter[Kind] = Counter()
        self._next_at = -math.inf
        self.most_seen = 0
        """The most that were under way at once."""

    @property
    def under_way(self) -> int:
        return self._under_way.total()

    def ask(self, kind: Kind) -> Ticket:
        """A place at the end of the queue."""
        ticket = Ticket(kind is not Kind.CLEAN_UP, next(self._numbers), kind)
        self._waiting.append(ticket)
        return ticket

    def wait_for(self, ticket: Ticket, now: float) -> float:
        """Seconds until it may be this ticket's turn; infinite where another one has to end or to begin first. Zero
        means that it is under way now."""
        first = min((other for other in self._waiting if self._has_room(other.kind)), default=None)
        if ticket is not first:
            return math.inf
        if now < self._next_at:
            return self._next_at - now
        self._waiting.remove(ticket)
        self._under_way[ticket.kind] += 1
        self._next_at = now + self._gap
        self.most_seen = max(self.most_seen, self.under_way)
        return 0.0

    def leave(self, ticket: Ticket) -> None:
        """This ticket waits no longer, or has ended."""
        if ticket in self._waiting:
            self._waiting.remove(ticket)
        else:
            self._under_way[ticket.kind] -= 1

    def _has_room(self, kind: Kind) -> bool:
        others = self.under_way - self._under_way[Kind.CLEAN_UP]
        return (
            self.under_way < self._room[Kind.CLEAN_UP]
            and (kind is Kind.CLEAN_UP or others < self._room[Kind.ORDINARY])
            and (kind is not Kind.START or self._under_way[Kind.START] < self._room[Kind.START])
        )
