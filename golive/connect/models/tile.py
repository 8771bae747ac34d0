"""A map tile: stations and clusters as GeoJSON features (spec, stations/tile)."""

import math
from decimal import Decimal
from typing import Any, ClassVar

from golive.connect.models.base import ApiModel, Note


class TileProperties(ApiModel):
    """`count`: stations that the feature stands for."""

    spec_required: ClassVar = frozenset({"count"})

    count: int | None = None
    expansion_zoom: int | None = None
    speed: str | None = None
    status: str | None = None
    operator_id: str | None = None


class TilePrice(ApiModel):
    """`type` is charging_price or time_price."""

    spec_required: ClassVar = frozenset({"currency", "price", "type"})

    price: Decimal | None = None
    type: str | None = None
    currency: str | None = None


class Geometry(ApiModel):
    """A point; the contract's order is latitude, longitude, as strings, the reverse of GeoJSON's."""

    spec_required: ClassVar = frozenset({"coordinates"})

    type: str | None = None
    coordinates: tuple[Decimal, ...] = ()

    @classmethod
    def tidy(cls, data: dict[str, Any], note: Note) -> dict[str, Any]:
        values = data.get("coordinates")
        if isinstance(values, list) and any(isinstance(value, (int, Decimal)) for value in values):
            note("FORM_TILE_NUMBERS", "")
        return data


class TileFeature(ApiModel):
    """A station (`station_id`) or a cluster of stations (`cluster_id`)."""

    spec_required: ClassVar = frozenset({"geometry", "properties"})

    type: str | None = None
    station_id: str | None = None
    cluster_id: str | None = None
    geometry: Geometry | None = None
    properties: TileProperties | None = None
    custom_properties: dict[str, Any] | None = None
    price_properties: TilePrice | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None

    @property
    def is_cluster(self) -> bool:
        return self.station_id is None


class Tile(ApiModel):
    """The features of one tile, each with `latitude` and `longitude` in degrees whichever order they came in."""

    spec_required: ClassVar = frozenset({"features"})

    type: str | None = None
    features: tuple[TileFeature, ...] = ()

    def placed(self, x: int, y: int, z: int, note: Note) -> "Tile":
        """The same with each feature's place worked out: the order that puts it nearer to this tile is taken."""
        placed = []
        for feature in self.features:
            point = feature.geometry.coordinates if feature.geometry else ()
            if len(point) >= 2:
                latitude, longitude = point[0], point[1]
                if _distance(longitude, latitude, x, y, z) < _distance(latitude, longitude, x, y, z):
                    note("FORM_TILE_ORDER", "")
                    latitude, longitude = longitude, latitude
                feature = feature.model_copy(update={"latitude": latitude, "longitude": longitude})
            placed.append(feature)
        return self.model_copy(update={"features": tuple(placed)})


def tile_at(latitude: Decimal | float, longitude: Decimal | float, z: int) -> tuple[int, int]:
    """x and y of the tile that shows a place at zoom `z` (Web Mercator, the numbering of OpenStreetMap)."""
    column, row = _position(float(latitude), float(longitude), z)
    last = 2**z - 1
    return min(max(math.floor(column), 0), last), min(max(math.floor(row), 0), last)


def _position(latitude: float, longitude: float, z: int) -> tuple[float, float]:
    angle = math.radians(min(max(latitude, -85.0511), 85.0511))
    side = 2**z
    return (longitude + 180) / 360 * side, (1 - math.asinh(math.tan(angle)) / math.pi) / 2 * side


def _distance(latitude: Decimal, longitude: Decimal, x: int, y: int, z: int) -> float:
    column, row = _position(float(latitude), float(longitude), z)
    return math.hypot(column - x - 0.5, row - y - 0.5)
