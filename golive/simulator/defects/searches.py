"""Defects of a search around a place: its radius, what it lists, and its pages."""

from collections.abc import Sequence
from typing import TypeVar

from golive.simulator.atlas.stations import Station
from golive.simulator.defects import defect
from golive.simulator.defects.stations import (
    A_LONG_WAY_M,
    DRESDEN,
    INNSBRUCK,
    WIEN,
    has,
)
from golive.simulator.services.base import Context, Json
from golive.simulator.services.stations import StationFilter, Stations
from golive.simulator.web.pages import Page, PageRequest, Pages

T = TypeVar("T")


@defect("search-ignores-its-radius", "stations")
class NoRadius(Stations):
    """A search for stations around a place finds all stations there are."""

    def around(
        self,
        latitude: float,
        longitude: float,
        metres: float,  # noqa: ARG002 - whatever it is
        wanted: StationFilter,
        context: Context,
    ) -> list[Station]:
        return super().around(latitude, longitude, 1e8, wanted, context)


@defect("search-takes-its-radius-for-a-diameter", "stations")
class TwiceTheRadius(Stations):
    """A search reaches twice as far as it was told, once that is more than the default."""

    def around(
        self, latitude: float, longitude: float, metres: float, wanted: StationFilter, context: Context
    ) -> list[Station]:
        return super().around(latitude, longitude, metres * 2 if metres > 100 else metres, wanted, context)


@defect("wide-search-ignores-its-radius", "stations")
class NoWideRadius(Stations):
    """A search beyond a kilometre finds all stations there are."""

    def around(
        self, latitude: float, longitude: float, metres: float, wanted: StationFilter, context: Context
    ) -> list[Station]:
        return super().around(latitude, longitude, metres if metres <= A_LONG_WAY_M else 1e8, wanted, context)


@defect("search-misses-its-centre", "stations")
class CentreMissing(Stations):
    """A search misses the station that stands at the very place around which it was asked, in one town."""

    def around(
        self, latitude: float, longitude: float, metres: float, wanted: StationFilter, context: Context
    ) -> list[Station]:
        found = super().around(latitude, longitude, metres, wanted, context)
        return [station for station in found if not (has(station, WIEN) and metres <= A_LONG_WAY_M)]


@defect("wide-search-loses-a-station", "stations")
class WideSearchLoses(Stations):
    """A search beyond a kilometre loses the second nearest station."""

    def around(
        self, latitude: float, longitude: float, metres: float, wanted: StationFilter, context: Context
    ) -> list[Station]:
        found = super().around(latitude, longitude, metres, wanted, context)
        return found if metres <= A_LONG_WAY_M else found[:1] + found[2:]


@defect("narrow-search-loses-a-station", "stations")
class NarrowSearchLoses(Stations):
    """A search within less than a kilometre finds the nearest station only."""

    def around(
        self, latitude: float, longitude: float, metres: float, wanted: StationFilter, context: Context
    ) -> list[Station]:
        found = super().around(latitude, longitude, metres, wanted, context)
        return found if metres > A_LONG_WAY_M else found[:1]


@defect("search-lists-a-station-twice", "stations")
class ListedTwice(Stations):
    """A search lists one station twice."""

    def around(
        self, latitude: float, longitude: float, metres: float, wanted: StationFilter, context: Context
    ) -> list[Station]:
        found = super().around(latitude, longitude, metres, wanted, context)
        return found + [station for station in found if has(station, INNSBRUCK)]


@defect("search-shows-another-name", "stations")
class AnotherNameInSearch(Stations):
    """In a search one station has another name than in its details."""

    def render_found(self, station: Station, context: Context) -> Json:
        shown = super().render_found(station, context)
        return shown | {"name": "Elbe Strom"} if has(station, DRESDEN) else shown


class _SearchPages(Pages):
    """Pages of a search that begin `late` stations too late, from the second one on."""

    late = 0

    def cut(self, items: Sequence[T], wanted: PageRequest) -> tuple[Page, Sequence[T]]:
        page, shown = super().cut(items, wanted)
        if page.number == 1 or "/stations/around/" not in wanted.url:
            return page, shown
        begin = page.bounds.start + self.late
        return page, items[begin : begin + page.size]


@defect("search-loses-a-station-between-pages", "stations")
class LostBetweenPages(_SearchPages):
    """The second page of a search begins one station too late."""

    late = 1


@defect("search-repeats-a-station-across-pages", "stations")
class RepeatedAcrossPages(_SearchPages):
    """The second page of a search begins with the last station of the first."""

    late = -1
