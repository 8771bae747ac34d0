"""Provoked errors: what the gateway can be told to answer in DEV's place, once or for a while, one at a time."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from golive.gateway.asked import Asked
    from golive.gateway.turn import Turn


class Act(Protocol):
    """What is done with a request in the place of passing it on. One is made each time a provocation is armed."""

    def wants(self, asked: Asked) -> bool:
        """Whether this request is to be answered with it. Each request to the provocation's operations is shown."""

    async def __call__(self, turn: Turn) -> None:
        """Answer it. Called for a request that was wanted."""


@dataclass
class Pace:
    """How long things take that take long, in seconds, and what is random in what is answered."""

    slow_s: float = 20.0
    hold_s: float = 60.0
    rng: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 - nothing depends on it


@dataclass(frozen=True)
class Provocation:
    """One error that can be provoked. `operations` may be answered with it; `error_type` and `status` are those of the
    answer, None where it has none of its own."""

    name: str
    title: str
    operations: frozenset[str]
    act: Callable[[Pace], Act]
    error_type: str | None = None
    status: int | None = None
    times: int | None = 1
    """How many requests are answered with it unless told otherwise; None: all, until it is ended."""


class Handle:
    """One provocation, armed. `met` is set when a request was answered with it, `over` when none will be any more."""

    def __init__(self, provocation: Provocation, act: Act, times: int | None, until: float | None) -> None:
        self.provocation = provocation
        self.met = threading.Event()
        self.over = threading.Event()
        self.act = act
        self._times = self._left = times
        self._until = until
        self._operations = provocation.operations
        self._exchanges: list[str] = []
        self._lock = threading.Lock()

    @property
    def exchanges(self) -> tuple[str, ...]:
        """The exchanges that were answered with it, in order."""
        with self._lock:
            return tuple(self._exchanges)

    def narrow(self, operations: frozenset[str]) -> None:
        """Answer these operations alone."""
        self._operations = operations

    def takes(self, asked: Asked) -> bool:
        """Whether this request is to be answered with it: one of `times` is given away then, until `was_met` or
        `spared` tells what came of it."""
        with self._lock:
            if self._until is not None and time.monotonic() >= self._until:
                self.over.set()
            if self.over.is_set() or self._left == 0:
                return False
            if not asked.asks_for(*self._operations) or not self.act.wants(asked):
                return False
            if self._left is not None:
                self._left -= 1
            return True

    def was_met(self, exchange: str) -> None:
        """The exchange was answered with it."""
        with self._lock:
            self._exchanges.append(exchange)
            if len(self._exchanges) == self._times:
                self.over.set()
        self.met.set()

    def spared(self) -> None:
        """A request that was taken was not answered with it after all: another one may be."""
        with self._lock:
            if self._left is not None:
                self._left += 1


class Provocations:
    """What can be provoked, and what is armed now. Safe to use from several threads.

    `slow_s` is how long a slow answer takes, `hold_s` how long a final state is held back, in seconds.
    """

    def __init__(
        self,
        catalogue: Mapping[str, Provocation] | None = None,
        *,
        seed: int = 0,
        slow_s: float = 20.0,
        hold_s: float = 60.0,
    ) -> None:
        from golive.gateway.catalogue import CATALOGUE

        self.catalogue = CATALOGUE if catalogue is None else catalogue
        # named, so that what it makes are not the very ids that a simulator makes from the same seed
        self._pace = Pace(slow_s, hold_s, random.Random(f"provoked {seed}"))  # noqa: S311 - ids that mean nothing
        self._armed: Handle | None = None
        self._lock = threading.Lock()

    def arm(
        self, name: str, *, times: int | None = None, seconds: float | None = None, on: str | None = None
    ) -> Handle:
        """Answer the next request that it applies to with it: `times` requests, or all for `seconds` from now; without
        either as often as the catalogue says. `on` narrows it to one operation.

        Raises `KeyError` for a name or operation that is not in the catalogue, `RuntimeError` while another one is
        armed.
        """
        provocation = self.catalogue[name]
        if on is not None and on not in provocation.operations:
            raise KeyError(on)
        if times is None and seconds is None:
            times = provocation.times
        until = None if seconds is None else time.monotonic() + seconds
        with self._lock:
            if self._armed is not None and not self._armed.over.is_set():
                raise RuntimeError(f"{self._armed.provocation.name} is still armed; quiet() ends it")
            self._armed = Handle(provocation, provocation.act(self._pace), times, until)
            if on is not None:
                self._armed.narrow(frozenset({on}))
            return self._armed

    def quiet(self) -> None:
        """End what is armed: everything is passed on from now."""
        with self._lock:
            if self._armed is not None:
                self._armed.over.set()
            self._armed = None

    def for_(self, asked: Asked) -> Handle | None:
        """What this request is to be answered with, None where it is to be passed on."""
        with self._lock:
            armed = self._armed
        return armed if armed is not None and armed.takes(asked) else None
