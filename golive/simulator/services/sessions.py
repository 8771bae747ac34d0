"""Charging sessions as a partner reads them."""

from collections.abc import Sequence
from decimal import Decimal

from golive.simulator.atlas.stations import Evse, Station, VcpType
from golive.simulator.faults import NotFound
from golive.simulator.money.bill import Bill, bill_for
from golive.simulator.money.rounding import energy_text
from golive.simulator.services.base import Context, Json, Service
from golive.simulator.state.entities import Session, User
from golive.simulator.state.newest import Newest

NO_PROGRESS_YET = Decimal("0.000")


class Sessions(Service):
    """A session stays active until its CDR arrives and it turns final in one instant: `is_active` false, `end_time`,
    `duration`, `consumed_energy` and `session_cost` set. Between a stop and the CDR it is still shown as active.
    """

    def get(self, user: User, session_id: str) -> Session:
        """Raises `NotFound` for another user's session too."""
        session = self.world.sessions.get(session_id)
        if session is None or session.user_id != user.id:
            raise NotFound
        return session

    def of(self, user: User) -> Sequence[Session]:
        """Newest first."""
        return Newest(user.sessions)

    def rate(self, session: Session, rates: int | None) -> None:
        session.rates = rates

    def is_settled(self, session: Session, context: Context) -> bool:
        return context.now >= self.dev.vcps.settled_at(session)

    def is_active(self, session: Session, context: Context) -> bool:
        return not self.is_settled(session, context)

    def unsettled(self, user: User, context: Context) -> list[Session]:
        """Those without a CDR yet: only sessions that have no invoice have to be looked at."""
        self.dev.invoices.collect(user, context)
        return [s for s in user.open_sessions if not self.is_settled(s, context)]

    def bill(self, session: Session) -> Bill:
        """What the session costs once settled."""
        vcps = self.dev.vcps
        return bill_for(session.tariff, vcps.final_kwh(session), vcps.duration_s(session))

    # -- on the wire -------------------------------------------------------------------------------------------

    def render_started(self, session: Session, context: Context) -> Json:
        """As the answer to the start shows it."""
        return self.render(session, context)

    def render_details(self, session: Session, context: Context) -> Json:
        """As its own address shows it."""
        return self.render(session, context)

    def render_listed(self, session: Session, context: Context) -> Json:
        """As the history shows it."""
        return self.render(session, context)

    def render(self, session: Session, context: Context) -> Json:
        station, vcps = session.station, self.dev.vcps
        final = self.is_settled(session, context)
        return {
            "id": session.id,
            "start_time": self.dev.wire.timestamp(session.started_at),
            "end_time": self.dev.wire.timestamp(vcps.ended_at(session)) if final else None,
            "duration": vcps.duration_s(session) if final else None,
            "consumed_energy": self.energy(session, context),
            "is_active": self.is_active(session, context),
            "evse_id": session.evse.evse_id,
            "station_info": self.render_station_info(station, session.evse),
            "is_partner": station.operator.is_partner,
            "logo_url": self.dev.stations.logo_url(station.operator, context),
            "user_facing_session_prices": self.dev.prices.render_session_prices(session.tariff),
            "session_cost": self.render_cost(session, context),
            "rates": session.rates,
        }

    def energy(self, session: Session, context: Context) -> str | None:
        """kWh: of the CDR, else of the last progress message. Type 1 has none before its CDR."""
        if self.is_settled(session, context):
            return energy_text(self.dev.vcps.final_kwh(session))
        if session.evse.vcp_type is VcpType.SHARED:
            return None
        return energy_text(self.dev.vcps.progress_kwh(session, context) or NO_PROGRESS_YET)

    def render_station_info(self, station: Station, evse: Evse) -> Json:
        return {
            "station_name": station.name,
            "station_address": station.address,
            "country": station.country,
            "station_speed": station.speed,
            "connector_standard": evse.connector,
            "connector_power": float(evse.power),
            "support_phone": station.operator.phone,
            "latitude": station.latitude,
            "longitude": station.longitude,
        }

    def render_cost(self, session: Session, context: Context) -> Json:
        """Nothing but zeros until the CDR."""
        if not self.is_settled(session, context):
            return self.dev.prices.render_no_bill(session.tariff.currency)
        link = self.dev.invoices.link(session, context) if self.dev.invoices.is_due(session, context) else None
        return self.dev.prices.render_bill(self.bill(session), link)
