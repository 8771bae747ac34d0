"""A clock whose deadlines are recorded, so that a replay need not guess from times when somebody gave up."""

import threading
from datetime import datetime

from golive.clock import Deadline, WaitingClock
from golive.recording.recorder import Recorder


class RecordedPatience:
    """A `golive.clock.WaitingClock` that tells the recorder after which exchange a patience was over."""

    def __init__(self, clock: WaitingClock, recorder: Recorder) -> None:
        self._clock = clock
        self._recorder = recorder

    def now(self) -> datetime:
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def sleep(self, seconds: float) -> None:
        self._clock.sleep(seconds)

    def wait(self, ended: threading.Event, seconds: float) -> bool:
        return self._clock.wait(ended, seconds)

    def deadline(self, seconds: float) -> Deadline:
        return _Recorded(self._clock.deadline(seconds), self._recorder)


class _Recorded:
    def __init__(self, deadline: Deadline, recorder: Recorder) -> None:
        self._deadline = deadline
        self._recorder = recorder

    def has_passed(self) -> bool:
        passed = self._deadline.has_passed()
        if passed:
            self._recorder.gave_up()
        return passed
