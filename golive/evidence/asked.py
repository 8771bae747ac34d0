"""How much a run asked of its target, beside what it may ask at most."""

from pydantic import Field

from golive.evidence.base import Model


class Asked(Model):
    """Requests to the Connect API and the card processor together, clean-up included."""

    sent: int
    held_back: int = Field(description="requests that the suite itself did not send; each is an exchange all the same")
    expected: int | None = Field(default=None, description="estimated at the start; null where no check was to run")
    bound: int = Field(description="requests that the run may send, but for clean-up")
    by_evse: dict[str, int] = Field(description="requests for the sake of each EVSE that was visited")
    bound_per_evse: int
    beside: int = Field(description="requests for no EVSE's sake")
    bound_beside: int
    at_once: int = Field(description="the most that were under way at the same time")
    bound_at_once: int
    bound_per_second: float | None = Field(description="requests begun per second; null: no bound")
    silences: tuple[str, ...] = Field(
        default=(), description="a sentence for each time that a target did not answer and was left alone"
    )
