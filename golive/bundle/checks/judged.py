"""Requirements and verdict, derived again from what the record says was concluded."""

from datetime import UTC

from golive.evidence.checklist import VERSION
from golive.evidence.model import Evidence
from golive.evidence.verdict import decide, judge_requirements


def is_known(evidence: Evidence) -> bool:
    """Whether the record went by the register that this checkout has; there is one only."""
    return evidence.run.register_version == VERSION


def register(evidence: Evidence) -> str:
    """Which register the verdict went by, and which one it is derived again with."""
    theirs = evidence.run.register_version
    if is_known(evidence):
        return f"judged by register {theirs}, as this checkout has it"
    return f"judged by register {theirs}, this checkout has {VERSION}: derived again with {VERSION}"


_OF_ANY_SUITE = ("status", "assurance", "needed", "tests")
"""What a requirement came to; the words for it may change from one version of the suite to the next."""


def requirements(evidence: Evidence, *, same_suite: bool) -> list[str]:
    """Each requirement's status, assurance and, where the suite is the same, reason: from the checks, the dossier
    and the scans."""
    try:
        again = judge_requirements(
            evidence.tests,
            dossier=evidence.dossier,
            scans=evidence.scans,
            on=evidence.run.finished_at.astimezone(UTC).date(),
        )
    except KeyError as unknown:
        return [f"a check names {unknown}, which the register does not have: nothing can be derived"]
    theirs = {result.id: result for result in evidence.requirements}
    problems = [f"{result.id} is missing" for result in again if result.id not in theirs]
    problems += [f"{id_} is not in the register" for id_ in theirs if id_ not in {result.id for result in again}]
    for result in again:
        if result.id not in theirs or theirs[result.id] == result:
            continue
        told = theirs[result.id]
        if told.status != result.status:
            problems.append(f"{result.id} is {told.status.value} there, {result.status.value} when derived again")
        else:
            compared = type(result).model_fields if same_suite else _OF_ANY_SUITE
            members = [name for name in compared if getattr(result, name) != getattr(told, name)]
            problems += [f"{result.id} differs in {', '.join(members)}"] if members else []
    if not problems and [told.id for told in evidence.requirements] != [result.id for result in again]:
        problems.append("they are not in the order of the register, or one stands there twice")
    return problems


def verdict(evidence: Evidence, *, same_suite: bool) -> list[str]:
    """The verdict and, where the suite is the same, its reasons."""
    again = decide(
        evidence.requirements,
        evidence.tests,
        evidence.preflight,
        rehearsal=evidence.run.rehearsal,
        complete=evidence.run.complete,
        dossier=evidence.dossier,
        scans=evidence.scans,
        on=evidence.run.finished_at.astimezone(UTC).date(),
    )
    if evidence.verdict.status != again.status:
        return [f"{evidence.verdict.status.value} there, {again.status.value} when derived again"]
    return [] if evidence.verdict == again or not same_suite else ["its reasons are others when it is derived again"]
