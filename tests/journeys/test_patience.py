"""How often is looked: often at first, less and less often later, and again often where something changes."""

import threading

import pytest

from golive.clock import Deadline
from golive.journeys.patience import LONGEST_PAUSE_S, Patience
from golive.journeys.vcp import Cancelled, StoppableClock
from tests.recording.clock import FakeClock


class WaitingFake(FakeClock):
    """A fake clock for whoever waits."""

    def wait(self, ended: threading.Event, seconds: float) -> bool:
        if not ended.is_set():
            self.sleep(seconds)
        return ended.is_set()

    def deadline(self, seconds: float) -> Deadline:
        return _Until(self, self.seconds + seconds)


class _Until:
    def __init__(self, clock: FakeClock, end: float) -> None:
        self._clock, self._end = clock, end

    def has_passed(self) -> bool:
        return self._clock.seconds >= self._end


def looks(seconds: float, interval: float) -> list[float]:
    """All pauses of a wait that is in vain."""
    clock = WaitingFake()
    waiting = Patience(clock, seconds, interval=interval)
    while not waiting.is_over():
        waiting.pause()
    return clock.slept


@pytest.mark.parametrize(
    ("seconds", "interval", "most"), [(900, 5, 66), (300, 5, 26), (60, 0.05, 52), (86_400, 0.01, 5850)]
)
def test_a_wait_in_vain_takes_few_looks(seconds: float, interval: float, most: int) -> None:
    pauses = looks(seconds, interval)
    assert len(pauses) <= most
    assert pauses == sorted(pauses)
    assert (pauses[0], max(pauses) <= LONGEST_PAUSE_S) == (interval, True)


def test_whatever_comes_is_seen_soon_after() -> None:
    waited = 0.0
    for pause in looks(900, 0.05):
        waited += pause
        assert pause <= 0.05 + waited / 10 + 1e-9


def test_an_interval_that_was_asked_for_is_never_undercut() -> None:
    assert set(looks(900, 60)) == {60}


def test_a_change_makes_the_looks_frequent_again() -> None:
    clock = WaitingFake()
    waiting = Patience(clock, 900, interval=5)
    for _ in range(5):
        waiting.pause()
    waiting.begin_anew()
    waiting.pause()
    assert clock.slept[-2] > 7
    assert clock.slept[-1] == 5


def test_the_end_of_the_run_ends_a_pause() -> None:
    clock = StoppableClock(WaitingFake())
    waiting = Patience(clock, 900, interval=5)
    clock.cancel()
    with pytest.raises(Cancelled):
        waiting.pause()
