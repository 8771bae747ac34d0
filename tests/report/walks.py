"""Journeys for the sample records: walks on listed VCPs and the meeting of two drivers at one."""

from dataclasses import dataclass

from golive.evidence.model import (
    Event,
    EvseResult,
    JourneyResult,
    Reading,
    Receipt,
    Stage,
    StageResult,
    StageStatus,
    VcpType,
)
from tests.report.record import Record, at

BUSY = "DE*CIQ*EWBNHHLM82TLA*1"


@dataclass(frozen=True)
class Plan:
    """How one walk goes; `ends` is the stage at which it goes no further, if any."""

    evse_id: str
    vcp_type: VcpType
    begins: float
    held: float
    ends: tuple[Stage, StageStatus] | None = None


WALKS = (
    Plan(BUSY, VcpType.SHARED, 1.1, 0.6),
    Plan("IT*PWY*EP0078*01*02", VcpType.SHARED, 1.2, 0.7, (Stage.STARTED, StageStatus.INCONCLUSIVE)),
    Plan("DEQRMEF7GRC21", VcpType.SHARED, 1.0, 0.5, (Stage.INVOICED, StageStatus.INCONCLUSIVE)),
    Plan("AT*VIE*E2334770022*2", VcpType.SHARED, 1.3, 0.6),
    Plan("DE*PWA*EALP22541X01617*01", VcpType.PROGRESS, 1.1, 22.0),
    Plan("DE*2GO*EMCD1520*1B*3", VcpType.PROGRESS, 1.2, 21.0),
    Plan("DE*EUL*EAUT0002*01", VcpType.PROGRESS, 1.0, 24.0, (Stage.SETTLED, StageStatus.FAILED)),
    Plan("AT*HTB*EOCPI1*1", VcpType.PROGRESS, 1.4, 23.0),
)


def _session(plan: Plan, session_id: str, *, active: bool, kwh: str | None) -> dict[str, object]:
    return {
        "id": session_id,
        "is_active": active,
        "evse_id": plan.evse_id,
        "start_time": "2026-03-01T10:15:02Z",
        "end_time": None if active else "2026-03-01T10:15:24Z",
        "consumed_energy": kwh,
        "session_cost": {"currency": "eur", "kwh_cost": None if active else "5.39"},
    }


def walk(record: Record, plan: Plan) -> JourneyResult:
    """A walk after `plan`, its exchanges added to `record`."""
    driver = f"driver {plan.evse_id}"
    now = plan.begins
    station = {
        "id": "81",
        "name": "Ladepark Süd",
        "evses": [{"evse_id": plan.evse_id, "status": "AVAILABLE"}],
    }
    found = record.get(driver, f"/stations/details/?id={plan.evse_id}&type=evse_id", 200, station, seconds=now)
    events = [Event(at=at(now), took_s=0.02, actor=driver, what="located", text="found", exchanges=(found,))]
    start_body = {"evse_id": plan.evse_id, "payment_method_id": "pm_1"}
    if plan.ends == (Stage.STARTED, StageStatus.INCONCLUSIVE):
        envelope = {"detail": "Failed.", "error": {"type": "charging_provider_error", "details": "VCP busy"}}
        for attempt in range(3):
            refused = record.post(
                driver, "/users/8/charging/start/", start_body, 424, envelope, seconds=now + 4 * attempt
            )
            events.append(
                Event(
                    at=at(now + 4 * attempt),
                    took_s=0.4,
                    actor=driver,
                    what="refused",
                    text="424 charging_provider_error: another party holds the VCP",
                    status="refused",
                    exchanges=(refused,),
                )
            )
        return JourneyResult(
            name=plan.evse_id,
            kind="walk",
            evse_id=plan.evse_id,
            vcp_type=plan.vcp_type,
            actors=(driver,),
            started_at=at(0.2),
            finished_at=at(now + 9),
            setup_s=0.8,
            events=tuple(events),
            ended_by="Another party held the VCP for the whole busy patience.",
        )
    session_id = f"5f0c7a{len(record.exchanges):02d}"
    begun = record.post(
        driver,
        "/users/8/charging/start/",
        start_body,
        201,
        _session(plan, session_id, active=True, kwh="0.000"),
        seconds=now + 0.1,
        took_s=0.6,
    )
    events.append(
        Event(
            at=at(now + 0.1),
            took_s=0.6,
            actor=driver,
            what="started",
            text=f"session {session_id}",
            exchanges=(begun,),
        )
    )
    readings = []
    polls = 11 if plan.vcp_type is VcpType.PROGRESS else 2
    for n in range(polls):
        when = now + 0.8 + n * plan.held / polls
        kwh = f"{n * 1.0:.3f}" if plan.vcp_type is VcpType.PROGRESS else "0.000"
        body = _session(plan, session_id, active=True, kwh=kwh)
        read = record.get(driver, f"/users/8/charging-sessions/{session_id}/", 200, body, seconds=when)
        readings.append(Reading(at=at(when), kwh=kwh, is_active=True, exchange=read))
    stop_at = now + 0.7 + plan.held
    stopped = record.post(driver, f"/users/8/charging/stop/{session_id}/", None, 204, "", seconds=stop_at)
    events.append(Event(at=at(stop_at), took_s=0.1, actor=driver, what="stopped", text="204", exchanges=(stopped,)))
    receipt = None
    finished = stop_at + 2.4
    if plan.ends == (Stage.SETTLED, StageStatus.FAILED):
        events.append(Event(at=at(finished), actor=driver, what="settled", text="no CDR within 120 s", status="failed"))
    else:
        kwh = "10.000"
        final = record.get(
            driver,
            f"/users/8/charging-sessions/{session_id}/",
            200,
            _session(plan, session_id, active=False, kwh=kwh),
            seconds=stop_at + 1.2,
        )
        readings.append(Reading(at=at(stop_at + 1.2), kwh=kwh, is_active=False, exchange=final))
        events.append(Event(at=at(stop_at + 1.2), actor=driver, what="settled", text=f"{kwh} kWh", exchanges=(final,)))
        receipt = _receipt(plan, session_id, stop_at, final, kwh)
        if plan.ends is None:
            invoice = record.get(driver, "/users/8/invoices/", 200, {"count": 1, "results": []}, seconds=finished)
            events.append(Event(at=at(finished), actor=driver, what="invoiced", text="EUR 5.89", exchanges=(invoice,)))
    return JourneyResult(
        name=plan.evse_id,
        kind="walk",
        evse_id=plan.evse_id,
        vcp_type=plan.vcp_type,
        actors=(driver,),
        session_id=session_id,
        started_at=at(0.2),
        finished_at=at(finished + 0.1),
        setup_s=0.8,
        events=tuple(events),
        readings=tuple(readings),
        receipt=receipt,
        ended_by="No CDR within 120 s." if receipt is None else None,
    )


def _receipt(plan: Plan, session_id: str, stop_at: float, exchange: str, kwh: str) -> Receipt:
    return Receipt(
        session_id=session_id,
        evse_id=plan.evse_id,
        start_time=at(plan.begins + 0.7),
        end_time=at(stop_at),
        duration_s=round(plan.held),
        energy_kwh=kwh,
        currency="eur",
        costs={
            "kwh_cost": "5.39",
            "time_cost": None,
            "session_fee_cost": "0.50",
            "blocking_fee_cost": "0.00",
            "starting_fee_cost": None,
            "invoice_vat": "0.94",
            "invoice_summary": "5.89" if plan.vcp_type is VcpType.PROGRESS else "6.39",
            "invoice_credits": "0.00",
            "invoice_discount": "0.00",
        },
        prices={"kwh_price": "0.54", "time_price": None, "session_fee": "0.50", "currency": "eur"},
        exchange=exchange,
    )


_DONE = (Stage.LOCATED, Stage.STARTED, Stage.PROGRESSED, Stage.STOPPED, Stage.SETTLED, Stage.INVOICED)


def evse_row(plan: Plan, journey: JourneyResult) -> EvseResult:
    """The row of the matrix for a walk."""
    stages: dict[Stage, StageResult] = {}
    over = False
    for n, stage in enumerate(_DONE):
        if over:
            stages[stage] = StageResult(status=StageStatus.NOT_RUN)
        elif plan.ends and plan.ends[0] is stage:
            stages[stage] = StageResult(status=plan.ends[1])
            over = True
        elif stage is Stage.PROGRESSED and plan.vcp_type is VcpType.SHARED:
            stages[stage] = StageResult(status=StageStatus.NOT_APPLICABLE)
        else:
            stages[stage] = StageResult(status=StageStatus.MET, at=at(plan.begins + n), took_s=0.4 + n * plan.held / 5)
    return EvseResult(
        evse_id=plan.evse_id,
        vcp_type=plan.vcp_type,
        session_id=journey.session_id,
        held_s=plan.held if journey.session_id else None,
        stages=stages,
    )


def busy(record: Record) -> JourneyResult:
    """A charges; B is refused; A's session is unharmed."""
    plan = WALKS[0]
    a, b = "driver A", "driver B"
    body = {"evse_id": BUSY, "payment_method_id": "pm_1"}
    active = _session(plan, "77aa01", active=True, kwh="0.000")
    begun = record.post(a, "/users/20/charging/start/", body, 201, active, seconds=3.0, took_s=0.5)
    envelope = {"detail": "Failed.", "error": {"type": "charging_provider_error", "details": "VCP busy"}}
    refused = record.post(b, "/users/21/charging/start/", body, 424, envelope, seconds=3.7, took_s=0.3)
    none = record.get(b, "/users/21/charging-sessions/", 200, {"count": 0, "results": []}, seconds=4.1)
    unharmed = record.get(a, "/users/20/charging-sessions/77aa01/", 200, active, seconds=4.1)
    stopped = record.post(a, "/users/20/charging/stop/77aa01/", None, 204, "", seconds=4.3, took_s=0.1)
    return JourneyResult(
        name="busy",
        kind="busy",
        evse_id=BUSY,
        vcp_type=VcpType.SHARED,
        actors=(a, b),
        session_id="77aa01",
        started_at=at(2.0),
        finished_at=at(5.6),
        setup_s=0.9,
        events=(
            Event(at=at(3.0), took_s=0.5, actor=a, what="started", text="session 77aa01", exchanges=(begun,)),
            Event(
                at=at(3.7),
                took_s=0.3,
                actor=b,
                what="refused",
                text="424 charging_provider_error",
                status="refused",
                exchanges=(refused,),
            ),
            Event(at=at(4.1), actor=b, what="read", text="no session", exchanges=(none,)),
            Event(at=at(4.1), actor=a, what="read", text="still active", exchanges=(unharmed,)),
            Event(at=at(4.3), took_s=0.1, actor=a, what="stopped", text="204", exchanges=(stopped,)),
        ),
        readings=(Reading(at=at(4.1), kwh="0.000", is_active=True, exchange=unharmed),),
    )
