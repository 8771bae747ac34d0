"""The client over real sockets: what breaks on the way, and what a hostile server does."""

import contextlib
import gzip
import json
import socket
import threading

import pytest
from pydantic import SecretStr

from golive.connect import ConnectClient, RetryPolicy, Timeouts
from golive.connect.errors import ServerUnavailable, StartUnknown, Unreachable, Unreadable
from golive.recording import Recorder, Redactor, live_transport
from tests.connect.bench import KEY, session, user
from tests.connect.loopback import Script, answer, hang_up, loopback, reset, say
from tests.recording.clock import FakeClock

USER = json.dumps(user()).encode()
SESSION = json.dumps(session()).encode()
SESSIONS = json.dumps({"count": 1, "next": None, "previous": None, "results": [session()]}).encode()
EVSE = "DE*CIQ*EWBNHHLM82TLA*1"


class Net:
    """A client with a real transport to a scripted server."""

    def __init__(self, url: str, *, read_s: float = 5.0, step: float = 0.0) -> None:
        self.clock = FakeClock(step)
        self.recorder = Recorder(Redactor({"CONNECT_API_KEY": KEY}), self.clock)
        self.client = ConnectClient(
            url,
            SecretStr(KEY),
            actor="driver",
            transport=live_transport(self.recorder, max_body=1_000_000),
            recorder=self.recorder,
            clock=self.clock,
            timeouts=Timeouts(connect_s=5, read_s=read_s, start_s=read_s),
            user_agent="golive-tests",
            retry=RetryPolicy(looks=2),
        )


def start(net: Net) -> object:
    return net.client.start_charging("u1", evse_id=EVSE, payment_method_id="pm_1")


@pytest.mark.parametrize(
    "lost",
    [
        reset,
        hang_up,
        say(b"HTTP/1.1 201 Created\r\nContent-Le", then=reset),
        say(answer(SESSION[:40], status="201 Created", length=len(SESSION)), then=reset),
        say(answer(SESSION[:40], status="201 Created", length=len(SESSION)), then=hang_up),
        say(b"garbage\r\n\r\n", then=hang_up),
    ],
    ids=["reset", "closed", "half-head", "half-body-reset", "half-body-closed", "no-http"],
)
def test_a_start_whose_answer_breaks_off_is_found(lost: Script) -> None:
    with loopback(lost, say(answer(SESSIONS))) as server:
        net = Net(server.url)
        found = net.client.start_charging("u1", evse_id=EVSE, payment_method_id="pm_1")
        net.client.close()
    assert found.recovered
    assert [r.split()[0] for r in server.requests] == [b"POST", b"GET"]
    first = net.recorder.exchanges[0]
    assert first.error is not None
    assert first.operation == "users_charging_start_create"


def test_a_start_that_is_never_answered_is_sent_once() -> None:
    with loopback(reset) as server:
        net = Net(server.url)
        with pytest.raises(StartUnknown):
            start(net)
        net.client.close()
    assert [r.split()[0] for r in server.requests].count(b"POST") == 1


def test_a_start_into_a_closed_port_was_never_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    net = Net(f"http://127.0.0.1:{port}")
    with pytest.raises(Unreachable) as caught:
        start(net)
    assert not caught.value.sent
    net.client.close()


def test_a_get_survives_a_reset() -> None:
    with loopback(reset, say(answer(USER))) as server:
        net = Net(server.url)
        assert net.client.get_user("u1").id == "u1"
        net.client.close()
    assert len(server.requests) == 2
    assert [o.code for o in net.recorder.observations] == ["GET_RETRIED"]


def test_a_server_that_says_nothing_is_given_up() -> None:
    silent = threading.Event()

    def wait(connection: socket.socket, request: bytes) -> None:
        silent.wait(10)

    with loopback(wait) as server:
        net = Net(server.url, read_s=0.05)
        with pytest.raises(Unreachable, match="ReadTimeout"):
            net.client.get_user("u1")
        net.client.close()
        silent.set()
    assert len(net.recorder.exchanges) == 3


@pytest.mark.parametrize("piece", [b"x", b"HTTP/1.1 100 Continue\r\n\r\n"], ids=["a header", "a row of 1xx"])
def test_a_head_without_an_end_is_given_up(piece: bytes) -> None:
    """Each piece comes long before the patience is over, so that waiting for the next never ends by itself."""
    gone = threading.Event()

    def trickle(connection: socket.socket, request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: " if piece == b"x" else b"")
        with contextlib.suppress(OSError):
            while not gone.wait(0.02):
                connection.sendall(piece)

    with loopback(trickle) as server:
        net = Net(server.url, read_s=0.3)
        with pytest.raises(Unreachable, match=r"ReadTimeout: (the answer's head was not whole|timed out)"):
            net.client.get_user("u1")
        gone.set()
        net.client.close()
    assert {exchange.error.kind for exchange in net.recorder.exchanges if exchange.error} == {"ReadTimeout"}


def test_a_trickle_is_given_up() -> None:
    gone = threading.Event()

    def trickle(connection: socket.socket, request: bytes) -> None:
        connection.sendall(answer(b"", length=100_000))
        while not gone.is_set():
            connection.sendall(b" ")

    with loopback(trickle) as server:
        net = Net(server.url, read_s=5, step=1.0)  # every look at the clock is a second
        with pytest.raises(Unreachable, match="not whole 5 s after it began"):
            net.client.get_user("u1")
        gone.set()
        net.client.close()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (answer(gzip.compress(b" " * 5_000_000), headers=b"Content-Encoding: gzip\r\n"), "larger than 1000000 bytes"),
        (answer(b"not gzip", headers=b"Content-Encoding: gzip\r\n"), "compressed as gzip, and it is not"),
        (answer(b"{}", headers=b"Content-Encoding: br\r\n"), "not asked for"),
        (answer(b" " * 1_000_001), "larger than 1000000 bytes"),
        (answer(b"<html>proxy</html>"), "not JSON"),
        (answer(USER, length=len(USER) - 5), "not JSON"),
    ],
    ids=["bomb", "no-gzip", "brotli", "large", "html", "content-length"],
)
def test_a_hostile_answer_cannot_be_read_and_does_no_harm(data: bytes, reason: str) -> None:
    with loopback(say(data, then=hang_up)) as server:
        net = Net(server.url)
        with pytest.raises(Unreadable, match=reason):
            net.client.get_user("u1")
        net.client.close()


def test_a_stop_that_is_lost_behind_a_proxy_is_looked_after() -> None:
    ended = json.dumps(session(is_active=False, end_time="2026-03-02T10:00:00Z")).encode()
    with loopback(say(answer(b"", status="504 Gateway Timeout"), then=hang_up), say(answer(ended))) as server:
        net = Net(server.url)
        net.client.stop_charging("u1", "s1")
        net.client.close()
    assert [r.split()[0] for r in server.requests] == [b"POST", b"GET"]


def test_sixteen_drivers_share_one_client() -> None:
    def echo(connection: socket.socket, request: bytes) -> None:
        id_ = request.split()[1].decode().split("/")[4]
        connection.sendall(answer(json.dumps(user(id_)).encode()))

    with loopback(echo) as server:
        net = Net(server.url)
        seen: dict[str, bool] = {}

        def drive(number: int) -> None:
            client = net.client.acting_as(f"driver {number}")
            seen[client.actor] = all(client.get_user(f"u{number}").id == f"u{number}" for _ in range(20))

        threads = [threading.Thread(target=drive, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        net.client.close()
    assert list(seen.values()) == [True] * 16
    for exchange in net.recorder.exchanges:
        assert exchange.request.url.endswith(f"/users/u{exchange.actor.removeprefix('driver ')}/")
    assert len(net.recorder.exchanges) == 320


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with loopback(say(answer(USER))) as server:
        net = Net(server.url)
        assert net.client.get_user("u1").id == "u1"
        net.client.close()


def test_an_unavailable_server_is_told_as_such() -> None:
    with loopback(say(answer(b"<html>", status="503 Service Unavailable"))) as server:
        net = Net(server.url)
        with pytest.raises(ServerUnavailable):
            net.client.get_user("u1")
        net.client.close()
    assert net.clock.slept == [0.5, 1.0]
