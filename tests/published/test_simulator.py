"""The simulated DEV beside the published contract, operation by operation and field by field, in both directions."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from golive.contract import Contract
from golive.contract.document import Node
from golive.contract.schemas import Schemas
from golive.simulator.atlas.geo import tile_of
from golive.simulator.atlas.stations import CONNECTOR_TYPES, EvseStatus
from golive.simulator.faults import ErrorType
from golive.simulator.web import forms
from golive.simulator.web.routes import API
from tests.published.contract import CONTRACT, SCHEMAS, disagreements, operations, reached, resolved, success
from tests.simulator.bench import FULL_BILLING, MILAN, TYPE_1, TYPE_2, Bench

BERLIN = {"latitude": "52.53012", "longitude": "13.34287"}
ALL = [pytest.param(path, method, operation, id=operation["operationId"]) for path, method, operation in operations()]


class Lived:
    """A simulated DEV in which everything has happened once, and its answers by operation."""

    def __init__(self) -> None:
        self.dev = Bench()
        self.answers: dict[str, list[tuple[int, Any]]] = {}
        self._live()

    def ask(self, name: str, method: str, path: str, **request: Any) -> Any:
        response = self.dev.send(method, f"/api/v1{path}", **request)
        body = response.json() if response.content else None
        self.answers.setdefault(name, []).append((response.status_code, body))
        return body

    def _live(self) -> None:
        dev, ask = self.dev, self.ask
        user = ask("users_create", "POST", "/users/", json={"email": "a@example.com", "locale": "de"})["id"]
        at = f"/users/{user}"
        ask("users_list", "GET", "/users/")
        ask("users_retrieve", "GET", f"{at}/")
        ask("users_partial_update", "PATCH", f"{at}/", json={"custom_properties": {"external_id": "e"}})
        ask("users_billing_details_update", "PUT", f"{at}/billing-details/", json=FULL_BILLING)
        ask("users_billing_details_retrieve", "GET", f"{at}/billing-details/")
        secret = ask("users_setup_intents_retrieve", "GET", f"{at}/setup-intents/")["setup_intent_client_secret"]
        method = dev.confirm_setup(secret).json()["payment_method"]
        spare = dev.card(user)
        ask("users_payment_methods_list", "GET", f"{at}/payment-methods/")
        ask("users_payment_methods_default_create", "POST", f"{at}/payment-methods/{method}/default/")
        ask("users_payment_methods_destroy", "DELETE", f"{at}/payment-methods/{spare}/")
        self._charge(at, method)
        self._look_around()
        self._refuse(at)
        gone = dev.user()
        ask("users_destroy", "DELETE", f"/users/{gone}/")

    def _charge(self, at: str, method: str) -> None:
        dev, ask = self.dev, self.ask
        for evse in (*TYPE_1, *TYPE_2):
            body = {"evse_id": evse, "payment_method_id": method}
            session = ask("users_charging_start_create", "POST", f"{at}/charging/start/", json=body)["id"]
            dev.clock.advance(5)
            ask("users_charging_sessions_retrieve", "GET", f"{at}/charging-sessions/{session}/")
            ask("users_charging_stop_create", "POST", f"{at}/charging/stop/{session}/")
            dev.settle()
            ask("users_charging_sessions_retrieve", "GET", f"{at}/charging-sessions/{session}/")
        ask("users_charging_sessions_partial_update", "PATCH", f"{at}/charging-sessions/{session}/", json={"rates": 4})
        ask("users_charging_sessions_list", "GET", f"{at}/charging-sessions/")
        ask("users_invoices_list", "GET", f"{at}/invoices/")
        owing = dev.start(at.removeprefix("/users/"), method, TYPE_2[0])
        intent = dev.world.decline_final_charge(owing)
        dev.settle()
        ask("users_charging_debts_list", "GET", f"{at}/charging/debts/")
        assert dev.confirm_payment(intent.client_secret, payment_method="pm_card_visa").status_code == 200

    def _look_around(self) -> None:
        for evse in (*TYPE_1, *TYPE_2):
            self.ask("stations_details_retrieve", "GET", "/stations/details/", params={"type": "evse_id", "id": evse})
        self.ask("stations_around_list", "GET", "/stations/around/", params={**BERLIN, "distance": "30000"})
        self.ask("stations_partners_list", "GET", "/stations/partners/")
        for zoom in (0, 16):
            x, y = tile_of(float(BERLIN["latitude"]), float(BERLIN["longitude"]), zoom)
            place = {"x": [str(x), str(x + 1)], "y": [str(y), str(y + 1)], "z": str(zoom)}
            self.ask("stations_tile_retrieve", "GET", "/stations/tile/", params=place)

    def _refuse(self, at: str) -> None:
        self.ask("users_retrieve", "GET", "/users/nobody/")
        self.ask("users_create", "POST", "/users/", json={"locale": "xx"})
        start = {"evse_id": MILAN, "payment_method_id": self.dev.card(at[7:], "pm_card_authenticationRequired")}
        self.ask("users_charging_start_create", "POST", f"{at}/charging/start/", json=start)


@cache
def lived() -> Lived:
    return Lived()


def answers() -> Iterator[tuple[dict[str, Any], int, Any]]:
    for _, _, operation in operations():
        for status, body in lived().answers.get(operation["operationId"], ()):
            yield operation, status, body


def schema_of(operation: dict[str, Any], status: int) -> dict[str, Any]:
    content = operation["responses"][str(status)].get("content")
    return {} if content is None else content["application/json"]["schema"]


# -- operations ----------------------------------------------------------------------------------------------


def test_the_routes_are_the_published_operations_and_no_other() -> None:
    published = {(path, method) for path, method, _ in operations()}
    assert {(path, method) for path, handlers in API.items() for method in handlers} == published


@pytest.mark.parametrize(("path", "method", "operation"), ALL)
def test_each_operation_succeeds_as_documented(path: str, method: str, operation: dict[str, Any]) -> None:
    status, schema = success(operation)
    given = [body for answered, body in lived().answers[operation["operationId"]] if answered == status]
    assert given, f"{method} {path} never succeeded"
    assert all((body is None) == (schema is None) for body in given)


def test_each_documented_parameter_of_a_query_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: set[str] = set()
    from golive.simulator.web.fields import QueryReader

    def watched(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: QueryReader, name: str, *args: Any, **kwargs: Any) -> Any:
            read.add(name)
            return original(self, name, *args, **kwargs)

        return call

    for name in ("get", "many"):  # all others go through these
        monkeypatch.setattr(QueryReader, name, watched(getattr(QueryReader, name)))
    dev = Bench()
    user = dev.user()
    for path, method, operation in operations():
        declared = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "query"}
        if declared:
            read.clear()
            params = {"id": TYPE_1[0], "type": "evse_id", "x": "1", "y": "1", "z": "1", **BERLIN}
            assert dev.send(method, path.replace("{user_id}", user), params=params).status_code == 200
            assert declared <= read, f"{path} does not read {declared - read}"


# -- fields --------------------------------------------------------------------------------------------------


def test_every_answer_has_the_documented_fields_and_no_other() -> None:
    told = {
        f"{operation['operationId']} {status}: {said}"
        for operation, status, body in answers()
        for said in disagreements(body, schema_of(operation, status))
    }
    assert told == set()


def test_every_answer_has_the_documented_types_and_values() -> None:
    contract = Contract(json.loads(json.dumps(CONTRACT, default=str)))
    schemas, told = Schemas(contract), set()
    for operation, status, body in answers():
        found = next(o for o in contract.operations if o.name == operation["operationId"])
        place: Node | None = found.node
        for key in ("responses", str(status), "content", "application/json", "schema"):
            place = place.get(key) if place else None
        if place is not None:
            told |= {f"{found.name}: {said}" for said in schemas.problems(body, place, answer=True)}
    assert told == set()


def test_every_documented_field_of_an_answer_is_shown_by_some_answer() -> None:
    shown = {
        field
        for operation, status, body in answers()
        for field in reached(body, schema_of(operation, status), operation["operationId"])
    }
    named = {field.partition(".")[0] for field in shown}
    wanted = {f"{name}.{field}" for name in named & SCHEMAS.keys() for field in SCHEMAS[name]["properties"]}
    assert wanted - shown == set()
    bodies = {"ConnectAPIStartChargingRequest", "PatchedConnectAPIUser", "PatchedConnectAPIChargingSession"}
    objects = {name for name, schema in SCHEMAS.items() if schema.get("type") == "object"}
    assert objects - named == bodies


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("ConnectAPIEvseStatusEnum", [str(status) for status in EvseStatus]),
        ("ErrorTypeEnum", [str(error) for error in ErrorType]),
        ("LocaleEnum", list(forms.LOCALES)),
        ("AccountTypeEnum", list(forms.ACCOUNT_TYPES)),
        ("SpeedEnum", list(forms.POWER_GROUPS)),
        ("RatesEnum", list(range(forms.LOWEST_RATE, forms.HIGHEST_RATE + 1))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_closed_sets_agree(name: str, ours: list[Any]) -> None:
    assert sorted(SCHEMAS[name]["enum"]) == sorted(ours)


@pytest.mark.parametrize(
    ("name", "ours"),
    [("connector_types", CONNECTOR_TYPES), ("power_groups", forms.POWER_GROUPS), ("pm_type", forms.PM_TYPES)],
    ids=["connector_types", "power_groups", "pm_type"],
)
def test_closed_sets_of_parameters_agree(name: str, ours: tuple[str, ...]) -> None:
    declared = [p["schema"] for _, _, o in operations() for p in o.get("parameters", ()) if p["name"] == name]
    assert declared
    assert {tuple(sorted(s.get("items", s)["enum"])) for s in declared} == {tuple(sorted(ours))}


@pytest.mark.parametrize("name", ["users_create", "users_billing_details_update", "users_charging_start_create"])
def test_what_a_body_must_hold_is_what_the_contract_requires(name: str) -> None:
    path, method, operation = next(o for o in operations() if o[2]["operationId"] == name)
    schema = resolved(operation["requestBody"]["content"]["application/json"]["schema"])
    needed = {n for n in schema.get("required", ()) if not schema["properties"][n].get("readOnly")}
    dev = Bench()
    response = dev.send(method, path.replace("{user_id}", dev.user()), json={})
    refused = response.json()["error"]["details"] if response.status_code == 400 else ""
    assert {n for n in schema["properties"] if f"{n}: This field is required." in refused} == needed


def test_the_comparison_of_fields_can_fail() -> None:
    schema = {"type": "object", "required": ["a"], "properties": {"a": {}, "b": {"items": {"$ref": "#/x/Detail"}}}}
    told = set(disagreements({"b": [{"detail": "x", "more": 1}], "c": 1}, schema))
    assert told == {"it.a is missing", "it.c is unknown", "it.b[].more is unknown"}
