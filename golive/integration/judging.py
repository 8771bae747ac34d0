"""What the traffic rules say of an integration: over all that it sent, and after each provoked error."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from golive.evidence.exchange import error_type_of
from golive.evidence.integration import Integration, Meeting, ProvokedError, RuleResult, RuleStatus
from golive.evidence.model import Exchange
from golive.integration import wire
from golive.traffic import Bounds, after_provocation, judge, judge_shown, judge_told_apart
from golive.traffic.calls import Call, seconds
from golive.traffic.rule import worst_first
from golive.traffic.shown import DRIVER_TOLD, ShownRule

UNASKED: Final = ShownRule(
    "no-start-unasked", "Once a driver was told that the station is busy, no start is sent unasked", ("BE-4", "BE-6")
)


def judged(seen: Integration, traffic: Sequence[Exchange], *, base_url: str, bounds: Bounds) -> Integration:
    """`seen` with its rules judged anew over `traffic`, the partner's exchanges in their order, as far as they had
    ended when the watching did."""
    until = seen.watched_until
    traffic = [exchange for exchange in traffic if until is None or Call.of(exchange).ended <= seconds(until)]
    by_id = {exchange.id: exchange for exchange in traffic}
    provoked = tuple(
        each.model_copy(update={"rules": _after(each, each.error_type, by_id, seen, bounds)}) for each in seen.provoked
    )
    met = None if seen.meeting is None else met_by(seen.meeting, by_id, seen, bounds)
    rules = judge(traffic, base_url=base_url, bounds=bounds, until=until, log_lines=seen.log_lines)
    return seen.model_copy(
        update={"rules": (*rules, judge_told_apart(provoked, traffic)), "provoked": provoked, "meeting": met}
    )


def met_by(meeting: Meeting, by_id: Mapping[str, Exchange], seen: Integration, bounds: Bounds) -> Meeting:
    """What the integration made of the refusal. A start that the API carried out is no refusal."""
    start = next((by_id[id_] for id_ in meeting.answered if id_ in by_id), None)
    if start is None or start.response is None or start.response.status < 400:
        return meeting.model_copy(update={"rules": ()})
    rules = [*_after(meeting, error_type_of(start), by_id, seen, bounds), _unasked(meeting, start, by_id)]
    if meeting.told_it_began:
        rules = [_told_a_charge(each, start) if each.rule == DRIVER_TOLD.name else each for each in rules]
    return meeting.model_copy(update={"rules": worst_first(rules)})


def _unasked(meeting: Meeting, start: Exchange, by_id: Mapping[str, Exchange]) -> RuleResult:
    """The second driver has gone: what a later start would begin, nobody waits for. Before the driver was told, a start
    may be sent again as the guide has it, after a look and a delay; the other rules have their word on that."""
    then = [by_id[id_] for id_ in meeting.followed if id_ in by_id and id_ not in meeting.answered]
    again = wire.starts_on(then, meeting.evse_id or "")
    times = f"{len(again)} time" + ("s" if len(again) > 1 else "")
    said = f"The start was sent {times} more after the driver was told, who did nothing." if again else "None was sent."
    return RuleResult(
        rule=UNASKED.name,
        title=UNASKED.title,
        requirement_ids=UNASKED.requirement_ids,
        status=RuleStatus.BROKEN if again else RuleStatus.KEPT,
        message=said,
        exchanges=(start.id, *(each.id for each in again)),
    )


def _told_a_charge(told: RuleResult, start: Exchange) -> RuleResult:
    said = "The app told the driver that the charge began, though the start was refused."
    return told.model_copy(update={"status": RuleStatus.BROKEN, "message": said, "exchanges": (start.id,)})


def _after(
    provoked: ProvokedError | Meeting,
    error_type: str | None,
    by_id: Mapping[str, Exchange],
    seen: Integration,
    bounds: Bounds,
) -> tuple[RuleResult, ...]:
    answered = [by_id[id_] for id_ in provoked.answered if id_ in by_id]
    if not answered:
        return ()
    followed = [by_id[id_] for id_ in provoked.followed if id_ in by_id]
    reaction = after_provocation(
        answered,
        followed,
        bounds=bounds,
        until=provoked.watched_until,
        log_lines=seen.log_lines,
        unattended=seen.kind == "adapter",
    )
    by_then = [] if not provoked.shown else _until(provoked.shown[0].at, followed, bounds)
    return (*reaction, _shown(provoked, error_type, answered, by_then))


def _until(moment: datetime, followed: Sequence[Exchange], bounds: Bounds) -> list[Exchange]:
    return [each for each in followed if Call.of(each).ended <= seconds(moment) + bounds.slack_s]


def _came_about(asked: Exchange, then: Sequence[Exchange]) -> bool:
    """Whether what was refused was done after all: a start by a later one, a stop also by an end that was read."""
    ids = wire.ids_in(asked)
    if asked.operation == wire.START:
        return any(
            each.operation == wire.START and wire.ids_in(each) == ids and wire.session_of(each) is not None
            for each in then
        )
    if asked.operation == wire.STOP and ids:
        return wire.took_its_stop(then, ids[-1]) or wire.has_ended(then, ids[-1])
    return False


def _shown(
    provoked: ProvokedError | Meeting, error_type: str | None, answered: Sequence[Exchange], by_then: Sequence[Exchange]
) -> RuleResult:
    told: dict[str, Any] = wire.answered(answered[0])
    error = told.get("error")
    details = error.get("details") if isinstance(error, dict) else None
    ids = {str(wire.sent(each).get("payment_method_id") or "") for each in answered}
    ids |= {id_ for each in answered for id_ in wire.ids_in(each)}
    return judge_shown(
        provoked.shown,
        error_type=error_type,
        details=_text(details),
        detail=_text(told.get("detail")),
        ids=sorted(ids),
        exchanges=provoked.answered,
        came_about=_came_about(answered[-1], by_then),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
