"""Where one thread of a replay stands: what time it is there, and what of the record it has asked for."""

from dataclasses import dataclass, field


@dataclass
class Course:
    """One thread's way through the record. Times are seconds since the epoch."""

    at: float
    position: int = -1
    """Index in the record of the exchange that it was given last; -1 before the first."""
    actors: set[str] = field(default_factory=set)

    def reach(self, instant: float) -> None:
        """Time passes until `instant`, unless that is over."""
        self.at = max(self.at, instant)
