"""Prices and bills, over the whole space of tariffs and quantities."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from golive.simulator.habits.stations import PricesByTimeOfDay
from golive.simulator.money.bill import bill_for
from golive.simulator.money.rounding import CENT, cents, energy_text, money_text, net_of, price_text, with_vat
from golive.simulator.money.tariffs import Tariff, tariff

vats = st.sampled_from(["19", "20", "22"])
prices = st.decimals("0.01", "2.00", places=2).map(str)
energies = st.decimals("0", "150", places=3)
durations = st.integers(0, 48 * 3600)


@st.composite
def tariffs(draw: st.DrawFn) -> Tariff:
    maybe = st.none() | prices
    return tariff(
        draw(vats),
        kwh=draw(maybe),
        minute=draw(maybe),
        session_fee=draw(maybe),
        starting_fee=draw(maybe),
        blocking_minute=draw(maybe),
        grace_minutes=draw(st.none() | st.integers(0, 600)),
        blocking_cap=draw(st.none() | st.decimals("0.10", "30", places=2).map(str)),
    )


@given(tariffs(), energies, durations)
def test_a_bill_is_the_sum_of_its_parts_and_contains_their_vat(chosen: Tariff, kwh: Decimal, seconds: int) -> None:
    bill = bill_for(chosen, kwh, seconds)
    assert bill.summary == sum((part.gross for part in bill.parts), Decimal(0))
    assert bill.summary - bill.vat == sum((part.net for part in bill.parts), Decimal(0))
    for part in bill.parts:
        assert part.gross == cents(part.gross) >= part.net >= 0
        assert abs(part.vat - part.net * chosen.vat / 100) <= CENT


@given(vats, prices, energies)
def test_the_kwh_cost_is_the_advertised_price_to_two_cents(vat: str, price: str, kwh: Decimal) -> None:
    bill = bill_for(tariff(vat, kwh=price), kwh, 0)
    assert abs(bill.summary - Decimal(price) * kwh) <= 2 * CENT


@given(vats, prices)
def test_the_user_facing_price_is_the_one_asked_for(vat: str, price: str) -> None:
    chosen = tariff(vat, kwh=price, minute=price)
    assert chosen.kwh is not None
    assert chosen.time is not None
    assert chosen.kwh.user_facing == chosen.time.user_facing == Decimal(price)
    assert with_vat(net_of(Decimal(price), Decimal(vat)), Decimal(vat)) == Decimal(price)


@given(tariffs(), energies, energies, durations, durations)
def test_more_energy_or_time_never_costs_less(chosen: Tariff, a: Decimal, b: Decimal, s: int, t: int) -> None:
    less, more = bill_for(chosen, min(a, b), min(s, t)), bill_for(chosen, max(a, b), max(s, t))
    assert less.summary <= more.summary


@given(vats, prices, st.integers(0, 600), st.decimals("0.10", "30", places=2), durations)
def test_blocking_begins_after_the_grace_and_ends_at_the_cap(
    vat: str, price: str, grace: int, cap: Decimal, seconds: int
) -> None:
    chosen = tariff(vat, blocking_minute=price, grace_minutes=grace, blocking_cap=str(cap))
    fee = bill_for(chosen, Decimal(0), seconds).summary
    assert fee <= cap
    assert fee == 0 or seconds > grace * 60


def test_the_worked_example_of_the_guide() -> None:
    bill = bill_for(tariff("19", kwh_net="0.453"), Decimal("10.000"), 3600)
    assert (money_text(bill.summary), money_text(bill.vat)) == ("5.39", "0.86")


@given(st.decimals("0", "99999", places=4))
def test_money_and_energy_are_plain_decimal_text(value: Decimal) -> None:
    for text, places in ((money_text(value), 2), (energy_text(value), 3)):
        assert len(text.partition(".")[2]) == places
        assert text.replace(".", "").isdigit()
    assert Decimal(price_text(value)) == value


@given(prices, vats, energies)
def test_a_price_at_night_is_billed_as_it_is_shown(price: str, vat: str, kwh: Decimal) -> None:
    """Whatever the hour at which the suites are run, a habit within the contract is accused of nothing."""
    by_day = tariff(vat, kwh=price)
    assert by_day.kwh is not None
    night = PricesByTimeOfDay.at_night(by_day.kwh)
    assert night.user_facing == cents(by_day.kwh.user_facing * Decimal("0.8"))
    billed = bill_for(replace(by_day, kwh=night), kwh, 0).kwh
    assert billed is not None
    expected = kwh * night.user_facing
    assert abs(billed.gross - expected) <= 2 * CENT + max(expected * Decimal("0.002"), kwh * Decimal("0.00125"))
