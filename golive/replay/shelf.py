"""The recorded exchanges, each handed out to whoever asks for it.

An actor's exchanges are asked for in the order in which they were recorded, as long as the suites are the same. Where
they are not (a newer suite, one check alone under a debugger), what was recorded for the running check comes first,
and a check may use what another one had asked for: most of that is set-up which checks share. No answer is given where
it may be that of another request: after other changes than were made by now, or behind a gap in the record.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from golive.evidence.model import Exchange
from golive.replay.changes import Changes
from golive.replay.course import Course
from golive.replay.gaps import number_of
from golive.replay.requests import Key, key_of

_HIDDEN: Final = "[redacted"
"""A secret nobody knows: two of them need not be the same."""


def recorded_key(exchange: Exchange) -> Key:
    """The key of a request as it was recorded."""
    request = exchange.request
    return key_of(exchange.actor, request.method, request.url, request.headers.get("authorization"), request.body)


class Shelf:
    """Safe to use from several threads. `groups` are actors that belong to one journey, so to one thread; `gaps` tells
    by check and by a journey's actor the number of the first exchange that is lost."""

    def __init__(
        self,
        exchanges: Sequence[Exchange],
        groups: Iterable[Iterable[str]] = (),
        gaps: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self.entries = tuple(exchanges)
        self._lock = threading.Lock()
        self._users: list[set[str | None]] = [set() for _ in self.entries]
        self._companions = {actor: frozenset(group) for group in map(frozenset, groups) for actor in group}
        self._keys = [recorded_key(exchange) for exchange in self.entries]
        self._changes = Changes(self.entries, self._keys, self._companions)
        self._gaps = gaps
        self._numbers = [number_of(exchange.id) or 0 for exchange in self.entries]
        self._given: set[str] = set()
        self._added = max(self._numbers, default=0)
        self._of: dict[Key, list[int]] = {}
        self._by: dict[str, list[int]] = {}
        for index, exchange in enumerate(self.entries):
            self._of.setdefault(self._keys[index], []).append(index)
            self._by.setdefault(exchange.actor, []).append(index)

    def take(self, key: Key, test: str | None, course: Course) -> Exchange | None:
        """The exchange that answers this request, asked by `test` (None outside a check) in the thread of `course`,
        which moves on to it; None where the record has none left that is surely its own."""
        course.actors |= {key.actor, *self._companions.get(key.actor, ())}
        with self._lock:
            index = self._choose(key, test, course)
            self._changes.note(key, test, index)
            if index is None:
                return None
            self._users[index].add(test)
        course.position = index
        return self.entries[index]

    def following(self, course: Course) -> Exchange | None:
        """What this thread's actors asked for next in the record, as far as nobody has asked for it again."""
        with self._lock:
            index = self._next(course)
        return None if index is None else self.entries[index]

    def given_last(self, course: Course) -> Exchange | None:
        """What this thread was answered last."""
        return self.entries[course.position] if course.position >= 0 else None

    def id_for(self, taken: Exchange | None) -> str:
        """Under which id a replay records an exchange: its own, unless that is taken, or else the next free one."""
        with self._lock:
            if taken is not None and taken.id not in self._given:
                self._given.add(taken.id)
                return taken.id
            self._added += 1
            return f"x{self._added:04d}"

    @property
    def unasked(self) -> tuple[str, ...]:
        """The ids of the exchanges that nobody has asked for."""
        with self._lock:
            return tuple(e.id for e, users in zip(self.entries, self._users, strict=True) if not users)

    def _choose(self, key: Key, test: str | None, course: Course) -> int | None:
        found = [index for index in self._of.get(key, ()) if self._may_answer(index, test)]
        free = [index for index in found if not self._users[index]]
        successor = self._next(course)
        if successor in free and self._goes_on(successor, test, course):
            return successor
        # Another check may have used what is this check's own.
        own = [index for index in found if self.entries[index].test == test and test not in self._users[index]]
        return self._first(own or free, course) if own or free else None

    def _may_answer(self, index: int, test: str | None) -> bool:
        """Whether `test` is told by it what it would be told now."""
        key, own = self._keys[index], self.entries[index].test == test
        gap = self._gaps.get(key.actor if test is None else test)
        if gap is not None and not (own and self._numbers[index] < gap):
            return False
        if not own and _HIDDEN in key.authorization:
            return False
        return self._changes.agree(index, test)

    def _goes_on(self, successor: int, test: str | None, course: Course) -> bool:
        """Whether the next recorded exchange belongs to what is being done: to this check, or to shared set-up that
        the record has under another one."""
        before = self.entries[course.position].test if course.position >= 0 else None
        return self.entries[successor].test in (test, before)

    @staticmethod
    def _first(indices: Sequence[int], course: Course) -> int:
        return next((index for index in indices if index > course.position), indices[0])

    def _next(self, course: Course) -> int | None:
        ahead = (self._next_of(actor, course.position) for actor in course.actors)
        return min((index for index in ahead if index is not None), default=None)

    def _next_of(self, actor: str, position: int) -> int | None:
        return next((i for i in self._by.get(actor, ()) if i > position and not self._users[i]), None)
