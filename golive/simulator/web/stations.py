"""Stations, partners, tiles."""

from starlette.responses import Response

from golive.simulator.atlas.stations import CONNECTOR_TYPES
from golive.simulator.faults import Invalid
from golive.simulator.services.stations import StationFilter
from golive.simulator.web.call import Call, answer
from golive.simulator.web.fields import QueryReader

POWER_GROUPS = ("slow", "fast", "turbo")
DEFAULT_DISTANCE_M = 100
DEEPEST_ZOOM = 24


def _filter(query: QueryReader) -> StationFilter:
    """The filters that a search around a point and a tile share."""
    return StationFilter(
        connector_types=query.some_of("connector_types", CONNECTOR_TYPES),
        operators=query.many("operators"),
        only_available=query.yes("only_available"),
        only_partners=query.yes("only_partners"),
        max_price=query.price("max_price"),
        power_groups=query.some_of("power_groups", POWER_GROUPS),
    )


async def stations_around(call: Call) -> Response:
    query, stations = call.query, call.dev.stations
    latitude, longitude = query.degrees("latitude", 90), query.degrees("longitude", 180)
    distance = query.whole("distance", DEFAULT_DISTANCE_M)
    wanted = _filter(query)
    query.check()
    found = stations.around(latitude, longitude, distance, wanted, call.context)
    return call.page(found, lambda station: stations.render(station, call.context))


async def station_details(call: Call) -> Response:
    query, stations = call.query, call.dev.stations
    wanted, kind = query.needed("id"), query.needed("type")
    if kind and kind not in ("evse_id", "station_id"):
        query.wrong("type", "Not a valid choice: expected evse_id or station_id.")
    query.check()
    station = stations.by_evse(wanted) if kind == "evse_id" else stations.by_id(wanted)
    return answer(stations.render(station, call.context))


async def list_partners(call: Call) -> Response:
    stations = call.dev.stations
    partners = stations.partners(call.context)
    return answer([stations.render_partner(operator, call.context) for operator in partners])


async def tile(call: Call) -> Response:
    query, tiles = call.query, call.dev.tiles
    columns, rows = query.wholes("x"), query.wholes("y")
    query.needed("z")
    zoom = query.whole("z", 0)
    wanted = _filter(query)
    query.check()
    if zoom > DEEPEST_ZOOM:
        raise Invalid(f"z: A zoom level from 0 to {DEEPEST_ZOOM} is required.")
    return answer(tiles.render(tiles.stations(columns, rows, zoom, wanted, call.context), zoom, call.context))
