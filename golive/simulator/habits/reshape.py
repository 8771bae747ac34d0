"""Changing the fields of an answer by their names, wherever in it they are."""

from collections.abc import Callable

from golive.simulator.services.base import Json

Change = Callable[[str, object], object]
"""Takes a field's name and value and returns the value to show."""

MONEY = frozenset(
    {
        *("kwh_cost", "time_cost", "session_fee_cost", "blocking_fee_cost", "starting_fee_cost"),
        *("invoice_vat", "invoice_summary", "invoice_credits", "invoice_discount"),
        *("gross_price", "user_facing_price", "blocking_cap", "pre_authorization_amount"),
        *("total", "amount", "price"),
    }
)
"""The fields that hold an amount of money or a price, as text."""

SESSION_PRICES = frozenset({"kwh_price", "time_price", "session_fee", "blocking_fee", "starting_fee"})
"""Amounts in a session; in a station the fields of these names hold lists of prices."""

WEEKDAYS = frozenset({"MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY", "ALL"})


def reshaped(content: object, change: Change) -> object:
    """`content` with every field's value changed, the innermost first."""
    if isinstance(content, dict):
        return {name: change(name, reshaped(value, change)) for name, value in content.items()}
    if isinstance(content, list):
        return [reshaped(item, change) for item in content]
    return content


def widened(content: object, extra: Json) -> object:
    """`content` with further fields in every object; an object of weekdays is a table, and stays one."""
    if isinstance(content, dict):
        inner = {name: widened(value, extra) for name, value in content.items()}
        return inner if inner.keys() & WEEKDAYS else inner | extra
    if isinstance(content, list):
        return [widened(item, extra) for item in content]
    return content


def without_nulls(content: Json, *names: str) -> Json:
    """`content` without those of the named fields that are null."""
    return {name: value for name, value in content.items() if not (name in names and value is None)}
