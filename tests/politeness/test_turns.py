"""However requests come and go: never more at once, never sooner than the bounds say, and each one's turn comes."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golive.politeness.asking import Kind
from golive.politeness.turns import Ticket, Turns

STEPS = st.lists(
    st.one_of(
        st.sampled_from(list(Kind)),
        st.floats(0, 0.5, allow_nan=False),
        st.just("end"),
    ),
    max_size=80,
)
"""A request that comes, seconds that pass, or the oldest request that is under way ends."""


class Queue:
    """A queue on a clock of its own: at each instant every ticket is asked, as the threads would."""

    def __init__(self, most_at_once: int, per_second: float | None) -> None:
        self.turns = Turns(most_at_once=most_at_once, per_second=per_second)
        self.now = 100.0
        self.waiting: list[Ticket] = []
        self.under_way: list[Ticket] = []
        self.begun: list[tuple[float, Ticket]] = []

    def come(self, kind: Kind) -> Ticket:
        ticket = self.turns.ask(kind)
        self.waiting.append(ticket)
        self.settle()
        return ticket

    def end(self) -> None:
        if self.under_way:
            self.turns.leave(self.under_way.pop(0))
        self.settle()

    def settle(self) -> float:
        """Let begin whoever may; returns the seconds until another one may."""
        while True:
            waits = {ticket: self.turns.wait_for(ticket, self.now) for ticket in list(self.waiting)}
            begun = [ticket for ticket, wait in waits.items() if wait == 0]
            for ticket in begun:
                self.waiting.remove(ticket)
                self.under_way.append(ticket)
                self.begun.append((self.now, ticket))
            if not begun:
                return min(waits.values(), default=math.inf)

    def run_dry(self) -> None:
        """Until nobody waits: what is under way ends only where nothing else can happen."""
        for _ in range(10_000):
            if not self.waiting:
                return
            wait = self.settle()
            if math.isinf(wait):
                self.end()
            else:
                self.now += wait
        raise AssertionError(f"{len(self.waiting)} wait for ever")


@settings(deadline=None)
@given(STEPS, st.integers(1, 6), st.none() | st.floats(0.5, 50))
def test_the_bounds_hold_and_every_turn_comes(steps: list[object], most: int, rate: float | None) -> None:
    queue = Queue(most, rate)
    asked = 0
    for step in steps:
        if isinstance(step, Kind):
            asked += 1
            queue.come(step)
        elif isinstance(step, float):
            queue.now += step
            queue.settle()
        else:
            queue.end()
        assert len(queue.under_way) <= most
        others = [ticket for ticket in queue.under_way if ticket.kind is not Kind.CLEAN_UP]
        assert len(others) <= max(1, most - 1)
        assert sum(ticket.kind is Kind.START for ticket in others) <= max(1, most // 2)
    queue.run_dry()
    assert len(queue.begun) == asked
    assert queue.turns.most_seen <= most
    if rate is not None:
        times = [at for at, _ in queue.begun]
        for first, at in enumerate(times):
            for count, later in enumerate(times[first:], start=1):
                assert count <= (later - at) * rate + 1 + 1e-6


@given(STEPS, st.integers(1, 6))
def test_of_one_kind_who_came_first_goes_first(steps: list[object], most: int) -> None:
    queue = Queue(most, None)
    for step in steps:
        if isinstance(step, Kind):
            queue.come(step)
        elif step == "end":
            queue.end()
    queue.run_dry()
    for kind in Kind:
        numbers = [ticket.number for _, ticket in queue.begun if ticket.kind is kind]
        assert numbers == sorted(numbers)


def test_clean_up_goes_before_all_that_wait() -> None:
    queue = Queue(1, None)
    queue.come(Kind.ORDINARY)
    queue.come(Kind.ORDINARY)
    stop = queue.come(Kind.CLEAN_UP)
    queue.end()
    assert queue.under_way == [stop]


@pytest.mark.parametrize("kind", [Kind.ORDINARY, Kind.START])
def test_a_place_is_kept_for_clean_up(kind: Kind) -> None:
    queue = Queue(4, None)
    for _ in range(10):
        queue.come(kind)
    stop = queue.come(Kind.CLEAN_UP)
    assert stop in queue.under_way


def test_slow_starts_leave_room_for_others() -> None:
    queue = Queue(4, None)
    for _ in range(10):
        queue.come(Kind.START)
    assert queue.come(Kind.ORDINARY) in queue.under_way


def test_who_leaves_the_queue_is_not_waited_for() -> None:
    queue = Queue(1, 1.0)
    queue.come(Kind.ORDINARY)
    gone, stays = queue.turns.ask(Kind.ORDINARY), queue.turns.ask(Kind.ORDINARY)
    queue.end()
    queue.turns.leave(gone)
    assert queue.turns.wait_for(stays, queue.now + 1) == 0
