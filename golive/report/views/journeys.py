"""The matrix of EVSEs and stages, and each journey with its drawing, events, readings and receipt."""

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from golive.evidence.model import Evidence, EvseResult, JourneyResult, Stage, StageStatus
from golive.report.charts.journey import journey_chart
from golive.report.marks import STAGES, VCP_TYPES, Mark
from golive.report.text import duration, instant, plural, time_of_day
from golive.report.views.links import Anchors, Link, Links
from golive.report.views.receipt import ReceiptView, receipt

_ENDED = Mark("within the bound", "tick", "good")
_CUT = Mark("stopped at the bound", "triangle", "warn")
_UNENDED = Mark("may still be open", "cross", "bad")
_KINDS = {"walk": "Walk", "busy": "Busy station, two drivers", "refusals": "Refused starts"}


@dataclass(frozen=True)
class Cell:
    mark: Mark
    took: str | None
    at: str | None


@dataclass(frozen=True)
class MatrixRow:
    evse_id: str
    journey: str | None
    vcp_type: str
    session_id: str
    held: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class EventRow:
    time: str
    after: str
    took: str
    actor: str
    what: str
    text: str
    status: str
    exchanges: Links


@dataclass(frozen=True)
class ReadingRow:
    time: str
    kwh: str
    state: str
    exchange: Link


@dataclass(frozen=True)
class JourneyView:
    anchor: str
    name: str
    kind: str
    about: tuple[tuple[str, str], ...]
    ended_by: str | None
    tables: str
    chart: Markup
    events: tuple[EventRow, ...]
    readings: tuple[ReadingRow, ...]


@dataclass(frozen=True)
class ReceiptRow:
    receipt: ReceiptView
    exchange: Link


def matrix(evidence: Evidence, anchors: Anchors) -> tuple[MatrixRow, ...]:
    return tuple(_row(row, anchors) for row in evidence.evses)


def _row(row: EvseResult, anchors: Anchors) -> MatrixRow:
    return MatrixRow(
        evse_id=row.evse_id,
        journey=anchors.walk(row.evse_id),
        vcp_type=VCP_TYPES[row.vcp_type],
        session_id=row.session_id or "none",
        held=duration(row.held_s) if row.held_s is not None else "–",
        cells=tuple(_cell(row, stage) for stage in Stage),
    )


@dataclass(frozen=True)
class HoldRow:
    evse_id: str
    actor: str
    session_id: str
    held: str
    end: Mark


def holds(evidence: Evidence) -> tuple[HoldRow, ...]:
    """How long each session on a shared VCP was held."""
    return tuple(
        HoldRow(
            hold.evse_id,
            hold.actor,
            hold.session_id,
            duration(hold.held_s) if hold.held_s is not None else "its end was not seen",
            _CUT if hold.cut else _UNENDED if hold.held_s is None else _ENDED,
        )
        for hold in evidence.aftermath.holds
        if hold.shared
    )


def bound(evidence: Evidence) -> str:
    """How long a session on a shared VCP may be held in this run."""
    found = evidence.run.options.get("max_hold")
    return duration(found) if isinstance(found, int | float) else "not known"


def _cell(row: EvseResult, stage: Stage) -> Cell | None:
    found = row.stages.get(stage)
    if found is None:
        return None
    told = found.status is not StageStatus.NOT_APPLICABLE
    return Cell(
        STAGES[found.status],
        duration(found.took_s) if told and found.took_s is not None else None,
        instant(found.at) if found.at else None,
    )


def journeys(evidence: Evidence, anchors: Anchors, *, kinds: Iterable[str]) -> tuple[JourneyView, ...]:
    wanted = set(kinds)
    return tuple(
        _journey(found, anchors, anchors.journey(position))
        for position, found in enumerate(evidence.journeys)
        if found.kind in wanted
    )


def _journey(found: JourneyResult, anchors: Anchors, anchor: str) -> JourneyView:
    return JourneyView(
        anchor=anchor,
        name=found.name,
        kind=_KINDS[found.kind],
        about=tuple(_about(found)),
        ended_by=found.ended_by,
        tables=f"{plural(len(found.events), 'event')} and {plural(len(found.readings), 'reading')} as tables",
        chart=journey_chart(found, anchor),
        events=tuple(
            EventRow(
                time_of_day(event.at),
                duration((event.at - found.started_at).total_seconds()),
                duration(event.took_s) if event.took_s else "–",
                event.actor,
                event.what,
                event.text,
                event.status,
                anchors.exchanges(event.exchanges),
            )
            for event in sorted(found.events, key=lambda event: event.at)
        ),
        readings=tuple(
            ReadingRow(
                time_of_day(reading.at),
                reading.kwh if reading.kwh is not None else "none given",
                "active" if reading.is_active else "final",
                Link(reading.exchange, anchors.exchange(reading.exchange)),
            )
            for reading in found.readings
        ),
    )


def _about(found: JourneyResult) -> Iterable[tuple[str, str]]:
    if found.evse_id and found.evse_id not in found.name:
        yield "EVSE", found.evse_id
    if found.vcp_type:
        yield "Kind", VCP_TYPES[found.vcp_type]
    yield "Session", found.session_id or "none"
    yield "Began (UTC)", instant(found.started_at)
    yield "Ended", f"after {duration((found.finished_at - found.started_at).total_seconds())}"
    yield "Set-up of the driver", duration(found.setup_s)


def receipts(evidence: Evidence, anchors: Anchors) -> tuple[ReceiptRow, ...]:
    return tuple(
        ReceiptRow(receipt(j.receipt), Link(j.receipt.exchange, anchors.exchange(j.receipt.exchange)))
        for j in evidence.journeys
        if j.receipt
    )
