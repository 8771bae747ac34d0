"""How many requests a run may send: a bound for each EVSE, and one for all that is asked for no EVSE's sake."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

PER_EVSE: Final = 500
"""Requests for the sake of one EVSE, all its journeys together. With the default patience of a run on DEV, everything
being as late and as busy as it may, the busiest EVSE needs about 400; a rehearsal needs about 90."""

BESIDE: Final = 500
"""Requests for no EVSE's sake, but for the malformed values: preflight, users, wallets, searches, clean-up."""

PER_EXAMPLE: Final = 10
"""Requests more for each malformed value that a fuzzed input gets (`--fuzz-examples`)."""


@dataclass
class Budget:
    """Counts what is sent; `evses` are those that the run visits. Clean-up counts, and is never refused."""

    evses: int
    fuzz_examples: int
    by_evse: Counter[str] = field(default_factory=Counter)
    beside: int = 0

    @property
    def most_beside(self) -> int:
        """The bound of what is sent for no EVSE's sake."""
        return BESIDE + PER_EXAMPLE * self.fuzz_examples

    @property
    def bound(self) -> int:
        """The bound of the whole run."""
        return PER_EVSE * self.evses + self.most_beside

    @property
    def sent(self) -> int:
        """All requests so far."""
        return self.by_evse.total() + self.beside

    def refuses(self, evse: str | None) -> str | None:
        """Why no further request may be sent for this EVSE (None: for none), or None where it may."""
        if evse is None:
            return (
                f"{self.beside} requests besides those for the EVSEs are what a run may send"
                if self.beside >= self.most_beside
                else None
            )
        if self.by_evse[evse] < PER_EVSE:
            return None
        return f"{PER_EVSE} requests for {evse} are what a run may send"

    def spend(self, evse: str | None) -> None:
        """One request is sent."""
        if evse is None:
            self.beside += 1
        else:
            self.by_evse[evse] += 1
