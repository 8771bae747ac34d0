"""Stations: around a place, one in detail, the partners, a map tile."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from golive.connect.caller import Caller, query
from golive.connect.forms import observe
from golive.connect.models import Partner, Station, Tile


class StationCalls(Caller):
    """All raise ApiError by its type, Unreadable and Unreachable (golive.connect.errors)."""

    def stations_around(
        self,
        latitude: Decimal | float | str,
        longitude: Decimal | float | str,
        *,
        distance: int | None = None,
        connector_types: Sequence[str] = (),
        operators: Sequence[str] = (),
        only_available: bool | None = None,
        only_partners: bool | None = None,
        page_size: int | None = None,
    ) -> Iterator[Station]:
        """Stations within `distance` metres (100 when None) of a place in degrees."""
        params = query(
            latitude=latitude,
            longitude=longitude,
            distance=distance,
            connector_types=tuple(connector_types),
            operators=tuple(operators),
            only_available=only_available,
            only_partners=only_partners,
            page_size=page_size,
        )
        return self._items("stations_around_list", Station, {}, params)

    def get_station(self, *, evse_id: str | None = None, station_id: str | None = None) -> Station:
        """One station, by one of its EVSE ids or by its own id; raises ValueError unless exactly one is given."""
        if (evse_id is None) == (station_id is None):
            raise ValueError("a station is asked for by evse_id or by station_id")
        kind, id_ = ("evse_id", evse_id) if evse_id is not None else ("station_id", station_id)
        name = "stations_details_retrieve"
        return self._one(name, Station, self._call(name, params=query(id=id_, type=kind)))

    def list_partners(self) -> list[Partner]:
        """The partner operators; TemporaryLocked while the list is being made."""
        name = "stations_partners_list"
        reply = self._call(name)
        value = self._json(name, reply)
        if isinstance(value, dict) and isinstance(value.get("results"), list):
            observe(self._wire.recorder, "PAGE_FORM", f"{name}, a page in place of a list", exchanges=(reply.exchange,))
            value = value["results"]
        if not isinstance(value, list):
            raise self._unreadable(name, reply, "it is no list")
        return [self._model(name, Partner, item, reply) for item in value]

    def get_tile(self, x: int, y: int, z: int, **filters: Any) -> Tile:
        """The stations and clusters on a tile (Web Mercator numbering); `filters` as in the published contract."""
        name = "stations_tile_retrieve"
        reply = self._call(name, params=query(x=x, y=y, z=z, **filters))

        def note(code: str, where: str) -> None:
            observe(self._wire.recorder, code, where, exchanges=(reply.exchange,))

        return self._one(name, Tile, reply).placed(x, y, z, note)
