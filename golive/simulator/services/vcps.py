"""The virtual charging points (environments document, "Testing charging sessions").

Type 1 is shared: one session, or one other party, at a time; no progress; the CDR follows the stop.
Type 2 sends hard-coded progress messages, also after a stop; the CDR comes by itself after the last one.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from golive.simulator.atlas.stations import Evse, VcpType
from golive.simulator.faults import ErrorType, Fault, Problem
from golive.simulator.money.rounding import WATT_HOUR
from golive.simulator.options import BusyAs
from golive.simulator.services.base import Context, Service
from golive.simulator.state.entities import Session


class Vcps(Service):
    # -- who is on it ----------------------------------------------------------------------------------------

    def is_busy(self, evse: Evse, context: Context) -> bool:
        """Whether another start would be refused. Type 2 is never busy."""
        if evse.vcp_type is not VcpType.SHARED:
            return False
        return (
            self.is_held(evse, context) or evse.key in self.world.reserved or self.occupant(evse, context) is not None
        )

    def is_held(self, evse: Evse, context: Context) -> bool:
        """Whether another party is on it."""
        hold = self.world.holds.get(evse.key)
        return hold is not None and hold.lasts_at(context.now)

    def occupant(self, evse: Evse, context: Context) -> Session | None:
        """The session that is charging on a type-1 VCP."""
        session = self.world.occupants.get(evse.key)
        if session is None or context.now >= self.ended_at(session):
            return None
        return session

    def busy_answer(self) -> Fault:
        match self.options.busy_as:
            case BusyAs.AVAILABILITY_409:
                return Problem(409, ErrorType.STATION_AVAILABILITY, "The charging station is not available.")
            case BusyAs.AVAILABILITY_424:
                return Problem(424, ErrorType.STATION_AVAILABILITY, "The charging station is not available.")
            case _:
                return Problem(424, ErrorType.PROVIDER, "The charging provider rejected the start: connector busy.")

    # -- what a session on it does -----------------------------------------------------------------------------

    def progress_kwh(self, session: Session, context: Context) -> Decimal | None:
        """What the last progress message that has arrived says; None before the first one."""
        numbers = range(1, self.message_count(session) + 1)
        arrived = sum(1 for number in numbers if self.message_at(session, number) <= context.now)
        return self.message_kwh(session, arrived) if arrived else None

    def message_count(self, session: Session) -> int:
        return self.options.progress_messages if session.evse.vcp_type is VcpType.PROGRESS else 0

    def message_at(self, session: Session, number: int) -> datetime:
        """When the message arrives, counted from 1."""
        return session.started_at + timedelta(seconds=self.options.tick * number)

    def message_kwh(self, session: Session, number: int) -> Decimal:
        """Equal steps up to the final energy, which the last message reports."""
        share = Decimal(number) / self.message_count(session)
        return (Decimal(session.evse.final_kwh) * share).quantize(WATT_HOUR)

    def final_kwh(self, session: Session) -> Decimal:
        """The energy of the CDR: hard-coded."""
        return Decimal(session.evse.final_kwh)

    def ended_at(self, session: Session) -> datetime:
        """Type 1: the stop, or the safety limit. Type 2: the last progress message, whether stopped or not."""
        if session.evse.vcp_type is VcpType.PROGRESS:
            return self.message_at(session, max(1, self.message_count(session)))
        limit = session.started_at + timedelta(seconds=self.options.session_limit)
        return limit if session.stopped_at is None else min(session.stopped_at, limit)

    def settled_at(self, session: Session) -> datetime:
        """When the CDR arrives."""
        return self.ended_at(session) + timedelta(seconds=self.options.seconds_to_cdr)

    def duration_s(self, session: Session) -> int:
        """From start to end, in whole seconds."""
        return int((self.ended_at(session) - session.started_at).total_seconds())
