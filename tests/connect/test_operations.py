"""Every published operation has its client method, which sends that operation and nothing else."""

import inspect
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from golive.connect import OPERATIONS, STRIPE_OPERATIONS, BillingDetails, ConnectClient, SetupIntent, operation_for
from golive.connect.errors import ServerUnavailable
from tests.connect.bench import API, KEY, Bench, ok, page, session, user

PUBLISHED = {
    "stations_around_list",
    "stations_details_retrieve",
    "stations_partners_list",
    "stations_tile_retrieve",
    "users_list",
    "users_create",
    "users_retrieve",
    "users_partial_update",
    "users_destroy",
    "users_billing_details_retrieve",
    "users_billing_details_update",
    "users_charging_sessions_list",
    "users_charging_sessions_retrieve",
    "users_charging_sessions_partial_update",
    "users_charging_debts_list",
    "users_charging_start_create",
    "users_charging_stop_create",
    "users_invoices_list",
    "users_payment_methods_list",
    "users_payment_methods_destroy",
    "users_payment_methods_default_create",
    "users_setup_intents_retrieve",
}

EMPTY = httpx.Response(204)
STATION: dict[str, Any] = {
    "id": "7",
    "name": "A",
    "address": "B",
    "coordinates": {"latitude": "52.5", "longitude": "13.3"},
    "opening_times": {"twentyfourseven": True, "regular_hours": []},
    "operator": {"name": "C"},
    "evses": [],
    "last_updated": "",
    "price_groups": [],
}
BILLING = {"line1": "Street 1", "postal_code": "10115"}

# operation -> what the driver of the test does, what is answered, what must have been sent
CALLS: dict[str, tuple[Callable[[ConnectClient], Any], httpx.Response, str, Any]] = {
    "users_create": (
        lambda c: c.create_user(email="a@b.de", locale="de", external_id="e"),
        ok(user(), 201),
        "POST /users/",
        {"email": "a@b.de", "locale": "de", "custom_properties": {"external_id": "e"}},
    ),
    "users_list": (
        lambda c: c.list_users(search="e", page_size=5),
        page([user()]),
        "GET /users/?search=e&page_size=5",
        None,
    ),
    "users_retrieve": (lambda c: c.get_user("u1"), ok(user()), "GET /users/u1/", None),
    "users_partial_update": (
        lambda c: c.update_user("u1", email=None, external_id="e"),
        ok(user()),
        "PATCH /users/u1/",
        {"email": None, "custom_properties": {"external_id": "e"}},
    ),
    "users_destroy": (lambda c: c.delete_user("u1"), EMPTY, "DELETE /users/u1/", None),
    "users_billing_details_retrieve": (
        lambda c: c.get_billing("u1"),
        ok(BILLING),
        "GET /users/u1/billing-details/",
        None,
    ),
    "users_billing_details_update": (
        lambda c: c.put_billing("u1", BillingDetails(line1="Street 1", postal_code="10115", vat_id="V")),
        ok(BILLING),
        "PUT /users/u1/billing-details/",
        {**BILLING, "vat_id": "V"},
    ),
    "users_setup_intents_retrieve": (
        lambda c: c.get_setup_intent("u1"),
        ok({"setup_intent_client_secret": "seti_1_secret_abcdefgh"}),
        "GET /users/u1/setup-intents/?pm_type=card",
        None,
    ),
    "users_payment_methods_list": (
        lambda c: c.list_payment_methods("u1", page_size=2),
        page([]),
        "GET /users/u1/payment-methods/?page_size=2",
        None,
    ),
    "users_payment_methods_default_create": (
        lambda c: c.set_default_payment_method("u1", "pm_1"),
        EMPTY,
        "POST /users/u1/payment-methods/pm_1/default/",
        None,
    ),
    "users_payment_methods_destroy": (
        lambda c: c.delete_payment_method("u1", "pm_1"),
        EMPTY,
        "DELETE /users/u1/payment-methods/pm_1/",
        None,
    ),
    "stations_around_list": (
        lambda c: c.stations_around(52.5, "13.3", distance=50, operators=["A", "B"], only_available=True, page_size=1),
        page([STATION]),
        "GET /stations/around/?latitude=52.5&longitude=13.3&distance=50&operators=A&operators=B"
        "&only_available=true&page_size=1",
        None,
    ),
    "stations_details_retrieve": (
        lambda c: c.get_station(evse_id="DE*CIQ*E1*1"),
        ok(STATION),
        "GET /stations/details/?id=DE%2ACIQ%2AE1%2A1&type=evse_id",
        None,
    ),
    "stations_partners_list": (lambda c: c.list_partners(), ok([]), "GET /stations/partners/", None),
    "stations_tile_retrieve": (
        lambda c: c.get_tile(1, 2, 3, power_groups=["fast"]),
        ok({"type": "FeatureCollection", "features": []}),
        "GET /stations/tile/?x=1&y=2&z=3&power_groups=fast",
        None,
    ),
    "users_charging_start_create": (
        lambda c: c.start_charging("u1", evse_id="DE*CIQ*E1*1", payment_method_id="pm_1"),
        ok(session(), 201),
        "POST /users/u1/charging/start/",
        {"evse_id": "DE*CIQ*E1*1", "payment_method_id": "pm_1"},
    ),
    "users_charging_stop_create": (
        lambda c: c.stop_charging("u1", "s1"),
        EMPTY,
        "POST /users/u1/charging/stop/s1/",
        None,
    ),
    "users_charging_sessions_list": (
        lambda c: c.list_sessions("u1", page_size=3),
        page([session()]),
        "GET /users/u1/charging-sessions/?page_size=3",
        None,
    ),
    "users_charging_sessions_retrieve": (
        lambda c: c.get_session("u1", "s1"),
        ok(session()),
        "GET /users/u1/charging-sessions/s1/",
        None,
    ),
    "users_charging_sessions_partial_update": (
        lambda c: c.rate_session("u1", "s1", 5),
        ok(session(rates=5)),
        "PATCH /users/u1/charging-sessions/s1/",
        {"rates": 5},
    ),
    "users_charging_debts_list": (lambda c: c.list_debts("u1"), page([]), "GET /users/u1/charging/debts/", None),
    "users_invoices_list": (lambda c: c.list_invoices("u1"), page([]), "GET /users/u1/invoices/", None),
}


def test_the_table_holds_the_published_operations() -> None:
    assert set(OPERATIONS) == PUBLISHED == set(CALLS)


def test_every_operation_names_a_method_and_every_method_is_an_operation() -> None:
    public = {
        name for name, member in inspect.getmembers(ConnectClient, inspect.isfunction) if not name.startswith("_")
    }
    assert {o.method_name for o in OPERATIONS.values()} == public - {"send", "close", "acting_as"}


@pytest.mark.parametrize("name", sorted(CALLS))
def test_a_method_sends_its_operation_and_reads_the_answer_without_a_remark(name: str) -> None:
    call, answer, line, body = CALLS[name]
    bench = Bench(answer)
    result = call(bench.client)
    if isinstance(result, Iterator):
        list(result)
    (request,) = bench.sent
    url = str(request.url)
    assert f"{request.method} {url.removeprefix(API)}" == line
    assert bench.operations == [name]
    assert request.headers["authorization"] == f"Bearer {KEY}"
    sent = bench.recorder.exchanges[0].request.body
    assert (None if sent is None else json.loads(sent)) == body
    assert bench.codes == []
    assert getattr(ConnectClient, OPERATIONS[name].method_name)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_every_path_ends_with_a_slash_and_is_found_again(name: str) -> None:
    operation = OPERATIONS[name]
    ids = dict.fromkeys(re.findall(r"\{(\w+)\}", operation.path), "a b/c?d")
    path = operation.url_path(**ids)
    assert path.endswith("/")
    assert " " not in path
    assert operation_for(operation.method, path) is operation


def test_only_gets_are_safe() -> None:
    assert {o.method for o in OPERATIONS.values() if o.safe} == {"GET"}
    assert {o.method for o in OPERATIONS.values() if o.idempotent} == {"GET", "PUT", "DELETE"}


@pytest.mark.parametrize(
    ("id_", "path"), [("..", "/users/%2E%2E/"), ("a/../b", "/users/a%2F..%2Fb/"), ("?", "/users/%3F/")]
)
def test_an_id_is_one_segment_whatever_it_holds(id_: str, path: str) -> None:
    bench = Bench(ok(user()))
    bench.client.get_user(id_)
    assert bench.sent[0].url.raw_path.decode() == f"/api/v1{path}"


def test_an_empty_id_is_refused_before_anything_is_sent() -> None:
    bench = Bench()
    with pytest.raises(ValueError, match="user_id is empty"):
        bench.client.get_user("")
    assert bench.sent == []


def test_headers_are_plain() -> None:
    bench = Bench(ok(user(), 201))
    bench.client.create_user()
    assert set(bench.sent[0].headers) == {
        "host",
        "accept",
        "accept-encoding",
        "connection",
        "user-agent",
        "content-type",
        "content-length",
        "authorization",
    }
    assert bench.sent[0].headers["user-agent"] == "golive-tests (driver)"


@pytest.mark.parametrize(
    "base", ["http://127.0.0.1:8400/", "http://127.0.0.1:8400/api/v1", "http://127.0.0.1:8400/api/v1/"]
)
def test_the_base_url_may_have_the_prefix(base: str) -> None:
    bench = Bench(ok(user()), base=base)
    bench.client.get_user("1")
    assert str(bench.sent[0].url) == f"{API}/users/1/"


def test_another_actor_shares_the_connections() -> None:
    bench = Bench(ok(user()))
    other = bench.client.acting_as("driver B")
    other.get_user("1")
    bench.client.get_user("1")
    assert [x.actor for x in bench.recorder.exchanges] == ["driver B", "driver"]
    assert (other.actor, bench.client.actor) == ("driver B", "driver")


def test_a_station_is_asked_for_in_one_way() -> None:
    bench = Bench()
    with pytest.raises(ValueError, match="evse_id or by station_id"):
        bench.client.get_station()
    with pytest.raises(ValueError, match="evse_id or by station_id"):
        bench.client.get_station(evse_id="a", station_id="b")
    assert bench.sent == []


def test_a_cookie_of_one_driver_is_not_sent_for_another() -> None:
    bench = Bench(httpx.Response(200, json=user(), headers={"Set-Cookie": "session=1; Path=/"}))
    bench.client.get_user("1")
    bench.client.acting_as("B").get_user("2")
    assert "cookie" not in bench.sent[1].headers


def test_stripe_operations_are_recorded_by_name() -> None:
    bench = Bench(ok({"object": "setup_intent", "status": "succeeded", "payment_method": "pm_1"}))
    intent = SetupIntent(client_secret=SecretStr("seti_1_secret_abcdefgh"))
    bench.stripe.confirm_setup_intent(intent, payment_method="pm_card_visa")
    bench.stripe.get_setup_intent(intent.id, intent.client_secret)
    assert bench.operations == list(STRIPE_OPERATIONS)


# -- raw requests ---------------------------------------------------------------------------------------------


def test_send_raises_on_no_status_of_the_api_and_asks_again_what_stands_in_front_of_it() -> None:
    bench = Bench(httpx.Response(503), httpx.Response(502), httpx.Response(418, json={"detail": "no"}))
    answer = bench.client.send("GET", "/users/", params=iter([("page", "x"), ("operators", ["A", "B"])]))
    assert (answer.status, bench.operations) == (418, ["users_list"] * 3)
    assert answer.exchange == "x0003"
    assert answer.envelope is not None
    assert answer.envelope.detail == "no"
    assert {request.url.query for request in bench.sent} == {b"page=x&operators=A&operators=B"}


def test_send_sends_once_what_is_no_get() -> None:
    bench = Bench(httpx.Response(503, json={"detail": "later"}))
    with pytest.raises(ServerUnavailable, match="users_create: answered 503"):
        bench.client.send("POST", "/users/", json={})
    assert len(bench.sent) == 1


def test_send_sends_once_what_the_api_itself_answers() -> None:
    bench = Bench(httpx.Response(500, json={"detail": "a fault"}))
    assert bench.client.send("GET", "/users/").status == 500
    assert len(bench.sent) == 1


@pytest.mark.parametrize(
    ("authorization", "sent"), [(None, None), ("Bearer", "Bearer"), ("Bearer other-token", "Bearer other-token")]
)
def test_send_takes_another_authorization(authorization: str | None, sent: str | None) -> None:
    bench = Bench(httpx.Response(401, json={"detail": "no"}))
    answer = bench.client.send("GET", "/users/", authorization=authorization)
    assert bench.sent[0].headers.get("authorization") == sent
    assert answer.exchange == "x0001"


def test_send_uses_the_key_by_default() -> None:
    bench = Bench(ok({}))
    bench.client.send("POST", "/users/", json={"email": 1})
    bench.client.send("POST", "/users/", content=b"{broken", headers={"Content-Type": "application/json"})
    assert [r.headers["authorization"] for r in bench.sent] == [f"Bearer {KEY}"] * 2
    assert [x.request.body for x in bench.recorder.exchanges] == ['{"email":1}', "{broken"]


def test_send_to_a_path_that_is_no_operation_has_no_name() -> None:
    bench = Bench()
    bench.client.send("GET", "/nowhere/")
    bench.client.send("PUT", "/users/")
    assert bench.operations == [None, None]


def test_an_answer_reads_its_json_without_floats_and_hides_the_key() -> None:
    bench = Bench(ok({"echo": KEY, "amount": 1.10}))
    answer = bench.client.send("GET", "/users/")
    assert str(answer.json()["amount"]) == "1.1"
    assert answer.json()["echo"] == "$CONNECT_API_KEY"
    assert KEY not in repr(answer)


@pytest.mark.parametrize("value", ["\ud800", "a\x00b", "\r\nX: 1", "é€😀", " ", "%", "a" * 5000], ids=ascii)
def test_any_text_can_be_sent(value: str) -> None:
    bench = Bench(ok({}))
    bench.client.send("POST", f"/users/{value}/", json={"email": value}, params={"search": value})
    bench.client.send("PATCH", OPERATIONS["users_partial_update"].url_path(user_id=value), json=[1.5, None])
    assert len(bench.sent) == 2
    assert json.loads(bench.sent[0].content) == {"email": value}
    assert bench.operations == ["users_create" if "/" in value else None, "users_partial_update"]
