"""Time as it was: each thread of a replay lives at the times of the exchanges that it asks for, and never waits.

Between two exchanges of a thread the record leaves it open when exactly something was decided, so a deadline reckons
with both ends of the gap. Where that does not settle whether the recorded run waited on, the record does: it goes on
with one of the requests of the waiting loop, after a pause, or it does not.
"""

import threading
from datetime import UTC, datetime
from typing import Final

from golive.clock import Deadline
from golive.evidence.model import Exchange
from golive.replay.course import Course
from golive.replay.shelf import Shelf

_MARGIN_S: Final = 0.01
"""How far apart the record's instants (by the wall clock) and its lengths (by a steady one) may be."""
_EARLY_S: Final = 0.002
"""How much too early a sleeper may wake up."""


class ReplayClock:
    """A `golive.clock.WaitingClock`. The thread that makes it begins at `began`, any other one at `journeys_began`."""

    def __init__(self, shelf: Shelf, *, began: datetime, journeys_began: datetime | None = None) -> None:
        self._shelf = shelf
        self._journeys_began = (journeys_began or began).timestamp()
        self._here = threading.local()
        self._here.course = Course(began.timestamp())

    @property
    def course(self) -> Course:
        """Where this thread stands."""
        course: Course | None = getattr(self._here, "course", None)
        if course is None:
            course = self._here.course = Course(self._journeys_began)
        return course

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.course.at, UTC)

    def monotonic(self) -> float:
        return self.course.at

    def sleep(self, seconds: float) -> None:
        """Time passes, at least until this thread's next exchange in the record."""
        if seconds > 0:
            course = self.course
            course.reach(course.at + seconds)
            if (following := self._shelf.following(course)) is not None:
                course.reach(following[0].started_at.timestamp())

    def wait(self, ended: threading.Event, seconds: float) -> bool:
        if not ended.is_set():
            self.sleep(seconds)
        return ended.is_set()

    def deadline(self, seconds: float, *, pause: float) -> Deadline:
        return _Recorded(self, seconds, pause)

    # -- for the transport -----------------------------------------------------------------------------------

    def begin(self, exchange: Exchange) -> None:
        """This thread sends the recorded request, when that was sent: also where it comes out of its order."""
        self.course.at = exchange.started_at.timestamp()

    def end(self, exchange: Exchange) -> None:
        """This thread has the recorded answer."""
        self.course.reach(exchange.started_at.timestamp() + exchange.took_s)

    def arrive(self, instant: datetime) -> None:
        """This thread lives until then."""
        self.course.reach(instant.timestamp())

    # -- for deadlines ---------------------------------------------------------------------------------------

    def latest(self) -> float:
        """The latest time that it can have been here in the recorded run: when the next exchange began."""
        following = self._shelf.following(self.course)
        return float("inf") if following is None else max(self.course.at, following[0].started_at.timestamp())

    def waits_on(self, pause: float, since: int) -> bool:
        """Whether the record goes on after a pause with a request that this thread has sent since its `since`th."""
        course = self.course
        following = self._shelf.following(course)
        if following is None:
            return False
        exchange, key = following
        paused = exchange.started_at.timestamp() - course.at >= pause - _EARLY_S
        return paused and key in (course.asked[since:] or course.asked)


class _Recorded:
    """A deadline that decides as it did in the recorded run."""

    def __init__(self, clock: ReplayClock, seconds: float, pause: float) -> None:
        self._clock = clock
        self._pause = pause
        self._since = len(clock.course.asked)
        self._earliest = clock.monotonic() + seconds
        self._latest = clock.latest() + seconds

    def has_passed(self) -> bool:
        if self._clock.monotonic() >= self._latest + _MARGIN_S:
            return True
        if self._clock.latest() < self._earliest - _MARGIN_S:
            return False
        return not self._clock.waits_on(self._pause, self._since)
