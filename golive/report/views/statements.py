"""What people say: who asks for production, what they attest, what they want waived, and their exhibits."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from golive.evidence.model import Evidence, RequirementResult
from golive.evidence.statements import Answer, Attestation, Dossier, Waiver
from golive.report import Exhibits
from golive.report.marks import ANSWERS, STATUSES, Mark
from golive.report.text import instant
from golive.report.views.exhibits import ExhibitView, exhibit_views
from golive.report.views.links import Anchors, Link


@dataclass(frozen=True)
class ContactRow:
    purpose: str
    name: str
    channel: str
    hours: str


@dataclass(frozen=True)
class Who:
    """The dossier's head; `facts` are name, value and the kind of value, as those of the run."""

    facts: tuple[tuple[str, str, str], ...]
    contacts: tuple[ContactRow, ...]
    review: tuple[tuple[Link, str, str], ...]


@dataclass(frozen=True)
class AttestationView:
    anchor: str | None
    requirement: Link
    title: str
    answer: Mark
    status: Mark | None
    by: str
    on: str
    statement: str
    reason: str | None
    exhibits: tuple[ExhibitView, ...]
    shown_above: tuple[Link, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class WaiverRow:
    anchor: str | None
    requirement: Link
    title: str
    status: Mark | None
    owner: str
    until: str
    expired: bool
    reason: str


_View = TypeVar("_View", AttestationView, WaiverRow)


@dataclass(frozen=True)
class Statements:
    """All that people say; `unsaid` are the lines answered with no."""

    who: Who
    attestations: tuple[AttestationView, ...]
    unsaid: tuple[AttestationView, ...]
    waivers: tuple[WaiverRow, ...]
    other_exhibits: tuple[ExhibitView, ...]
    pictured: int = 0
    """Bytes of the pictures that are in the page."""


def statements(evidence: Evidence, anchors: Anchors, read: Exhibits) -> Statements | None:
    """What the dossier of `evidence` says; None where there is none."""
    dossier = evidence.dossier
    if dossier is None:
        return None
    lines = {found.id: found for found in evidence.requirements}
    views = exhibit_views(dossier.exhibits, read, dossier.attestations)
    shown: set[str] = set()
    attested = _once(_attestation(each, lines, anchors, views, shown) for each in dossier.attestations)
    said = [each.answer is not Answer.NO for each in dossier.attestations]
    return Statements(
        who=Who(
            facts=tuple(_facts(dossier)),
            contacts=tuple(ContactRow(c.purpose, c.name, c.channel, c.hours) for c in dossier.contacts),
            review=tuple(
                (Link(id_, anchors.requirement(id_)), _title(lines, id_), text) for id_, text in dossier.review.items()
            ),
        ),
        attestations=tuple(view for view, is_said in zip(attested, said, strict=True) if is_said),
        unsaid=tuple(view for view, is_said in zip(attested, said, strict=True) if not is_said),
        waivers=tuple(_once(waiver_row(each, evidence, anchors) for each in dossier.waivers)),
        other_exhibits=tuple(view for id_, view in views.items() if id_ not in shown),
        pictured=sum(each.size or 0 for each in dossier.exhibits if views[each.id].picture is not None),
    )


def _once(views: Iterable[_View]) -> list[_View]:
    """The views, of those with the same anchor only the first with it: a record may name a line twice."""
    seen: set[str | None] = set()
    once = []
    for view in views:
        once.append(replace(view, anchor=None) if view.anchor in seen else view)
        seen.add(view.anchor)
    return once


def waiver_row(waiver: Waiver, evidence: Evidence, anchors: Anchors) -> WaiverRow:
    lines = {found.id: found for found in evidence.requirements}
    return WaiverRow(
        anchor=anchors.waiver(waiver.requirement_id),
        requirement=Link(waiver.requirement_id, anchors.requirement(waiver.requirement_id)),
        title=_title(lines, waiver.requirement_id),
        status=_status(lines, waiver.requirement_id),
        owner=waiver.owner,
        until=waiver.until.isoformat(),
        expired=waiver.until < evidence.run.finished_at.date(),
        reason=waiver.reason,
    )


def signed(attestation: Attestation) -> str:
    """Who says it: name and role."""
    return ", ".join(part for part in (attestation.name, attestation.role) if part) or "nobody named"


def _facts(dossier: Dossier) -> Iterable[tuple[str, str, str]]:
    yield "Partner", dossier.partner, "text"
    yield "Integration", dossier.integration, "text"
    yield "Version of the integration", dossier.version, "code"
    yield "Countries of operation", ", ".join(dossier.countries) or "none named", "text"
    yield "Valid until (UTC)", instant(dossier.valid_until), "text"
    yield "Challenge by Cariqa", dossier.challenge or "none was given", "code" if dossier.challenge else "text"
    yield "SHA-256 of the dossier's file", dossier.sha256, "code"


def _attestation(
    said: Attestation,
    lines: dict[str, RequirementResult],
    anchors: Anchors,
    views: dict[str, ExhibitView],
    shown: set[str],
) -> AttestationView:
    known = [id_ for id_ in dict.fromkeys(said.exhibits) if id_ in views]
    fresh = [id_ for id_ in known if id_ not in shown]
    view = AttestationView(
        anchor=anchors.attestation(said.requirement_id),
        requirement=Link(said.requirement_id, anchors.requirement(said.requirement_id)),
        title=_title(lines, said.requirement_id),
        answer=ANSWERS[said.answer],
        status=_status(lines, said.requirement_id),
        by=signed(said),
        on=said.on.isoformat() if said.on else "no date",
        statement=said.statement,
        reason=said.reason,
        exhibits=tuple(views[id_] for id_ in fresh),
        shown_above=tuple(Link(views[id_].name, views[id_].anchor) for id_ in known if id_ in shown),
        missing=tuple(id_ for id_ in dict.fromkeys(said.exhibits) if id_ not in views),
    )
    shown.update(fresh)
    return view


def _title(lines: dict[str, RequirementResult], id_: str) -> str:
    return lines[id_].title if id_ in lines else "not a line of this record's checklist"


def _status(lines: dict[str, RequirementResult], id_: str) -> Mark | None:
    return STATUSES[lines[id_].status] if id_ in lines else None
