"""How far the dossier's word for a requirement can be taken, on the day of the run.

Pure functions over the record. What is refused when a dossier is read (too old, without its evidence) shows nothing
here either, so that a record that was written by hand, or is judged again, gains nothing by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from golive.evidence.checklist import Backing, Requirement
from golive.evidence.model import Assurance, RequirementResult, Status
from golive.evidence.statements import MAX_AGE_DAYS, Answer, Attestation, Dossier, Scan, ScanFinding
from golive.evidence.words import says_something

TOKEN_LINES = frozenset({"BE-1", "PROD-1"})
"""The lines about where the token is kept: a secret that a scan finds contradicts them."""

_OPEN = (Status.NOT_MET, Status.INCONCLUSIVE, Status.NOT_SHOWN)


@dataclass(frozen=True)
class Word:
    """What the dossier says of a requirement: `met`, `not_applicable`, or `not_shown` where it cannot be taken."""

    status: Status
    sentence: str


def word_for(requirement: Requirement, dossier: Dossier | None, on: date) -> Word | None:
    """The dossier's word on the day `on` (UTC); None where it says nothing, or where no word can matter."""
    if dossier is None or requirement.needed is Assurance.EXERCISED:
        return None
    said = [each for each in dossier.attestations if each.requirement_id == requirement.id]
    if not said:
        return None
    if len(said) > 1:
        return Word(Status.NOT_SHOWN, "The dossier speaks of it more than once.")
    if said[0].answer is Answer.NO:
        return Word(Status.NOT_SHOWN, "The dossier answers no.")
    if (fault := _fault(requirement, said[0], dossier, on)) is not None:
        return Word(Status.NOT_SHOWN, fault)
    who = f"{said[0].name} ({said[0].role}), {said[0].on}"
    if said[0].answer is Answer.NOT_APPLICABLE:
        return Word(Status.NOT_APPLICABLE, f"Does not apply, says {who}: {said[0].reason}")
    return Word(Status.MET, f"Attested by {who}.")


def _fault(requirement: Requirement, said: Attestation, dossier: Dossier, on: date) -> str | None:
    """Why an answer cannot be taken."""
    if not all(map(says_something, (said.name, said.role, said.statement))) or said.on is None:
        return "Attested without a name, a role, a day or a statement."
    if said.on > on:
        return f"Attested for {said.on}, a day after the run."
    if (age := (on - said.on).days) > MAX_AGE_DAYS:
        return f"Attested {age} days before the run; {MAX_AGE_DAYS} is the most that counts."
    if said.answer is Answer.NOT_APPLICABLE:
        if requirement.needed is not Assurance.ATTESTED:
            return f"Said not to apply, but it has to be {requirement.needed}."
        if not requirement.may_not_apply:
            return "Said not to apply, but this line is asked of everyone."
        return None if says_something(said.reason or "") else "Said not to apply, without a reason."
    known = {exhibit.id for exhibit in dossier.exhibits}
    if requirement.backing is Backing.EXHIBIT and not known.intersection(said.exhibits):
        return "Attested without a file or a video that shows it."
    if requirement.backing is Backing.REVIEW and not says_something(dossier.review.get(requirement.id, "")):
        return "Attested, but the dossier has no text to review."
    return None


def contradicting(requirement: Requirement, scans: Sequence[Scan]) -> tuple[ScanFinding, ...]:
    """What the scans found that speaks against this requirement."""
    if requirement.id not in TOKEN_LINES:
        return ()
    return tuple(finding for scan in scans for finding in scan.findings)


def found_said(findings: Sequence[ScanFinding]) -> str:
    """A sentence for what scans found: how much, and the first place."""
    first = findings[0]
    count = "A secret was found" if len(findings) == 1 else f"{len(findings)} secrets were found, the first"
    return f"{count} in {first.place}, line {first.line}: {first.kind}."


def waivers_said(requirements: Sequence[RequirementResult], dossier: Dossier | None, on: date) -> list[str]:
    """A sentence for each waiver of a requirement that is open: the reviewer decides, the status stays."""
    if dossier is None:
        return []
    still_open = {requirement.id for requirement in requirements if requirement.status in _OPEN}
    return [
        f"Waived until {waiver.until}, still open: {waiver.requirement_id} ({waiver.owner}: {waiver.reason})"
        if waiver.until >= on
        else f"The waiver of {waiver.requirement_id} ended on {waiver.until} and counts for nothing."
        for waiver in dossier.waivers
        if waiver.requirement_id in still_open
    ]
