"""Two records, side by side.

Timings are noise unless they differ by more than a second *and* by more than half of the shorter one: a busy machine
or network makes small numbers large, and large ones a little larger.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from golive.evidence.model import CheckResult, Evidence
from golive.evidence.statements import Dossier

NOISE_S = 1.0
NOISE_FACTOR = 1.5


@dataclass(frozen=True)
class Change:
    """One thing that is another in the newer record; None where it is not there."""

    what: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Differences:
    """Everything that changed, by what it is about, in the order in which it is told."""

    parts: Mapping[str, tuple[Change, ...]]

    OUTCOMES = ("verdict", "requirements", "checks")
    """Parts in which a change is one of the result; every other part may explain it."""

    @property
    def in_outcomes(self) -> bool:
        """Whether the two runs came to different results."""
        return any(self.parts[part] for part in self.OUTCOMES)


def differences(old: Evidence, new: Evidence) -> Differences:
    """What changed from `old` to `new`."""
    return Differences(
        {
            "verdict": tuple(_verdict(old, new)),
            "requirements": tuple(_by_key(_requirements(old), _requirements(new))),
            "checks": tuple(_by_key(_checks(old), _checks(new))),
            "observations": tuple(_by_key(_observations(old), _observations(new))),
            "errors provoked": tuple(_by_key(_errors(old), _errors(new))),
            "timings": tuple(_timings(old, new)),
            "dossier": tuple(_by_key(_said(old.dossier), _said(new.dossier))),
            "scans": tuple(_by_key(_scans(old), _scans(new))),
            "suite and options": tuple(_by_key(_suite(old), _suite(new))),
        }
    )


def _by_key(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    """In the order of the older one, then what is new."""
    for key in dict.fromkeys((*old, *new)):
        if old.get(key) != new.get(key):
            yield Change(key, old.get(key), new.get(key))


def _verdict(old: Evidence, new: Evidence) -> Iterator[Change]:
    def said(evidence: Evidence) -> str:
        return evidence.verdict.status.value.replace("_", " ")

    def kind(evidence: Evidence) -> str:
        return "a rehearsal" if evidence.run.rehearsal else "against DEV"

    def whole(evidence: Evidence) -> str:
        return "complete" if evidence.run.complete else "killed" if evidence.run.died else "interrupted"

    for what, of in (("verdict", said), ("the run was", kind), ("the record is", whole)):
        if of(old) != of(new):
            yield Change(what, of(old), of(new))


def _requirements(evidence: Evidence) -> dict[str, str]:
    return {r.id: f"{r.status.value.replace('_', ' ')} ({r.assurance.value})" for r in evidence.requirements}


def _checks(evidence: Evidence) -> dict[str, str]:
    return {check.nodeid: _concluded(check) for check in evidence.tests}


def _concluded(check: CheckResult) -> str:
    owner = f", {check.owner.value}" if check.owner else ""
    return f"{check.outcome.value.replace('_', ' ')}{owner}"


def _observations(evidence: Evidence) -> dict[str, str]:
    """By code: the messages name ids and times that are others in every run."""
    found: dict[str, int] = {}
    for seen in evidence.observations:
        found[f"{seen.code} ({seen.owner.value})"] = found.get(f"{seen.code} ({seen.owner.value})", 0) + 1
    return {what: f"{count} of them" for what, count in found.items()}


def _errors(evidence: Evidence) -> dict[str, str]:
    return {row.type: "provoked" if row.outcome is not None else "not provoked" for row in evidence.errors}


def _timings(old: Evidence, new: Evidence) -> Iterator[Change]:
    before, after = dict(_durations(old)), dict(_durations(new))
    for what, one in before.items():
        other = after.get(what)
        if other is not None and _beyond_noise(one, other):
            yield Change(what, f"{one:.1f} s", f"{other:.1f} s")


def _durations(evidence: Evidence) -> Iterator[tuple[str, float]]:
    yield "the whole run", evidence.run.wall_s
    if evidence.run.critical_path_s is not None:
        yield "the slowest walk", evidence.run.critical_path_s
    for row in evidence.evses:
        for stage, cell in row.stages.items():
            if cell.took_s is not None:
                yield f"{row.evse_id}, {stage.value}", cell.took_s
    yield from ((check.nodeid, check.duration_s) for check in evidence.tests)


def _beyond_noise(one: float, other: float) -> bool:
    shorter, longer = sorted((one, other))
    return longer - shorter > NOISE_S and longer > shorter * NOISE_FACTOR


def _said(dossier: Dossier | None) -> dict[str, str]:
    if dossier is None:
        return {}
    shown = {
        "partner": dossier.partner,
        "integration": dossier.integration,
        "version": dossier.version,
        "countries": ", ".join(dossier.countries),
        "challenge": dossier.challenge or "none",
        "valid until": f"{dossier.valid_until:%Y-%m-%d}",
    }
    for said in dossier.attestations:
        on = f", {said.on}" if said.on else ""
        files = f", {len(said.exhibits)} exhibits" if said.exhibits else ""
        shown[f"attestation of {said.requirement_id}"] = (
            f"{said.answer.value.replace('_', ' ')}, {said.name}{on}{files}"
        )
    for waiver in dossier.waivers:
        shown[f"waiver of {waiver.requirement_id}"] = f"{waiver.owner}, until {waiver.until}"
    for exhibit in dossier.exhibits:
        shown[f"exhibit {exhibit.name}"] = (exhibit.sha256 or exhibit.reference or "")[:12]
    return shown


def _scans(evidence: Evidence) -> dict[str, str]:
    return {
        f"{scan.what} {scan.root}": f"{len(scan.findings)} findings in {scan.files} files" for scan in evidence.scans
    }


_OF_EACH_RUN = {"seed", "report_dir", "url", "stripe_api_base", "given", "key_fingerprint"}
"""Options that are others in every run, or are told by another name."""


def _suite(evidence: Evidence) -> dict[str, str]:
    run = evidence.run
    local = run.target_kind == "simulator"
    shown = {
        "target": run.target_kind if local else f"{run.target_kind}, {run.target}",
        "selection": run.selection or "all checks",
        "suite version": run.suite_version,
        "suite digest": run.digest[:12],
        "commit": run.commit or "none",
        "register": run.register_version,
        "Python": run.python,
        "key": "the simulator's" if local else run.key_fingerprint or "none",
    }
    return shown | {f"option {name}": _plain(value) for name, value in run.options.items() if name not in _OF_EACH_RUN}


def _plain(value: Any) -> str:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)
