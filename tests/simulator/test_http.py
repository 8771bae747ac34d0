"""What every operation shares: the key, methods, slashes, unreadable bodies, pages."""

import json

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golive.simulator.dev import Parts
from golive.simulator.services.base import Json
from golive.simulator.services.users import Users
from golive.simulator.state.entities import User
from golive.simulator.web.routes import API
from tests.simulator.bench import Bench, problem, refusal


@pytest.mark.parametrize("path", sorted(API))
def test_every_operation_asks_for_the_key(dev: Bench, path: str) -> None:
    url = path.format(user_id="u", session_id="s", pm="pm")
    for method in API[path]:
        assert refusal(dev.raw(method, url)) == 401
        assert refusal(dev.send(method, url, key="another-key")) == 403


@pytest.mark.parametrize("header", ["", "Bearer", "Token abc", "Bearer a b", "Basic YTpi", "bearer "])
def test_a_malformed_authorization_is_401(dev: Bench, header: str) -> None:
    assert refusal(dev.raw("GET", "/api/v1/users/", headers={"Authorization": header})) == 401


@pytest.mark.parametrize("path", sorted(API))
def test_another_method_is_405_and_names_the_right_ones(dev: Bench, path: str) -> None:
    answer = dev.send("TRACE", path.format(user_id="u", session_id="s", pm="pm"))
    assert refusal(answer) == 405
    assert answer.headers["allow"].split(", ") == list(API[path])


def test_a_missing_slash_redirects_a_get_and_loses_no_query(dev: Bench) -> None:
    answer = dev.send("GET", "/api/v1/users?search=x%20y")
    assert (answer.status_code, answer.headers["location"]) == (301, "/api/v1/users/?search=x%20y")
    assert refusal(dev.send("POST", "/api/v1/users", json={})) == 404


@pytest.mark.parametrize("path", ["/", "/api/v1/", "/api/v2/users/", "/api/v1/users/a/b/c/", "/api/v1/users//"])
def test_an_unknown_address_is_404_in_json(dev: Bench, path: str) -> None:
    assert refusal(dev.send("GET", path)) == 404


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b'{"email": NaN}',
        b'{"email": Infinity}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"email":' * 50_000,
        b'{"email": ' + b"9" * 5_000 + b"}",
        b'{"custom_properties": {"external_id": "\\ud800"}}',
        b'{"email": "' + b"a" * 1_100_000 + b'"}',
    ],
    ids=lambda raw: repr(raw[:20]),
)
def test_an_unreadable_body_is_a_validation_error(dev: Bench, raw: bytes) -> None:
    answer = dev.send("POST", "/api/v1/users/", content=raw, headers={"Content-Type": "application/json"})
    assert problem(answer) == (400, "validation_error")


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/xml",
        "multipart/form-data",
        "multipart/form-data; boundary=\"'",
        "multipart/form-data; boundary=x",
    ],
)
def test_an_unknown_or_broken_content_type_is_a_validation_error(dev: Bench, kind: str) -> None:
    answer = dev.send("POST", "/api/v1/users/", content=b'{"email": 1}', headers={"Content-Type": kind})
    assert problem(answer) == (400, "validation_error")


@pytest.mark.parametrize("page", ["0", "-1", "2", "x", "", "1.5", "9" * 5000, "１", "null"])
def test_a_page_that_is_none_is_404(dev: Bench, page: str) -> None:
    answer = dev.send("GET", "/api/v1/users/", params={"page": page})
    assert answer.json() == {"detail": "Invalid page."}
    assert answer.status_code == 404


@pytest.mark.parametrize(("size", "shown"), [("2", 2), ("1000", 100), ("0", 20), ("-3", 20), ("x", 20), ("", 20)])
def test_a_page_size_is_capped_and_nonsense_is_ignored(dev: Bench, size: str, shown: int) -> None:
    for _ in range(120):
        dev.world.add_user(email=None, locale="en", external_id=None)
    page = dev.get("/users/", page_size=size)
    assert (page["count"], len(page["results"])) == (120, shown)


@settings(max_examples=40)
@given(total=st.integers(0, 60), size=st.integers(1, 25))
def test_following_next_shows_everything_once_and_previous_leads_back(total: int, size: int) -> None:
    dev = Bench()
    for _ in range(total):
        dev.world.add_user(email=None, locale="en", external_id=None)
    page, seen, pages = dev.get("/users/", page_size=size, search=" "), [], 1
    while page["next"]:
        seen += page["results"]
        last, page = page, dev.send("GET", page["next"]).json()
        assert dev.send("GET", page["previous"]).json() == last
        pages += 1
    seen += page["results"]
    assert len({user["id"] for user in seen}) == len(seen) == page["count"] == total
    assert pages == max(1, -(-total // size))


def test_links_between_pages_are_absolute_and_keep_the_query(dev: Bench) -> None:
    for _ in range(3):
        dev.user(custom_properties={"external_id": "a b&c"})
    page = dev.get("/users/", search="a b&c", page_size=1)
    following = httpx.URL(page["next"])
    assert (following.host, following.path) == ("simulator", "/api/v1/users/")
    assert dict(following.params) == {"search": "a b&c", "page_size": "1", "page": "2"}
    assert "page=" not in dev.send("GET", page["next"]).json()["previous"].replace("page_size=", "")


def test_a_crash_of_the_simulator_is_a_500_with_a_support_code() -> None:
    class Crashing:
        def everyone(self) -> None:
            raise ZeroDivisionError

    dev = Bench(Parts().mixed(users=Crashing), raise_crashes=False)
    answer = dev.send("GET", "/api/v1/users/")
    assert problem(answer) == (500, "unexpected_error")
    assert "ZeroDivisionError" not in answer.text


def test_a_part_can_be_mixed_with_another_behaviour_and_others_stay() -> None:
    class Shouting(Users):
        def render(self, user: User) -> Json:
            return super().render(user) | {"shout": "HEY"}

    class Twice(Users):
        def render(self, user: User) -> Json:
            return super().render(user) | {"twice": True}

    dev = Bench(Parts().mixed(users=Shouting).mixed(users=Twice))
    assert {"shout", "twice", "email"} <= set(dev.get(f"/users/{dev.user()}/"))
    with pytest.raises(TypeError, match="userz"):
        Parts().mixed(userz=Shouting)


def test_an_answer_never_echoes_the_key(dev: Bench) -> None:
    key = dev.options.key
    for answer in (
        dev.send("GET", f"/api/v1/users/{key}/"),
        dev.send("GET", "/api/v1/stations/details/", params={"id": key, "type": key}),
        dev.send("POST", "/api/v1/users/", json={"email": key, "locale": key}),
    ):
        assert key not in answer.text


@settings(max_examples=40)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    )
)
def test_no_json_value_makes_the_simulator_crash(value: object) -> None:
    dev = Bench()
    user = dev.user()
    for method, path, body in (
        ("POST", "/api/v1/users/", {"email": value, "custom_properties": value}),
        ("PATCH", f"/api/v1/users/{user}/", {"locale": value, "custom_properties": {"external_id": value}}),
        ("PUT", f"/api/v1/users/{user}/billing-details/", {"line1": value, "postal_code": value, "city": value}),
        ("POST", f"/api/v1/users/{user}/charging/start/", {"evse_id": value, "payment_method_id": value}),
        ("POST", f"/api/v1/users/{user}/charging/start/", value),
    ):
        answer = dev.send(method, path, content=json.dumps(body), headers={"Content-Type": "application/json"})
        assert answer.status_code < 500
        answer.json()
