"""The stations around the virtual charging points: invented, from the seed, the same for the same seed."""

import math
import random

from golive.simulator.atlas.geo import moved
from golive.simulator.atlas.stations import Evse, EvseStatus, OpeningHours, Operator, Station
from golive.simulator.atlas.virtual import OPERATORS, PLACES, VAT, Place
from golive.simulator.money.tariffs import Tariff, tariff

PER_PLACE = 6
"""Stations around each virtual charging point."""

_DISTANCES_M = (60, 90, 350, 900, 4_000, 18_000)
"""Two lie within the default radius of 100 m, so that even a default search has something to sort."""

_STREETS = {
    "DE": ("Ahornallee", "Bahnhofstraße", "Kirchgasse", "Am Markt", "Industrieweg", "Seestraße"),
    "AT": ("Hauptplatz", "Mühlweg", "Lindengasse", "Am Anger", "Bergstraße", "Feldgasse"),
    "IT": ("Via Roma", "Via dei Pini", "Corso Verde", "Piazza Nuova", "Via del Lago", "Viale Europa"),
}
_CONNECTORS = (
    ("IEC_62196_T2", 11),
    ("IEC_62196_T2", 22),
    ("IEC_62196_T2_COMBO", 50),
    ("IEC_62196_T2_COMBO", 150),
    ("IEC_62196_T2_COMBO", 300),
    ("CHADEMO", 50),
    ("DOMESTIC_F", 3),
)
_STATUSES = (
    *(EvseStatus.AVAILABLE,) * 9,
    *(EvseStatus.CHARGING,) * 4,
    EvseStatus.OUTOFORDER,
    EvseStatus.INOPERATIVE,
    EvseStatus.BLOCKED,
    EvseStatus.RESERVED,
    EvseStatus.UNKNOWN,
)
_AMENITIES = ("HOTEL", "RESTAURANT", "CAFE", "MALL", "SUPERMARKET", "SPORT", "BUS_STOP", "AIRPORT", "WIFI")
_WEEK = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY")


def _tariffs(country: str) -> tuple[Tariff, ...]:
    vat = VAT[country]
    return (
        tariff(vat, kwh="0.45"),
        tariff(vat, kwh="0.52", weekend_kwh="0.44"),
        tariff(vat, kwh="0.69", session_fee="1.00"),
        tariff(vat, minute="0.12"),
        tariff(vat, kwh="0.59", blocking_minute="0.10", grace_minutes=180, blocking_cap="9.60"),
        tariff(vat, kwh="0.79", starting_fee="0.59", is_fallback=True),
    )


def _station(rng: random.Random, place: Place, number: int, station_id: str) -> Station:
    operator: Operator = rng.choice(OPERATORS)
    lat, lng = moved(float(place.latitude), float(place.longitude), _DISTANCES_M[number], rng.uniform(0, 2 * math.pi))
    street = _STREETS[place.country][number]
    city = place.address.rpartition(", ")[2]
    prices = _tariffs(place.country)
    serial = PLACES.index(place) * PER_PLACE + number
    evses = tuple(
        Evse(
            f"{place.country}*SIM*E{10000 + serial}*{i + 1}",
            *rng.choice(_CONNECTORS),
            rng.choice(prices),
            rng.choice(_STATUSES),
        )
        for i in range(rng.randint(1, 4))
    )
    by_day = rng.random() < 1 / 4
    return Station(
        id=station_id,
        name=f"{operator.name} {street}",
        operator=operator,
        address=f"{street} {rng.randint(1, 120)}, {city}",
        country=place.country,
        latitude=f"{lat:.6f}",
        longitude=f"{lng:.6f}",
        evses=evses,
        hours=tuple(OpeningHours(day, "06:00", "22:00") for day in _WEEK) if by_day else (),
        amenities=tuple(sorted(rng.sample(_AMENITIES, rng.randint(0, 3)))),
    )


def background_stations(rng: random.Random, station_ids: list[str]) -> list[Station]:
    """`PER_PLACE` stations around each virtual charging point, with ids taken from `station_ids`."""
    wanted = [(place, number) for place in PLACES for number in range(PER_PLACE)]
    return [
        _station(rng, place, number, station_id)
        for (place, number), station_id in zip(wanted, station_ids, strict=True)
    ]
