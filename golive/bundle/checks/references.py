"""Whatever the record names has to be in it."""

from collections.abc import Iterator

from golive.bundle.manifest import doubled
from golive.evidence.checklist import BY_ID, VERSION
from golive.evidence.exchange import PARTNER
from golive.evidence.model import Assurance, Evidence
from golive.outcomes import Outcome


def resolved(evidence: Evidence) -> list[str]:
    """Names of exchanges and checks that lead nowhere, or to two things."""
    exchanges = {exchange.id for exchange in evidence.exchanges}
    checks = {check.nodeid: check for check in evidence.tests}
    problems = [f"the check {nodeid} is there twice" for nodeid in doubled(check.nodeid for check in evidence.tests)]
    problems += [f"the journey {name} is there twice" for name in doubled(j.name for j in evidence.journeys)]
    problems += [f"{who} names {id_}, which is not there" for who, id_ in _named(evidence) if id_ not in exchanges]
    for exchange in evidence.exchanges:
        if exchange.test is not None and exchange.id not in (
            checks[exchange.test].exchanges if exchange.test in checks else ()
        ):
            problems.append(f"{exchange.id} was sent by {exchange.test}, which does not name it")
    for row in evidence.errors:
        problems += [
            f"{row.type} names {nodeid}, which is no check" for nodeid in row.provoked_by if nodeid not in checks
        ]
    return problems


def _named(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Each exchange that something in the record stands on, with who says so."""
    parts = (
        *((check.nodeid, check.exchanges) for check in evidence.tests),
        *((f"observation {seen.code}", seen.exchanges) for seen in evidence.observations),
        *((f"preflight {probe.name}", probe.exchanges) for probe in evidence.preflight),
        *((row.type, row.seen) for row in evidence.errors),
    )
    for who, ids in parts:
        yield from ((who, id_) for id_ in ids)
    if (seen := evidence.integration) is not None:
        meetings = [seen.meeting] if seen.meeting is not None else []
        found = [
            *((charge.driver, charge.exchanges) for charge in seen.charges),
            *((f"the rule {rule.rule}", rule.exchanges) for rule in seen.rules),
            *((each.name, (*each.answered, *each.followed)) for each in seen.provoked),
            *(("the meeting", (*met.answered, *met.followed, *met.looked)) for met in meetings),
            *((f"{rule.rule} at the meeting", rule.exchanges) for met in meetings for rule in met.rules),
            *((f"{rule.rule} after {each.name}", rule.exchanges) for each in seen.provoked for rule in each.rules),
        ]
        yield from ((who, id_) for who, ids in found for id_ in ids)
    for journey in evidence.journeys:
        for event in journey.events:
            yield from ((journey.name, id_) for id_ in event.exchanges)
        yield from ((journey.name, reading.exchange) for reading in journey.readings)
        if journey.receipt is not None:
            yield journey.name, journey.receipt.exchange


def of_requirements(evidence: Evidence) -> list[str]:
    """Requirement ids that lead nowhere: each one is to be among the record's own requirements and, where the record
    went by the register of this checkout, in that."""
    dossier = evidence.dossier
    named = (
        *((check.nodeid, id_) for check in evidence.tests for id_ in check.requirement_ids),
        *((f"observation {seen.code}", id_) for seen in evidence.observations for id_ in seen.requirement_ids),
        *(("an attestation", said.requirement_id) for said in (dossier.attestations if dossier else ())),
        *(("a waiver", waiver.requirement_id) for waiver in (dossier.waivers if dossier else ())),
        *(("the dossier's review", id_) for id_ in (dossier.review if dossier else ())),
    )
    judged = {found.id: found for found in evidence.requirements}
    known = set(BY_ID) if evidence.run.register_version == VERSION else set(judged)
    problems = [
        f"{who} names the requirement {id_}, which the register does not have" for who, id_ in named if id_ not in known
    ]
    problems += [f"{id_} is there twice" for id_ in doubled(found.id for found in evidence.requirements)]
    for check in evidence.tests:
        problems += [
            f"{check.nodeid} serves {id_}, which does not name it"
            for id_ in check.requirement_ids
            if id_ in judged and check.nodeid not in judged[id_].tests
        ]
    return problems


def concluded(evidence: Evidence) -> list[str]:
    """A conclusion has what belongs to it: a pass its exchanges, one that shows the partner's own integration some
    that the partner's backend sent, anything else its reason."""
    problems: list[str] = []
    theirs = {exchange.id for exchange in evidence.exchanges if exchange.actor == PARTNER}
    for check in evidence.tests:
        if check.shows not in (Assurance.OBSERVED, Assurance.EXERCISED):
            problems.append(f"{check.nodeid} is said to be {check.shows.value}, which no check is")
        if check.outcome is Outcome.PASSED:
            if not check.exchanges:
                problems.append(f"{check.nodeid} passed without an exchange to stand on")
            elif check.shows is Assurance.OBSERVED and (
                evidence.integration is None or theirs.isdisjoint(check.exchanges)
            ):
                problems.append(f"{check.nodeid} is said to be observed, and nothing of the partner's backend is in it")
            if check.message is not None or check.owner is not None:
                problems.append(f"{check.nodeid} passed, but has a reason why it did not")
        elif not check.message:
            problems.append(f"{check.nodeid} is {check.outcome.value} without a reason")
        if not check.requirement_ids:
            problems.append(f"{check.nodeid} serves no requirement")
        if check.outcome in (Outcome.FAILED, Outcome.ERROR, Outcome.INCONCLUSIVE) and check.owner is None:
            problems.append(f"{check.nodeid} is {check.outcome.value} without an owner")
    return problems
