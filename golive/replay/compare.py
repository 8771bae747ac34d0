"""What a replay came to, held against the record that it was made from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from golive.evidence.model import CheckResult, Evidence, Probe
from golive.outcomes import Outcome

_AS_DECLARED: Final = ("title", "section", "requirement_ids", "evse_id", "stage", "shows")
"""What the suite itself says of a check."""
_NOT_JUDGED: Final = frozenset({Outcome.DESELECTED, Outcome.NOT_RUN})


@dataclass(frozen=True)
class Difference:
    """A check or a probe of the preflight that came to something else."""

    what: str
    recorded: str
    now: str


@dataclass(frozen=True)
class Comparison:
    """`same` checks came to the same outcome and owner; `added` are not in the record; `left_out` were judged in the
    recorded run and not in this one; `unasked` recorded requests were not asked for again; `unanswered` ones were
    asked for, and the record has no answer; `unjudged` checks are errors for that reason. `otherwise` is what the
    record of this very suite says otherwise, beside outcomes."""

    same: int
    differing: tuple[Difference, ...]
    added: tuple[str, ...]
    left_out: int
    unasked: int
    unanswered: int
    unjudged: int = 0
    otherwise: tuple[Difference, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether every check that both runs judged came to the same, and the rest follows from it as recorded."""
        return not self.differing and not self.otherwise

    def sentences(self) -> list[str]:
        """The comparison for the console, the most important line first."""
        said = []
        if self.differing:
            said.append(f"{_checks(len(self.differing))} came to another outcome than recorded:")
            said += [f"{d.what}: recorded {d.recorded}, now {d.now}" for d in self.differing]
        if self.otherwise:
            said.append("the record is of this very suite, and says otherwise:")
            said += [f"{d.what}: recorded {d.recorded}, now {d.now}" for d in self.otherwise]
        said.append(f"{_checks(self.same)}: same outcome as recorded")
        if self.unjudged:
            said.append(f"{_checks(self.unjudged)} could not be judged: the record lacks answers to what they ask")
        if self.added:
            said.append(f"{_checks(len(self.added))} the record does not have")
        if self.left_out:
            said.append(f"{_checks(self.left_out)} of the record left out")
        if self.unanswered:
            said.append(f"requests that the record does not answer: {self.unanswered}")
        if self.unasked and not self.left_out:
            said.append(f"recorded requests that nobody asked for: {self.unasked}")
        return said


def compare(record: Evidence, now: Evidence, *, unasked: int, unanswered: Mapping[str, str]) -> Comparison:
    """Hold the checks and the preflight of the replay `now` against those of its `record`; `unanswered` tells by
    exchange of the replay what the record lacks."""
    recorded = {check.nodeid: check for check in record.tests}
    common = [(recorded[check.nodeid], check) for check in now.tests if check.nodeid in recorded]
    judged = [(was, is_) for was, is_ in common if not (_was_judged(was) and not _was_judged(is_))]
    left_out = sum(map(_was_judged, recorded.values())) - sum(_was_judged(was) for was, _ in judged)
    differing = [Difference(is_.nodeid, _said(was), _said(is_)) for was, is_ in judged if _said(was) != _said(is_)]
    return Comparison(
        same=len(judged) - len(differing),
        differing=(*_preflight(record.preflight, now.preflight), *differing),
        added=tuple(check.nodeid for check in now.tests if check.nodeid not in recorded and _was_judged(check)),
        left_out=left_out,
        unasked=unasked,
        unanswered=len(unanswered),
        unjudged=sum(_rests_on(check, unanswered) for check in now.tests if check.outcome is Outcome.ERROR),
        otherwise=tuple(_otherwise(record, now)) if _is_whole(record, now) and not left_out else (),
    )


def _is_whole(record: Evidence, now: Evidence) -> bool:
    """Whether both are whole records of one and the same state of this suite, so that all has to be the same."""
    return record.run.digest == now.run.digest and record.run.complete and now.run.complete


def _otherwise(record: Evidence, now: Evidence) -> Iterable[Difference]:
    """What the same suite would have recorded: every check of it with what it serves and how it shows that, and what
    follows for the checklist. Nobody can leave a check out of a record, or make it out to be another one, unseen."""
    recorded = {check.nodeid: check for check in record.tests}
    for check in now.tests:
        if check.nodeid not in recorded:
            if _was_judged(check):
                yield Difference(check.nodeid, "nothing", _said(check))
        elif members := [
            name for name in _AS_DECLARED if getattr(check, name) != getattr(recorded[check.nodeid], name)
        ]:
            yield Difference(check.nodeid, f"with another {' and '.join(members)}", "as this suite has it")
    yield from (
        Difference(f"preflight, {probe.name}", "nothing", _said(probe))
        for probe in now.preflight
        if probe.name not in {was.name for was in record.preflight}
    )
    yield from (
        Difference(f"the error {row.type}", "nothing", row.outcome or "not provoked")
        for row in now.errors
        if row.type not in {was.type for was in record.errors}
    )
    statuses = {line.id: (line.status, line.assurance) for line in record.requirements}
    for line in now.requirements:
        if (was := statuses.get(line.id)) != (line.status, line.assurance):
            told = "nothing" if was is None else f"{was[0]} ({was[1]})"
            yield Difference(line.id, told, f"{line.status} ({line.assurance})")
    if record.verdict.status != now.verdict.status:
        yield Difference("the verdict", record.verdict.status, now.verdict.status)


def _preflight(recorded: Sequence[Probe], now: Sequence[Probe]) -> Iterable[Difference]:
    probes = {probe.name: probe for probe in recorded}
    for probe in now:
        was = probes.get(probe.name)
        if was is not None and _said(was) != _said(probe):
            yield Difference(f"preflight, {probe.name}", _said(was), _said(probe))


def _was_judged(check: CheckResult) -> bool:
    return check.outcome not in _NOT_JUDGED


def _rests_on(check: CheckResult, unanswered: Mapping[str, str]) -> bool:
    """Whether the check asked for what the record lacks, or a journey did that it reads."""
    told = check.message or ""
    return not unanswered.keys().isdisjoint(check.exchanges) or any(miss in told for miss in unanswered.values())


def _said(finding: CheckResult | Probe) -> str:
    owner = f", {finding.owner}" if finding.owner is not None else ""
    return f"{finding.outcome}{owner}"


def _checks(count: int) -> str:
    return "1 check" if count == 1 else f"{count} checks"
