"""Distances and map tiles (the common web map's x/y/z grid)."""

import math

EARTH_RADIUS_M = 6_371_008.8
MOST_NORTHERN = 85.05112878


def distance_m(lat1: float, lng1: float, lat2: float, lng2: float) -> float:
    """Metres over the ground between two points given in degrees."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half = (
        math.sin((phi2 - phi1) / 2) ** 2
        + math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lng2 - lng1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(half)))


def tile_of(lat: float, lng: float, zoom: int) -> tuple[int, int]:
    """The tile (x, y) at `zoom` in which a point lies."""
    n = 1 << zoom
    phi = math.radians(max(-MOST_NORTHERN, min(MOST_NORTHERN, lat)))
    x = int((lng + 180) / 360 * n)
    y = int((1 - math.asinh(math.tan(phi)) / math.pi) / 2 * n)
    return min(max(x, 0), n - 1), min(max(y, 0), n - 1)


def moved(lat: float, lng: float, metres: float, bearing: float) -> tuple[float, float]:
    """The point `metres` away in the direction `bearing` (radians, clockwise from north); good for some tens of km."""
    north, east = metres * math.cos(bearing), metres * math.sin(bearing)
    return (
        lat + math.degrees(north / EARTH_RADIUS_M),
        lng + math.degrees(east / (EARTH_RADIUS_M * math.cos(math.radians(lat)))),
    )
