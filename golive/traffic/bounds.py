"""The figures that the rules go by, in seconds and counts, each with its reason.

The vendor documents no rate limit and no polling interval; "be modest" is all that can be asked. So the figures are
wide: whoever is outside of them hardly meant it.
"""

from dataclasses import dataclass, fields, replace
from typing import Final

_REAL_TICK_S: Final = 10.0
"""Between two progress messages of a charging point as operators run them; a simulated one may tick much faster."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How soon, how often, how long. Durations are seconds."""

    first_read_s: float = 60.0
    """From the answer to a start, or to what leaves its state open, to the next look at the session. A driver stands
    at the cable and waits to see that it charges: longer than a minute is no status."""
    longest_gap_s: float = 300.0
    """Between two reads of an active session, or without any after a stop until the CDR. A charge lasts half an hour
    or more, so that five minutes still show it; beyond that it is silence."""
    storm_reads: int = 20
    storm_window_s: float = 10.0
    """More reads of one thing than `storm_reads` within `storm_window_s` are a storm: two a second, kept up, where
    progress comes every few seconds at most. A driver who reloads a page beside the polling stays below it."""
    after_final: int = 5
    """Reads of a session after it was seen to be final: a receipt and a look or two back, not a poll that goes on."""
    retry_s: float = 1.0
    """From an error to the same request again: sooner nothing can have changed. One quick retry of a GET is usual
    after a dropped connection."""
    wait_s: float = 1.0
    """From already_charging to the one retry that the guide allows after a brief wait."""
    person_s: float = 3.0
    """What a person needs at least to confirm a payment at the bank or to pay a debt: the card processor is asked
    for it, so that it is not seen in the traffic."""
    slack_s: float = 0.02
    """By how much a recorded time may be off: an answer can reach its asker before its end is recorded."""

    def scaled(self, factor: float) -> "Bounds":
        """The bounds for sessions that go faster, `factor` above 0 and at most 1; the slack stays as it is: it is the
        machine's. Raises ValueError for another factor."""
        if not 0 < factor <= 1:
            raise ValueError(f"the factor must be above 0 and at most 1, not {factor}")
        seconds = {f.name: getattr(self, f.name) * factor for f in fields(self) if f.name.endswith("_s")}
        return replace(self, **seconds | {"slack_s": self.slack_s})

    @classmethod
    def for_tick(cls, tick_s: float) -> "Bounds":
        """The bounds for a simulator whose charging points send progress every `tick_s` seconds."""
        return cls().scaled(min(1.0, tick_s / _REAL_TICK_S))
