"""From what the checks concluded to the status of each requirement, and from these to the verdict.

Pure functions over the record, so that anyone can derive the verdict again. The rule is worst first: failed, then
inconclusive, then not shown, then met; nothing that was skipped, deselected or not reached counts as met.
"""

from collections.abc import Iterable, Sequence

from golive.evidence.checklist import REQUIREMENTS, Requirement
from golive.evidence.model import (
    Assurance,
    CheckResult,
    Probe,
    RequirementResult,
    Status,
    Verdict,
    VerdictStatus,
)
from golive.outcomes import Outcome

_STRENGTH = {level: rank for rank, level in enumerate(reversed(Assurance))}

_STATUS_OF_OUTCOME = {
    Outcome.FAILED: Status.NOT_MET,
    Outcome.ERROR: Status.INCONCLUSIVE,  # the harness's own fault is nobody's failure
    Outcome.INCONCLUSIVE: Status.INCONCLUSIVE,
    Outcome.SKIPPED: Status.NOT_SHOWN,
    Outcome.NOT_RUN: Status.NOT_SHOWN,
    Outcome.DESELECTED: Status.NOT_SHOWN,
    Outcome.PASSED: Status.MET,
}
_WORST_FIRST = list(Status)


def judge_requirements(
    checks: Iterable[CheckResult], register: Sequence[Requirement] = REQUIREMENTS
) -> tuple[RequirementResult, ...]:
    """The status of every requirement of the register, in its order."""
    bound: dict[str, list[CheckResult]] = {requirement.id: [] for requirement in register}
    for check in checks:
        for requirement_id in check.requirement_ids:
            bound[requirement_id].append(check)
    return tuple(_judge(requirement, bound[requirement.id]) for requirement in register)


def _judge(requirement: Requirement, checks: list[CheckResult]) -> RequirementResult:
    status = min(
        (_STATUS_OF_OUTCOME[check.outcome] for check in checks),
        key=_WORST_FIRST.index,
        default=Status.NOT_SHOWN,
    )
    shown = any(check.outcome is Outcome.PASSED for check in checks)
    assurance = Assurance.EXERCISED if shown else Assurance.NONE
    reason = _reason(requirement, status, checks)
    if status is Status.MET and _STRENGTH[assurance] < _STRENGTH[requirement.needed]:
        status = Status.NOT_SHOWN
        reason = (
            f"Exercised with the partner's credentials by this suite's own client; "
            f"the partner's own integration has to be {requirement.needed}."
        )
    return RequirementResult(
        id=requirement.id,
        title=requirement.title,
        section=requirement.section,
        source=requirement.source,
        status=status,
        assurance=assurance,
        needed=requirement.needed,
        tests=tuple(check.nodeid for check in checks),
        reason=reason,
    )


def _reason(requirement: Requirement, status: Status, checks: list[CheckResult]) -> str | None:
    if not checks:
        return requirement.no_check or "No check of this run serves it."
    if status is Status.MET:
        return None
    to_blame = [check for check in checks if _STATUS_OF_OUTCOME[check.outcome] is status]
    first = to_blame[0]
    more = f" (and {len(to_blame) - 1} more)" if len(to_blame) > 1 else ""
    said = first.message or first.outcome.value.replace("_", " ")
    return f"{first.title} {said}{more}"


def decide(
    requirements: Sequence[RequirementResult],
    checks: Sequence[CheckResult],
    preflight: Sequence[Probe],
    *,
    rehearsal: bool,
    complete: bool,
) -> Verdict:
    """`not_ready` where anything failed, `ready` where all is met, else `incomplete`; each with its reasons."""
    blocked = [probe for probe in preflight if probe.outcome is Outcome.FAILED]
    unclear = [probe for probe in preflight if probe.outcome not in (Outcome.FAILED, Outcome.PASSED)]
    failed = [check for check in checks if check.outcome is Outcome.FAILED]
    not_met = [r for r in requirements if r.status is Status.NOT_MET]
    open_ = [r for r in requirements if r.status in (Status.INCONCLUSIVE, Status.NOT_SHOWN)]
    errors = [check for check in checks if check.outcome is Outcome.ERROR]

    reasons: list[str] = []
    if not complete:
        reasons.append("The run was interrupted: its record is partial.")
    reasons += [f"Preflight, {probe.name}: {probe.message}" for probe in (*blocked, *unclear)]
    if failed:
        reasons.append(f"{_count(failed, 'check')} failed.")
    if not_met:
        reasons.append(f"Not met: {_ids(not_met)}.")
    if errors:
        reasons.append(f"{_count(errors, 'check')} ended in an error of this suite itself.")
    inconclusive = [r for r in open_ if r.status is Status.INCONCLUSIVE]
    if inconclusive:
        reasons.append(f"Inconclusive: {_ids(inconclusive)}.")
    not_shown = [r for r in open_ if r.status is Status.NOT_SHOWN]
    if not_shown:
        reasons.append(f"Not shown yet: {_ids(not_shown)}.")

    if failed or not_met or blocked:
        status = VerdictStatus.NOT_READY
    elif open_ or errors or unclear or not complete or not checks:
        status = VerdictStatus.INCOMPLETE
    else:
        status = VerdictStatus.READY
        reasons.append("Every requirement of the checklist is met with the assurance it needs.")
    return Verdict(status=status, rehearsal=rehearsal, reasons=tuple(reasons))


def gate_holds(verdict: Verdict, checks: Sequence[CheckResult], preflight: Sequence[Probe], *, complete: bool) -> bool:
    """Whether `--gate` lets a release pass: `ready` on DEV; in a rehearsal nothing failed or inconclusive."""
    if not verdict.rehearsal:
        return verdict.status is VerdictStatus.READY
    bad = {Outcome.FAILED, Outcome.ERROR, Outcome.INCONCLUSIVE}
    return (
        complete
        and any(check.outcome is Outcome.PASSED for check in checks)
        and not any(check.outcome in bad for check in checks)
        and not any(probe.outcome in bad for probe in preflight)
    )


def _ids(requirements: Sequence[RequirementResult]) -> str:
    return ", ".join(requirement.id for requirement in requirements)


def _count(things: Sequence[object], noun: str) -> str:
    return f"{len(things)} {noun}{'' if len(things) == 1 else 's'}"
