"""Journeys as the record tells them: the EVSE × stage matrix, timelines, readings and receipts."""

from collections.abc import Iterable, Mapping, Sequence

from golive.connect import Session
from golive.evidence.model import (
    CheckResult,
    EvseResult,
    JourneyResult,
    Receipt,
    Stage,
    StageResult,
    StageStatus,
    VcpType,
)
from golive.evidence.stages import STATUS_OF_OUTCOME, judged_stages
from golive.journeys.conductor import Conductor, Journey
from golive.journeys.meetings import BusyMeeting, Meeting
from golive.journeys.refused_start import RefusedStart
from golive.journeys.timeline import Milestone, Step, Timeline
from golive.journeys.vcp import Cancelled, Vcp
from golive.journeys.walk import Walk
from golive.judging import conclude

_MILESTONE_OF = {
    Stage.LOCATED: Milestone.LOCATED,
    Stage.STARTED: Milestone.STARTED,
    Stage.PROGRESSED: Milestone.PROGRESSED,
    Stage.STOPPED: Milestone.STOPPED,
    Stage.SETTLED: Milestone.SETTLED,
    Stage.INVOICED: Milestone.INVOICED,
}


def matrix(vcps: Iterable[Vcp], conductor: Conductor | None, checks: Iterable[CheckResult]) -> tuple[EvseResult, ...]:
    """One row for each listed VCP, also for those that this run did not visit.

    A cell is the worst of what the journey met at that stage and what the checks bound to it concluded.
    """
    return judged_stages(lived_rows(vcps, conductor), checks)


def lived_rows(vcps: Iterable[Vcp], conductor: Conductor | None) -> tuple[EvseResult, ...]:
    """The rows of the matrix as far as the journeys alone tell them."""
    walks: Mapping[Vcp, Walk] = conductor.walks if conductor else {}
    return tuple(_row(vcp, walks.get(vcp)) for vcp in vcps)


def _row(vcp: Vcp, walk: Walk | None) -> EvseResult:
    stages: dict[Stage, StageResult] = {}
    for stage in Stage:
        if stage is Stage.PROGRESSED and vcp.type is VcpType.SHARED:
            stages[stage] = StageResult(status=StageStatus.NOT_APPLICABLE)
        else:
            lived = walk and _lived(walk.timeline.peek(_MILESTONE_OF[stage]))
            stages[stage] = lived or StageResult(status=StageStatus.NOT_RUN)
    session = walk.timeline.peek(Milestone.STARTED).value if walk else None
    return EvseResult(
        evse_id=vcp.evse_id,
        vcp_type=vcp.type,
        session_id=session.id if session else None,
        held_s=round(walk.held_s, 3) if walk and walk.held_s is not None else None,
        stages=stages,
    )


def _lived(step: Step) -> StageResult:
    if step.at is None or isinstance(step.fault, Cancelled):
        return StageResult(status=StageStatus.NOT_RUN)
    if step.fault is None:
        status = StageStatus.MET
    else:
        conclusion = conclude(step.fault)
        status = STATUS_OF_OUTCOME[conclusion.outcome] if conclusion else StageStatus.INCONCLUSIVE
    return StageResult(status=status, at=step.at, took_s=round(step.took_s, 3))


def journeys_told(conductor: Conductor | None) -> tuple[JourneyResult, ...]:
    """Every journey of the run, as far as it came."""
    return tuple(journey_told(journey) for journey in conductor.journeys) if conductor else ()


def journey_told(journey: Journey) -> JourneyResult:
    """One journey, as far as it came."""
    timeline = journey.timeline
    common = {
        "name": journey.name,
        "started_at": timeline.started_at,
        "finished_at": timeline.finished_at,
        "setup_s": round(timeline.peek(Milestone.READY).took_s, 3),
        "events": tuple(sorted(timeline.events, key=lambda event: event.at)),
        "ended_by": timeline.broke_because(),
    }
    if isinstance(journey, Walk):
        return JourneyResult(
            kind="walk",
            evse_id=journey.vcp.evse_id,
            vcp_type=journey.vcp.type,
            actors=(journey.name,),
            session_id=_session_id(timeline),
            readings=tuple(reading for _, reading in journey.polls),
            receipt=_receipt(timeline.peek(Milestone.SETTLED)),
            **common,
        )
    if isinstance(journey, Meeting):
        return JourneyResult(
            kind="busy" if isinstance(journey, BusyMeeting) else "refusals",
            evse_id=journey.vcp.evse_id if journey.vcp else None,
            vcp_type=journey.vcp.type if journey.vcp else None,
            actors=tuple(driver.name for driver in journey.drivers),
            session_id=journey.session_id,
            **common,
        )
    if isinstance(journey, RefusedStart):
        return JourneyResult(
            kind="refusals",
            evse_id=journey.vcp.evse_id,
            vcp_type=journey.vcp.type,
            actors=(journey.name,),
            **common,
        )
    raise TypeError(f"a journey that cannot be told: {journey!r}")


def _session_id(timeline: Timeline) -> str | None:
    session = timeline.peek(Milestone.STARTED).value
    return session.id if isinstance(session, Session) else None


def _receipt(step: Step) -> Receipt | None:
    session = step.value
    if not isinstance(session, Session):
        return None
    return Receipt(
        session_id=session.id,
        evse_id=session.evse_id or "",
        start_time=session.start_time,
        end_time=session.end_time,
        duration_s=session.duration,
        energy_kwh=None if session.consumed_energy is None else str(session.consumed_energy),
        currency=session.session_cost.currency if session.session_cost else None,
        costs=_amounts(session.session_cost),
        prices=_amounts(session.user_facing_session_prices),
        exchange=step.exchanges[-1],
    )


def _amounts(part: object) -> dict[str, str | None]:
    """The amounts of a cost or price object, by the API's own names."""
    fields: Sequence[str] = tuple(getattr(type(part), "model_fields", ()))
    return {
        name: None if (value := getattr(part, name)) is None else str(value)
        for name in fields
        if name not in ("currency", "invoice_download")
    }


def critical_path_s(journeys: Iterable[JourneyResult]) -> float | None:
    """Seconds of the slowest walk with its driver's set-up: no run can be shorter."""
    walks = [j for j in journeys if j.kind == "walk"]
    return max(((j.finished_at - j.started_at).total_seconds() for j in walks), default=None)
