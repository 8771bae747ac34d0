"""What the values tell beyond their fields: EVSE ids, prices by time, the CDR, sums."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.connect import (
    BillingDetails,
    Component,
    PriceGroup,
    PriceItem,
    Session,
    Station,
    bare_evse,
    same_evse,
    tile_at,
)
from tests.connect.bench import session

MONDAY_NINE = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001 - wall-clock time at a station
FINAL: dict[str, Any] = {
    "is_active": False,
    "end_time": "2026-03-02T09:20:00Z",
    "duration": 1200,
    "consumed_energy": "10.000",
    "session_cost": {"kwh_cost": "5.39", "invoice_vat": "0.86", "invoice_summary": "5.39", "currency": "EUR"},
}


def item(price: str = "0.54", **bounds: str) -> dict[str, Any]:
    return {"user_facing_price": price, "gross_price": "0.45", "tax": 19, **bounds}


def group(**components: Any) -> PriceGroup:
    return PriceGroup.model_validate({"prices": components, "currency": "EUR", "evse_ids": ["DE*1"]})


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("DE*CIQ*E1*2", "DECIQE12", True),
        ("DE*CIQ*E1*2", "de-ciq-e1-2", True),
        ("DE*CIQ*E1*2", "DE*CIQ*E1*3", False),
        ("DE*1", None, False),
        (None, None, False),
        ("", "*", False),
    ],
)
def test_evse_ids_compare_without_separators(a: str | None, b: str | None, same: bool) -> None:
    assert same_evse(a, b) is same
    assert same_evse(b, a) is same


@given(st.text("DE*AT-1 29abz", min_size=1))
def test_a_bare_evse_id_is_itself(evse_id: str) -> None:
    assert bare_evse(bare_evse(evse_id)) == bare_evse(evse_id)


def test_a_station_finds_its_evse_and_its_prices() -> None:
    station = Station.model_validate(
        {"evses": [{"evse_id": "DE*1"}, {"evse_id": "DE*2"}], "price_groups": [{"evse_ids": ["DE2"], "type": "AC"}]}
    )
    found = station.find_evse("de2")
    assert found is not None
    assert found.evse_id == "DE*2"
    assert station.find_evse("DE*3") is None
    prices = station.price_group_of("DE*2")
    assert prices is not None
    assert prices.type == "AC"
    assert station.price_group_of("DE*1") is None


def test_the_price_of_the_weekday_comes_before_that_of_all() -> None:
    prices = group(kwh_price={"monday": [item("0.40")], "ALL": [item("0.60")]})
    monday = prices.price_at(Component.KWH_PRICE, MONDAY_NINE)
    tuesday = prices.price_at(Component.KWH_PRICE, MONDAY_NINE.replace(day=3))
    assert monday is not None
    assert tuesday is not None
    assert (monday.user_facing_price, tuesday.user_facing_price) == (Decimal("0.40"), Decimal("0.60"))
    assert (monday.gross_price, monday.tax) == (Decimal("0.45"), Decimal(19))
    assert prices.price_at(Component.TIME_PRICE, MONDAY_NINE) is None
    assert PriceGroup().price_at(Component.KWH_PRICE, MONDAY_NINE) is None


@pytest.mark.parametrize(
    ("bounds", "hour", "minute", "holds"),
    [
        ({}, 0, 0, True),
        ({"time_from": "08:00", "time_to": "20:00"}, 8, 0, True),
        ({"time_from": "08:00", "time_to": "20:00"}, 20, 0, False),
        ({"time_from": "08:00", "time_to": "20:00"}, 7, 59, False),
        ({"time_from": "08:00", "time_to": "24:00"}, 23, 59, True),
        ({"time_from": "00:00", "time_to": "00:00"}, 12, 0, True),
        ({"time_from": "00:00", "time_to": "23:59"}, 23, 59, True),
        ({"time_from": "22:00", "time_to": "06:00"}, 23, 0, True),
        ({"time_from": "22:00", "time_to": "06:00"}, 5, 59, True),
        ({"time_from": "22:00", "time_to": "06:00"}, 12, 0, False),
        ({"time_from": "08:00:00"}, 7, 0, False),
        ({"time_from": "late", "time_to": "25:00"}, 7, 0, True),
        ({"date_from": "2026-03-02", "date_to": "2026-03-02"}, 7, 0, True),
        ({"date_from": "2026-03-03"}, 7, 0, False),
        ({"date_to": "2026-03-01"}, 7, 0, False),
        ({"date_to": "never"}, 7, 0, True),
    ],
)
def test_a_price_holds_within_its_bounds(bounds: dict[str, str], hour: int, minute: int, holds: bool) -> None:
    price = PriceItem.model_validate(item(**bounds))
    assert price.holds_at(MONDAY_NINE.replace(hour=hour, minute=minute)) is holds


def test_an_aware_local_time_is_taken_by_its_wall_clock() -> None:
    price = PriceItem.model_validate(item(time_from="09:00", time_to="10:00"))
    assert price.holds_at(MONDAY_NINE.replace(tzinfo=ZoneInfo("Europe/Berlin")))


@given(st.text(max_size=6), st.text(max_size=6), st.datetimes())
def test_whatever_the_bounds_hold_the_answer_is_an_answer(begin: str, end: str, local: datetime) -> None:
    assert PriceItem(time_from=begin, time_to=end, date_from=end, date_to=begin).holds_at(local) in (True, False)


def test_a_session_is_final_with_all_of_its_cdr() -> None:
    final = Session.model_validate(session(**FINAL))
    assert final.is_final
    assert (final.total, final.currency, final.costs) == (Decimal("5.39"), "EUR", {"kwh_cost": Decimal("5.39")})


@pytest.mark.parametrize(
    "changes",
    [
        {"is_active": True},
        {"end_time": None},
        {"duration": None},
        {"consumed_energy": None},
        {"session_cost": None},
        {"session_cost": session()["session_cost"]},
    ],
    ids=["active", "no-end", "no-duration", "no-energy", "no-cost", "nothing-charged-yet"],
)
def test_a_session_is_not_final_before(changes: dict[str, Any]) -> None:
    assert not Session.model_validate(session(**{**FINAL, **changes})).is_final


def test_free_charging_is_final_without_a_cost_part() -> None:
    prices = {"kwh_price": "0.00", "time_price": None}
    cost = {"invoice_summary": "0.00", "currency": "EUR"}
    free = session(**{**FINAL, "user_facing_session_prices": prices, "session_cost": cost})
    assert Session.model_validate(free).is_final


ZEROS = {"kwh_cost": "0.00", "time_cost": "0.00", "invoice_summary": "0.00", "currency": "EUR"}


def test_zeros_are_no_cost_while_something_is_due() -> None:
    assert Session.model_validate(session(**{**FINAL, "session_cost": ZEROS})).lacks == ("session_cost",)


@pytest.mark.parametrize(
    "changes",
    [
        {"consumed_energy": "0.000"},
        {"user_facing_session_prices": {"kwh_price": None, "time_price": "0.05"}, "duration": 5},
        {"user_facing_session_prices": {"kwh_price": "0.00"}},
        {"user_facing_session_prices": None},
    ],
    ids=["no-energy", "a-few-seconds", "free", "no-prices"],
)
def test_zeros_are_the_cost_where_nothing_is_due(changes: dict[str, Any]) -> None:
    assert Session.model_validate(session(**{**FINAL, "session_cost": ZEROS, **changes})).is_final


def test_without_a_summary_the_total_is_the_sum_of_the_parts() -> None:
    cost = {"kwh_cost": "5.39", "session_fee_cost": "0.50", "invoice_summary": None}
    read = Session.model_validate(session(session_cost=cost))
    assert read.total == Decimal("5.89")
    assert read.currency == "EUR"
    assert Session.model_validate(session(session_cost={})).total is None


def test_billing_data_are_sent_as_far_as_they_are_set() -> None:
    details = BillingDetails(line1="a", postal_code="b", vat_id="V", city=None)
    assert details.to_wire() == {"line1": "a", "postal_code": "b", "vat_id": "V"}
    assert details.but(vat_id=None, city="c").to_wire() == {"line1": "a", "postal_code": "b", "city": "c"}


@pytest.mark.parametrize(("latitude", "longitude", "z", "tile"), [(52.52, 13.41, 10, (550, 335)), (90, 180, 2, (3, 0))])
def test_a_place_is_on_its_tile(latitude: float, longitude: float, z: int, tile: tuple[int, int]) -> None:
    assert tile_at(latitude, longitude, z) == tile
