"""Time as it was: each thread of a replay lives at the times of the exchanges that it asks for, and never waits.

When exactly something was decided between two exchanges cannot be seen from their times, so a deadline asks the record
after which exchange the patience was over.
"""

import threading
from datetime import UTC, datetime

from golive.clock import Deadline
from golive.evidence.model import Exchange
from golive.replay.course import Course
from golive.replay.shelf import Shelf


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
                course.reach(following.started_at.timestamp())

    def wait(self, ended: threading.Event, seconds: float) -> bool:
        if not ended.is_set():
            self.sleep(seconds)
        return ended.is_set()

    def deadline(self, seconds: float) -> Deadline:  # noqa: ARG002 - the record tells when it was over
        return _Recorded(self)

    @property
    def was_given_up(self) -> bool:
        """Whether the recorded run looked no further after the exchange that this thread was given last."""
        last = self._shelf.given_last(self.course)
        return last is not None and last.given_up_after

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


class _Recorded:
    """A deadline that decides as it did in the recorded run, whatever time it is."""

    def __init__(self, clock: ReplayClock) -> None:
        self._clock = clock

    def has_passed(self) -> bool:
        return self._clock.was_given_up
