"""What follows from checks and exchanges in the EVSE matrix and in the error table. Pure functions over the record."""

from collections.abc import Iterable, Mapping

from golive.evidence.exchange import error_type_of
from golive.evidence.model import CheckResult, ErrorRow, EvseResult, Exchange, Stage, StageStatus, VcpType
from golive.outcomes import Outcome

STATUS_OF_OUTCOME = {
    Outcome.FAILED: StageStatus.FAILED,
    Outcome.ERROR: StageStatus.INCONCLUSIVE,
    Outcome.INCONCLUSIVE: StageStatus.INCONCLUSIVE,
    Outcome.PASSED: StageStatus.MET,
}
_WORST_STAGE = list(StageStatus)
_WORST_OUTCOME = list(Outcome)


def judged_stages(lived: Iterable[EvseResult], checks: Iterable[CheckResult]) -> tuple[EvseResult, ...]:
    """The rows of the matrix as journeys lived them, each cell worsened by what the checks bound to it concluded."""
    judged: dict[tuple[str, Stage], list[StageStatus]] = {}
    for check in checks:
        if check.evse_id and check.stage and (status := STATUS_OF_OUTCOME.get(check.outcome)):
            judged.setdefault((check.evse_id, check.stage), []).append(status)
    return tuple(_row(row, judged) for row in lived)


def _row(row: EvseResult, judged: Mapping[tuple[str, Stage], list[StageStatus]]) -> EvseResult:
    stages = dict(row.stages)
    for stage, cell in stages.items():
        if stage is Stage.PROGRESSED and row.vcp_type is VcpType.SHARED:
            continue
        seen = list(judged.get((row.evse_id, stage), ()))
        if cell.status is not StageStatus.NOT_RUN:
            seen.append(cell.status)
        worst = min(seen, key=_WORST_STAGE.index, default=StageStatus.NOT_RUN)
        stages[stage] = cell.model_copy(update={"status": worst})
    return row.model_copy(update={"stages": stages})


def judged_errors(
    rows: Iterable[ErrorRow], checks: Iterable[CheckResult], exchanges: Iterable[Exchange]
) -> tuple[ErrorRow, ...]:
    """The rows of the error table with what their checks came to and where each type was met.

    A row whose checks met another documented answer in its place is not provoked, and says so.
    """
    outcomes = {check.nodeid: check.outcome for check in checks}
    seen: dict[str, list[str]] = {}
    for exchange in exchanges:
        if exchange.provoked is None and (error_type := error_type_of(exchange)) is not None:
            seen.setdefault(error_type, []).append(exchange.id)
    return tuple(_error_row(row, outcomes, tuple(seen.get(row.type, ()))) for row in rows)


def _error_row(row: ErrorRow, outcomes: Mapping[str, Outcome], seen: tuple[str, ...]) -> ErrorRow:
    found = [outcomes[nodeid] for nodeid in row.provoked_by if nodeid in outcomes]
    worst = min(found, key=_WORST_OUTCOME.index, default=None)
    reason = row.not_provoked_because
    if worst is Outcome.PASSED and not seen:
        worst, reason = None, "The API answered with another documented error where this one was possible."
    return row.model_copy(update={"outcome": worst, "not_provoked_because": reason, "seen": seen})
