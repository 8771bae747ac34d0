"""What the record tells of journeys, stages and errors, against the exchanges and checks that it stands on."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from golive.evidence.exchange import error_type_of
from golive.evidence.model import (
    ErrorRow,
    Evidence,
    EvseResult,
    Exchange,
    JourneyResult,
    Receipt,
    Stage,
    StageStatus,
    VcpType,
)
from golive.outcomes import Outcome

_STAGE_OF_OUTCOME = {
    Outcome.FAILED: StageStatus.FAILED,
    Outcome.ERROR: StageStatus.INCONCLUSIVE,
    Outcome.INCONCLUSIVE: StageStatus.INCONCLUSIVE,
    Outcome.PASSED: StageStatus.MET,
}
_WORST_STAGE = list(StageStatus)
_WORST_OUTCOME = list(Outcome)


def journeys(evidence: Evidence) -> list[str]:
    """Readings and receipts, against the answers that they were read from."""
    answers = {exchange.id: exchange for exchange in evidence.exchanges}
    problems: list[str] = []
    for journey in evidence.journeys:
        problems += _readings(journey, answers)
        if journey.receipt is not None:
            problems += _receipt(journey.receipt, answers)
            if journey.receipt.session_id != journey.session_id:
                problems.append(f"the receipt of {journey.name} is of another session")
        if journey.session_id and not any(journey.session_id in _sent_and_received(e) for e in evidence.exchanges):
            problems.append(f"the session of {journey.name} is in no exchange")
    return problems


def _readings(journey: JourneyResult, answers: Mapping[str, Exchange]) -> Iterator[str]:
    for reading in journey.readings:
        session = _session(answers.get(reading.exchange), journey.session_id)
        if session is None:
            continue
        if isinstance(session.get("is_active"), bool) and session["is_active"] != reading.is_active:
            yield f"{journey.name}: {reading.exchange} says something else of whether the session was active"
        if _differ(session.get("consumed_energy"), reading.kwh):
            yield f"{journey.name}: {reading.exchange} has {session['consumed_energy']} kWh, not {reading.kwh}"


def _receipt(receipt: Receipt, answers: Mapping[str, Exchange]) -> Iterator[str]:
    session = _session(answers.get(receipt.exchange), receipt.session_id)
    if session is None:
        return
    cost, prices = _part(session, "session_cost"), _part(session, "user_facing_session_prices")
    pairs = [
        ("energy", session.get("consumed_energy"), receipt.energy_kwh),
        ("duration", session.get("duration"), receipt.duration_s),
        *((name, cost.get(name), amount) for name, amount in receipt.costs.items()),
        *((name, prices.get(name), amount) for name, amount in receipt.prices.items()),
    ]
    for name, answered, told in pairs:
        if _differ(answered, told):
            yield f"{receipt.exchange} has another {name} than the receipt: {answered}, not {told}"
    for name, answered, text in (
        ("EVSE ID", session.get("evse_id"), receipt.evse_id),
        ("currency", cost.get("currency"), receipt.currency),
    ):
        if isinstance(answered, str) and answered != text:
            yield f"{receipt.exchange} has another {name} than the receipt: {answered}, not {text}"
    for name, instant in (("start_time", receipt.start_time), ("end_time", receipt.end_time)):
        if _at_another_time(session.get(name), instant):
            yield f"{receipt.exchange} has another {name} than the receipt: {session[name]}, not {instant}"


def _session(exchange: Exchange | None, session_id: str | None) -> dict[str, Any] | None:
    """The session in an answer, where it is there in the one form that needs no interpretation."""
    if exchange is None or exchange.response is None or exchange.response.truncated:
        return None
    try:
        body = json.loads(exchange.response.body or "")
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) and body.get("id") == session_id else None


def _part(session: Mapping[str, Any], name: str) -> dict[str, Any]:
    part = session.get(name)
    return part if isinstance(part, dict) else {}


def _differ(answered: Any, told: str | int | None) -> bool:
    """Whether two numbers differ in value; what is not written as a number in both places is not compared."""
    try:
        return Decimal(str(answered)) != Decimal(str(told))
    except InvalidOperation:
        return answered is None and told is not None


def _at_another_time(answered: Any, told: datetime | None) -> bool:
    """Whether two instants differ; what is not written with its zone in both places is not compared."""
    try:
        instant = datetime.fromisoformat(answered)
    except (TypeError, ValueError):
        return False
    if told is None or instant.tzinfo is None or told.tzinfo is None:
        return told is None
    return instant != told


def _sent_and_received(exchange: Exchange) -> str:
    return f"{exchange.request.url} {exchange.request.body} {exchange.response.body if exchange.response else ''}"


def stages(evidence: Evidence) -> list[str]:
    """Each cell of the matrix is the worst of what the checks bound to it concluded and what the journey met there."""
    judged: dict[tuple[str, Stage], list[StageStatus]] = {}
    for check in evidence.tests:
        if check.evse_id and check.stage and (status := _STAGE_OF_OUTCOME.get(check.outcome)):
            judged.setdefault((check.evse_id, check.stage), []).append(status)
    problems = list(_held(evidence))
    for row in evidence.evses:
        walks = [journey for journey in evidence.journeys if journey.evse_id == row.evse_id]
        if row.session_id is not None and row.session_id not in {journey.session_id for journey in walks}:
            problems.append(f"{row.evse_id}: its session is that of no journey")
        if set(row.stages) != set(Stage):
            problems.append(f"{row.evse_id}: not every stage is there, in its order")
        problems += _cells(row, judged)
    return problems


def _held(evidence: Evidence) -> Iterator[str]:
    """A replay measures anew how long it held a session; its holds are those of the record."""
    held = {hold.session_id: hold.held_s for hold in evidence.aftermath.holds}
    for row in evidence.evses:
        if evidence.run.replay_of is None and row.session_id in held and row.held_s != held[row.session_id]:
            yield f"{row.evse_id}: its session was held for {held[row.session_id]} s, not {row.held_s}"


def _cells(row: EvseResult, judged: Mapping[tuple[str, Stage], list[StageStatus]]) -> Iterator[str]:
    for stage, cell in row.stages.items():
        if stage is Stage.PROGRESSED and row.vcp_type is VcpType.SHARED:
            right = cell.status is StageStatus.NOT_APPLICABLE
        else:
            seen = judged.get((row.evse_id, stage), [])
            worst = min(seen, key=_WORST_STAGE.index, default=StageStatus.NOT_RUN)
            if cell.at is None:
                right = cell.status is worst
            else:  # the journey came there: it may have met something worse, never something better
                better = min(seen, key=_WORST_STAGE.index, default=StageStatus.MET)
                right = _WORST_STAGE.index(cell.status) <= _WORST_STAGE.index(better)
                right = right and cell.status is not StageStatus.NOT_RUN
        if not right:
            yield f"{row.evse_id}, {stage.value}: {cell.status.value} does not follow from its checks"


def errors(evidence: Evidence) -> list[str]:
    """The error table: where each type was met, and what its checks came to."""
    met: dict[str, list[str]] = {}
    for exchange in evidence.exchanges:
        if exchange.provoked is None and (type_ := error_type_of(exchange)) is not None:
            met.setdefault(type_, []).append(exchange.id)
    outcomes = {check.nodeid: check.outcome for check in evidence.tests}
    problems: list[str] = []
    for row in evidence.errors:
        if list(row.seen) != met.get(row.type, []):
            problems.append(f"{row.type} was met in other exchanges than it says")
        if row.outcome != _worst(row, outcomes):
            problems.append(f"{row.type}: its outcome is not that of its checks")
    return problems


def _worst(row: ErrorRow, outcomes: Mapping[str, Outcome]) -> Outcome | None:
    """A row whose checks passed without meeting it was not provoked."""
    found = [outcomes[nodeid] for nodeid in row.provoked_by if nodeid in outcomes]
    worst = min(found, key=_WORST_OUTCOME.index, default=None)
    return None if worst is Outcome.PASSED and not row.seen else worst
