"""Two drivers at one shared VCP: what the second one's start was answered with, what was sent then, what was shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from golive.evidence.integration import Meeting, RuleStatus
from golive.evidence.model import Exchange
from golive.outcomes import Outcome
from golive.report.marks import OUTCOMES, OWNERS, RULES, Mark
from golive.report.steps import steps
from golive.report.tally import of_rules, rules_in_words
from golive.report.views.links import Anchors
from golive.report.views.provoked import JudgedRow, judged_rows
from golive.report.views.screens import Pictures, Screens, screen_rows
from golive.report.views.sent import SentRow, sent_rows

_MOST_SENT = 10


@dataclass(frozen=True)
class MeetingView:
    """`evse_id` is None where the two did not meet."""

    mark: Mark
    message: str | None
    owner: str | None
    evse_id: str | None
    first: str
    second: str
    answered: tuple[SentRow, ...]
    followed: tuple[SentRow, ...]
    left_out: int
    looked: tuple[SentRow, ...]
    screens: Screens
    rules: tuple[JudgedRow, ...]
    tally: str


def meeting_view(
    found: Meeting | None, by_id: Mapping[str, Exchange], anchors: Anchors, pictures: Pictures
) -> MeetingView | None:
    """The meeting of a run; None where it had none."""
    if found is None:
        return None
    answered = [by_id[id_] for id_ in found.answered if id_ in by_id]
    begun = answered[0].started_at + timedelta(seconds=answered[0].took_s) if answered else None
    followed = _sent(found.followed, by_id, anchors, begun)
    return MeetingView(
        mark=_mark(found),
        message=found.message,
        owner=OWNERS[found.owner] if found.owner else None,
        evse_id=found.evse_id,
        first=found.first or "",
        second=found.second,
        answered=sent_rows(steps(answered), anchors),
        followed=followed[:_MOST_SENT],
        left_out=max(len(followed) - _MOST_SENT, 0),
        looked=_sent(found.looked, by_id, anchors, begun),
        screens=screen_rows(found.shown, pictures, begun),
        rules=judged_rows(found.rules, anchors),
        tally=rules_in_words(of_rules(found.rules)),
    )


def _sent(
    ids: Sequence[str], by_id: Mapping[str, Exchange], anchors: Anchors, begun: datetime | None
) -> tuple[SentRow, ...]:
    return sent_rows(steps([by_id[id_] for id_ in ids if id_ in by_id]), anchors, begun)


def _mark(found: Meeting) -> Mark:
    """What the API did comes first; where that is as documented, the worst of the rules."""
    if found.outcome is Outcome.PASSED and any(rule.status is RuleStatus.BROKEN for rule in found.rules):
        return RULES[RuleStatus.BROKEN]
    return OUTCOMES[found.outcome]
