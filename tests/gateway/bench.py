"""A gateway on the workbench: in front of a server that answers with the very bytes a test gives it, or of a simulated
DEV; and a client that sends the very bytes a test gives it."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from golive.clock import SystemClock
from golive.evidence.model import Exchange
from golive.gateway import Gateway, Provocations
from golive.journeys.sessions import OpenSessions
from golive.recording import Recorder, Redactor
from golive.simulator import EmbeddedSimulator, SimulatorOptions
from tests.connect.loopback import Loopback, Script, loopback

KEY = "canary-key-0123456789abcdef"
BEARER = f"Authorization: Bearer {KEY}\r\n"
PATIENCE_S = 20.0
"""The most that a test waits for anything: longer means that something hangs."""


def recorder() -> Recorder:
    return Recorder(Redactor({"CONNECT_API_KEY": KEY}), SystemClock())


def answer(body: bytes = b"{}", *more: str, status: str = "200 OK") -> bytes:
    """A whole answer, its connection kept."""
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *more))
    return head.encode("latin-1") + b"\r\n" + body


def request(method: str = "GET", target: str = "/api/v1/users/", *more: str, body: bytes = b"") -> bytes:
    """A whole request on a connection of its own."""
    lines = [f"{method} {target} HTTP/1.1", "Host: partner.example:8500", "Connection: close", *more]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1") + b"\r\n" + body


def lines_of(message: bytes) -> list[str]:
    """The head of a message, line by line."""
    return message.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")


def body_of(message: bytes) -> bytes:
    return message.partition(b"\r\n\r\n")[2]


def unchunked(body: bytes) -> bytes:
    """A chunked body put together."""
    whole = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        whole += body[: int(size, 16)]
        body = body[int(size, 16) + 2 :]
    return whole


@dataclass
class Wire:
    """A gateway and a client that speaks in bytes."""

    gateway: Gateway

    @property
    def only(self) -> Exchange:
        """The one exchange of the record."""
        (only,) = self.gateway.recorder.exchanges
        return only

    @contextmanager
    def connection(self) -> Iterator[socket.socket]:
        """A client's connection to the gateway."""
        host, _, port = self.gateway.origin.rpartition("//")[2].partition(":")
        with socket.create_connection((host, int(port)), PATIENCE_S) as sock:
            yield sock

    def say(self, message: bytes) -> bytes:
        """Everything that the gateway answers until it closes the connection."""
        with self.connection() as sock:
            sock.sendall(message)
            return rest_of(sock)


@dataclass
class Bench(Wire):
    """A gateway in front of a scripted server."""

    server: Loopback
    told: list[Exchange]

    @property
    def asked(self) -> bytes:
        """The one request that the server got."""
        (only,) = self.server.requests
        return only


def rest_of(sock: socket.socket) -> bytes:
    pieces = []
    while piece := sock.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


def until(sock: socket.socket, end: bytes) -> bytes:
    """What comes up to `end`, with it."""
    data = b""
    while not data.endswith(end):
        piece = sock.recv(1)
        assert piece, f"the connection ended after {data!r}"
        data += piece
    return data


@contextmanager
def in_front_of(url: str, **options: Any) -> Iterator[Wire]:
    """A gateway in front of any server."""
    with Gateway(url, recorder(), **options) as gateway:
        yield Wire(gateway)


@contextmanager
def bench(*scripts: Script, prefix: str = "", **options: Any) -> Iterator[Bench]:
    """A gateway in front of a server that answers with these scripts, connection by connection."""
    told: list[Exchange] = []
    with (
        loopback(*scripts) as server,
        Gateway(f"{server.url}{prefix}/api/v1", recorder(), on_exchange=told.append, **options) as gateway,
    ):
        yield Bench(gateway, server, told)


@dataclass
class Dev:
    """A gateway in front of a simulated DEV, and a backend's client."""

    gateway: Gateway
    simulator: EmbeddedSimulator
    http: httpx.Client

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.gateway.recorder.exchanges

    def of(self, actor: str) -> list[Exchange]:
        return [exchange for exchange in self.exchanges if exchange.actor == actor]

    def driver(self) -> tuple[str, str]:
        """A user who can charge, made behind the gateway's back: user id and payment method id."""
        from golive.simulator.services.base import Context
        from golive.simulator.state.entities import BillingDetails
        from golive.simulator.stripe.cards import CARDS

        dev = self.simulator.dev
        user = dev.users.create({})
        dev.billing.put(user, BillingDetails(country="DE", line1="Weg 1", postal_code="10115"))
        method = dev.payment_methods.attach(user, CARDS["visa"], Context(dev.clock.now(), ""))
        return user.id, method.id

    def active(self, user_id: str) -> list[str]:
        """The sessions that DEV itself has open."""
        from golive.simulator.services.base import Context

        dev = self.simulator.dev
        return [s.id for s in dev.sessions.unsettled(dev.users.get(user_id), Context(dev.clock.now(), ""))]


@contextmanager
def dev(
    *, options: SimulatorOptions | None = None, sessions: OpenSessions | None = None, **given: Any
) -> Iterator[Dev]:
    """A simulated DEV behind a gateway."""
    options = options or SimulatorOptions(tick=0.02, key=KEY)
    more: dict[str, Any] = {"provocations": Provocations(slow_s=0.05, hold_s=0.2), "patience_s": 2.0} | given
    with (
        EmbeddedSimulator(options) as simulator,
        Gateway(simulator.url, recorder(), sessions=sessions, **more) as gateway,
        httpx.Client(
            base_url=gateway.url,
            headers={"Authorization": f"Bearer {KEY}"},
            trust_env=False,
            timeout=PATIENCE_S,
        ) as http,
    ):
        yield Dev(gateway, simulator, http)


def eventually(happened: Callable[[], bool]) -> None:
    """Waits until it has happened: for what another process or thread does and no event tells of."""
    ended = threading.Event()
    for _ in range(int(PATIENCE_S / 0.01)):
        if happened():
            return
        ended.wait(0.01)
    raise AssertionError(f"it did not happen within {PATIENCE_S:g} s")


def free_port() -> int:
    """Where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
