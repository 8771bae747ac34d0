"""The one place where time comes from, so that a recorded run can later be lived again at its own times."""

import threading
import time
from datetime import UTC, datetime
from typing import Protocol

from golive.interrupts import until


class Clock(Protocol):
    """What the engine asks of time."""

    def now(self) -> datetime:
        """The instant now, aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds from some fixed point; only differences mean anything."""

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass; a negative number passes at once."""


class Deadline(Protocol):
    """The end of a patience that began when this was made."""

    def has_passed(self) -> bool:
        """Whether it is over: to be asked once between two looks."""


class WaitingClock(Clock, Protocol):
    """A clock for whoever waits for something in a loop: look, ask the deadline, pause, look again."""

    def wait(self, ended: threading.Event, seconds: float) -> bool:
        """Let `seconds` pass, or less if `ended` is set meanwhile. Returns whether it is set."""

    def deadline(self, seconds: float) -> Deadline:
        """A patience of `seconds` from now."""


class SystemClock:
    """The machine's own clock. A run that is to end does so while its main thread waits here."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            until(threading.Event(), seconds)

    def wait(self, ended: threading.Event, seconds: float) -> bool:
        return until(ended, seconds)

    def deadline(self, seconds: float) -> Deadline:
        return _Until(self, self.monotonic() + seconds)


class _Until:
    """A deadline by a clock's own time."""

    def __init__(self, clock: Clock, end: float) -> None:
        self._clock = clock
        self._end = end

    def has_passed(self) -> bool:
        return self._clock.monotonic() >= self._end
