"""Each provoked error: what was answered, what the backend sent then, what the driver saw, what the rules say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from golive.evidence.integration import ProvokedError, RuleResult, RuleStatus
from golive.evidence.model import Exchange
from golive.report.marks import RULES, Mark
from golive.report.steps import steps
from golive.report.tally import of_rules, rules_in_words
from golive.report.text import plural
from golive.report.views.links import Anchors, Links
from golive.report.views.screens import Pictures, Screens, screen_rows
from golive.report.views.sent import SentRow, sent_rows

_MOST_SENT = 10
_NOT_MET = Mark("not met", "ring", "warn")
_NOT_JUDGED = Mark("not judged", "ring", "warn")
_ORDER = (RULES[RuleStatus.BROKEN], _NOT_MET, _NOT_JUDGED, RULES[RuleStatus.NOT_SHOWN], RULES[RuleStatus.KEPT])


@dataclass(frozen=True)
class JudgedRow:
    mark: Mark
    title: str
    name: str
    message: str
    requirements: Links
    exchanges: Links


@dataclass(frozen=True)
class ProvokedView:
    anchor: str
    title: str
    name: str
    mark: Mark
    troubled: bool
    form: str
    problem: str | None
    met: bool
    answered: tuple[SentRow, ...]
    followed: tuple[SentRow, ...]
    left_out: str | None
    screens: Screens
    rules: tuple[JudgedRow, ...]
    tally: str


def provoked_views(
    provoked: Sequence[ProvokedError], by_id: Mapping[str, Exchange], anchors: Anchors, pictures: Pictures
) -> tuple[ProvokedView, ...]:
    """The worst first; those that came to the same in the order of the record."""
    views = [_view(each, anchors.provoked(place), by_id, anchors, pictures) for place, each in enumerate(provoked)]
    return tuple(sorted(views, key=lambda view: _ORDER.index(view.mark)))


def conclusion(found: ProvokedError) -> Mark:
    """One word for it: one broken rule breaks it, and one that is kept shows it."""
    if not found.met:
        return _NOT_MET
    statuses = {rule.status for rule in found.rules}
    for status in (RuleStatus.BROKEN, RuleStatus.KEPT, RuleStatus.NOT_SHOWN):
        if status in statuses:
            return RULES[status]
    return _NOT_JUDGED


def _view(
    found: ProvokedError, anchor: str, by_id: Mapping[str, Exchange], anchors: Anchors, pictures: Pictures
) -> ProvokedView:
    answered = [by_id[id_] for id_ in found.answered if id_ in by_id]
    followed = [by_id[id_] for id_ in found.followed if id_ in by_id]
    begun = answered[0].started_at + timedelta(seconds=answered[0].took_s) if answered else None
    sent = sent_rows(steps(followed), anchors, begun)
    mark = conclusion(found)
    return ProvokedView(
        anchor=anchor,
        title=found.title,
        name=found.name,
        mark=mark,
        troubled=mark is not RULES[RuleStatus.KEPT],
        form=_form(found),
        problem=found.problem,
        met=found.met,
        answered=sent_rows(steps(answered), anchors)[:_MOST_SENT],
        followed=sent[:_MOST_SENT],
        left_out=f"and {plural(len(sent) - _MOST_SENT, 'more')}" if len(sent) > _MOST_SENT else None,
        screens=screen_rows(found.shown, pictures, begun),
        rules=judged_rows(found.rules, anchors),
        tally=rules_in_words(of_rules(found.rules)),
    )


def judged_rows(rules: Sequence[RuleResult], anchors: Anchors) -> tuple[JudgedRow, ...]:
    """A row for each rule, in the order of the record."""
    return tuple(
        JudgedRow(
            mark=RULES[rule.status],
            title=rule.title,
            name=rule.rule,
            message=rule.message,
            requirements=anchors.requirements(rule.requirement_ids),
            exchanges=anchors.exchanges(rule.exchanges),
        )
        for rule in rules
    )


def _form(found: ProvokedError) -> str:
    """What the gateway answers with: status and type, as far as it has any."""
    words = [str(found.status) if found.status is not None else "", found.error_type or ""]
    return " ".join(word for word in words if word)
