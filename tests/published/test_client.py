"""What the client sends, beside the published contract; what it reads is compared in tests/connect/test_contract.py."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest

from golive.connect import ConnectClient
from golive.connect.errors import StartUnknown, Unreadable
from golive.connect.models import BillingDetails
from tests.connect.bench import Bench
from tests.published.contract import SCHEMAS, operations, resolved

FILLED = BillingDetails.model_validate(
    {name: "business" if name == "account_type" else "x" for name in SCHEMAS["ConnectAPIBillingDetails"]["properties"]}
)
FILTERS: dict[str, Any] = {"connector_types": ["CHADEMO"], "operators": ["A"]} | dict.fromkeys(
    ("only_available", "only_partners"), True
)
CALLS: dict[str, Callable[[ConnectClient], Any]] = {
    "users_create": lambda c: c.create_user(email="a@example.com", locale="de", external_id="e"),
    "users_list": lambda c: next(c.list_users(search="e", page_size=5), None),
    "users_partial_update": lambda c: c.update_user("u", email="a@example.com", locale="de", external_id="e"),
    "users_billing_details_update": lambda c: c.put_billing("u", FILLED),
    "users_setup_intents_retrieve": lambda c: c.get_setup_intent("u", "card"),
    "users_payment_methods_list": lambda c: next(c.list_payment_methods("u", page_size=5), None),
    "stations_around_list": lambda c: next(c.stations_around("1", "2", distance=3, page_size=5, **FILTERS), None),
    "stations_details_retrieve": lambda c: c.get_station(evse_id="E"),
    "stations_tile_retrieve": lambda c: c.get_tile(1, 2, 3, max_price="1", power_groups=["slow"], **FILTERS),
    "users_charging_start_create": lambda c: c.start_charging("u", evse_id="E", payment_method_id="pm_1"),
    "users_charging_sessions_list": lambda c: next(c.list_sessions("u", page_size=5), None),
    "users_charging_sessions_partial_update": lambda c: c.rate_session("u", "s", 5),
    "users_charging_debts_list": lambda c: next(c.list_debts("u"), None),
    "users_invoices_list": lambda c: next(c.list_invoices("u"), None),
}
NOT_OFFERED = {"users_charging_debts_list": {"page_size"}, "users_invoices_list": {"page_size"}}
"""Of what the contract lets a client say. `page` stands in the links of a list, which the client follows."""

PUBLISHED = {operation["operationId"]: operation for _, _, operation in operations()}


def sent(name: str) -> httpx.Request:
    """The first request of the client's call for an operation."""
    bench = Bench(httpx.Response(200, json={}))
    with suppress(Unreadable, StartUnknown):  # the answer is empty; what was asked is what counts
        CALLS[name](bench.client)
    return bench.sent[0]


def fields(schema: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """Every field of a body that a client may write, `a.b` within an object."""
    for name, field in resolved(schema).get("properties", {}).items():
        if not field.get("readOnly"):
            inner = list(fields(field, f"{prefix}{name}."))
            yield from inner or [f"{prefix}{name}"]


def written(value: Any, prefix: str = "") -> Iterator[str]:
    for name, item in value.items():
        yield from written(item, f"{prefix}{name}.") if isinstance(item, dict) else [f"{prefix}{name}"]


def test_every_operation_that_takes_something_is_called() -> None:
    takes = {
        name
        for name, operation in PUBLISHED.items()
        if "requestBody" in operation or any(p["in"] == "query" for p in operation.get("parameters", ()))
    }
    assert set(CALLS) == takes


@pytest.mark.parametrize("name", CALLS)
def test_the_query_is_the_documented_one(name: str) -> None:
    declared = {p["name"] for p in PUBLISHED[name].get("parameters", ()) if p["in"] == "query"}
    assert set(sent(name).url.params) == declared - {"page"} - NOT_OFFERED.get(name, set())


@pytest.mark.parametrize("name", [name for name in CALLS if "requestBody" in PUBLISHED[name]])
def test_the_body_is_the_documented_one(name: str) -> None:
    schema = PUBLISHED[name]["requestBody"]["content"]["application/json"]["schema"]
    documented = set(fields(schema))
    body = json.loads(sent(name).content)
    assert set(written(body)) == documented
