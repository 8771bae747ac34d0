"""The machine's own clock."""

import threading
import time
from datetime import UTC, datetime, timedelta

from golive.clock import SystemClock
from golive.journeys.vcp import StoppableClock


def test_the_time_is_that_of_the_machine() -> None:
    assert abs(SystemClock().now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert abs(SystemClock().monotonic() - time.monotonic()) < 5


def test_a_wait_ends_with_what_it_waits_for_and_says_whether_that_came() -> None:
    ended = threading.Event()
    assert SystemClock().wait(ended, 0.001) is False
    assert SystemClock().wait(ended, -1.0) is False
    ended.set()
    assert SystemClock().wait(ended, 3600.0) is True


def test_a_deadline_passes_when_its_patience_is_over() -> None:
    clock = StoppableClock(SystemClock())
    assert not clock.deadline(3600.0).has_passed()
    soon = clock.deadline(0.001)
    clock.sleep(0.002)
    assert soon.has_passed()
