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


def loop(
    thread: Thread, poll: Exchange, *, patience: float, most: int = 200, after_first: bool = False
) -> tuple[int, bool]:
    """Poll until the deadline has passed or an answer says "final"; how often, and whether it was final.
    `after_first`: the patience begins with the first answer."""
    deadline = None if after_first else thread.clock.deadline(patience, pause=PAUSE)
    for count in range(1, most):
        found = thread.ask(poll)
        assert found is not None, "the replay polled where the recorded run had given up"
        if found.response is not None and found.response.body == "final":
            return count, True
        deadline = deadline or thread.clock.deadline(patience, pause=PAUSE)
        if deadline.has_passed():
            return count, False
        thread.clock.sleep(PAUSE)
    raise AssertionError("the loop did not end")


@given(
    answers=st.integers(1, 12),
    final=st.booleans(),
    took=st.floats(0.001, 0.4),
    delays=st.lists(st.floats(0.0, 0.45), min_size=12, max_size=12),
    after_first=st.booleans(),
    followed=st.sampled_from(["nothing", "at once", "by the same", "much later"]),
)
def test_a_loop_decides_as_it_did(
    answers: int, final: bool, took: float, delays: list[float], after_first: bool, followed: str
) -> None:
    """A live loop is simulated whose thread is held up now and then; its replay polls as often, with the same end."""
    patience, now = PAUSE * answers * 0.9, 10.0
    polls: list[Exchange] = []
    delay = itertools.cycle(delays)
    until = None if after_first else now + patience
    gave_up = False
    now += next(delay)
    while True:
        number = len(polls) + 1
        done = final and number == answers
        polls.append(exchange(number, "/session/", at=now, took=took, answer="final" if done else "going on"))
        now += took + next(delay)
        if done:
            break
        until = until if until is not None else now + patience
        now += next(delay) / 10
        if now >= until:
            gave_up = True
            break
        now += PAUSE + next(delay) / 10
    entries = [exchange(90, "/before/", at=9.0, took=1.0), *polls]
    if followed == "at once":
        entries.append(exchange(91, "/after/", at=now))
    elif followed == "by the same" and delays[-1] < 0.4:  # as the walk whose driver never stops goes on
        entries.append(exchange(91, "/session/", at=now, answer="going on"))
    elif followed == "much later":
        entries.append(exchange(91, "/after/", at=now + 60))
    held_up = now - polls[-1].started_at.timestamp() + BEGAN.timestamp() - took
    if followed == "by the same" and held_up >= PAUSE * 0.9:
        entries = entries[: 1 + len(polls)]
    thread = Thread(*entries)
    thread.ask(entries[0])
    assert loop(thread, polls[0], patience=patience, after_first=after_first) == (len(polls), not gave_up)


def test_a_loop_that_gave_up_gives_up_though_a_check_comes_a_little_early() -> None:
    """The recorded check of the deadline came 30 ms after the answer and just past it; by the answer's own time it
    would not have been."""
    polls = [exchange(number, "/s/", at=0.6 * number - 0.6, took=0.07, answer="-") for number in (1, 2, 3)]
    after = exchange(9, "/after/", at=1.3)  # 30 ms after the third answer
    thread = Thread(*polls, after)
    assert loop(thread, polls[0], patience=1.28) == (3, False)


def test_a_newer_suite_with_more_patience_waits_on() -> None:
    polls = [exchange(number, "/s/", at=0.6 * number - 0.6, took=0.05, answer="-") for number in (1, 2, 3)]
    thread = Thread(*polls, exchange(9, "/after/", at=1.3))
    with pytest.raises(AssertionError, match="polled where the recorded run had given up"):
        loop(thread, polls[0], patience=60.0)


def test_a_newer_suite_with_less_patience_gives_up_earlier() -> None:
    before = exchange(90, "/before/", at=0.0, took=0.0)
    polls = [exchange(number, "/s/", at=0.6 * number - 0.6, took=0.05, answer="-") for number in range(1, 20)]
    thread = Thread(before, *polls)
    thread.ask(before)
    assert loop(thread, polls[0], patience=3.1) == (7, False)
