"""What goes in comes out: requests as they reach DEV, answers as they reach the backend."""

import gzip
import socket
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.connect.loopback import say
from tests.gateway.bench import (
    PATIENCE_S,
    Bench,
    answer,
    bench,
    body_of,
    in_front_of,
    lines_of,
    request,
    rest_of,
    unchunked,
    until,
)

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "REPORT"]
TARGETS = [
    "/api/v1/users/",
    "/api/v1/users",
    "/api/v1/users/?",
    "/api/v1/users/?search=",
    "/api/v1/users/?&&",
    "/api/v1/stations/around/?connector_types=a&connector_types=b&connector_types=a",
    "/api/v1/stations/details/?id=DE*CIQ*EWBNHHLM82TLA*1&type=evse_id",
    "/api/v1/stations/details/?id=DE%2ACIQ%2aEWB&x=%20%2B+%C3%A4%00",
    "/api/v1/users/a%2Fb%2e%2E/../c/./?q=../../",
    "/api/v1//users//",
    "//connect.cariqa.com/api/v1/users/",
    "/elsewhere/?a=b?c=d",
    "/",
]


@pytest.mark.parametrize("method", METHODS)
def test_a_method_passes(method: str) -> None:
    with bench(say(answer(b'{"a": 1}'))) as at:
        got = at.say(request(method))
        assert lines_of(at.asked)[0] == f"{method} /api/v1/users/ HTTP/1.1"
        assert lines_of(got)[0] == "HTTP/1.1 200 OK"
        assert body_of(got) == b'{"a": 1}'
        assert at.only.request.method == method


@pytest.mark.parametrize("target", TARGETS)
def test_path_and_query_pass_to_the_byte(target: str) -> None:
    with bench(say(answer())) as at:
        at.say(request("GET", target))
        assert lines_of(at.asked)[0] == f"GET {target} HTTP/1.1"
        assert at.only.request.url == f"{at.server.url}{target}"


@settings(max_examples=60)
@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=60).map(lambda rest: f"/{rest}"))
def test_any_target_passes_to_the_byte(target: str) -> None:
    before = len(ANY.server.requests)
    ANY.say(request("GET", target))
    assert lines_of(ANY.server.requests[before])[0] == f"GET {target} HTTP/1.1"


@pytest.fixture(scope="module", autouse=True)
def any_request() -> object:
    global ANY  # one gateway for all examples
    with bench(say(answer())) as ANY:
        yield


ANY: Bench


def test_a_target_below_a_prefix_is_that_of_the_api_behind_it() -> None:
    with bench(say(answer()), prefix="/behind/it") as at:
        at.say(request("GET", "/api/v1/users/?page=2"))
        assert lines_of(at.asked)[0] == "GET /behind/it/api/v1/users/?page=2 HTTP/1.1"
        assert at.only.operation == "users_list"


@pytest.mark.parametrize("body", [b"{}", bytes(range(256)) * 3, b"\r\n\r\n0\r\n\r\n", b'{"a": "\xc3\xa4"}'])
def test_a_body_passes_to_the_byte(body: bytes) -> None:
    with bench(say(answer(body))) as at:
        got = at.say(request("POST", "/api/v1/users/", "Content-Type: application/json", body=body))
        assert body_of(at.asked) == body
        assert f"content-length: {len(body)}" in lines_of(at.asked)
        assert body_of(got) == body


def test_a_body_of_unknown_length_stays_one_in_both_directions() -> None:
    chunked = b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"

    def script(connection: socket.socket, head: bytes) -> None:
        came.append(body_of(head) or until(connection, b"0\r\n\r\n"))
        if not came[-1].endswith(b"0\r\n\r\n"):
            came[-1] += until(connection, b"0\r\n\r\n")
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked)

    came: list[bytes] = []
    with bench(script) as at:
        got = at.say(request("POST", "/api/v1/users/", "Transfer-Encoding: chunked") + chunked)
        sent = [line for line in lines_of(at.asked) if line.startswith(("transfer-encoding", "content-length"))]
        assert sent == ["transfer-encoding: chunked"]
        assert unchunked(came[0]) == b"abcde"
        assert "transfer-encoding: chunked" in [line.lower() for line in lines_of(got)]
        assert unchunked(body_of(got)) == b"abcde"
        assert at.only.request.body == "abcde"


def test_a_request_without_a_body_gets_none() -> None:
    with bench(say(answer())) as at:
        at.say(request("POST"))
        names = [line.partition(":")[0] for line in lines_of(at.asked)]
        assert not {"content-length", "transfer-encoding"} & set(names)


def test_headers_pass_as_often_and_in_the_order_they_came() -> None:
    sent = ["X-One: 1", "Accept: a", "X-Two:  two ", "x-one: again", "Accept: b", "Cookie: c=\xe4", "Forwarded: for=x"]
    with bench(say(answer())) as at:
        at.say(request("GET", "/api/v1/users/", *sent))
        passed = [
            "x-one: 1",
            "accept: a",
            "x-two: two",
            "x-one: again",
            "accept: b",
            "cookie: c=\xe4",
            "forwarded: for=x",
        ]
        assert lines_of(at.asked)[2:] == passed


def test_what_speaks_of_the_connection_alone_does_not_pass() -> None:
    hop_by_hop = ["Keep-Alive: 5", "TE: trailers", "Upgrade: h2c", "Proxy-Connection: keep-alive", "X-Mine: 1"]
    with bench(say(answer(b"{}", "Keep-Alive: timeout=5", "Connection: x-theirs", "X-Theirs: 1"))) as at:
        got = at.say(request("GET", "/api/v1/users/", *hop_by_hop, "Connection: X-Mine"))
        assert lines_of(at.asked) == ["GET /api/v1/users/ HTTP/1.1", f"host: {at.server.url.rpartition('/')[2]}"]
        assert lines_of(got) == ["HTTP/1.1 200 OK", "content-length: 2", "Connection: close"]


def test_the_answers_headers_pass_as_often_and_in_the_order_they_came_with_nothing_added() -> None:
    sent = ["Set-Cookie: a=1", "X-One: 1", "Set-Cookie: b=2", "Date: then", "Server: nginx", "X-One: \xe4"]
    with bench(say(answer(b"{}", *sent))) as at:
        got = lines_of(at.say(request()))[2:-1]
        assert got == [f"{name.lower()}:{value}" for name, _, value in (line.partition(":") for line in sent)]


def test_the_host_is_that_of_the_target() -> None:
    with bench(say(answer())) as at:
        at.say(request())
        assert [line for line in lines_of(at.asked) if line.startswith("host")] == [
            f"host: {at.server.url.rpartition('/')[2]}"
        ]


def test_a_request_that_names_the_production_host_is_not_sent_on() -> None:
    with bench(say(answer())) as at:
        asked = request().replace(b"partner.example:8500", b"Connect.Cariqa.com:443")
        assert b"the target must not be used" in at.say(asked)
        assert at.server.requests == []
        assert at.only.error is not None
        assert at.only.error.kind == "ForbiddenTarget"


@pytest.mark.parametrize("status", ["400 Bad Request", "401 Unauthorized", "403 No", "409 Conflict", "424 x", "429 x"])
@pytest.mark.parametrize("body", [b'{"detail": "no"}', b"<html>", b"", b"\xff\xfe"])
def test_a_refusal_passes_untouched(status: str, body: bytes) -> None:
    with bench(say(answer(body, "Content-Type: application/json", "Retry-After: 7", status=status))) as at:
        got = at.say(request())
        assert lines_of(got)[0].split()[1] == status.split()[0]
        assert {"content-type: application/json", "retry-after: 7"} < set(lines_of(got))
        assert body_of(got) == body


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 599, 299, 418])
def test_any_status_of_the_targets_own_passes(status: int) -> None:
    with bench(say(answer(b"theirs", status=f"{status} Whatever"))) as at:
        got = at.say(request())
        assert lines_of(got)[0].split()[1] == str(status)
        assert body_of(got) == b"theirs"
        assert not any(line.startswith("x-golive-gateway") for line in lines_of(got))
        assert at.only.response is not None
        assert (at.only.response.status, at.only.error) == (status, None)


def test_a_head_is_answered_without_a_body_and_with_its_length() -> None:
    with bench(say(b"HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n")) as at:
        got = at.say(request("HEAD"))
        assert "content-length: 12345" in lines_of(got)
        assert body_of(got) == b""
        assert (at.only.operation, at.only.request.method) == ("users_list", "HEAD")


@pytest.mark.parametrize("head", ["204 No Content", "304 Not Modified"])
def test_an_answer_that_has_no_body_stays_one(head: str) -> None:
    with bench(say(f"HTTP/1.1 {head}\r\nETag: x\r\n\r\n".encode())) as at:
        got = at.say(request())
        assert lines_of(got) == [f"HTTP/1.1 {head}", "etag: x", "Connection: close"]
        assert body_of(got) == b""


def test_what_comes_before_the_answer_is_not_taken_for_it() -> None:
    with bench(say(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + answer(b"the answer"))) as at:
        got = at.say(request())
        assert lines_of(got)[0] == "HTTP/1.1 200 OK"
        assert body_of(got) == b"the answer"


def test_who_waits_for_leave_to_send_the_body_gets_it_from_the_gateway() -> None:
    with bench(say(answer(b"done"))) as at, at.connection() as sock:
        sock.sendall(request("POST", "/api/v1/users/", "Expect: 100-continue", "Content-Length: 5"))
        assert until(sock, b"\r\n\r\n").startswith(b"HTTP/1.1 100")
        sock.sendall(b"hello")
        assert body_of(rest_of(sock)) == b"done"
        assert body_of(at.asked) == b"hello"
        assert not any(line.startswith("expect") for line in lines_of(at.asked))


def test_a_compressed_answer_passes_as_it_is_and_can_be_read_in_the_record() -> None:
    packed = gzip.compress(b'{"id": "1"}')
    with bench(say(answer(packed, "Content-Encoding: gzip", "Content-Type: application/json"))) as at:
        got = at.say(request("GET", "/api/v1/users/1/", "Accept-Encoding: br, gzip;q=0.9, zstd"))
        assert "accept-encoding: gzip;q=0.9" in lines_of(at.asked)
        assert "content-encoding: gzip" in lines_of(got)
        assert body_of(got) == packed
        assert at.only.response is not None
        assert at.only.response.body == '{"id": "1"}'


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_a_compressed_answer_that_cannot_be_read_passes_and_is_noted(coding: str) -> None:
    with bench(say(answer(b"neither", f"Content-Encoding: {coding}"))) as at:
        assert body_of(at.say(request("GET", "/api/v1/users/1/"))) == b"neither"
        assert at.only.response is not None
        assert (at.only.response.body or "").startswith("[7 bytes: the answer")


def test_a_body_beyond_the_bound_is_whole_on_the_wire_and_cut_in_the_record() -> None:
    big = b"0123456789" * 300_000
    with bench(say(answer(big, "Content-Type: text/plain"))) as at:
        got = at.say(request("POST", "/api/v1/users/1/", "Content-Type: text/plain", body=big))
        assert body_of(at.asked) == big
        assert body_of(got) == big
        assert at.only.response is not None
        assert at.only.response.truncated
        assert at.only.response.body == big[:1_000_000].decode()
        assert at.only.request.body == big[:1_000_000].decode()


def test_an_answer_passes_piece_by_piece() -> None:
    go_on = threading.Event()

    def script(connection: socket.socket, head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst")
        assert go_on.wait(PATIENCE_S)
        connection.sendall(b"after")

    with bench(script) as at, at.connection() as sock:
        sock.sendall(request("GET", "/api/v1/users/1/"))
        assert until(sock, b"first")
        go_on.set()
        assert rest_of(sock) == b"after"


def test_a_request_passes_piece_by_piece() -> None:
    came = threading.Event()

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            connection.settimeout(PATIENCE_S)
            until(connection, b"first")
            came.set()
            until(connection, b"after")
            connection.sendall(answer(b"whole"))

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE_S)
        thread = threading.Thread(target=serve)
        thread.start()
        with in_front_of(f"http://127.0.0.1:{server.getsockname()[1]}") as at, at.connection() as sock:
            sock.sendall(request("PUT", "/api/v1/users/1/", "Content-Length: 10") + b"first")
            assert came.wait(PATIENCE_S)
            sock.sendall(b"after")
            assert body_of(rest_of(sock)) == b"whole"
        thread.join(PATIENCE_S)


def test_many_pass_at_once() -> None:
    together = threading.Barrier(32)

    def script(connection: socket.socket, head: bytes) -> None:
        together.wait(PATIENCE_S)  # none is answered before all are there
        connection.sendall(answer(lines_of(head)[0].encode()))

    with bench(script) as at:
        got: dict[int, bytes] = {}
        threads = [
            threading.Thread(target=lambda n=n: got.update({n: at.say(request("GET", f"/api/v1/users/{n}/"))}))
            for n in range(32)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_S)
        assert {n: body_of(message).decode() for n, message in got.items()} == {
            n: f"GET /api/v1/users/{n}/ HTTP/1.1" for n in range(32)
        }
        exchanges = at.gateway.recorder.exchanges
        assert len({exchange.id for exchange in exchanges}) == 32
        for exchange in exchanges:
            assert exchange.response is not None
            assert (exchange.response.body or "").split()[1] == exchange.request.url.removeprefix(at.server.url)


def test_one_connection_serves_many_requests() -> None:
    with bench(say(answer(b"ok"))) as at, at.connection() as sock:
        for _ in range(5):
            sock.sendall(b"GET /api/v1/users/1/ HTTP/1.1\r\nHost: x\r\n\r\n")
            assert until(sock, b"ok").startswith(b"HTTP/1.1 200")
        assert len(at.gateway.recorder.exchanges) == 5
