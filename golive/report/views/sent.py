"""Requests in short: when, what, what came back, and the exchanges themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from golive.report.steps import Request, Step
from golive.report.text import since, time_of_day
from golive.report.views.links import Anchors, Links


@dataclass(frozen=True)
class SentRow:
    time: str
    what: str
    answer: str
    provoked: bool
    exchanges: Links


def sent_rows(found: Iterable[Step], anchors: Anchors, begun: datetime | None = None) -> tuple[SentRow, ...]:
    """The requests among `found`; times since `begun`, or of the day where that is None."""
    return tuple(
        SentRow(
            time=time_of_day(step.at) if begun is None else since(step.at, begun),
            what=step.what + (f" ×{len(step.exchanges):,}" if len(step.exchanges) > 1 else ""),
            answer=step.answered,
            provoked=step.provoked is not None,
            exchanges=anchors.exchanges(step.exchanges),
        )
        for step in found
        if isinstance(step, Request)
    )
