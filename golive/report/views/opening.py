"""The first page: the verdict and why, what it rests on, whose move it is, and the facts of the run."""

from collections.abc import Iterable
from dataclasses import dataclass

from golive.evidence.model import (
    Assurance,
    CheckResult,
    Evidence,
    Probe,
    RequirementResult,
    Status,
)
from golive.outcomes import Outcome, Owner
from golive.report.marks import ASSURANCES, OUTCOMES, OWNERS, STATUSES, VERDICTS, Mark
from golive.report.tally import asked_in_words, cautions, grouped, outcomes
from golive.report.text import duration, instant, plural
from golive.report.views.links import Anchors, Link, Links

_ACTED_ON = (Outcome.ERROR, Outcome.FAILED, Outcome.INCONCLUSIVE)
_KINDS = {
    "simulator": "the simulated DEV of this suite",
    "dev": "DEV",
    "url": "an address of the runner's own choice",
}
_OPEN = (Status.NOT_MET, Status.INCONCLUSIVE)
_LEFT_OUT = (Outcome.SKIPPED, Outcome.NOT_RUN, Outcome.DESELECTED)


@dataclass(frozen=True)
class Count:
    """So many of a kind."""

    count: int
    mark: Mark
    share: float


@dataclass(frozen=True)
class Item:
    """One thing to do or to know: checks that say the same are one item."""

    mark: Mark
    title: Link
    message: str
    links: Links
    exchanges: Links | None
    remedy: str | None = None


@dataclass(frozen=True)
class Move:
    """What one owner has to act on."""

    owner: str
    items: tuple[Item, ...]
    to_show: tuple[tuple[Mark, tuple[Link, ...]], ...] = ()


@dataclass(frozen=True)
class Opening:
    mark: Mark
    cautions: tuple[str, ...]
    reasons: tuple[tuple[Link, ...], ...]
    checks: tuple[Count, ...]
    check_total: int
    requirements: tuple[Count, ...]
    requirement_total: int
    shown_as: tuple[Count, ...]
    exchange_total: int
    window: str
    kind: str
    moves: tuple[Move, ...]
    left_out: tuple[Item, ...]
    facts: tuple[tuple[str, str, str], ...]


def opening(evidence: Evidence, anchors: Anchors) -> Opening:
    """The first page of `evidence`."""
    met = [r for r in evidence.requirements if r.status is Status.MET]
    return Opening(
        mark=VERDICTS[evidence.verdict.status],
        cautions=tuple(cautions(evidence)),
        reasons=tuple(anchors.linked(reason) for reason in evidence.verdict.reasons),
        checks=_counts(((OUTCOMES[o], n) for o, n in outcomes(evidence.tests).items()), len(evidence.tests)),
        check_total=len(evidence.tests),
        requirements=_counts(
            ((STATUSES[s], sum(r.status is s for r in evidence.requirements)) for s in Status),
            len(evidence.requirements),
        ),
        requirement_total=len(evidence.requirements),
        shown_as=_counts(((ASSURANCES[a], sum(r.assurance is a for r in met)) for a in Assurance), len(met)),
        exchange_total=len(evidence.exchanges),
        window=f"{instant(evidence.run.started_at)} to {instant(evidence.run.finished_at)}",
        kind=_KINDS[evidence.run.target_kind],
        moves=tuple(_moves(evidence, anchors)),
        left_out=tuple(_items((c for c in evidence.tests if c.outcome in _LEFT_OUT), anchors)),
        facts=tuple(_facts(evidence)),
    )


def _counts(pairs: Iterable[tuple[Mark, int]], total: int) -> tuple[Count, ...]:
    return tuple(Count(count, mark, count / total) for mark, count in pairs if count)


def _moves(evidence: Evidence, anchors: Anchors) -> Iterable[Move]:
    probes = [probe for probe in evidence.preflight if probe.outcome is not Outcome.PASSED]
    findings = [check for check in evidence.tests if check.outcome in _ACTED_ON]
    checked = {check.nodeid for check in findings}
    unchecked = [r for r in evidence.requirements if r.status in _OPEN and not checked & set(r.tests)]
    to_show = [found for found in evidence.requirements if found.status is Status.NOT_SHOWN]
    for owner in (*Owner, None):
        items = [_probe_item(probe, anchors) for probe in probes if probe.owner is owner]
        items += _items((check for check in findings if check.owner is owner), anchors)
        items += _line_items([found for found in unchecked if found.owner is owner], anchors)
        # Whatever is not shown yet waits for the partner: to integrate, to attest, or to run it.
        showing = _to_show(to_show, anchors) if owner is Owner.PARTNER else ()
        if items or showing:
            yield Move(OWNERS[owner] if owner else "Nobody named", tuple(items), showing)


def _probe_item(probe: Probe, anchors: Anchors) -> Item:
    return Item(
        mark=OUTCOMES[probe.outcome],
        title=Link(f"Preflight, {probe.name}", "preflight"),
        message=probe.message,
        links=Links((), (), 0),
        exchanges=anchors.exchanges(probe.exchanges),
        remedy=probe.remedy,
    )


def _line_items(requirements: list[RequirementResult], anchors: Anchors) -> list[Item]:
    """Lines that something other than a check speaks against: a scan, for instance."""
    alike: dict[tuple[Status, str], list[str]] = {}
    for found in requirements:
        alike.setdefault((found.status, found.reason or found.title), []).append(found.id)
    return [
        Item(
            mark=STATUSES[status],
            title=Link("Checklist", "checklist"),
            message=reason,
            links=anchors.requirements(ids),
            exchanges=None,
        )
        for (status, reason), ids in alike.items()
    ]


def _items(checks: Iterable[CheckResult], anchors: Anchors) -> list[Item]:
    return [
        Item(
            mark=OUTCOMES[group[0].outcome],
            title=Link(group[0].title, anchors.check(group[0].nodeid))
            if len(group) == 1
            else Link(plural(len(group), "check"), None),
            message=group[0].message or "No message was recorded.",
            links=anchors.checks(check.nodeid for check in group if len(group) > 1),
            exchanges=anchors.exchanges(list(dict.fromkeys(x for check in group for x in check.exchanges))),
        )
        for group in grouped(checks)
    ]


def _to_show(requirements: list[RequirementResult], anchors: Anchors) -> tuple[tuple[Mark, tuple[Link, ...]], ...]:
    return tuple(
        (
            ASSURANCES[needed],
            tuple(Link(r.id, anchors.requirement(r.id)) for r in requirements if r.needed is needed),
        )
        for needed in Assurance
        if any(r.needed is needed for r in requirements)
    )


def _facts(evidence: Evidence) -> Iterable[tuple[str, str, str]]:
    """Name, value, and the kind of value: `code` is for copying, `text` for reading."""
    run = evidence.run
    yield "Run", run.id, "code"
    yield "Target", run.target, "code"
    yield "Kind", f"{run.target_kind}{' (rehearsal)' if run.rehearsal else ''}", "text"
    yield "Window (UTC)", f"{instant(run.started_at)} to {instant(run.finished_at)}", "text"
    yield "Wall time", duration(run.wall_s), "text"
    yield "Critical path", duration(run.critical_path_s), "text"
    if run.replay_of:
        yield "Replay of run", run.replay_of, "code"
    if run_asked := evidence.asked:
        yield "Requests", asked_in_words(run_asked), "text"
        if run_asked.expected is not None:
            yield "Requests expected", f"about {run_asked.expected:,}", "text"
    ended = "killed, and this was put together from what it had written by then" if run.died else "interrupted"
    yield "Completed", "yes" if run.complete else f"no: the run was {ended}", "text"
    yield "Selection", run.selection or "none: the full set of checks", "text"
    yield "Suite version", run.suite_version, "code"
    if run.proof is not None:
        proof = run.proof
        yield (
            "Proof of the suite",
            f"{proof.defects_caught} of {proof.defects_seeded} seeded defects caught; "
            f"{proof.habits} conformant habits not accused; version {proof.suite_version}",
            "text",
        )
    yield "Commit", run.commit or "not known", "code"
    yield "Digest", run.digest, "code"
    yield "Python", run.python, "code"
    yield "Seed", str(run.seed), "code"
    yield "Key fingerprint", run.key_fingerprint or "no key was used", "code"
    options = ", ".join(f"{name}={value}" for name, value in run.options.items())
    yield "Options", options or "none", "code"
    yield "Checklist register", f"version {run.register_version}", "text"
    yield "Record format", evidence.schema_version, "code"
