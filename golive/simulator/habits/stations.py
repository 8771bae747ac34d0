"""Stations: what a station may leave out, how EVSE IDs are written, how prices are laid out."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from golive.simulator.atlas.localtime import WEEKDAYS, local
from golive.simulator.atlas.stations import Evse, Operator, Station
from golive.simulator.faults import NotFound
from golive.simulator.habits import habit
from golive.simulator.habits.reshape import reshaped
from golive.simulator.money.rounding import cents, net_of
from golive.simulator.money.tariffs import Price, Tariff
from golive.simulator.services.base import Context, Json
from golive.simulator.services.prices import WEEKEND, Prices
from golive.simulator.services.stations import Stations
from golive.simulator.services.tiles import Tiles
from golive.simulator.services.wire import Wire
from golive.simulator.state.evse_ids import evse_key

habit.by_options(
    "station-data-contradicts-the-vcp",
    "stations",
    "Station data says the opposite of the VCP: busy while it is free, available while it is taken.",
    contradict=True,
)


@habit("station-fields-absent", "stations")
class StationFieldsAbsent(Stations):
    """A station comes without anything that the contract does not require."""

    def render(self, station: Station, context: Context) -> Json:
        optional = ("status", "speed", "amenities", "is_partner", "logo_url")
        shown = {name: value for name, value in super().render(station, context).items() if name not in optional}
        return shown | {"operator": {"name": station.operator.name}}

    def render_hours(self, station: Station) -> Json:
        return {"twentyfourseven": True, "regular_hours": []}


@habit("station-fields-absent", "stations")
class PriceGroupFieldsAbsent(Prices):
    """The price groups of that habit."""

    def render_group(self, connector: str, power: int, tariff: Tariff, evse_ids: list[str], context: Context) -> Json:
        shown = super().render_group(connector, power, tariff, evse_ids, context)
        prices = {name: items for name, items in self.render_prices(tariff).items() if items is not None}
        return {name: value for name, value in shown.items() if name != "is_fallback"} | {"prices": prices}


@habit("station-fields-null", "stations")
class StationFieldsNull(Stations):
    """The operator's contact and the partners' logos are null."""

    def render(self, station: Station, context: Context) -> Json:
        return super().render(station, context) | {"operator": {"name": station.operator.name, "contact": None}}

    def render_partner(self, operator: Operator, context: Context) -> Json:
        return super().render_partner(operator, context) | {"logo_url": None}


@habit("station-id-null", "stations")
class StationIdNull(Stations):
    """A station has no id: it is null, which the contract allows."""

    def render(self, station: Station, context: Context) -> Json:
        return super().render(station, context) | {"id": None}


@habit("bare-evse-ids-unknown", "stations")
class BareEvseIdsUnknown(Stations):
    """An EVSE ID is known only as it is listed: without its separators it is not found."""

    def connector(self, evse_id: str) -> tuple[Station, Evse]:
        station, evse = super().connector(evse_id)
        if evse_id != evse.evse_id:
            raise NotFound
        return station, evse


@habit("evse-ids-without-separators", "stations")
class EvseIdsWithoutSeparators(Wire):
    """EVSE IDs come without separators in every answer."""

    def body(self, content: object) -> object:
        def bare(name: str, value: object) -> object:
            if name == "evse_id":
                return evse_key(str(value))
            return [evse_key(str(id_)) for id_ in value] if name == "evse_ids" and isinstance(value, list) else value

        return reshaped(super().body(content), bare)


@habit("tiles-of-clusters", "stations")
class TilesOfClusters(Tiles):
    """A map tile shows clusters at every zoom level, also of a single station."""

    def render_station(self, station: Station, context: Context) -> Json:
        return self.render_cluster([station], 16, f"cluster-{station.id}")


# -- prices ----------------------------------------------------------------------------------------------------------


@habit("prices-under-all", "stations")
class PricesUnderAll(Prices):
    """Prices are listed under ALL, and a weekday by itself only where it differs."""

    def by_weekday(
        self, price: Price | None, weekend: Price | None, *, grace: int | None = None, cap: Decimal | None = None
    ) -> Json | None:
        if price is None:
            return None
        days: Json = {"ALL": [self.render_item(price, grace, cap)]}
        if weekend is not None:
            days |= {day: [self.render_item(weekend, grace, cap)] for day in WEEKEND}
        return days


@habit("prices-by-time-of-day", "stations")
class PricesByTimeOfDay(Prices):
    """Energy costs less at night, from 22:00 to 06:00 at the station; a session keeps the price of its start."""

    night_begins, night_ends = 22, 6

    def at_start(self, evse: Evse, started_at: datetime) -> Tariff:
        tariff = super().at_start(evse, started_at)
        by_day = self.night_ends <= local(started_at).hour < self.night_begins
        return tariff if by_day or tariff.kwh is None else replace(tariff, kwh=self.at_night(tariff.kwh))

    @staticmethod
    def at_night(price: Price) -> Price:
        """A fifth less, to the cent as every price for users: a net price that lies between two cents would be billed
        otherwise than it is shown."""
        return replace(price, net=net_of(cents(price.user_facing * Decimal("0.8")), price.vat))

    def render_prices(self, tariff: Tariff) -> Json:
        shown = super().render_prices(tariff)
        if tariff.kwh is not None:
            at_weekend = tariff.weekend_kwh or tariff.kwh
            by_day = {day: at_weekend if day in WEEKEND else tariff.kwh for day in WEEKDAYS}
            shown["kwh_price"] = {day: self._windows(price) for day, price in by_day.items()}
        return shown

    def _windows(self, price: Price) -> list[Json]:
        begin, end = f"{self.night_begins:02}:00", f"{self.night_ends:02}:00"
        by_night = self.render_item(self.at_night(price), None, None)
        return [
            by_night | {"time_from": begin, "time_to": end},
            self.render_item(price, None, None) | {"time_from": end, "time_to": begin},
        ]


@habit("former-and-future-prices", "stations")
class FormerAndFuturePrices(Prices):
    """Beside the prices that hold, those of another time are listed, with the dates within which they held or will."""

    def by_weekday(
        self, price: Price | None, weekend: Price | None, *, grace: int | None = None, cap: Decimal | None = None
    ) -> Json | None:
        week = super().by_weekday(price, weekend, grace=grace, cap=cap)
        if price is None or week is None:
            return week
        other = self.render_item(replace(price, net=price.net * 2), grace, cap)
        former = other | {"date_from": "2020-01-01", "date_to": "2024-12-31"}
        future = other | {"date_from": "2098-01-01", "date_to": "2099-12-31"}
        return {day: [former, future, *items] for day, items in week.items() if isinstance(items, list)}


@habit("local-time-without-zone", "stations")
class LocalTimeWithoutZone(Prices):
    """The local time at a station comes without its offset from UTC."""

    def render_group(self, connector: str, power: int, tariff: Tariff, evse_ids: list[str], context: Context) -> Json:
        shown = super().render_group(connector, power, tariff, evse_ids, context)
        return shown | {"local_datetime": local(context.now).replace(tzinfo=None).isoformat()}
