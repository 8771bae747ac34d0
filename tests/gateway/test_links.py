"""Links that lead back to the API lead through the gateway; the record keeps what DEV wrote."""

import gzip
import json
import socket
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.connect.operations import OPERATIONS
from golive.gateway import Provocations
from golive.gateway.links import PAGES, Links
from tests.connect.loopback import Script, say
from tests.gateway.bench import answer, bench, body_of, lines_of, request

DEV = "https://dev.connect.cariqa.com"
HERE = "http://127.0.0.1:8500"
JSON = "Content-Type: application/json"
CODINGS: list[tuple[str, Any, Any]] = [
    ("gzip", gzip.compress, gzip.decompress),
    ("deflate", zlib.compress, zlib.decompress),
]


def page(next_: str | None) -> bytes:
    return json.dumps({"count": 3, "next": next_, "previous": None, "results": [{"id": "1"}]}).encode()


def linking(make: Callable[[str], bytes]) -> Script:
    """A server that knows its own address, as DEV does, from the Host that it is asked by."""

    def script(connection: socket.socket, head: bytes) -> None:
        (host,) = [line.partition(": ")[2] for line in lines_of(head) if line.startswith("host: ")]
        connection.sendall(make(f"http://{host}"))

    return script


def test_the_next_link_of_a_page_leads_through_the_address_that_the_client_uses() -> None:
    with bench(linking(lambda url: answer(page(f"{url}/api/v1/users/?page=2"), JSON))) as at:
        got = at.say(request())
        assert json.loads(body_of(got))["next"] == "http://partner.example:8500/api/v1/users/?page=2"
        assert f"content-length: {len(body_of(got))}" in [line.lower() for line in lines_of(got)]
        assert at.only.response is not None
        assert json.loads(at.only.response.body or "")["next"] == f"{at.server.url}/api/v1/users/?page=2"


@pytest.mark.parametrize(("coding", "pack", "undo"), CODINGS)
def test_a_compressed_page_is_compressed_again(
    coding: str, pack: Callable[[bytes], bytes], undo: Callable[[bytes], bytes]
) -> None:
    def make(url: str) -> bytes:
        return answer(pack(page(f"{url}/api/v1/users/?page=2")), JSON, f"Content-Encoding: {coding}")

    with bench(linking(make)) as at:
        got = at.say(request())
        assert json.loads(undo(body_of(got)))["next"] == "http://partner.example:8500/api/v1/users/?page=2"


def test_a_page_without_links_passes_to_the_byte() -> None:
    packed = gzip.compress(page(None), 1)
    with bench(say(answer(packed, JSON, "Content-Encoding: gzip"))) as at:
        assert body_of(at.say(request())) == packed


@pytest.mark.parametrize("body", [b"not gzip at all", gzip.compress(b" " * 11_000_000)], ids=["broken", "bomb"])
def test_a_page_that_cannot_be_read_passes_as_it_is(body: bytes) -> None:
    with bench(say(answer(body, JSON, "Content-Encoding: gzip"))) as at:
        assert body_of(at.say(request())) == body


def test_a_page_that_never_ends_passes_as_it_is() -> None:
    def make(url: str) -> bytes:
        return answer(f'["{url}/api/v1/users/"'.encode() + b" " * 11_000_000 + b"]", JSON)

    with bench(linking(make)) as at:
        assert body_of(at.say(request())) == body_of(make(at.server.url))


def test_only_pages_are_looked_through() -> None:
    def make(url: str) -> bytes:
        return answer(json.dumps({"a": f"{url}/api/v1/users/"}).encode(), JSON)

    with bench(linking(make)) as at:
        assert body_of(at.say(request("GET", "/api/v1/users/1/"))) == body_of(make(at.server.url))


def test_the_pages_are_the_operations_that_the_client_reads_page_by_page() -> None:
    assert set(OPERATIONS) > PAGES
    lists = {name for name, operation in OPERATIONS.items() if operation.method == "GET" and name.endswith("_list")}
    assert lists - PAGES == {"stations_partners_list"}  # a plain list, by the published contract


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (f"{DEV}/api/v1/users/?page=2", f"{HERE}/api/v1/users/?page=2"),
        ("http://dev.connect.cariqa.com/api/v1/users/", f"{HERE}/api/v1/users/"),
        ("HTTPS://DEV.Connect.cariqa.com:443/api/v1/users/", f"{HERE}/api/v1/users/"),
        (f"{DEV}/media/invoice.pdf", None),
        (f"{DEV}/api/v10/users/", None),
        (f"{DEV}.evil.example/api/v1/users/", None),
        ("https://connect.cariqa.com/api/v1/users/", None),
        (f"see {DEV}/api/v1/users/", None),
    ],
)
def test_a_link_in_a_body(given: str, sent: str | None) -> None:
    body = json.dumps({"next": given, "n": 1}).encode()
    expected = json.dumps({"next": sent or given, "n": 1}).encode()
    assert Links(DEV).in_body(body, HERE) == expected


def test_a_link_with_escaped_slashes_keeps_them() -> None:
    body = rb'{"next":"https:\/\/dev.connect.cariqa.com\/api\/v1\/users\/"}'
    assert Links(DEV).in_body(body, HERE) == rb'{"next":"http:\/\/127.0.0.1:8500\/api\/v1\/users\/"}'


def test_a_link_below_a_prefix_loses_it() -> None:
    links = Links("https://[::1]:8443/behind/it")
    assert links.in_body(b'"https://[::1]:8443/behind/it/api/v1/users/"', HERE) == f'"{HERE}/api/v1/users/"'.encode()
    assert links.in_body(b'"https://[::1]:8443/api/v1/users/"', HERE) == b'"https://[::1]:8443/api/v1/users/"'
    assert links.in_location(b"/behind/it/api/v1/users/", HERE) == b"/api/v1/users/"


@given(st.binary(max_size=300))
def test_whatever_is_no_link_to_the_api_stays(body: bytes) -> None:
    assert Links(DEV).in_body(body, HERE) == body


@given(st.recursive(st.none() | st.text(max_size=20) | st.integers(), lambda inner: st.lists(inner, max_size=4)))
def test_a_page_says_the_same_but_for_its_links(value: object) -> None:
    body = json.dumps({"next": f"{DEV}/api/v1/users/", "results": value}).encode()
    assert json.loads(Links(DEV).in_body(body, HERE)) == {"next": f"{HERE}/api/v1/users/", "results": value}


# -- redirects ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_leads_through_the_gateway(status: int) -> None:
    def make(url: str) -> bytes:
        return answer(b"", f"Location: {url}/api/v1/users/?page=2", status=f"{status} Moved")

    with bench(linking(make)) as at:
        got = at.say(request("GET", "/api/v1/users"))
        assert "location: http://partner.example:8500/api/v1/users/?page=2" in lines_of(got)
        assert len(at.server.requests) == 1
        assert at.only.response is not None
        assert at.only.response.headers["location"] == f"{at.server.url}/api/v1/users/?page=2"


@pytest.mark.parametrize("location", ["/api/v1/users/", "../x/", "https://elsewhere.example/api/v1/users/"])
def test_any_other_redirect_passes_as_it_is(location: str) -> None:
    with bench(say(answer(b"", f"Location: {location}", status="301 Moved"))) as at:
        assert f"location: {location}" in lines_of(at.say(request("GET", "/api/v1/users")))


def test_a_redirect_to_production_is_observed_and_not_followed() -> None:
    location = "https://connect.cariqa.com/api/v1/users/"
    with bench(say(answer(b"", f"Location: {location}", status="302 Found"))) as at:
        assert f"location: {location}" in lines_of(at.say(request()))
        (observation,) = at.gateway.recorder.observations
        assert (observation.code, observation.exchanges) == ("REDIRECT_TO_PROD", (at.only.id,))


def test_a_redirect_that_comes_late_leads_through_the_gateway_too() -> None:
    path = "/api/v1/users/u1/charging/start/"

    def make(url: str) -> bytes:
        return answer(b"", f"Location: {url}{path}", status="308 Permanent Redirect")

    with bench(linking(make), provocations=Provocations(slow_s=0.01)) as at:
        handle = at.gateway.provoke("slow-start")
        got = lines_of(at.say(request("POST", path.rstrip("/"), body=b"{}")))
        assert f"location: http://partner.example:8500{path}" in got
        assert handle.met.is_set()
        _, theirs = at.gateway.recorder.exchanges
        assert theirs.response is not None
        assert theirs.response.headers["location"] == f"{at.server.url}{path}"
