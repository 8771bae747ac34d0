"""Map tiles: single stations, or clusters of them where the map is too small to show them apart."""

from golive.simulator.atlas.geo import tile_of
from golive.simulator.atlas.stations import Station
from golive.simulator.money.rounding import price_text
from golive.simulator.services.base import Context, Json, Service
from golive.simulator.services.stations import StationFilter

APART_FROM_ZOOM = 16
"""From this zoom level on every station is shown by itself."""
GRID = 2
"""Within a tile, what lies in the same tile `GRID` levels deeper is one cluster."""


class Tiles(Service):
    """`x` and `y` are crossed: the answer covers every tile of the given columns and rows."""

    def stations(self, xs: set[int], ys: set[int], zoom: int, wanted: StationFilter, context: Context) -> list[Station]:
        found = []
        for station in self.world.atlas.stations:
            x, y = tile_of(*station.position, zoom)
            if x in xs and y in ys and self.dev.stations.matches(station, wanted, context):
                found.append(station)
        return found

    def render(self, stations: list[Station], zoom: int, context: Context) -> Json:
        return {
            "type": "FeatureCollection",
            "features": [
                self.render_station(group[0], context) if len(group) == 1 else self.render_cluster(group, zoom, key)
                for key, group in self.groups(stations, zoom)
            ],
        }

    def groups(self, stations: list[Station], zoom: int) -> list[tuple[str, list[Station]]]:
        groups: dict[str, list[Station]] = {}
        for station in stations:
            groups.setdefault(self.group_key(station, zoom), []).append(station)
        return list(groups.items())

    def group_key(self, station: Station, zoom: int) -> str:
        if zoom >= APART_FROM_ZOOM:
            return station.id
        x, y = tile_of(*station.position, zoom + GRID)
        return f"{zoom + GRID}-{x}-{y}"

    def render_station(self, station: Station, context: Context) -> Json:
        feature: Json = {
            "type": "Feature",
            "station_id": station.id,
            "geometry": self.render_point(*station.position),
            "properties": {
                "count": 1,
                "speed": station.speed,
                "status": self.dev.stations.status(station, context),
                "operator_id": station.operator.slug,
            },
            "custom_properties": {"is_partner": station.operator.is_partner},
        }
        price = self.render_price(station)
        if price is not None:
            feature["price_properties"] = price
        return feature

    def render_cluster(self, stations: list[Station], zoom: int, key: str) -> Json:
        """At the middle of its stations."""
        latitude = sum(station.position[0] for station in stations) / len(stations)
        longitude = sum(station.position[1] for station in stations) / len(stations)
        return {
            "type": "Feature",
            "cluster_id": key,
            "geometry": self.render_point(latitude, longitude),
            "properties": {"count": len(stations), "expansion_zoom": self.expansion_zoom(stations, zoom)},
            "custom_properties": {"is_partner": any(station.operator.is_partner for station in stations)},
        }

    def expansion_zoom(self, stations: list[Station], zoom: int) -> int:
        """The first zoom level at which the cluster falls apart."""
        for deeper in range(zoom + 1, APART_FROM_ZOOM):
            if len({self.group_key(station, deeper) for station in stations}) > 1:
                return deeper
        return APART_FROM_ZOOM

    def render_point(self, latitude: float, longitude: float) -> Json:
        """Latitude first, as strings: so the published contract describes it."""
        return {"type": "Point", "coordinates": [f"{latitude:.6f}", f"{longitude:.6f}"]}

    def render_price(self, station: Station) -> Json | None:
        tariff = station.evses[0].tariff
        price = tariff.kwh or tariff.time
        if price is None:
            return None
        return {
            "price": price_text(price.user_facing),
            "type": "charging_price" if tariff.kwh is not None else "time_price",
            "currency": tariff.currency,
        }
