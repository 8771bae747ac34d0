"""The figures that the rules go by, in seconds and counts, each with its reason.

The vendor documents no rate limit and no polling interval; "be modest" is all that can be asked. So the figures are
wide: whoever is outside of them hardly meant it.
"""

from dataclasses import dataclass, field, fields, replace
from typing import Final

_REAL_TICK_S: Final = 10.0
"""Between two progress messages of a charging point as operators run them; a simulated one may tick much faster."""

_USUAL_GAP_S: Final = 30.0
"""Half a minute between two reads is a usual pace for a session of which nobody expects news; whoever looks at all of
them at that pace comes to a new one after as long."""

_WHY: Final = "why"


def _seconds(default: float, why: str) -> float:
    value: float = field(default=default, metadata={_WHY: why})
    return value


def _count(default: int, why: str) -> int:
    value: int = field(default=default, metadata={_WHY: why})
    return value


@dataclass(frozen=True, slots=True)
class Bounds:
    """How soon, how often, how long. Those that end in `_s` are seconds; the reason of each is in `reasons`."""

    first_read_s: float = _seconds(
        60.0,
        "From the answer to a start, or from an answer that leaves its state open, to the next look at the session: a "
        "driver stands at the cable and waits to see that it charges.",
    )
    longest_gap_s: float = _seconds(
        300.0,
        "Between two reads of an active session, and without any after a stop before the CDR was seen: a charge lasts "
        "half an hour or more, so five minutes still show it; beyond that it is silence.",
    )
    storm_reads: int = _count(
        20,
        "Reads of one thing within the window below that are bearable: two a second, kept up, where progress comes "
        "every few seconds at most. A driver who reloads a page beside the polling stays below it.",
    )
    storm_window_s: float = _seconds(10.0, "The window of these reads: long enough that a short burst is none.")
    after_final: int = _count(
        5,
        "Reads of a session after it was seen to be final: a receipt and a look or two back, not a poll that goes on.",
    )
    retry_s: float = _seconds(
        1.0,
        "From an error to the same request again: sooner nothing can have changed. A read may go on at the pace that "
        "is bearable above, also while it fails; and one quick retry of it is usual after a dropped connection.",
    )
    wait_s: float = _seconds(1.0, "From already_charging to the one retry that the guide allows after a brief wait.")
    person_s: float = _seconds(
        3.0,
        "What a person needs at least to confirm a payment at the bank or to pay a debt: this happens at the card "
        "processor, where the traffic to the API does not show it.",
    )
    slack_s: float = _seconds(
        0.02, "By how much a recorded time may be off: an answer can reach its asker before its end is recorded."
    )

    @property
    def read_again_s(self) -> float:
        """From the beginning of a read that failed to that of the same again: as between two that are bearable."""
        return min(self.retry_s, self.storm_window_s / self.storm_reads)

    @classmethod
    def reasons(cls) -> dict[str, str]:
        """Why each figure is what it is, by its name."""
        return {one.name: str(one.metadata[_WHY]) for one in fields(cls)}

    def scaled(self, factor: float) -> "Bounds":
        """The bounds for sessions that go faster, `factor` above 0 and at most 1; the slack stays as it is: it is the
        machine's. Raises ValueError for another factor."""
        if not 0 < factor <= 1:
            raise ValueError(f"the factor must be above 0 and at most 1, not {factor}")
        seconds = {one.name: getattr(self, one.name) * factor for one in fields(self) if one.name.endswith("_s")}
        return replace(self, **seconds | {"slack_s": self.slack_s})

    @classmethod
    def for_tick(cls, tick_s: float) -> "Bounds":
        """The bounds for a simulator whose charging points send progress every `tick_s` seconds. What comes too late is
        still given the seconds that a backend needs which polls at its usual pace: it need not know of the tick."""
        quick = cls().scaled(min(1.0, tick_s / _REAL_TICK_S))
        return replace(
            quick,
            first_read_s=max(quick.first_read_s, _USUAL_GAP_S),
            longest_gap_s=max(quick.longest_gap_s, _USUAL_GAP_S),
        )
