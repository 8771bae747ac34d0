"""Stations, partners, tiles."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.simulator.atlas.atlas import Atlas
from golive.simulator.atlas.geo import distance_m, moved, tile_of
from golive.simulator.atlas.localtime import local
from tests.simulator.bench import TYPE_1, TYPE_2, Bench, problem, refusal

VCPS = TYPE_1 + TYPE_2


def _place(station: Any) -> dict[str, str]:
    return dict(station["coordinates"])


def _statuses(station: Any) -> dict[str, str]:
    return {evse["evse_id"]: evse["status"] for evse in station["evses"]}


@pytest.mark.parametrize("evse", VCPS)
def test_each_vcp_is_found_by_evse_id_by_station_id_and_around_its_place(dev: Bench, evse: str) -> None:
    station = dev.get("/stations/details/", id=evse, type="evse_id")
    assert evse in _statuses(station)
    assert dev.get("/stations/details/", id=station["id"], type="station_id") == station
    around = dev.get("/stations/around/", **_place(station))
    assert around["results"][0] == station


@pytest.mark.parametrize("evse", VCPS)
@pytest.mark.parametrize(
    "spelling",
    [lambda e: e.replace("*", ""), lambda e: e.replace("*", "-"), str.lower],
    ids=["bare", "dashes", "lower"],
)
def test_an_evse_is_found_in_every_spelling(dev: Bench, evse: str, spelling: Any) -> None:
    assert evse in _statuses(dev.get("/stations/details/", id=spelling(evse), type="evse_id"))


@pytest.mark.parametrize("evse", VCPS)
def test_each_vcp_has_prices_a_currency_and_a_pre_authorization(dev: Bench, evse: str) -> None:
    station = dev.get("/stations/details/", id=evse, type="evse_id")
    assert station["operator"]["name"]
    group = next(group for group in station["price_groups"] if evse in group["evse_ids"])
    assert (group["currency"], float(group["pre_authorization_amount"]) > 0) == ("EUR", True)
    week = group["prices"]["kwh_price"]
    assert set(week) == {"MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"}
    assert all(float(item["user_facing_price"]) > 0 for items in week.values() for item in items)
    everywhere = [evse_id for group in station["price_groups"] for evse_id in group["evse_ids"]]
    assert sorted(everywhere) == sorted(_statuses(station))


def test_the_radius_holds_and_the_nearest_come_first(dev: Bench) -> None:
    home = _place(dev.get("/stations/details/", id=VCPS[0], type="evse_id"))
    centre = (float(home["latitude"]), float(home["longitude"]))
    counts = []
    for metres in (0, 100, 1_000, 20_000, 2_000_000):
        page = dev.get("/stations/around/", **home, distance=metres, page_size=100)
        places = [_place(station) for station in page["results"]]
        away = [distance_m(*centre, float(p["latitude"]), float(p["longitude"])) for p in places]
        assert away == sorted(away)
        assert all(distance <= metres for distance in away)
        counts.append(page["count"])
    assert counts == sorted(counts)
    assert (counts[0], counts[1], counts[-1]) == (1, 3, 56)
    assert dev.get("/stations/around/", **home)["count"] == 3


def test_filters_leave_only_what_matches(dev: Bench) -> None:
    everywhere = {"latitude": "49", "longitude": "11", "distance": "2000000", "page_size": "100"}

    def found(**filters: Any) -> list[Any]:
        return list(dev.get("/stations/around/", **everywhere, **filters)["results"])

    everything = found()
    partners = {partner["name"] for partner in dev.get("/stations/partners/")}
    assert {station["operator"]["name"] for station in found(only_partners="true")} == partners
    assert {station["operator"]["name"] for station in found(operators="Elbe Strom,Baden eMobil")} == {
        "Elbe Strom",
        "Baden eMobil",
    }
    assert all(station["status"] == "free" for station in found(only_available="true"))
    chademo = found(connector_types="CHADEMO")
    assert all("CHADEMO" in {group["type"] for group in station["price_groups"]} for station in chademo)
    assert all(station["speed"] == "turbo" for station in found(power_groups="turbo"))
    for filters in (
        {"only_available": "true"},
        {"connector_types": "CHADEMO"},
        {"power_groups": "slow"},
        {"max_price": "0.40"},
    ):
        assert 0 < len(found(**filters)) < len(everything)
    assert found(max_price="0.01") == []


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"latitude": "1"},
        {"latitude": "x", "longitude": "1"},
        {"latitude": "nan", "longitude": "1"},
        {"latitude": "91", "longitude": "1"},
        {"latitude": "1", "longitude": "1e999"},
        {"latitude": "1", "longitude": "1", "distance": "-1"},
        {"latitude": "1", "longitude": "1", "distance": "1.5"},
        {"latitude": "1", "longitude": "1", "only_available": "maybe"},
        {"latitude": "1", "longitude": "1", "connector_types": "SCHUKO"},
    ],
    ids=repr,
)
def test_a_search_that_makes_no_sense_is_refused(dev: Bench, query: dict[str, str]) -> None:
    assert problem(dev.send("GET", "/api/v1/stations/around/", params=query)) == (400, "validation_error")


def test_details_want_an_id_and_its_kind(dev: Bench) -> None:
    def ask(**query: str) -> Any:
        return dev.send("GET", "/api/v1/stations/details/", params=query)

    for query in ({}, {"id": "x"}, {"type": "evse_id"}, {"id": "", "type": "evse_id"}, {"id": "x", "type": "name"}):
        assert problem(ask(**query)) == (400, "validation_error")
    for query in ({"id": "DE*XX*E1", "type": "evse_id"}, {"id": "0", "type": "station_id"}):
        assert refusal(ask(**query)) == 404


def test_partners_have_logos_that_can_be_fetched_without_a_key(dev: Bench) -> None:
    partners = dev.get("/stations/partners/")
    assert len(partners) == 5
    for partner in partners:
        logo = dev.raw("GET", partner["logo_url"])
        assert (logo.status_code, logo.headers["content-type"]) == (200, "image/svg+xml")
    dev.world.lock_partners(5)
    assert problem(dev.send("GET", "/api/v1/stations/partners/")) == (423, "temporary_locked")
    dev.clock.advance(5)
    assert dev.get("/stations/partners/") == partners


def test_station_data_says_whether_a_shared_vcp_is_busy(dev: Bench) -> None:
    def status(evse: str) -> str:
        return _statuses(dev.get("/stations/details/", id=evse, type="evse_id"))[evse]

    assert status(TYPE_1[0]) == "AVAILABLE"
    dev.world.hold(TYPE_1[0], 10)
    assert status(TYPE_1[0]) == "CHARGING"
    dev.clock.advance(10)
    assert status(TYPE_1[0]) == "AVAILABLE"
    dev.world.put_out_of_order(TYPE_1[0])
    assert status(TYPE_1[0]) == "OUTOFORDER"


def test_contradicting_station_data_says_the_opposite_and_decides_nothing() -> None:
    dev = Bench(contradict=True, held={TYPE_1[1]: math.inf})
    for evse, said in ((TYPE_1[0], "CHARGING"), (TYPE_1[1], "AVAILABLE"), (TYPE_2[0], "CHARGING")):
        assert _statuses(dev.get("/stations/details/", id=evse, type="evse_id"))[evse] == said
    user, method = dev.driver()
    dev.start(user, method, TYPE_1[0])


@pytest.mark.parametrize("zoom", range(0, 25, 3))
def test_a_tile_counts_every_station_in_it_once(dev: Bench, zoom: int) -> None:
    atlas = dev.world.atlas
    tiles = {tile_of(*station.position, zoom) for station in atlas.stations}
    total = 0
    for x, y in tiles:
        answer = dev.get("/stations/tile/", x=x, y=y, z=zoom)
        assert answer["type"] == "FeatureCollection"
        for feature in answer["features"]:
            total += feature["properties"]["count"]
            assert ("station_id" in feature) == (feature["properties"]["count"] == 1)
            assert ("cluster_id" in feature) == (feature["properties"]["count"] > 1)
    assert total == len(atlas.stations)


def test_tile_columns_and_rows_are_crossed(dev: Bench) -> None:
    corners = [tile_of(*station.position, 9) for station in dev.world.atlas.stations]
    xs, ys = sorted({x for x, _ in corners}), sorted({y for _, y in corners})
    answer = dev.send(
        "GET", "/api/v1/stations/tile/", params=[*(("x", x) for x in xs), *(("y", y) for y in ys), ("z", 9)]
    ).json()
    assert sum(feature["properties"]["count"] for feature in answer["features"]) == len(corners)


def test_a_cluster_falls_apart_at_its_expansion_zoom(dev: Bench) -> None:
    cluster = dev.get("/stations/tile/", x=0, y=0, z=0)["features"][0]
    zoom = cluster["properties"]["expansion_zoom"]
    tiles = {tile_of(*station.position, zoom) for station in dev.world.atlas.stations}
    features = [f for x, y in tiles for f in dev.get("/stations/tile/", x=x, y=y, z=zoom)["features"]]
    assert len(features) > 1


@pytest.mark.parametrize(
    "query",
    [
        {"x": "1", "y": "1"},
        {"x": "a", "y": "1", "z": "1"},
        {"x": "1", "y": "1", "z": "25"},
        {"x": "1", "y": "1", "z": "-1"},
        {"y": "1", "z": "1"},
    ],
    ids=repr,
)
def test_a_tile_that_is_none_is_refused(dev: Bench, query: dict[str, str]) -> None:
    assert problem(dev.send("GET", "/api/v1/stations/tile/", params=query)) == (400, "validation_error")


def test_the_map_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    assert Atlas(1).stations == Atlas(1).stations != Atlas(2).stations
    assert {station.country for station in Atlas(0).stations} == {"DE", "AT", "IT"}


@given(st.floats(-80, 80), st.floats(-180, 180), st.floats(1, 20_000), st.floats(0, 2 * math.pi))
def test_a_point_moved_by_so_many_metres_is_so_far_away(lat: float, lng: float, metres: float, bearing: float) -> None:
    assert distance_m(lat, lng, *moved(lat, lng, metres, bearing)) == pytest.approx(metres, rel=0.02)


@given(st.floats(-90, 90), st.floats(-180, 180), st.integers(0, 23))
def test_a_tile_lies_within_its_parent(lat: float, lng: float, zoom: int) -> None:
    x, y = tile_of(lat, lng, zoom + 1)
    assert tile_of(lat, lng, zoom) == (x // 2, y // 2)


def test_local_time_follows_summer_time(dev: Bench) -> None:
    assert local(dev.clock.now()).isoformat() == "2026-03-02T11:00:00+01:00"
    dev.clock.advance(90 * 24 * 3600)
    assert local(dev.clock.now()).isoformat() == "2026-05-31T12:00:00+02:00"
