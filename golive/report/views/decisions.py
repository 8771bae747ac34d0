"""What the reviewer is asked to decide or to look at: the points on which a person has to have a mind of their own."""

from collections.abc import Iterable
from dataclasses import dataclass

from golive.evidence.integration import Integration, RuleResult, RuleStatus
from golive.evidence.model import Evidence
from golive.evidence.statements import Answer, Attestation
from golive.outcomes import Outcome, Owner
from golive.report.marks import ANSWERS, AT_A_BUSY_STATION, OUTCOMES, OWNERS, RULES, STATUSES, WAIVER, Mark
from golive.report.tally import grouped
from golive.report.text import plural
from golive.report.views.links import Anchors, Link
from golive.report.views.statements import signed, waiver_row


@dataclass(frozen=True)
class Point:
    """One point: what it is about, what is said, and the particulars."""

    mark: Mark
    about: tuple[Link, ...]
    said: str
    particulars: str = ""


@dataclass(frozen=True)
class Decision:
    """One thing asked of the reviewer, with its points."""

    task: str
    points: tuple[Point, ...]
    links: tuple[Link, ...] = ()
    note: str = ""


def decisions(evidence: Evidence, anchors: Anchors) -> tuple[Decision, ...]:
    """What this record asks, the weightiest first; those without a point are left out."""
    asked = (
        Decision("Accept or refuse these waivers", tuple(_waivers(evidence, anchors))),
        Decision("Agree, or not, that these lines do not apply", tuple(_not_applicable(evidence, anchors))),
        Decision("Settle what the partner cannot", tuple(_not_the_partners(evidence, anchors))),
        Decision("Judge what the integration broke or did not show", tuple(_of_integration(evidence, anchors))),
        _attested(evidence, anchors),
        _shown_to_drivers(evidence),
        _observations(evidence),
    )
    return tuple(each for each in asked if each.points or each.links)


def _waivers(evidence: Evidence, anchors: Anchors) -> Iterable[Point]:
    for waiver in evidence.dossier.waivers if evidence.dossier else ():
        row = waiver_row(waiver, evidence, anchors)
        status = f"; the line is {row.status.word}" if row.status else ""
        when = f"until {row.until}{', which was over on the day of the run' if row.expired else ''}"
        yield Point(WAIVER, (row.requirement,), f"{row.title}: {row.reason}", f"{row.owner} closes it, {when}{status}")


def _said(evidence: Evidence, answer: Answer) -> list[Attestation]:
    return [said for said in evidence.dossier.attestations if said.answer is answer] if evidence.dossier else []


def _not_applicable(evidence: Evidence, anchors: Anchors) -> Iterable[Point]:
    lines = {found.id: found for found in evidence.requirements}
    for said in _said(evidence, Answer.NOT_APPLICABLE):
        link = Link(said.requirement_id, anchors.attestation(said.requirement_id))
        why = said.reason or "no reason was given"
        when = said.on.isoformat() if said.on else "no date"
        found = lines.get(said.requirement_id)
        title = found.title if found else "not a line of this record's checklist"
        mark = STATUSES[found.status] if found else ANSWERS[said.answer]
        yield Point(mark, (link,), f"{title}: {why}", f"{signed(said)}, {when}")


def _not_the_partners(evidence: Evidence, anchors: Anchors) -> Iterable[Point]:
    """What failed or stayed inconclusive, and is Cariqa's or the environment's: the partner cannot mend it."""
    theirs = [
        check
        for check in evidence.tests
        if check.outcome in (Outcome.FAILED, Outcome.INCONCLUSIVE) and check.owner in (Owner.CARIQA, Owner.ENVIRONMENT)
    ]
    for group in grouped(theirs):
        check = group[0]
        owner = OWNERS[check.owner] if check.owner else ""
        ids = dict.fromkeys(id_ for each in group for id_ in each.requirement_ids)
        about = tuple(Link(id_, anchors.requirement(id_)) for id_ in ids)
        many = "" if len(group) == 1 else f", {plural(len(group), 'check')}"
        yield Point(OUTCOMES[check.outcome], about, check.message or check.title, f"owner: {owner}{many}")


def _of_integration(evidence: Evidence, anchors: Anchors) -> Iterable[Point]:
    """Each broken rule with where it was broken; what was not shown together, as it is of one kind."""
    seen = evidence.integration
    if seen is None:
        return
    for found in _broken(seen):
        rule = found[0][0]
        about = tuple(Link(id_, anchors.requirement(id_)) for id_ in rule.requirement_ids)
        where = dict.fromkeys(after for _, after in found)
        yield Point(RULES[rule.status], about, f"{rule.title}: {rule.message}", f"broken {'; '.join(where)}")
    unshown = [(n, rule) for n, rule in enumerate(seen.rules) if rule.status is RuleStatus.NOT_SHOWN]
    if unshown:
        links = tuple(Link(rule.rule, anchors.rule(n)) for n, rule in unshown)
        yield Point(RULES[RuleStatus.NOT_SHOWN], links, "not shown by the traffic", _not_offered(seen))
    unmet = [Link(each.name, anchors.provoked(n)) for n, each in enumerate(seen.provoked) if not each.met]
    if unmet:
        said = f"{plural(len(unmet), 'error was', 'errors were')} never met: the integration sent nothing that fits"
        yield Point(RULES[RuleStatus.NOT_SHOWN], tuple(unmet), said)


def _broken(seen: Integration) -> Iterable[list[tuple[RuleResult, str]]]:
    """What was broken, by rule: with where, over all of the traffic or after which provoked error."""
    found: dict[str, list[tuple[RuleResult, str]]] = {}
    parts = [(rule, "over all of the traffic") for rule in seen.rules]
    parts += [(rule, AT_A_BUSY_STATION) for rule in (seen.meeting.rules if seen.meeting else ())]
    parts += [(rule, f"after “{each.title}”") for each in seen.provoked for rule in each.rules]
    for rule, where in parts:
        if rule.status is RuleStatus.BROKEN:
            found.setdefault(rule.rule, []).append((rule, where))
    return found.values()


def _not_offered(seen: Integration) -> str:
    return f"the adapter does not offer {', '.join(seen.not_offered)}" if seen.not_offered else ""


def _shown_to_drivers(evidence: Evidence) -> Decision:
    """Rules can tell that words are no stack trace; whether they help a driver, only a person can."""
    provoked = evidence.integration.provoked if evidence.integration else ()
    count = sum(each.met and bool(each.shown) for each in provoked)
    met = evidence.integration.meeting if evidence.integration else None
    links = [Link(plural(count, "provoked error"), "h-provoked")] if count else []
    links += [Link("busy station", "h-meeting")] if met is not None and met.shown else []
    return Decision("Read what drivers were shown after errors", (), tuple(links), "word for word")


def _attested(evidence: Evidence, anchors: Anchors) -> Decision:
    """The lines that rest on somebody's word, whose it is, and how much there is to be looked at."""
    said = _said(evidence, Answer.YES)
    people = dict.fromkeys(signed(each) for each in said)
    exhibits = {id_ for each in said for id_ in each.exhibits}
    return Decision(
        "Look at what is attested",
        (),
        tuple(Link(each.requirement_id, anchors.attestation(each.requirement_id)) for each in said),
        f"the word of {'; '.join(people)}, with {plural(len(exhibits), 'exhibit')}",
    )


def _observations(evidence: Evidence) -> Decision:
    count = sum(found.owner is Owner.CARIQA for found in evidence.observations)
    links = (Link(plural(count, "observation"), "observations"),) if count else ()
    task = "Take note of what the API did differently from its published contract"
    return Decision(task, (), links, "they block nothing")
