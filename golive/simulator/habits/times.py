"""Habits of the times that a virtual charging point reports."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from golive.simulator.atlas.stations import Evse
from golive.simulator.habits import habit
from golive.simulator.money.tariffs import Tariff
from golive.simulator.services.base import Context, Json
from golive.simulator.services.prices import Prices
from golive.simulator.services.sessions import Sessions
from golive.simulator.services.vcps import Vcps
from golive.simulator.state.entities import Session


@habit("charges-begun-earlier", "cdr")
class BegunEarlier(Vcps):
    """A VCP reports hard-coded times as it reports hard-coded energy: its charges began 45 minutes before the start."""

    EARLIER: ClassVar = timedelta(minutes=45)

    def duration_s(self, session: Session) -> int:
        return super().duration_s(session) + int(self.EARLIER.total_seconds())

    def begun_at(self, session: Session) -> datetime:
        """The start as the session shows it."""
        return session.started_at - self.EARLIER


@habit("charges-begun-earlier", "cdr")
class ShownEarlier(Sessions):
    """Sessions on such a VCP show that start from the first to the last."""

    def render(self, session: Session, context: Context) -> Json:
        vcps = self.dev.vcps
        assert isinstance(vcps, BegunEarlier)
        return super().render(session, context) | {"start_time": self.dev.wire.timestamp(vcps.begun_at(session))}


@habit("charges-begun-earlier", "cdr")
class PricedEarlier(Prices):
    """Sessions on such a VCP have the price of that start."""

    def at_start(self, evse: Evse, started_at: datetime) -> Tariff:
        vcps = self.dev.vcps
        assert isinstance(vcps, BegunEarlier)
        return super().at_start(evse, started_at - vcps.EARLIER)


@habit("charges-that-blocked", "cdr")
class BegunFiveHoursEarlier(BegunEarlier):
    """Charges began five hours before the start: longer than any grace period, so that a blocking fee is billed."""

    EARLIER: ClassVar = timedelta(hours=5)


habit("charges-that-blocked", "cdr")(ShownEarlier)
habit("charges-that-blocked", "cdr")(PricedEarlier)
