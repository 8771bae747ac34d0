"""From what the checks concluded to the status of each requirement, and from these to the verdict.

Pure functions over the record, so that anyone can derive the verdict again. The rule is worst first: failed, then
inconclusive, then not shown, then met; nothing that was skipped, deselected or not reached counts as met.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from golive.evidence.attested import contradicting, found_said, waivers_said, word_for
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
from golive.evidence.scanned import ScanStatus, in_words, of_scan, status_of
from golive.evidence.statements import Dossier, Scan
from golive.outcomes import Outcome, Owner

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
    checks: Iterable[CheckResult],
    register: Sequence[Requirement] = REQUIREMENTS,
    *,
    dossier: Dossier | None = None,
    scans: Sequence[Scan] = (),
    on: date,
) -> tuple[RequirementResult, ...]:
    """The status of every requirement of the register, in its order; `on` is the day (UTC) on which the run ended.

    A check or a scan that speaks against a requirement outweighs every word for it; a word never shows what has to
    be observed or exercised.
    """
    bound: dict[str, list[CheckResult]] = {requirement.id: [] for requirement in register}
    for check in checks:
        for requirement_id in check.requirement_ids:
            bound[requirement_id].append(check)
    return tuple(_judge(requirement, bound[requirement.id], dossier, scans, on) for requirement in register)


def _judge(
    requirement: Requirement, checks: list[CheckResult], dossier: Dossier | None, scans: Sequence[Scan], on: date
) -> RequirementResult:
    by_checks = min((_STATUS_OF_OUTCOME[check.outcome] for check in checks), key=_WORST_FIRST.index, default=Status.MET)
    passed = [check.shows for check in checks if check.outcome is Outcome.PASSED]
    if requirement.needed is Assurance.ATTESTED:  # a check can speak against it; for it a person has to
        passed = []
    assurance = max(passed, key=_STRENGTH.__getitem__, default=Assurance.NONE)
    reason: str | None
    owner: Owner | None
    if findings := contradicting(requirement, scans):
        status, owner = Status.NOT_MET, Owner.PARTNER
        reason = found_said(findings)
        if by_checks is Status.NOT_MET:
            reason += f" {_blamed(by_checks, checks)[0]}"
    elif by_checks is not Status.MET:
        status = by_checks
        reason, owner = _blamed(status, checks)
    else:
        status, assurance, reason = _said(requirement, assurance, dossier, on)
        partners = status is Status.NOT_SHOWN and requirement.needed is not Assurance.EXERCISED
        owner = Owner.PARTNER if partners else None
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
        owner=owner,
    )


def _said(
    requirement: Requirement, exercised: Assurance, dossier: Dossier | None, on: date
) -> tuple[Status, Assurance, str | None]:
    """What the dossier adds where no check speaks against it: status, assurance, and why it is not met."""
    word = word_for(requirement, dossier, on)
    if word is not None and word.status is Status.NOT_APPLICABLE:
        return Status.NOT_APPLICABLE, Assurance.ATTESTED, word.sentence
    attested = word is not None and word.status is Status.MET
    assurance = max(exercised, Assurance.ATTESTED if attested else Assurance.NONE, key=_STRENGTH.__getitem__)
    if _STRENGTH[assurance] >= _STRENGTH[requirement.needed]:
        return Status.MET, assurance, None
    if word is not None:
        needs = f" The partner's own integration has to be {requirement.needed}." if attested else ""
        return Status.NOT_SHOWN, assurance, f"{word.sentence}{needs}"
    if exercised is Assurance.NONE:
        return Status.NOT_SHOWN, assurance, requirement.no_check or "No check of this run serves it."
    reason = (
        f"Exercised with the partner's credentials by this suite's own client; "
        f"the partner's own integration has to be {requirement.needed}."
    )
    return Status.NOT_SHOWN, assurance, reason


def _blamed(status: Status, checks: list[CheckResult]) -> tuple[str, Owner | None]:
    """The first check that has this status, in its own words, and whose move it is."""
    to_blame = [check for check in checks if _STATUS_OF_OUTCOME[check.outcome] is status]
    first = to_blame[0]
    more = f" (and {len(to_blame) - 1} more)" if len(to_blame) > 1 else ""
    said = first.message or first.outcome.value.replace("_", " ")
    return f"{first.title} {said}{more}", first.owner


def decide(
    requirements: Sequence[RequirementResult],
    checks: Sequence[CheckResult],
    preflight: Sequence[Probe],
    *,
    rehearsal: bool,
    complete: bool,
    dossier: Dossier | None = None,
    scans: Sequence[Scan] = (),
    on: date,
) -> Verdict:
    """`not_ready` where anything failed, `ready` where all is met, else `incomplete`; each with its reasons.

    A waiver of `dossier` is among the reasons and changes nothing; what `scans` found has been judged with the
    requirements. `on` is the day (UTC) on which the run ended.
    """
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
    does_not_apply = [r for r in requirements if r.status is Status.NOT_APPLICABLE]
    if does_not_apply:
        reasons.append(f"Not applicable, by the partner's word: {_ids(does_not_apply)}.")
    reasons += waivers_said(requirements, dossier, on)
    reasons += [_looked(scan) for scan in scans]

    if failed or not_met or blocked:
        status = VerdictStatus.NOT_READY
    elif open_ or errors or unclear or not complete or not checks:
        status = VerdictStatus.INCOMPLETE
    else:
        status = VerdictStatus.READY
        whole = "Every requirement of the checklist" + (" that applies" if does_not_apply else "")
        reasons.append(f"{whole} is met with the assurance it needs.")
    return Verdict(status=status, rehearsal=rehearsal, reasons=tuple(reasons))


def gate_holds(verdict: Verdict, checks: Sequence[CheckResult], preflight: Sequence[Probe], *, complete: bool) -> bool:
    """Whether `--gate` lets a release pass: `ready` on DEV; in a rehearsal nothing failed or inconclusive."""
    if not verdict.rehearsal:
        return verdict.status is VerdictStatus.READY
    bad = {Outcome.FAILED, Outcome.ERROR, Outcome.INCONCLUSIVE}
    return (
        complete
        and verdict.status is not VerdictStatus.NOT_READY
        and any(check.outcome is Outcome.PASSED for check in checks)
        and not any(check.outcome in bad for check in checks)
        and not any(probe.outcome in bad for probe in preflight)
    )


def _looked(scan: Scan) -> str:
    """A sentence on one scan, which calls nothing clean that was not read."""
    if status_of(scan) is ScanStatus.NOTHING_READ:
        return f"Not looked through for secrets: {scan.root}; {in_words(scan)}."
    result = in_words(scan)
    if scan.findings:
        result = found_said(scan.findings).removesuffix(".") + ("" if scan.complete else ", then broken off")
    return f"Looked through for secrets: {of_scan(scan)}. {result[:1].upper()}{result[1:]}."


def _ids(requirements: Sequence[RequirementResult]) -> str:
    return ", ".join(requirement.id for requirement in requirements)


def _count(things: Sequence[object], noun: str) -> str:
    return f"{len(things)} {noun}{'' if len(things) == 1 else 's'}"
