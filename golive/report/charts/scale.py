"""A linear time axis with round ticks."""

from dataclasses import dataclass
from datetime import datetime
from math import floor, log10


@dataclass(frozen=True)
class TimeScale:
    """Maps an instant between `start` and `start + span_s` to a place between `left` and `right`."""

    start: datetime
    span_s: float
    left: float
    right: float

    def seconds(self, at: datetime) -> float:
        return (at - self.start).total_seconds()

    def place(self, at: datetime, later_s: float = 0.0) -> float:
        """Where `at` (plus `later_s` seconds) stands, held within the axis."""
        share = (self.seconds(at) + later_s) / self.span_s
        return self.left + (self.right - self.left) * min(max(share, 0.0), 1.0)

    def ticks(self) -> list[tuple[float, str]]:
        """Places and labels of about six round times since the start."""
        step = round_step(self.span_s / 6)
        count = floor(self.span_s / step + 1e-9)
        return [
            (self.left + (self.right - self.left) * n * step / self.span_s, _label(n * step)) for n in range(count + 1)
        ]


def round_step(rough: float) -> float:
    """The next 1, 2 or 5 times a power of ten, at or above `rough`."""
    power = float(10 ** floor(log10(max(rough, 1e-6))))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)


def _label(seconds: float) -> str:
    return f"+{seconds:g} s" if seconds < 600 else f"+{seconds / 60:g} min"
