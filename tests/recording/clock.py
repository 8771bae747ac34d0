"""A clock that a test moves: sleeping takes no time and is remembered."""

import threading
from datetime import UTC, datetime, timedelta


class FakeClock:
    """Starts at a fixed instant; `step` seconds pass by themselves with every look at `monotonic`."""

    def __init__(self, step: float = 0.0) -> None:
        self.instant = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        self.seconds = 1000.0
        self.step = step
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def now(self) -> datetime:
        return self.instant

    def monotonic(self) -> float:
        with self._lock:
            self.pass_time(self.step)
            return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.pass_time(max(0.0, seconds))

    def pass_time(self, seconds: float) -> None:
        self.seconds += seconds
        self.instant += timedelta(seconds=seconds)
