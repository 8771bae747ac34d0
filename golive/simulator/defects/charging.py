"""Defects of the section on charging: start, stop, and what a session looks like meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from golive.simulator.atlas.stations import Evse
from golive.simulator.defects import defect
from golive.simulator.defects.stations import BERLIN, INNSBRUCK, KARLSRUHE, MILANO, MUENCHEN, WIEN
from golive.simulator.faults import ErrorType, Fault, Problem
from golive.simulator.services.base import Context, Json
from golive.simulator.services.charging import Charging
from golive.simulator.services.sessions import Sessions
from golive.simulator.state.entities import Session, User
from golive.simulator.state.evse_ids import evse_key

if TYPE_CHECKING:
    from golive.simulator.dev import Dev


def is_on(session: Session, evse_id: str) -> bool:
    """Whether the session is on this EVSE."""
    return session.evse.key == evse_key(evse_id)


# -- start -------------------------------------------------------------------------------------------------------


@defect("start-names-another-evse", "charging")
class StartNamesAnotherEvse(Sessions):
    """The answer to a start on one VCP names the connector beside it."""

    def render_started(self, session: Session, context: Context) -> Json:
        shown = super().render_started(session, context)
        return shown | {"evse_id": session.station.evses[-1].evse_id} if is_on(session, INNSBRUCK) else shown


@defect("started-session-is-not-active", "charging")
class StartedInactive(Sessions):
    """The answer to every start says that the session is not active, though it is."""

    def render_started(self, session: Session, context: Context) -> Json:
        return super().render_started(session, context) | {"is_active": False}


@defect("start-answers-with-an-empty-id", "charging")
class StartedWithoutId(Sessions):
    """The answer to a start on one VCP has an empty session id."""

    def render_started(self, session: Session, context: Context) -> Json:
        shown = super().render_started(session, context)
        return shown | {"id": ""} if is_on(session, WIEN) else shown


@defect("start-always-refused", "charging")
class OneVcpRefuses(Charging):
    """One VCP with progress, which is never busy, refuses every start."""

    def provider_answer(self, evse: Evse, context: Context) -> Fault | None:
        if evse.key == evse_key(KARLSRUHE):
            return Problem(424, ErrorType.PROVIDER, "The charging provider rejected the start.")
        return super().provider_answer(evse, context)


# -- details and history -----------------------------------------------------------------------------------------


@defect("details-show-another-session", "charging")
class DetailsOfAnother(Sessions):
    """While one VCP charges, the session's details carry another session's id."""

    def render_details(self, session: Session, context: Context) -> Json:
        shown = super().render_details(session, context)
        if is_on(session, MUENCHEN) and self.is_active(session, context):
            return shown | {"id": session.id[::-1]}
        return shown


@defect("details-name-another-evse", "charging")
class DetailsNameAnotherEvse(Sessions):
    """While one VCP charges, the session's details name the connector beside it."""

    def render_details(self, session: Session, context: Context) -> Json:
        shown = super().render_details(session, context)
        if is_on(session, BERLIN) and self.is_active(session, context):
            return shown | {"evse_id": session.station.evses[-1].evse_id}
        return shown


@defect("details-deny-the-charge-at-first", "charging")
class DetailsDenyAtFirst(Sessions):
    """The first details of each session on one VCP say that it is over; the next ones that it is not."""

    def __init__(self, dev: Dev) -> None:
        super().__init__(dev)
        self._asked: set[str] = set()

    def render_details(self, session: Session, context: Context) -> Json:
        shown = super().render_details(session, context)
        if is_on(session, MILANO) and session.id not in self._asked:
            self._asked.add(session.id)
            return shown | {"is_active": False}
        return shown


@defect("history-hides-active-sessions", "charging")
class HistoryHidesActive(Sessions):
    """A driver's history holds settled sessions only."""

    def of(self, user: User) -> Sequence[Session]:
        context = Context(self.clock.now(), "")
        return [session for session in super().of(user) if self.is_settled(session, context)]


@defect("history-shows-a-session-twice", "charging")
class HistoryTwice(Sessions):
    """The history of whoever charges on one VCP shows the session twice."""

    def of(self, user: User) -> Sequence[Session]:
        sessions = super().of(user)
        return [*sessions, *(session for session in sessions if is_on(session, MUENCHEN))]


@defect("history-shows-a-second-active-session", "charging")
class SecondActive(Sessions):
    """While a driver charges on one VCP, the history shows a second active session that nobody began."""

    def of(self, user: User) -> Sequence[Session]:
        return [ghost for session in super().of(user) for ghost in self._with_ghost(session)]

    def _with_ghost(self, session: Session) -> list[Session]:
        if not is_on(session, KARLSRUHE) or self.is_settled(session, Context(self.clock.now(), "")):
            return [session]
        return [session, replace(session, id=session.id[::-1])]


# -- stop --------------------------------------------------------------------------------------------------------


@defect("stop-ends-nothing", "charging")
class StopEndsNothing(Charging):
    """One shared VCP accepts a stop and goes on charging; there is never a CDR."""

    def stop(self, session: Session, context: Context) -> None:
        super().stop(session, context)
        if is_on(session, WIEN):
            session.stopped_at = None


@defect("stop-says-already-stopped-and-goes-on", "charging")
class StopSaysAlready(Charging):
    """One shared VCP answers a stop with already_stopped, and goes on charging."""

    def stop(self, session: Session, context: Context) -> None:
        if is_on(session, WIEN):
            raise Problem(409, ErrorType.ALREADY_STOPPED, "The charging session is already stopped.")
        super().stop(session, context)


@defect("stop-answers-500", "charging")
class StopFails(Charging):
    """A stop on one VCP with progress works, and is answered with 500."""

    def stop(self, session: Session, context: Context) -> None:
        super().stop(session, context)
        if is_on(session, INNSBRUCK):
            raise self.dev.envelope.unexpected("0f8d2c44-7a51-4d0e-9c1a-5f2b7f6d1e30")


@defect("stop-always-refused", "charging")
class StopRefused(Charging):
    """One VCP with progress refuses every stop."""

    def stop(self, session: Session, context: Context) -> None:
        if is_on(session, KARLSRUHE):
            raise Problem(424, ErrorType.PROVIDER, "The charging provider rejected the stop.")
        super().stop(session, context)
