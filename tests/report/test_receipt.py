"""The arithmetic of a receipt, done again in the open."""

from collections.abc import Mapping
from typing import Any

from golive.evidence.model import Receipt
from golive.report.views.receipt import receipt


def found(costs: Mapping[str, str | None], prices: Mapping[str, str | None], **changes: Any) -> Receipt:
    values: dict[str, Any] = {
        "session_id": "1",
        "evse_id": "DEQRMEF7GRC21",
        "start_time": None,
        "end_time": None,
        "duration_s": 600,
        "energy_kwh": "10.000",
        "currency": "eur",
        "exchange": "x0001",
    }
    return Receipt(**values | changes, costs=dict(costs), prices=dict(prices))


def test_the_guides_worked_example_agrees_within_rounding() -> None:
    view = receipt(found({"kwh_cost": "5.39", "invoice_vat": "0.86", "invoice_summary": "5.39"}, {"kwh_price": "0.54"}))
    assert [(s.name, s.said) for s in view.sums] == [
        ("sum of the parts", "agrees"),
        ("price × energy", "agrees within rounding (-0.01)"),
    ]
    assert view.vat == "0.86 contained, 19.0 % of the net 4.53"


def test_time_is_priced_per_minute() -> None:
    view = receipt(found({"time_cost": "1.00", "invoice_summary": "1.00"}, {"time_price": "0.10"}))
    assert view.sums[1].said == "agrees"
    assert view.lines[0].basis == "600 s × 0.10 per minute"


def test_discount_and_credits_are_subtracted() -> None:
    costs = {"kwh_cost": "5.40", "invoice_discount": "1.00", "invoice_credits": "0.40", "invoice_summary": "4.00"}
    assert receipt(found(costs, {})).sums[0].said == "agrees"


def test_ten_percent_too_much_is_said() -> None:
    view = receipt(found({"kwh_cost": "5.94", "invoice_summary": "5.94"}, {"kwh_price": "0.54"}))
    assert view.sums[1].agrees is False
    assert view.sums[1].said == "differs by +0.54"


def test_what_is_missing_is_said_and_judges_nothing() -> None:
    view = receipt(found({}, {}, energy_kwh=None, currency=None, duration_s=None))
    assert [s.said for s in view.sums] == ["cannot be told"]
    assert view.energy == "no energy given"
    assert view.currency == "NO CURRENCY GIVEN"
    assert view.vat == "not given"


def test_an_amount_that_is_none_is_not_computed_with() -> None:
    view = receipt(found({"kwh_cost": "1e999999", "invoice_summary": "NaN"}, {"kwh_price": "lots"}))
    assert all(s.agrees is None for s in view.sums)
