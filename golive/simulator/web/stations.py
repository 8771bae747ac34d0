"""Stations, partners, tiles."""

from starlette.responses import Response

from golive.simulator.web.call import Call


async def stations_around(call: Call) -> Response:
    stations, asked = call.dev.stations, call.dev.forms.around(call.query)
    found = stations.around(asked.latitude, asked.longitude, asked.distance, asked.wanted, call.context)
    return call.page(found, lambda station: stations.render_found(station, call.context))


async def station_details(call: Call) -> Response:
    stations = call.dev.stations
    wanted, kind = call.dev.forms.station(call.query)
    station = stations.by_evse(wanted) if kind == "evse_id" else stations.by_id(wanted)
    return call.answer(stations.render(station, call.context))


async def list_partners(call: Call) -> Response:
    stations = call.dev.stations
    partners = stations.partners(call.context)
    return call.answer([stations.render_partner(operator, call.context) for operator in partners])


async def tile(call: Call) -> Response:
    tiles, asked = call.dev.tiles, call.dev.forms.tile(call.query)
    found = tiles.stations(asked.columns, asked.rows, asked.zoom, asked.wanted, call.context)
    return call.answer(tiles.render(found, asked.zoom, call.context))
