"""The record of a run while it is under way, as it lies on disk, and what can be made of it when the run was killed.

`unfinished.jsonl` beside the report, one JSON object a line. The first one is the record as it was before anything was
asked, which is never complete. Each further line has one thing that was added: a probe, an exchange (when it begins,
and again when it ends), what a check concluded, an observation, a journey that ended and its row of the matrix. Of two
words on the same thing the later counts. A line that is torn, because the run was killed or the disk was full, is as
good as not written.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pydantic import ValidationError

from golive.evidence.begun import aftermath_of
from golive.evidence.checklist import REQUIREMENTS, VERSION
from golive.evidence.model import (
    CheckResult,
    Evidence,
    EvseResult,
    Exchange,
    JourneyResult,
    Observation,
    Probe,
    TransportFault,
)
from golive.evidence.stages import judged_errors, judged_stages
from golive.evidence.verdict import decide, judge_requirements
from golive.outcomes import Outcome

NAME: Final = "unfinished.jsonl"
HEAD: Final = "begun"
"""The member of the first line that holds the record as the run began."""
PROBE: Final = "probe"
EXCHANGE: Final = "exchange"
CHECK: Final = "check"
OBSERVATION: Final = "observation"
JOURNEY: Final = "journey"
EVSE: Final = "evse"

_UNANSWERED: Final = TransportFault(kind="Unfinished", message="no answer yet when the run was killed")


class NothingLeftError(ValueError):
    """It holds nothing that a record could be made of."""


def read(data: bytes) -> Evidence:
    """The record of a run that was killed: partial, judged anew, and never ready.

    Raises `NothingLeftError` where not even the first line is whole.
    """
    lines = data.split(b"\n")
    begun = _head(lines[0])
    return _judged(begun, _Added(begun, lines[1:]))


def run_id_of(data: bytes) -> str | None:
    """Whose record begins with these bytes; None where that cannot be read."""
    try:
        return _head(data.split(b"\n", 1)[0]).run.id
    except NothingLeftError:
        return None


def _head(line: bytes) -> Evidence:
    try:
        begun = Evidence.model_validate(json.loads(line)[HEAD])
    except (ValueError, LookupError, TypeError, RecursionError):
        raise NothingLeftError("its first line, which says whose record it is, cannot be read") from None
    if begun.run.register_version != VERSION:
        raise NothingLeftError(
            f"it went by register {begun.run.register_version}, this suite by {VERSION}; use the version "
            f"{begun.run.suite_version} that made it"
        )
    if begun.run.complete:
        raise NothingLeftError("its first line is of a run that is complete, which no run is when it begins")
    return begun


class _Added:
    """What the lines say, each thing by its name; what cannot be read is left out."""

    def __init__(self, begun: Evidence, lines: list[bytes]) -> None:
        self.probes = {probe.name: probe for probe in begun.preflight}
        self.exchanges = {exchange.id: exchange for exchange in begun.exchanges}
        self.checks = {check.nodeid: check for check in begun.tests}
        self.observations = {(seen.code, seen.message): seen for seen in begun.observations}
        self.journeys = {journey.name: journey for journey in begun.journeys}
        self.evses = {row.evse_id: row for row in begun.evses}
        for entry in _entries(lines):
            for kind, value in entry.items():
                try:
                    self._add(kind, value)
                except ValidationError:
                    continue

    def _add(self, kind: str, value: Any) -> None:
        match kind:
            case "probe":
                probe = Probe.model_validate(value)
                self.probes[probe.name] = probe
            case "exchange":
                exchange = Exchange.model_validate(value)
                self.exchanges[exchange.id] = exchange
            case "check":
                check = CheckResult.model_validate(value)
                if check.nodeid in self.checks:
                    self.checks[check.nodeid] = check
            case "observation":
                seen = Observation.model_validate(value)
                self.observations[seen.code, seen.message] = seen
            case "journey":
                journey = JourneyResult.model_validate(value)
                self.journeys[journey.name] = journey
            case "evse":
                row = EvseResult.model_validate(value)
                self.evses[row.evse_id] = row
            case _:
                return


def _entries(lines: list[bytes]) -> Iterator[dict[str, Any]]:
    for line in lines:
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(entry, dict):
            yield entry


def _judged(begun: Evidence, added: _Added) -> Evidence:
    """The pure functions that judge every record, over what was added."""
    exchanges = tuple(map(_shown, sorted(added.exchanges.values(), key=lambda one: (len(one.id), one.id))))
    checks = tuple(_broken_off(check, exchanges) for check in added.checks.values())
    journeys = tuple(added.journeys.values())
    finished_at = max(_instants(begun, exchanges, journeys))
    on = finished_at.astimezone(UTC).date()
    known = {exchange.id for exchange in exchanges}
    requirements = judge_requirements(checks, REQUIREMENTS, dossier=begun.dossier, scans=begun.scans, on=on)
    probes = tuple(added.probes.values())
    return begun.model_copy(
        update={
            "run": begun.run.model_copy(
                update={
                    "finished_at": finished_at,
                    "wall_s": round((finished_at - begun.run.started_at).total_seconds(), 3),
                    "died": True,
                }
            ),
            "verdict": decide(
                requirements,
                checks,
                probes,
                rehearsal=begun.run.rehearsal,
                complete=False,
                dossier=begun.dossier,
                scans=begun.scans,
                on=on,
            ),
            "preflight": probes,
            "requirements": requirements,
            "tests": checks,
            "evses": judged_stages(added.evses.values(), checks),
            "journeys": journeys,
            "errors": judged_errors(begun.errors, checks, exchanges),
            "observations": tuple(
                seen.model_copy(update={"exchanges": tuple(id_ for id_ in seen.exchanges if id_ in known)})
                for seen in added.observations.values()
            ),
            "exchanges": exchanges,
            "aftermath": aftermath_of(begun.aftermath, exchanges),
        }
    )


def _shown(exchange: Exchange) -> Exchange:
    """One that began and was not answered by then is shown as without an answer."""
    if exchange.response is not None or exchange.error is not None:
        return exchange
    return exchange.model_copy(update={"error": _UNANSWERED})


def _broken_off(check: CheckResult, exchanges: tuple[Exchange, ...]) -> CheckResult:
    """A check that had begun to ask when the run was killed stands on what it asked."""
    asked = tuple(exchange.id for exchange in exchanges if exchange.test == check.nodeid)
    if check.outcome is not Outcome.NOT_RUN or not asked:
        return check
    return check.model_copy(update={"message": "was interrupted", "exchanges": asked})


def _instants(
    begun: Evidence, exchanges: tuple[Exchange, ...], journeys: tuple[JourneyResult, ...]
) -> Iterator[datetime]:
    """When something is known to have happened."""
    yield begun.run.started_at
    yield begun.run.finished_at
    yield from (exchange.started_at + timedelta(seconds=exchange.took_s) for exchange in exchanges)
    yield from (journey.finished_at for journey in journeys)
