"""Stations and their EVSEs, as answers tell them."""

from collections.abc import Iterable
from typing import Any

from golive.traffic.calls import text_in


def places_in(stations: Iterable[Any]) -> tuple[set[str], set[str]]:
    """The ids of the stations, and of their EVSEs; what is no station is passed over."""
    ids: set[str] = set()
    evses: set[str] = set()
    for station in stations:
        if not isinstance(station, dict):
            continue
        if (id_ := text_in(station, "id")) is not None:
            ids.add(id_)
        listed = station.get("evses")
        for one in listed if isinstance(listed, list) else ():
            if (evse := text_in(one, "evse_id")) is not None:
                evses.add(evse)
    return ids, evses
