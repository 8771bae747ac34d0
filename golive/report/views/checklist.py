"""The checklist, the checks, the error table and the observations, as rows with words and links."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from golive.evidence.model import Assurance, CheckResult, ErrorRow, Evidence, Observation, Probe, RequirementResult
from golive.evidence.statements import Answer
from golive.outcomes import Outcome, Owner
from golive.report.marks import ANSWERS, ASSURANCES, OUTCOMES, OWNERS, STATUSES, WAIVER, Mark, reaches
from golive.report.tally import by_section, in_words, outcomes
from golive.report.text import duration, plural
from golive.report.views.links import Anchors, Link, Links
from golive.report.views.statements import signed


@dataclass(frozen=True)
class ProbeRow:
    name: str
    mark: Mark
    owner: str
    message: str
    remedy: str | None
    exchanges: Links


@dataclass(frozen=True)
class Word:
    """What somebody says of a requirement, in one line: an attestation, or a waiver asked for."""

    mark: Mark
    link: Link
    said: str


@dataclass(frozen=True)
class RequirementRow:
    id: str
    anchor: str | None
    title: str
    source: str
    mark: Mark
    shown: Mark
    needed: Mark
    suffices: bool
    checks: Links
    tally: str
    reason: str | None
    words: tuple[Word, ...]


@dataclass(frozen=True)
class CheckRow:
    anchor: str | None
    name: str
    nodeid: str
    title: str
    mark: Mark
    owner: str
    message: str | None
    took: str
    requirements: Links
    exchanges: Links


@dataclass(frozen=True)
class CheckGroup:
    section: str
    counts: str
    troubled: bool
    rows: tuple[CheckRow, ...]


@dataclass(frozen=True)
class ErrorTypeRow:
    type: str
    statuses: str
    met_on: str
    advice: str
    mark: Mark | None
    because: str | None
    checks: Links
    seen: Links


@dataclass(frozen=True)
class ObservationRow:
    code: str
    message: str
    requirements: Links
    exchanges: Links


def _owner(owner: Owner | None) -> str:
    return OWNERS[owner] if owner else "–"


def preflight(probes: Iterable[Probe], anchors: Anchors) -> tuple[ProbeRow, ...]:
    return tuple(
        ProbeRow(
            probe.name,
            OUTCOMES[probe.outcome],
            _owner(probe.owner),
            probe.message,
            probe.remedy,
            anchors.exchanges(probe.exchanges),
        )
        for probe in probes
    )


def requirements(evidence: Evidence, anchors: Anchors) -> tuple[tuple[str, tuple[RequirementRow, ...]], ...]:
    """The rows of each section of the checklist, in the record's order."""
    outcome_of = {check.nodeid: check for check in evidence.tests}
    words = _words(evidence, anchors)
    sections: dict[str, list[RequirementRow]] = {}
    for found in evidence.requirements:
        bound = [outcome_of[nodeid] for nodeid in found.tests if nodeid in outcome_of]
        sections.setdefault(found.section, []).append(
            _requirement(found, bound, tuple(words.get(found.id, ())), anchors)
        )
    return tuple((section, tuple(rows)) for section, rows in sections.items())


def _words(evidence: Evidence, anchors: Anchors) -> dict[str, list[Word]]:
    """By requirement: who says what of it, and what is to be waived. A plain no says nothing."""
    words: dict[str, list[Word]] = {}
    dossier = evidence.dossier
    for said in dossier.attestations if dossier else ():
        if said.answer is not Answer.NO:
            mark = ASSURANCES[Assurance.ATTESTED] if said.answer is Answer.YES else ANSWERS[said.answer]
            when = said.on.isoformat() if said.on else "no date"
            link = Link(signed(said), anchors.attestation(said.requirement_id))
            words.setdefault(said.requirement_id, []).append(Word(mark, link, when))
    for waiver in dossier.waivers if dossier else ():
        link = Link(waiver.owner, anchors.waiver(waiver.requirement_id))
        words.setdefault(waiver.requirement_id, []).append(Word(WAIVER, link, f"until {waiver.until.isoformat()}"))
    return words


def _requirement(
    found: RequirementResult, bound: list[CheckResult], words: tuple[Word, ...], anchors: Anchors
) -> RequirementRow:
    return RequirementRow(
        id=found.id,
        anchor=anchors.requirement(found.id),
        title=found.title,
        source=found.source,
        mark=STATUSES[found.status],
        shown=ASSURANCES[found.assurance],
        needed=ASSURANCES[found.needed],
        suffices=found.assurance is not Assurance.NONE and reaches(found.assurance, found.needed),
        checks=anchors.checks(sorted(found.tests, key=_worst_first(bound))),
        tally=f"{plural(len(found.tests), 'check')}: {in_words(outcomes(bound))}",
        reason=found.reason,
        words=words,
    )


def _worst_first(checks: list[CheckResult]) -> Callable[[str], int]:
    """A key that orders node ids by the outcome of their check, those without a record at the end."""
    order = list(Outcome)
    ranks = {check.nodeid: order.index(check.outcome) for check in checks}
    return lambda nodeid: ranks.get(nodeid, len(order))


def checks(evidence: Evidence, anchors: Anchors) -> tuple[CheckGroup, ...]:
    """The checks by section; a section with anything but passed checks is shown open."""
    return tuple(
        CheckGroup(
            section,
            in_words(outcomes(group)),
            any(check.outcome is not Outcome.PASSED for check in group),
            tuple(_check(check, anchors) for check in group),
        )
        for section, group in by_section(evidence.tests).items()
    )


def _check(check: CheckResult, anchors: Anchors) -> CheckRow:
    return CheckRow(
        anchor=anchors.check(check.nodeid),
        name=check.nodeid.rpartition("::")[2],
        nodeid=check.nodeid,
        title=check.title,
        mark=OUTCOMES[check.outcome],
        owner=_owner(check.owner),
        message=check.message,
        took=duration(check.duration_s),
        requirements=anchors.requirements(check.requirement_ids),
        exchanges=anchors.exchanges(check.exchanges),
    )


def errors(evidence: Evidence, anchors: Anchors) -> tuple[ErrorTypeRow, ...]:
    return tuple(
        ErrorTypeRow(
            type=row.type,
            statuses=", ".join(str(status) for status in row.statuses),
            met_on=row.met_on,
            advice=row.advice,
            mark=OUTCOMES[row.outcome] if row.outcome else None,
            because=row.not_provoked_because or _unmet(row),
            checks=anchors.checks(row.provoked_by),
            seen=anchors.exchanges(row.seen),
        )
        for row in evidence.errors
    )


def _unmet(row: ErrorRow) -> str | None:
    """A check may accept another documented answer as well: then it passes, and this type is still unseen."""
    if row.outcome is Outcome.PASSED and not row.seen:
        return "Its checks passed, but no answer of this run was of this type."
    return None


def observations(evidence: Evidence, anchors: Anchors) -> tuple[tuple[str, tuple[ObservationRow, ...]], ...]:
    """The observations by owner, Cariqa's first: they are addressed to it."""
    owners = sorted(Owner, key=lambda owner: owner is not Owner.CARIQA)
    return tuple(
        (OWNERS[owner], tuple(_observation(found, anchors) for found in theirs))
        for owner in owners
        if (theirs := [found for found in evidence.observations if found.owner is owner])
    )


def _observation(found: Observation, anchors: Anchors) -> ObservationRow:
    return ObservationRow(
        found.code,
        found.message,
        anchors.requirements(found.requirement_ids),
        anchors.exchanges(found.exchanges),
    )
