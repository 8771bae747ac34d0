"""Time in a replay: as it was, never waited for, and decisions on it fall as they fell."""

import itertools
import threading
import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.evidence.model import Exchange
from golive.replay import ReplayClock, Shelf
from golive.replay.shelf import recorded_key
from tests.replay.bench import BEGAN, exchange


class Thread:
    """A thread of a replay that asks what a list of exchanges says, one after the other."""

    def __init__(self, *entries: Exchange) -> None:
        self.shelf = Shelf(entries)
        self.clock = ReplayClock(self.shelf, began=BEGAN)

    def ask(self, like: Exchange) -> Exchange | None:
        found = self.shelf.take(recorded_key(like), None, self.clock.course)
        if found is not None:
            self.clock.begin(found)
            self.clock.end(found)
        return found

    @property
    def passed(self) -> float:
        return round((self.clock.now() - BEGAN).total_seconds(), 6)


def test_a_thread_lives_at_the_times_of_its_exchanges() -> None:
    first, second = exchange(1, at=1.0, took=0.5), exchange(2, at=9.0, took=0.25)
    thread = Thread(first, second)
    assert thread.passed == 0.0
    thread.ask(first)
    assert thread.passed == 1.5
    thread.ask(second)
    assert thread.passed == 9.25


def test_sleeping_takes_no_time_and_ends_at_the_next_exchange() -> None:
    first, second = exchange(1, at=1.0, took=0.5), exchange(2, at=9.0)
    thread = Thread(first, second)
    thread.ask(first)
    began = time.monotonic()
    thread.clock.sleep(2.0)
    assert thread.passed == 9.0
    thread.ask(second)
    thread.clock.sleep(3600.0)
    assert thread.passed == pytest.approx(9.1 + 3600)
    assert time.monotonic() - began < 5


def test_a_negative_sleep_is_none() -> None:
    thread = Thread(exchange(1, at=5.0))
    thread.clock.sleep(-1.0)
    thread.clock.sleep(0.0)
    assert thread.passed == 0.0


def test_whoever_waits_for_an_end_is_told_of_it() -> None:
    thread, ended = Thread(), threading.Event()
    assert thread.clock.wait(ended, 10.0) is False
    assert thread.passed == 10.0
    ended.set()
    assert thread.clock.wait(ended, 10.0) is True
    assert thread.passed == 10.0


def test_every_thread_has_its_own_time() -> None:
    first = exchange(1, at=30.0, took=0.0)
    clock = ReplayClock(Shelf([first]), began=BEGAN, journeys_began=BEGAN + timedelta(seconds=2))
    seen: list[float] = []

    def walk() -> None:
        seen.append((clock.now() - BEGAN).total_seconds())
        clock.begin(first)
        seen.append((clock.now() - BEGAN).total_seconds())

    walker = threading.Thread(target=walk)
    walker.start()
    walker.join()
    assert seen == [2.0, 30.0]
    assert clock.now() == BEGAN


PAUSE = 0.5


def looks(thread: Thread, poll: Exchange, *, patience: float) -> tuple[int, bool]:
    """Look until an answer says "final" or the deadline has passed: how often, and whether it was final."""
    deadline = thread.clock.deadline(patience)
    for count in itertools.count(1):
        found = thread.ask(poll)
        assert found is not None, "the replay looked where the recorded run had given up"
        if found.response is not None and found.response.body == "final":
            return count, True
        if deadline.has_passed():
            return count, False
        thread.clock.sleep(PAUSE)
    raise AssertionError("unreachable")


@given(
    loops=st.lists(st.tuples(st.integers(1, 8), st.booleans()), min_size=1, max_size=4),
    gaps=st.lists(st.floats(0.0, 30.0), min_size=1, max_size=12),
    patience=st.floats(0.0, 60.0),
)
def test_loops_decide_as_they_did_whatever_the_times(
    loops: list[tuple[int, bool]], gaps: list[float], patience: float
) -> None:
    """Loops of the same request follow one another, held up at random: each looks as often as it did."""
    entries: list[Exchange] = []
    now, gap = 0.0, itertools.cycle(gaps)
    for count, final in loops:
        for number in range(1, count + 1):
            last = number == count
            answer = "final" if final and last else "going on"
            poll = exchange(len(entries) + 1, "/session/", at=now, took=0.05, answer=answer)
            entries.append(poll.model_copy(update={"given_up_after": last and not final}))
            now += 0.05 + next(gap)
    thread = Thread(*entries)
    assert [looks(thread, entries[0], patience=patience) for _ in loops] == loops


def test_a_loop_that_nobody_gave_up_asks_until_the_record_ends() -> None:
    polls = [exchange(number, "/s/", at=0.6 * number, answer="-") for number in (1, 2, 3)]
    with pytest.raises(AssertionError, match="looked where the recorded run had given up"):
        looks(Thread(*polls), polls[0], patience=0.0)


def test_before_its_first_exchange_no_thread_has_given_up() -> None:
    assert not Thread(exchange(1)).clock.deadline(0.0).has_passed()
