"""What the traffic rules say of an integration: over all that it sent, and after each provoked error."""

from collections.abc import Mapping, Sequence
from typing import Any

from golive.evidence.integration import Integration, ProvokedError, RuleResult
from golive.evidence.model import Exchange
from golive.integration import wire
from golive.traffic import Bounds, after_provocation, judge, judge_shown, judge_told_apart
from golive.traffic.calls import Call, seconds


def judged(seen: Integration, traffic: Sequence[Exchange], *, base_url: str, bounds: Bounds) -> Integration:
    """`seen` with its rules judged anew over `traffic`, the partner's exchanges in their order, as far as they had
    ended when the watching did."""
    until = seen.watched_until
    traffic = [exchange for exchange in traffic if until is None or Call.of(exchange).ended <= seconds(until)]
    by_id = {exchange.id: exchange for exchange in traffic}
    provoked = tuple(each.model_copy(update={"rules": _after(each, by_id, seen, bounds)}) for each in seen.provoked)
    rules = judge(traffic, base_url=base_url, bounds=bounds, until=until, log_lines=seen.log_lines)
    return seen.model_copy(update={"rules": (*rules, judge_told_apart(provoked, traffic)), "provoked": provoked})


def _after(
    provoked: ProvokedError, by_id: Mapping[str, Exchange], seen: Integration, bounds: Bounds
) -> tuple[RuleResult, ...]:
    answered = [by_id[id_] for id_ in provoked.answered if id_ in by_id]
    if not answered:
        return ()
    reaction = after_provocation(
        answered,
        [by_id[id_] for id_ in provoked.followed if id_ in by_id],
        bounds=bounds,
        until=provoked.watched_until,
        log_lines=seen.log_lines,
        unattended=seen.kind == "adapter",
    )
    return (*reaction, _shown(provoked, answered))


def _shown(provoked: ProvokedError, answered: Sequence[Exchange]) -> RuleResult:
    told: dict[str, Any] = wire.answered(answered[0])
    error = told.get("error")
    details = error.get("details") if isinstance(error, dict) else None
    ids = {str(wire.sent(each).get("payment_method_id") or "") for each in answered}
    ids |= {id_ for each in answered for id_ in wire.ids_in(each)}
    return judge_shown(
        provoked.shown,
        error_type=provoked.error_type,
        details=_text(details),
        detail=_text(told.get("detail")),
        ids=sorted(ids),
        exchanges=provoked.answered,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
