"""Defects of the section on stations: what a driver's app looks up before it can charge."""

from dataclasses import replace

from golive.simulator.atlas.stations import Evse, Operator, Station
from golive.simulator.defects import defect
from golive.simulator.faults import NotFound
from golive.simulator.money.tariffs import Tariff
from golive.simulator.services.base import Context, Json
from golive.simulator.services.prices import Prices
from golive.simulator.services.stations import StationFilter, Stations
from golive.simulator.services.tiles import Tiles
from golive.simulator.state.evse_ids import evse_key

BERLIN = "DE*CIQ*EWBNHHLM82TLA*1"
MILANO = "IT*PWY*EP0078*01*02"
MUENCHEN = "DEQRMEF7GRC21"
WIEN = "AT*VIE*E2334770022*2"
DRESDEN = "DE*EUL*EAUT0002*01"
KARLSRUHE = "DE*2GO*EMCD1520*1B*3"
INNSBRUCK = "AT*HTB*EOCPI1*1"
LUDWIGSHAFEN = "DE*PWA*EALP22541X01617*01"

A_LONG_WAY_M = 1_000


def has(station: Station, evse_id: str) -> bool:
    """Whether the EVSE is one of the station's."""
    return any(evse.key == evse_key(evse_id) for evse in station.evses)


# -- by an id ----------------------------------------------------------------------------------------------------


@defect("evse-unknown-in-details", "stations")
class OneEvseUnknown(Stations):
    """Station details know nothing of one listed EVSE, though a charge can be started there."""

    def by_evse(self, evse_id: str) -> Station:
        if evse_key(evse_id) == evse_key(WIEN):
            raise NotFound
        return super().by_evse(evse_id)


@defect("evse-leads-to-another-station", "stations")
class AnotherStation(Stations):
    """One EVSE ID, written as listed, leads to the details of a station in another town."""

    def by_evse(self, evse_id: str) -> Station:
        return super().by_evse(KARLSRUHE if evse_id == DRESDEN else evse_id)


@defect("details-leave-out-an-evse", "stations")
class OneEvseLeftOut(Stations):
    """The details of one station list its connectors without the one that was asked for."""

    def render(self, station: Station, context: Context) -> Json:
        evses = [self.render_evse(evse, context) for evse in station.evses if evse.key != evse_key(INNSBRUCK)]
        return super().render(station, context) | {"evses": evses}


@defect("bare-evse-id-leads-astray", "stations")
class BareEvseIdAstray(Stations):
    """One EVSE ID, written without its separators, leads to another station."""

    def connector(self, evse_id: str) -> tuple[Station, Evse]:
        return super().connector(BERLIN if evse_id == evse_key(MILANO) else evse_id)


@defect("station-id-leads-elsewhere", "stations")
class StationIdElsewhere(Stations):
    """The id of one station leads to its neighbour."""

    def by_id(self, station_id: str) -> Station:
        station = super().by_id(station_id)
        if not has(station, KARLSRUHE):
            return station
        return self.world.atlas.around(*station.position, A_LONG_WAY_M)[1]


@defect("station-id-unknown", "stations")
class StationIdUnknown(Stations):
    """No station is found by its own id."""

    def by_id(self, station_id: str) -> Station:  # noqa: ARG002 - whatever it is
        raise NotFound


@defect("station-without-a-name", "stations")
class Nameless(Stations):
    """One station has an empty name, wherever it is shown."""

    def render(self, station: Station, context: Context) -> Json:
        shown = super().render(station, context)
        return shown | {"name": ""} if has(station, LUDWIGSHAFEN) else shown


@defect("station-without-an-address", "stations")
class Addressless(Stations):
    """One station has an empty address, wherever it is shown."""

    def render(self, station: Station, context: Context) -> Json:
        shown = super().render(station, context)
        return shown | {"address": ""} if has(station, KARLSRUHE) else shown


# -- prices, operators, partners ---------------------------------------------------------------------------------


@defect("no-price-group-names-the-evse", "stations")
class NoPriceGroup(Prices):
    """One listed EVSE is in no price group of its station."""

    def render_groups(self, station: Station, context: Context) -> list[Json]:
        groups = super().render_groups(station, context)
        return [group for group in groups if group["evse_ids"] != [MILANO]]


class ChangedGroup(Prices):
    """The price group of one listed EVSE, `at`, comes with other members, `said`."""

    at: str
    said: Json

    def render_group(self, connector: str, power: int, tariff: Tariff, evse_ids: list[str], context: Context) -> Json:
        group = super().render_group(connector, power, tariff, evse_ids, context)
        return group | self.said if self.at in evse_ids else group


@defect("price-group-without-prices", "stations")
class GroupWithoutPrices(ChangedGroup):
    """The price group of one listed EVSE has null in place of its prices."""

    at, said = BERLIN, {"prices": None}


@defect("price-group-without-currency", "stations")
class NoCurrency(ChangedGroup):
    """The price group of one listed EVSE has an empty currency."""

    at, said = KARLSRUHE, {"currency": ""}


@defect("pre-authorization-negative", "stations")
class NegativePreAuthorization(ChangedGroup):
    """The pre-authorization amount of one listed EVSE is negative."""

    at, said = WIEN, {"pre_authorization_amount": "-50.00"}


@defect("pre-authorization-missing", "stations")
class NoPreAuthorization(ChangedGroup):
    """The price group of one listed EVSE has null in place of the pre-authorization amount."""

    at, said = DRESDEN, {"pre_authorization_amount": None}


@defect("station-without-an-operator", "stations")
class NoOperator(Stations):
    """One station has null in place of its operator."""

    def render(self, station: Station, context: Context) -> Json:
        shown = super().render(station, context)
        return shown | {"operator": None} if has(station, MUENCHEN) else shown


@defect("operator-without-a-name", "stations")
class NamelessOperator(Stations):
    """One station's operator has an empty name."""

    def render(self, station: Station, context: Context) -> Json:
        shown = super().render(station, context)
        return shown | {"operator": {"name": "", "contact": None}} if has(station, INNSBRUCK) else shown


@defect("partner-listed-twice", "stations")
class PartnerTwice(Stations):
    """The last partner operator is in the list twice."""

    def partners(self, context: Context) -> list[Operator]:
        partners = super().partners(context)
        return [*partners, partners[-1]]


@defect("partner-without-a-name", "stations")
class NamelessPartner(Stations):
    """One partner operator has an empty name."""

    def partners(self, context: Context) -> list[Operator]:
        first, *others = super().partners(context)
        return [*others, replace(first, name="")]


# -- map tiles ---------------------------------------------------------------------------------------------------


@defect("tile-rows-count-from-the-south", "stations")
class RowsFromTheSouth(Tiles):
    """The rows of map tiles are counted from the south."""

    def stations(self, xs: set[int], ys: set[int], zoom: int, wanted: StationFilter, context: Context) -> list[Station]:
        return super().stations(xs, {2**zoom - 1 - y for y in ys}, zoom, wanted, context)


@defect("tile-misses-a-station", "stations")
class MissingOnTile(Tiles):
    """One station is on no map tile."""

    def stations(self, xs: set[int], ys: set[int], zoom: int, wanted: StationFilter, context: Context) -> list[Station]:
        found = super().stations(xs, ys, zoom, wanted, context)
        return [station for station in found if not has(station, LUDWIGSHAFEN)]


@defect("tile-shows-a-station-at-another-place", "stations")
class MisplacedOnTile(Tiles):
    """A map tile shows one station a kilometre north of its place."""

    def render_station(self, station: Station, context: Context) -> Json:
        latitude, longitude = station.position
        feature = super().render_station(station, context)
        return (
            feature | {"geometry": self.render_point(latitude + 0.009, longitude)} if has(station, MILANO) else feature
        )
