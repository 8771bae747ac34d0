"""Charging: what a session shows while it is under way, and when its driver may charge again."""

from golive.simulator.faults import Forbidden
from golive.simulator.habits import habit
from golive.simulator.habits.reshape import without_nulls
from golive.simulator.services.base import Context, Json
from golive.simulator.services.charging import Charging
from golive.simulator.services.sessions import Sessions
from golive.simulator.services.users import Users
from golive.simulator.state.entities import Session, User

habit.by_options("slow-start", "charging", "A start takes a while to answer.", start_delay=0.5)


@habit("free-again-after-the-stop", "charging")
class FreeAgainAfterTheStop(Charging):
    """A driver who has stopped may start again before the CDR is there."""

    def active_sessions(self, user: User, context: Context) -> list[Session]:
        return [s for s in super().active_sessions(user, context) if s.stopped_at is None]


@habit("free-again-after-the-stop", "charging")
class RemovableAfterTheStop(Users):
    """In that habit the user may be deleted then as well."""

    def refuse_while_unsettled(self, user: User, context: Context) -> None:
        if user.start_in_flight or self.dev.charging.active_sessions(user, context):
            super().refuse_while_unsettled(user, context)


@habit("session-fields-absent", "charging")
class SessionFieldsAbsent(Sessions):
    """A session comes without anything that the contract does not require."""

    def render(self, session: Session, context: Context) -> Json:
        shown = without_nulls(super().render(session, context), "rates")
        prices = dict(self.dev.prices.render_session_prices(session.tariff))
        del prices["currency"]
        return shown | {"station_info": {}, "user_facing_session_prices": prices}


@habit("session-fields-null", "charging")
class SessionFieldsNull(Sessions):
    """What the contract lets be null of a session is null: its place, its logo, and its start until the CDR."""

    def render(self, session: Session, context: Context) -> Json:
        shown = super().render(session, context)
        info = dict.fromkeys(self.render_station_info(session.station, session.evse))
        started = shown["start_time"] if self.is_settled(session, context) else None
        return shown | {"station_info": info, "logo_url": None, "start_time": started}


@habit("foreign-sessions-forbidden", "isolation")
class ForeignSessionsForbidden(Sessions):
    """Another user's session is answered with 403, not 404."""

    def get(self, user: User, session_id: str) -> Session:
        session = self.world.sessions.get(session_id)
        if session is not None and session.user_id != user.id:
            raise Forbidden("You do not have permission to perform this action.")
        return super().get(user, session_id)
