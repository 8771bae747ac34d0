"""The record of a run: what `evidence.json` holds.

Frozen pydantic models; the published JSON Schema is made from `Evidence`. Times are UTC instants, durations
are seconds, energy is kWh and money is an amount in the currency beside it, both as decimal strings.
Nothing in here may hold a secret: the recorder redacts before a value gets this far.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from golive.evidence.aftermath import HOLD_WATCH as HOLD_WATCH
from golive.evidence.aftermath import Aftermath as Aftermath
from golive.evidence.aftermath import Hold as Hold
from golive.evidence.aftermath import TestUser as TestUser
from golive.evidence.asked import Asked as Asked
from golive.evidence.base import Model
from golive.evidence.exchange import Exchange as Exchange
from golive.evidence.exchange import Request as Request
from golive.evidence.exchange import Response as Response
from golive.evidence.exchange import TransportFault as TransportFault
from golive.evidence.integration import Integration, screenshots
from golive.evidence.statements import Dossier, Scan
from golive.outcomes import Outcome, Owner


class Status(StrEnum):
    """Of a requirement, worst first."""

    NOT_MET = "not_met"
    INCONCLUSIVE = "inconclusive"
    NOT_SHOWN = "not_shown"
    MET = "met"
    NOT_APPLICABLE = "not_applicable"


class Assurance(StrEnum):
    """How a requirement is shown, strongest first."""

    OBSERVED = "observed"
    ATTESTED = "attested"
    EXERCISED = "exercised"
    NONE = "none"


class VerdictStatus(StrEnum):
    NOT_READY = "not_ready"
    INCOMPLETE = "incomplete"
    READY = "ready"


class Stage(StrEnum):
    """The milestones of a journey, in the order a driver lives them."""

    LOCATED = "located"
    STARTED = "started"
    PROGRESSED = "progressed"
    STOPPED = "stopped"
    SETTLED = "settled"
    INVOICED = "invoiced"


class StageStatus(StrEnum):
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    NOT_RUN = "not_run"
    MET = "met"
    NOT_APPLICABLE = "not_applicable"


class VcpType(StrEnum):
    """The two types of virtual charging points ("Testing Charging Sessions in development environment")."""

    SHARED = "shared"
    PROGRESS = "progress"


# -- findings ------------------------------------------------------------------------------------------------


class CheckResult(Model):
    """What one check concluded."""

    nodeid: str
    title: str = Field(description="the check's sentence: the first paragraph of its docstring")
    section: str = Field(description="credentials, users, billing, …: the suite file it stands in")
    requirement_ids: tuple[str, ...]
    evse_id: str | None = None
    stage: Stage | None = None
    outcome: Outcome
    owner: Owner | None = None
    message: str | None = None
    duration_s: float = 0.0
    exchanges: tuple[str, ...] = ()
    shows: Assurance = Field(
        default=Assurance.EXERCISED, description="how a pass shows its requirements: observed or exercised"
    )


class Observation(Model):
    """A deviation that blocks nothing."""

    code: str
    owner: Owner
    message: str
    requirement_ids: tuple[str, ...] = ()
    exchanges: tuple[str, ...] = ()


class RequirementResult(Model):
    id: str
    title: str = Field(description="the wording, in our words")
    section: str
    source: str = Field(description="where in which document it stands")
    status: Status
    assurance: Assurance
    needed: Assurance
    tests: tuple[str, ...] = ()
    reason: str | None = Field(default=None, description="why it is not met, not shown or has no check")
    owner: Owner | None = Field(default=None, description="whose move it is; null where nothing is open, or nobody's")


class ErrorRow(Model):
    """One row of the API's error table: provoked and seen, or the reason why not."""

    type: str
    statuses: tuple[int, ...]
    met_on: str
    advice: str = Field(description="what the vendor's guide tells an integrator to do")
    provoked_by: tuple[str, ...] = Field(default=(), description="node ids of the checks that provoke it")
    outcome: Outcome | None = Field(default=None, description="worst outcome of those checks")
    not_provoked_because: str | None = None
    seen: tuple[str, ...] = Field(default=(), description="exchanges in which it was met")


# -- journeys ------------------------------------------------------------------------------------------------


class StageResult(Model):
    status: StageStatus
    at: AwareDatetime | None = None
    took_s: float | None = None


class EvseResult(Model):
    """One row of the EVSE × stage matrix."""

    evse_id: str
    vcp_type: VcpType
    session_id: str | None = None
    held_s: float | None = Field(default=None, description="from the answer to the start to the answer to the stop")
    stages: dict[Stage, StageResult]


class Event(Model):
    """A point on a journey's timeline."""

    at: AwareDatetime
    took_s: float = 0.0
    actor: str
    what: str = Field(description="start, stop, read, refused, located, settled, invoiced, …")
    text: str
    status: Literal["ok", "refused", "failed", "info"] = "ok"
    exchanges: tuple[str, ...] = ()


class Reading(Model):
    """One poll of a session."""

    at: AwareDatetime
    kwh: str | None
    is_active: bool
    exchange: str


class Receipt(Model):
    """A settled session (the CDR as the API shows it), as far as its fields were there."""

    session_id: str
    evse_id: str
    start_time: datetime | None
    end_time: datetime | None
    duration_s: int | None
    energy_kwh: str | None
    currency: str | None
    costs: dict[str, str | None] = Field(description="kwh_cost, time_cost, … invoice_vat, invoice_summary")
    prices: dict[str, str | None] = Field(description="user-facing prices of the session")
    exchange: str


class JourneyResult(Model):
    """One walk: a driver on a VCP, or two drivers meeting at one."""

    name: str
    kind: Literal["walk", "busy", "refusals"]
    evse_id: str | None
    vcp_type: VcpType | None
    actors: tuple[str, ...]
    session_id: str | None = None
    started_at: AwareDatetime
    finished_at: AwareDatetime
    setup_s: float = Field(default=0.0, description="the driver's set-up: user, billing data, payment method")
    events: tuple[Event, ...] = ()
    readings: tuple[Reading, ...] = ()
    receipt: Receipt | None = None
    ended_by: str | None = Field(default=None, description="the reason, where the walk ended early")


# -- the whole -----------------------------------------------------------------------------------------------


class Probe(Model):
    """One step of the preflight."""

    name: str
    outcome: Outcome
    owner: Owner | None = None
    message: str
    remedy: str | None = None
    exchanges: tuple[str, ...] = ()


class Proof(Model):
    """What this suite's own proof came to: seeded defects of a simulated DEV, and conformant habits of it."""

    suite_version: str = Field(description="the version that was put to the test")
    defects_seeded: int
    defects_caught: int
    habits: int = Field(description="ways to differ within the contract, none of which is accused")
    checks: int = Field(description="checks, each of which at least one defect fails")


class Attempt(Model):
    """An earlier run of the same dossier whose record lies in the same folder."""

    run_id: str
    started_at: AwareDatetime
    target_kind: Literal["simulator", "dev", "url"]
    complete: bool
    selection: str
    verdict: VerdictStatus
    failed: int = Field(description="checks")
    inconclusive: int = Field(description="checks")
    total: int = Field(description="checks")
    died: bool = Field(default=False, description="killed before its record was whole")


class Run(Model):
    id: str
    started_at: AwareDatetime
    finished_at: AwareDatetime
    target: str = Field(description="base URL of the API")
    target_kind: Literal["simulator", "dev", "url"]
    rehearsal: bool = Field(description="true for every target but DEV: never evidence for go-live")
    complete: bool = Field(description="false when the run was interrupted")
    died: bool = Field(
        default=False, description="killed: the record was put together afterwards from what was on disk by then"
    )
    selection: str = Field(default="", description="options that narrowed the checks, empty for a full run")
    suite_version: str
    commit: str | None
    digest: str = Field(description="SHA-256 over the files of suites/, fixtures/ and golive/")
    python: str
    options: dict[str, Any]
    seed: int
    key_fingerprint: str | None
    wall_s: float
    critical_path_s: float | None
    proof: Proof | None = Field(default=None, description="null where the suite carries no record of its proof")
    register_version: str = Field(default="1", description="of the checklist's register that the verdict went by")
    prepared_users: tuple[str, ...] = Field(default=(), description="user_id:payment_method_id of prepared users")
    replay_of: str | None = Field(default=None, description="the run whose record was replayed; null for a live run")


class Verdict(Model):
    status: VerdictStatus
    rehearsal: bool
    reasons: tuple[str, ...]


class Evidence(Model):
    """Everything a run leaves; all reports are views of it."""

    schema_version: Literal["1"] = "1"
    run: Run
    verdict: Verdict
    preflight: tuple[Probe, ...] = ()
    requirements: tuple[RequirementResult, ...] = ()
    tests: tuple[CheckResult, ...] = ()
    evses: tuple[EvseResult, ...] = ()
    journeys: tuple[JourneyResult, ...] = ()
    errors: tuple[ErrorRow, ...] = ()
    observations: tuple[Observation, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    dossier: Dossier | None = Field(default=None, description="null where the run had none")
    scans: tuple[Scan, ...] = ()
    attempts: tuple[Attempt, ...] = Field(default=(), description="oldest first")
    aftermath: Aftermath = Field(default_factory=Aftermath)
    asked: Asked | None = Field(default=None, description="null in records of suites that did not count")
    integration: Integration | None = Field(default=None, description="null where the run had none under test")

    @property
    def attached(self) -> tuple[str, ...]:
        """The paths of the files that lie beside the record: of the dossier, and screenshots of the integration."""
        exhibits = self.dossier.exhibits if self.dossier is not None else ()
        return (*(each.path for each in exhibits if each.path is not None), *screenshots(self.integration))
