"""The one place where time comes from, so that a recorded run can later be lived again at its own times."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the engine asks of time."""

    def now(self) -> datetime:
        """The instant now, aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds from some fixed point; only differences mean anything."""

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass; a negative number passes at once."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            time.sleep(seconds)
