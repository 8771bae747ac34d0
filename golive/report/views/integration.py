"""The partner's own integration: what the wire shows of it line by line, its charges, and what was provoked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from golive.evidence.integration import Integration, RuleResult, RuleStatus
from golive.evidence.model import Assurance, Evidence, Exchange
from golive.report import Exhibits
from golive.report.charts.sequence import sequence_charts
from golive.report.marks import INTEGRATIONS, RULES, STATUSES, Mark
from golive.report.steps import PARTNER, steps
from golive.report.tally import of_rules, rules_in_words
from golive.report.text import plural, time_of_day
from golive.report.views.charges import ChargeRow, charge_rows, drawn_charges
from golive.report.views.links import Anchors, Link, Links
from golive.report.views.meeting import MeetingView, meeting_view
from golive.report.views.provoked import ProvokedView, provoked_views
from golive.report.views.screens import Pictures
from golive.report.views.sent import SentRow, sent_rows

_ACTS = {
    "sign_up": "a driver signs up",
    "add_payment_method": "a driver adds a payment method",
    "find_station": "a driver finds a station",
    "start": "a driver starts a charge",
    "shown": "what a driver is shown",
    "stop": "a driver stops a charge",
    "receipt": "the receipt",
    "give_billing_data": "a driver gives billing data",
    "log_line": "the line of a support code in the partner's log",
}
_APIS = {"dev": "DEV", "simulator": "simulated DEV", "url": "target"}
_MOST_CALLS = 200
"""Rows of a drawing's table; the exchanges themselves are all on the page."""


@dataclass(frozen=True)
class RuleRow:
    """`told_at` leads to the line under which the rule is told, where that is an earlier one."""

    anchor: str | None
    told_at: Link | None
    mark: Mark
    title: str
    name: str
    message: str
    exchanges: Links


@dataclass(frozen=True)
class LineView:
    requirement: Link
    title: str
    status: Mark | None
    assurance: str
    tally: str
    rules: tuple[RuleRow, ...]


@dataclass(frozen=True)
class DrawnView:
    title: str
    about: str
    charts: tuple[Markup, ...]
    calls: tuple[SentRow, ...]
    left_out: int


@dataclass(frozen=True)
class IntegrationView:
    facts: tuple[tuple[str, str], ...]
    not_offered: tuple[tuple[str, str], ...]
    lines: tuple[LineView, ...]
    charges: tuple[ChargeRow, ...]
    meeting: MeetingView | None
    drawn: tuple[DrawnView, ...]
    provoked: tuple[ProvokedView, ...]
    provoked_tally: str


def integration(evidence: Evidence, anchors: Anchors, read: Exhibits, room: int) -> IntegrationView | None:
    """The chapter, with pictures of up to `room` bytes; None where the run had no integration under test."""
    seen = evidence.integration
    if seen is None:
        return None
    pictures = Pictures(seen, read, room)
    by_id = {exchange.id: exchange for exchange in evidence.exchanges}
    theirs = [exchange for exchange in evidence.exchanges if exchange.actor == PARTNER]
    return IntegrationView(
        facts=tuple(_facts(seen, theirs)),
        not_offered=tuple((act, _ACTS.get(act, "")) for act in seen.not_offered),
        lines=tuple(_lines(evidence, seen, anchors)),
        charges=charge_rows(seen.charges, anchors, pictures),
        meeting=meeting_view(seen.meeting, by_id, anchors, pictures),
        drawn=tuple(_drawn(evidence, seen, theirs, by_id, anchors)),
        provoked=provoked_views(seen.provoked, by_id, anchors, pictures),
        provoked_tally=f"{sum(each.met for each in seen.provoked):,} of {len(seen.provoked):,} were met",
    )


def lines_to_observe(evidence: Evidence) -> tuple[str, ...]:
    """The lines of the record's checklist that only the partner's own integration shows."""
    return tuple(found.id for found in evidence.requirements if found.needed is Assurance.OBSERVED)


def _facts(seen: Integration, theirs: Sequence[Exchange]) -> Iterable[tuple[str, str]]:
    provoked = sum(exchange.provoked is not None for exchange in theirs)
    yield "Integration", seen.name
    yield "How", INTEGRATIONS[seen.kind]
    yield "Requests of the partner's backend", f"{len(theirs):,}"
    yield "Of these answered in the API's place", f"{provoked:,}"
    yield "Charges", f"{len(seen.charges):,}"
    if seen.offered:
        yield "Offered", ", ".join(seen.offered)


def _lines(evidence: Evidence, seen: Integration, anchors: Anchors) -> Iterable[LineView]:
    """In the order of the checklist; each rule is told once, under the first line that it serves, the worst first."""
    judged = {found.id: found for found in evidence.requirements}
    named = dict.fromkeys(id_ for rule in seen.rules for id_ in rule.requirement_ids)
    ordered = dict.fromkeys((*lines_to_observe(evidence), *(id_ for id_ in judged if id_ in named), *named))
    told: dict[int, str] = {}
    placed = sorted(enumerate(seen.rules), key=lambda pair: list(RuleStatus).index(pair[1].status))
    for id_ in ordered:
        bound = [(place, rule) for place, rule in placed if id_ in rule.requirement_ids]
        found = judged.get(id_)
        yield LineView(
            requirement=Link(id_, anchors.requirement(id_)),
            title=found.title if found else "not a line of this record's checklist",
            status=STATUSES[found.status] if found else None,
            assurance=f"shown as {found.assurance.value}, needs {found.needed.value}" if found else "",
            tally=rules_in_words(of_rules(rule for _, rule in bound)),
            rules=tuple(_rule(place, rule, told.setdefault(place, id_), id_, anchors) for place, rule in bound),
        )


def _rule(place: int, rule: RuleResult, told_under: str, id_: str, anchors: Anchors) -> RuleRow:
    here = told_under == id_
    anchor = anchors.rule(place)
    return RuleRow(
        anchor=anchor if here else None,
        told_at=None if here else Link(told_under, anchor),
        mark=RULES[rule.status],
        title=rule.title,
        name=rule.rule,
        message=rule.message,
        exchanges=anchors.exchanges(rule.exchanges if here else ()),
    )


def _drawn(
    evidence: Evidence,
    seen: Integration,
    theirs: Sequence[Exchange],
    by_id: dict[str, Exchange],
    anchors: Anchors,
) -> Iterable[DrawnView]:
    api = _APIS[evidence.run.target_kind]
    for number, charge in enumerate(drawn_charges(seen.charges, theirs, by_id), 1):
        found = steps(charge.exchanges, charge.shown)
        sent = sent_rows(found, anchors)
        yield DrawnView(
            title=charge.title,
            about=f"{plural(len(charge.exchanges), 'request')} of one charge, from {time_of_day(found[0].at)} UTC",
            charts=sequence_charts(charge.title, found, api, f"sequence-{number}"),
            calls=sent[:_MOST_CALLS],
            left_out=max(len(sent) - _MOST_CALLS, 0),
        )
