"""The whole map with its indexes."""

import random
from functools import lru_cache

from golive.simulator.atlas.background import PER_PLACE, background_stations
from golive.simulator.atlas.geo import distance_m
from golive.simulator.atlas.stations import Evse, Operator, Station
from golive.simulator.atlas.virtual import OPERATORS, PLACES, virtual_station


class Atlas:
    """Stations by id, connectors by their normalised EVSE ID. Never changes after it is made."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"atlas {seed}")  # noqa: S311 - reproducible on purpose, protects nothing
        ids = [str(rng.randint(100_000, 999_999)) for _ in range(len(PLACES) * (PER_PLACE + 1))]
        while len(set(ids)) < len(ids):
            ids = [str(rng.randint(100_000, 999_999)) for _ in ids]
        virtual = [virtual_station(place, ids.pop()) for place in PLACES]
        self.stations: tuple[Station, ...] = (*virtual, *background_stations(rng, ids))
        self.by_id: dict[str, Station] = {station.id: station for station in self.stations}
        self.by_evse: dict[str, tuple[Station, Evse]] = {
            evse.key: (station, evse) for station in self.stations for evse in station.evses
        }
        self.partners: tuple[Operator, ...] = tuple(operator for operator in OPERATORS if operator.is_partner)

    def around(self, latitude: float, longitude: float, metres: float) -> list[Station]:
        """Stations within `metres`, nearest first."""
        measured = ((distance_m(latitude, longitude, *station.position), station) for station in self.stations)
        near = sorted(((d, s.id, s) for d, s in measured if d <= metres), key=lambda found: found[:2])
        return [station for _, _, station in near]


@lru_cache(maxsize=16)
def atlas_of(seed: int) -> Atlas:
    """The map of that seed; shared, since it never changes."""
    return Atlas(seed)
