"""What goes wrong on either side: it is recorded, and the gateway's own answers are never taken for DEV's."""

import gc
import json
import socket
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest

from golive.gateway import Gateway
from golive.gateway.app import own_answer
from golive.guard import ForbiddenTarget
from tests.connect.loopback import hang_up, reset, say
from tests.gateway.bench import (
    BEARER,
    KEY,
    PATIENCE_S,
    answer,
    bench,
    body_of,
    eventually,
    free_port,
    in_front_of,
    lines_of,
    recorder,
    request,
    rest_of,
    until,
)

START = "/api/v1/users/u1/charging/start/"


def own(message: bytes) -> tuple[str, str]:
    """Status and kind of an answer of the gateway's own."""
    lines = lines_of(message)
    (kind,) = [line.partition(": ")[2] for line in lines if line.startswith("x-golive-gateway")]
    said = json.loads(body_of(message))
    assert said["gateway"] == kind
    assert said["detail"].startswith("golive gateway: ")
    return lines[0].split()[1], kind


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_target_that_is_not_there(method: str) -> None:
    with in_front_of(f"http://127.0.0.1:{free_port()}") as at:
        assert own(at.say(request(method))) == ("502", "no-connection")
        assert at.only.response is None
        assert at.only.error is not None
        assert at.only.error.kind == "ConnectError"
        assert "the gateway answered 502 in its own name" in at.only.error.message


@pytest.mark.parametrize("break_off", [reset, hang_up])
def test_a_connection_that_breaks_before_the_answer(break_off: object) -> None:
    with bench(break_off) as at:  # type: ignore[arg-type]
        assert own(at.say(request("POST"))) == ("502", "connection-lost")
        assert len(at.server.requests) == 1, "nothing is sent twice"
        assert at.only.response is None
        assert at.only.error is not None


def test_no_answer_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("golive.gateway.upstream.ANSWER_S", 0.05)
    ended = threading.Event()

    def script(connection: socket.socket, head: bytes) -> None:
        assert ended.wait(PATIENCE_S)

    with bench(script) as at:
        got = at.say(request())
        ended.set()
        assert own(got) == ("504", "no-answer-in-time")


def test_a_connection_that_breaks_in_the_answer_is_broken_off_on_this_side_too() -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Type: text/plain\r\n\r\nfirst"
    with bench(say(half, then=reset)) as at:
        got = at.say(request("GET", "/api/v1/users/1/"))
        assert body_of(got) == b"first"
        assert at.only.error is not None
        assert at.only.response is not None
        assert (at.only.response.status, at.only.response.body, at.only.response.truncated) == (200, "first", True)


def test_an_answer_that_is_no_http() -> None:
    with bench(say(b"SSH-2.0-OpenSSH\r\n\r\n", then=hang_up)) as at:
        assert own(at.say(request())) == ("502", "connection-lost")


def test_what_no_fault_explains_is_the_gateways_own_stumbling() -> None:
    assert own_answer(ZeroDivisionError()) == (500, "stumbled")


@pytest.mark.parametrize(
    "url", ["https://connect.cariqa.com", "https://CONNECT.cariqa.com./api/v1", "http://example.org"]
)
def test_production_is_refused(url: str) -> None:
    with pytest.raises(ForbiddenTarget):
        Gateway(url, recorder())


@pytest.mark.parametrize("target", ["https://connect.cariqa.com/api/v1/users/", "http://127.0.0.1/api/v1/users/", "*"])
def test_it_is_no_proxy(target: str) -> None:
    with bench(say(answer())) as at:
        assert own(at.say(request("GET", target))) == ("400", "no-proxy")
        assert at.server.requests == []
        assert at.gateway.recorder.exchanges == ()


@pytest.mark.parametrize(
    "message",
    [
        b"hello\r\n\r\n",
        b"GET /a b HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: " + b"x" * 70_000,
    ],
    ids=["no request", "a blank in the path", "no host", "too long a head"],
)
def test_what_is_no_http_is_not_sent_on(message: bytes) -> None:
    with bench(say(answer())) as at:
        assert own(at.say(message)) == ("400", "no-http")
        assert at.server.requests == []
        assert at.gateway.recorder.exchanges == ()


def test_a_tunnel_is_not_dug() -> None:
    with bench(say(answer())) as at:
        assert own(at.say(request("CONNECT", "connect.cariqa.com:443"))) == ("400", "no-proxy")


def test_a_websocket_is_refused_and_the_backend_told_so() -> None:
    asked = request("GET", "/api/v1/users/", "Upgrade: WebSocket", "Sec-WebSocket-Key: eA==", "Connection: Upgrade")
    with bench(say(answer())) as at:
        assert own(at.say(asked)) == ("501", "no-websocket")
        assert at.server.requests == []


# -- a backend that goes away ------------------------------------------------------------------------------------------


def test_who_no_longer_waits_for_a_reading_ends_it() -> None:
    asked, gone = threading.Event(), threading.Event()

    def script(connection: socket.socket, head: bytes) -> None:
        asked.set()
        if connection.recv(1) == b"":
            gone.set()

    with bench(script) as at:
        with at.connection() as sock:
            sock.sendall(request("GET", "/api/v1/users/1/"))
            assert asked.wait(PATIENCE_S)
        assert gone.wait(PATIENCE_S)
        eventually(lambda: bool(at.told))
        assert at.only.error is not None
        assert (at.only.error.kind, at.only.response) == ("ClientGone", None)


def test_what_may_have_changed_something_is_waited_for_when_nobody_else_does() -> None:
    asked, go_on = threading.Event(), threading.Event()

    def script(connection: socket.socket, head: bytes) -> None:
        asked.set()
        assert go_on.wait(PATIENCE_S)
        connection.sendall(answer(b'{"id": "u9"}', "Content-Type: application/json", status="201 Created"))

    with bench(script, say(answer())) as at:
        with at.connection() as sock:
            sock.sendall(request("POST", "/api/v1/users/", body=b"{}"))
            assert asked.wait(PATIENCE_S)
        at.say(request())  # by the time that this is answered, the gateway knows that the other has gone
        go_on.set()
        eventually(lambda: len(at.told) == 2)
        exchange = at.gateway.recorder.exchanges[0]
        assert exchange.error is not None
        assert exchange.error.kind == "ClientGone"
        assert exchange.response is not None
        assert (exchange.response.status, exchange.response.body) == (201, '{"id": "u9"}')
        assert not exchange.response.truncated


def test_a_start_whose_sender_goes_before_it_is_whole_is_not_sent() -> None:
    with bench(say(answer())) as at:
        with at.connection() as sock:
            sock.sendall(request("POST", START, BEARER.strip(), "Content-Length: 50") + b"{")
        eventually(lambda: bool(at.told))
        assert at.server.requests == []
        assert at.gateway.sessions.open == ()
        assert at.only.error is not None
        assert at.only.error.kind == "ClientGone"


def test_a_start_that_is_far_too_large_is_not_sent() -> None:
    with bench(say(answer())) as at, at.connection() as sock:
        sock.sendall(request("POST", START, BEARER.strip(), "Content-Length: 17000000"))
        sock.sendall(b" " * 17_000_000)
        assert own(until(sock, b"}")) == ("413", "too-large")
        assert at.server.requests == []


def test_the_end_of_the_gateway_waits_for_a_start_that_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("golive.gateway.gateway._GRACE_S", 0)
    asked, go_on = threading.Event(), threading.Event()
    session = answer(b'{"id": "s1", "is_active": true}', "Content-Type: application/json", status="201 Created")

    def start(connection: socket.socket, head: bytes) -> None:
        asked.set()
        assert go_on.wait(PATIENCE_S)
        connection.sendall(session)

    with bench(start, say(answer(b"", status="204 No Content"))) as at:
        body = b'{"evse_id": "AT*HTB*EOCPI1*1", "payment_method_id": "pm_1"}'
        with at.connection() as sock:
            sock.sendall(request("POST", START, BEARER.strip(), body=body))
            assert asked.wait(PATIENCE_S)
        ending = threading.Thread(target=at.gateway.stop)
        ending.start()
        ending.join(0.5)
        assert ending.is_alive(), "nobody can say yet what became of the start"
        go_on.set()
        ending.join(PATIENCE_S)
        assert not ending.is_alive()
        assert lines_of(at.server.requests[-1])[0] == "POST /api/v1/users/u1/charging/stop/s1/ HTTP/1.1"
        assert at.gateway.sessions.open == ()


# -- the record --------------------------------------------------------------------------------------------------------


def test_the_key_is_known_and_any_other_token_is_not_shown() -> None:
    with bench(say(answer(KEY.encode(), "Content-Type: text/plain", "X-Echo: another-canary-0123456789"))) as at:
        at.say(request("GET", f"/api/v1/users/?search={KEY}", BEARER.strip()))
        at.say(request("POST", "/api/v1/users/", "Authorization: Bearer another-canary-0123456789", body=KEY.encode()))
        first, second = at.gateway.recorder.exchanges
        assert first.request.headers["authorization"] == "Bearer $CONNECT_API_KEY"
        assert first.request.url.endswith("?search=$CONNECT_API_KEY")
        assert second.request.headers["authorization"] == "[redacted]"
        assert second.request.body == "$CONNECT_API_KEY"
        assert first.response is not None
        assert first.response.body == "$CONNECT_API_KEY"
        told = "".join(exchange.model_dump_json() for exchange in (second, *at.told))
        assert KEY not in told
        assert "another-canary" not in second.model_dump_json()


@pytest.mark.parametrize("header", ["Bearer another-canary-0123456789", "Token another-canary-0123456789"])
def test_a_strange_token_is_not_shown_in_the_address_that_it_came_with(header: str) -> None:
    with bench(say(answer())) as at:
        target = "/api/v1/users/?token=another-canary-0123456789"
        at.say(request("GET", target, f"Authorization: {header}"))
        assert lines_of(at.asked)[0] == f"GET {target} HTTP/1.1"
        assert "another-canary" not in at.only.model_dump_json()
        assert at.only.request.headers["authorization"] == "[redacted]"


def test_whoever_has_the_answer_finds_it_in_the_record() -> None:
    with bench(say(answer(b"abc"))) as at, at.connection() as sock:
        for n in range(20):
            sock.sendall(b"GET /api/v1/users/1/ HTTP/1.1\r\nHost: x\r\n\r\n")
            until(sock, b"abc")
            assert at.gateway.recorder.exchanges[n].response is not None


def test_each_exchange_is_told_once_it_has_ended() -> None:
    with bench(say(answer())) as at:
        at.say(request("GET", "/api/v1/users/1/billing-details/"))
        eventually(lambda: bool(at.told))
        (told,) = at.told
        assert (told.actor, told.operation) == ("partner", "users_billing_details_retrieve")
        assert told.took_s > 0


def test_a_port_that_is_taken_is_refused() -> None:
    with bench(say(answer())) as at, pytest.raises(OSError, match=r"[Ii]n use"):
        Gateway(at.server.url, recorder(), port=int(at.gateway.origin.rpartition(":")[2])).start()


def test_it_can_be_stopped_again_and_without_having_been_started() -> None:
    gateway = Gateway("http://127.0.0.1:1", recorder())
    assert gateway.stop() == []
    with bench(say(answer())) as at:
        assert at.gateway.stop() == []
        assert at.gateway.stop() == []
        with pytest.raises(OSError, match="refused"), at.connection() as sock:
            rest_of(sock)


def test_an_answer_that_is_whole_is_tidied_up_behind() -> None:
    """Its reader seems to have gone as soon as it is whole. Connections that lapsed meanwhile are closed all the same,
    one by one, and the record says what was answered."""
    lapsing = 6
    held, lapsed, idle = threading.Event(), threading.Semaphore(0), threading.Event()
    together = threading.Barrier(lapsing, timeout=PATIENCE_S)

    def last(connection: socket.socket, _: bytes) -> None:
        held.set()
        assert all(lapsed.acquire(timeout=PATIENCE_S) for _ in range(lapsing))
        connection.sendall(answer(b"[3]"))

    def lapse(connection: socket.socket, _: bytes) -> None:
        together.wait()  # so that each has a connection of its own
        connection.sendall(answer())
        assert idle.wait(PATIENCE_S)
        hang_up(connection)
        lapsed.release()

    with warnings.catch_warnings(record=True) as unclosed, bench(last, lapse) as at:
        warnings.simplefilter("always", ResourceWarning)
        with ThreadPoolExecutor(lapsing + 1) as clients:
            waiting = clients.submit(at.say, request())
            assert held.wait(PATIENCE_S)
            assert {body_of(each) for each in clients.map(at.say, [request()] * lapsing)} == {b"{}"}
            eventually(lambda: len(at.told) == lapsing)
            idle.set()
            assert body_of(waiting.result()) == b"[3]"
        eventually(lambda: len(at.told) == lapsing + 1)
        gc.collect()
    assert [str(each.message) for each in unclosed] == []
    assert {each.error for each in at.told} == {None}
