"""Stations: found around a point, by id, by EVSE ID; partners."""

from dataclasses import dataclass, field
from decimal import Decimal

from golive.simulator.atlas.stations import Evse, EvseStatus, Operator, Station
from golive.simulator.faults import ErrorType, NotFound, Problem
from golive.simulator.services.base import Context, Json, Service
from golive.simulator.state.evse_ids import evse_key

LOGOS = "/media/logos"
_BROKEN = frozenset({EvseStatus.OUTOFORDER, EvseStatus.INOPERATIVE, EvseStatus.PLANNED, EvseStatus.REMOVED})


@dataclass(frozen=True)
class StationFilter:
    """What a search leaves over; an empty tuple and None leave everything."""

    connector_types: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    only_available: bool = False
    only_partners: bool = False
    max_price: Decimal | None = None
    """User-facing, per kWh or, where nothing is charged per kWh, per minute."""
    power_groups: tuple[str, ...] = field(default=())


class Stations(Service):
    # -- finding -----------------------------------------------------------------------------------------------

    def around(
        self, latitude: float, longitude: float, metres: float, wanted: StationFilter, context: Context
    ) -> list[Station]:
        """Nearest first."""
        near = self.world.atlas.around(latitude, longitude, metres)
        return [station for station in near if self.matches(station, wanted, context)]

    def by_id(self, station_id: str) -> Station:
        """Raises `NotFound`."""
        station = self.world.atlas.by_id.get(station_id)
        if station is None:
            raise NotFound
        return station

    def by_evse(self, evse_id: str) -> Station:
        """Raises `NotFound`."""
        return self.connector(evse_id)[0]

    def connector(self, evse_id: str) -> tuple[Station, Evse]:
        """The station and connector of an EVSE ID in any spelling; raises `NotFound`."""
        found = self.world.atlas.by_evse.get(evse_key(evse_id))
        if found is None:
            raise NotFound
        return found

    def partners(self, context: Context) -> list[Operator]:
        """Raises the 423 problem while the list is locked."""
        locked_until = self.world.partners_locked_until
        if locked_until is not None and context.now < locked_until:
            raise Problem(423, ErrorType.TEMPORARY_LOCKED, "The list of partners is being rebuilt. Try again soon.")
        return list(self.world.atlas.partners)

    def matches(self, station: Station, wanted: StationFilter, context: Context) -> bool:
        price = self.lowest_price(station)
        return (
            (not wanted.connector_types or not station.connectors.isdisjoint(wanted.connector_types))
            and (not wanted.operators or station.operator.name in wanted.operators)
            and (not wanted.only_partners or station.operator.is_partner)
            and (not wanted.power_groups or station.speed in wanted.power_groups)
            and (wanted.max_price is None or price is None or price <= wanted.max_price)
            and (not wanted.only_available or self.status(station, context) == "free")
        )

    def lowest_price(self, station: Station) -> Decimal | None:
        prices = [evse.tariff.kwh or evse.tariff.time for evse in station.evses]
        return min((price.user_facing for price in prices if price is not None), default=None)

    # -- status ------------------------------------------------------------------------------------------------

    def evse_status(self, evse: Evse, context: Context) -> EvseStatus:
        """What station data says. Of a VCP: whether it is busy, or the opposite with the option `contradict`."""
        if evse.key in self.world.out_of_order:
            return EvseStatus.OUTOFORDER
        if evse.vcp_type is None:
            return evse.status
        busy = self.dev.vcps.is_busy(evse, context)
        return EvseStatus.CHARGING if busy != self.options.contradict else EvseStatus.AVAILABLE

    def status(self, station: Station, context: Context) -> str:
        """`free` if any connector is, else `busy`, `error`, `unknown` in this order."""
        statuses = {self.evse_status(evse, context) for evse in station.evses}
        if EvseStatus.AVAILABLE in statuses:
            return "free"
        if statuses & {EvseStatus.CHARGING, EvseStatus.BLOCKED, EvseStatus.RESERVED}:
            return "busy"
        return "error" if statuses & _BROKEN else "unknown"

    # -- on the wire -------------------------------------------------------------------------------------------

    def render(self, station: Station, context: Context) -> Json:
        return {
            "id": station.id,
            "name": station.name,
            "speed": station.speed,
            "address": station.address,
            "status": self.status(station, context),
            "coordinates": {"latitude": station.latitude, "longitude": station.longitude},
            "opening_times": self.render_hours(station),
            "operator": {"name": station.operator.name, "contact": {"phone": station.operator.phone}},
            "evses": [self.render_evse(evse, context) for evse in station.evses],
            "last_updated": self.dev.wire.timestamp(self.world.made_at),
            "amenities": list(station.amenities),
            "is_partner": station.operator.is_partner,
            "price_groups": self.dev.prices.render_groups(station, context),
            "logo_url": self.logo_url(station.operator, context),
        }

    def render_found(self, station: Station, context: Context) -> Json:
        """As a search shows it."""
        return self.render(station, context)

    def render_evse(self, evse: Evse, context: Context) -> Json:
        return {"evse_id": evse.evse_id, "status": str(self.evse_status(evse, context))}

    def render_hours(self, station: Station) -> Json:
        return {
            "twentyfourseven": not station.hours,
            "regular_hours": [
                {"weekday": hours.weekday, "period_begin": hours.begin, "period_end": hours.end}
                for hours in station.hours
            ],
        }

    def render_partner(self, operator: Operator, context: Context) -> Json:
        return {"name": operator.name, "logo_url": self.logo_url(operator, context)}

    def logo_url(self, operator: Operator, context: Context) -> str:
        return f"{context.base_url}{LOGOS}/{operator.slug}.svg"
