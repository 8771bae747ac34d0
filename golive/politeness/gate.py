"""The gate that every request of a run passes before it is sent: it waits there for its turn, or is held back."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from golive.clock import WaitingClock
from golive.politeness.asking import Asking, Kind
from golive.politeness.breaker import PROBES, Breaker, State, Trouble
from golive.politeness.budget import Budget
from golive.politeness.faults import BudgetSpent, CircuitOpen, NotSent, RunEnding
from golive.politeness.turns import Ticket, Turns

LONGEST_HOLD_S: Final = 30.0
"""A longer Retry-After is no pause any more but a refusal; whoever asked says so."""

_LOOK_S: Final = 60.0
"""However long a wait may be, it looks again after this."""


@dataclass(slots=True)
class Turn:
    """What became of waiting: a ticket, or the reason why the request is not sent. `told`: its outcome is known."""

    ticket: Ticket | None = None
    probe: bool = False
    refusal: NotSent | None = None
    told: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """The circuit of `origin` has opened, or is given up."""

    origin: str
    state: State
    message: str


class Gate:
    """Safe to use from several threads. Nothing is waited for with the lock held, so that the end of the run, which
    `end` announces, finds whoever waits."""

    def __init__(
        self, clock: WaitingClock, *, most_at_once: int, per_second: float | None, budget: Budget, pause_s: float
    ) -> None:
        """`pause_s`: how long a target that does not answer is left alone before it is asked again."""
        self._clock = clock
        self._turns = Turns(most_at_once=most_at_once, per_second=per_second)
        self._pause_s = pause_s
        self._breakers: dict[str, Breaker] = {}
        self._lock = threading.Lock()
        self._waiters: set[threading.Event] = set()
        self._ending = False
        self.budget = budget
        self.held_back = 0
        self.changes: list[Change] = []

    @property
    def most_seen(self) -> int:
        """The most requests that were under way at once."""
        return self._turns.most_seen

    def end(self) -> None:
        """The run is being ended: from now on only clean-up is sent."""
        with self._lock:
            self._ending = True
            self._wake()

    @contextmanager
    def turn(self, asking: Asking) -> Iterator[Turn]:
        """Waits for its turn, and gives it back at the end; within, `answered` or `failed` tell what came of it."""
        turn = self._await(asking)
        try:
            yield turn
        finally:
            with self._lock:
                if turn.ticket is not None:
                    self._turns.leave(turn.ticket)
                    if not turn.told:
                        self._breaker(asking).dropped(probe=turn.probe)
                self._wake()

    def answered(self, asking: Asking, turn: Turn) -> None:
        """The API itself answered."""
        with self._lock:
            turn.told = True
            self._breaker(asking).answered(probe=turn.probe)

    def failed(self, asking: Asking, turn: Turn, trouble: Trouble, hold_s: float | None = None) -> Change | None:
        """The request came to nothing; `hold_s` is for how long the target asked for silence. Returns what changed."""
        with self._lock:
            turn.told = True
            breaker, now = self._breaker(asking), self._clock.monotonic()
            if hold_s is not None and hold_s <= LONGEST_HOLD_S:
                breaker.hold(now + hold_s)
            if not breaker.failed(trouble, asking.operation, now, probe=turn.probe, removes=asking.removes):
                return None
            change = Change(asking.origin, breaker.state, self._said(asking.origin, breaker))
            self.changes.append(change)
            return change

    # -- waiting, each step with the lock held -----------------------------------------------------------------

    def _await(self, asking: Asking) -> Turn:
        changed = threading.Event()
        ticket: Ticket | None = None
        with self._lock:
            self._waiters.add(changed)
        try:
            while True:
                with self._lock:
                    changed.clear()
                    if (refusal := self._refusal(asking)) is not None:
                        self.held_back += 1
                        return Turn(refusal=refusal)
                    ticket, wait = self._step(asking, ticket)
                    if wait == 0 and ticket is not None:
                        self.budget.spend(asking.evse)
                        probe = self._breaker(asking).begin(clean_up=asking.kind is Kind.CLEAN_UP)
                        begun, ticket = ticket, None
                        return Turn(begun, probe)
                self._clock.wait(changed, min(wait, _LOOK_S))
        finally:
            with self._lock:
                self._waiters.discard(changed)
                if ticket is not None:
                    self._turns.leave(ticket)
                self._wake()

    def _step(self, asking: Asking, ticket: Ticket | None) -> tuple[Ticket | None, float]:
        """The place in the queue, and how long to wait; whoever is to be silent has no place in it."""
        now = self._clock.monotonic()
        silence = 0.0 if asking.kind is Kind.CLEAN_UP else self._breaker(asking).wait(now)
        if silence > 0:
            if ticket is not None:
                self._turns.leave(ticket)
                self._wake()
            return None, silence
        ticket = ticket or self._turns.ask(asking.kind)
        return ticket, self._turns.wait_for(ticket, now)

    def _refusal(self, asking: Asking) -> NotSent | None:
        clean_up = asking.kind is Kind.CLEAN_UP
        breaker = self._breaker(asking)
        if breaker.gives_up(clean_up=clean_up, removes=asking.removes):
            return CircuitOpen(f"{asking.origin} did not answer any more ({breaker.last}), so nothing is asked of it")
        if clean_up:
            return None
        if self._ending:
            return RunEnding("the run is being ended")
        spent = self.budget.refuses(asking.evse)
        return None if spent is None else BudgetSpent(spent)

    def _breaker(self, asking: Asking) -> Breaker:
        return self._breakers.setdefault(asking.origin, Breaker(pause=self._pause_s))

    def _wake(self) -> None:
        for waiter in self._waiters:
            waiter.set()

    @staticmethod
    def _said(origin: str, breaker: Breaker) -> str:
        if breaker.state is State.GIVEN_UP:
            return (
                f"{origin} did not answer again when it was asked {PROBES} times, each after a longer pause "
                f"({breaker.last}): nothing but clean-up was sent to it after that."
            )
        return (
            f"{breaker.in_a_row} requests in a row to {origin} came to nothing (the last: {breaker.last}): only "
            "clean-up was sent until one was answered again."
        )
