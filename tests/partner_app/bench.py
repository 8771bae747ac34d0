"""The app against a simulated DEV, with somebody in between who can answer in DEV's place and notes what came."""

import asyncio
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from examples.partner_app.adapter import PartnerApp
from examples.partner_app.backend import Parts
from golive.simulator.embedded import EmbeddedSimulator
from golive.simulator.options import SimulatorOptions

SHARED = "DE*CIQ*EWBNHHLM82TLA*1"
PROGRESS = "DE*PWA*EALP22541X01617*01"
ITALY = "IT*PWY*EP0078*01*02"
POLL_S = 0.1
START = "POST /users/[^/]+/charging/start/"
STOP = "POST /users/[^/]+/charging/stop/"
SESSION = "GET /users/[^/]+/charging-sessions/[^/]+/"
SESSIONS = "GET /users/[^/]+/charging-sessions/$"
SUPPORT_CODE = "6f1c2a52-6b0e-4c7e-9d54-1b1c5f0f7a11"


@dataclass
class Answer:
    """What is answered in DEV's place, after `delay` seconds; `forwarded` first where DEV is to act on the request.
    Status 0 is no answer."""

    request: str
    status: int
    body: object = None
    times: int = 1
    forwarded: bool = False
    delay: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)


class Between:
    """In front of the simulator's application."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.seen: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.queries: list[str] = []

    def __call__(self, app: ASGIApp) -> ASGIApp:
        async def around(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or not scope["path"].startswith("/api/v1/"):
                await app(scope, receive, send)
                return
            line = f"{scope['method']} {scope['path'].removeprefix('/api/v1')}"
            self.seen.append(line)
            self.headers.append({name.decode(): value.decode() for name, value in scope["headers"]})
            self.queries.append(scope["query_string"].decode())
            answer = next((a for a in self.answers if a.times > 0 and re.match(a.request, line)), None)
            if answer is None:
                await app(scope, receive, send)
                return
            answer.times -= 1
            if answer.forwarded:
                await app(scope, receive, _nowhere)
            await asyncio.sleep(answer.delay)
            await _send(answer, send)

        return around

    def count(self, request: str) -> int:
        return sum(bool(re.match(request, line)) for line in self.seen)

    def after(self, request: str) -> list[str]:
        """What came after the first such request."""
        first = next(n for n, line in enumerate(self.seen) if re.match(request, line))
        return self.seen[first + 1 :]


async def _nowhere(_: Message) -> None:
    """DEV's own answer is lost."""


async def _send(answer: Answer, send: Send) -> None:
    body = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
    headers = {"content-type": "application/json", **answer.headers}
    # A body that never comes makes the server drop the connection: the client has no whole answer.
    headers["content-length"] = str(len(body.encode()) if answer.status else 999)
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status or 201, "headers": raw})
    if answer.status:
        await send({"type": "http.response.body", "body": body.encode()})


def error(type_: str, details: str = "internal words: user 77", **more: str) -> dict[str, Any]:
    return {"detail": details, "error": {"type": type_, "details": details, **more}}


@dataclass
class Bench:
    """The simulated DEV, who stands in between, and the app."""

    sim: EmbeddedSimulator
    between: Between
    folder: Path
    parts: Parts = field(default_factory=Parts)

    @contextmanager
    def app(self) -> Iterator[PartnerApp]:
        opened = PartnerApp(self.sim.api_url, self.parts)
        try:
            yield opened
        finally:
            opened.close()

    def driver(self, app: PartnerApp, name: str = "driver-a", card: str = "pm_card_visa") -> str:
        """A driver with a card and an address."""
        app.sign_up(name)
        app.give_billing_data(name)
        app.add_payment_method(name, card)
        return name

    def open_sessions(self) -> int:
        now = self.sim.dev.clock.now()
        return sum(now < self.sim.dev.vcps.settled_at(s) for s in self.sim.world.sessions.values())


def until(seen: Callable[[], object], what: str, seconds: float = 20.0) -> None:
    """Fails after `seconds`."""
    end = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.02)


@contextmanager
def bench(folder: Path, options: SimulatorOptions | None = None) -> Iterator[Bench]:
    between = Between()
    with EmbeddedSimulator(options or SimulatorOptions(tick=POLL_S), middleware=[between]) as sim:
        yield Bench(sim, between, folder)


def environment(sim: EmbeddedSimulator) -> dict[str, str]:
    return {
        "CONNECT_API_KEY": sim.options.key,
        "STRIPE_PUBLISHABLE_KEY": sim.options.publishable_key,
        "STRIPE_API_BASE": sim.url,
        "PARTNER_APP_POLL_S": str(POLL_S),
    }
