"""The way to DEV and back: what a proxy, a network or another server of HTTP does to answers."""

import asyncio
import json
import re

from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from golive.simulator.atlas.stations import Operator
from golive.simulator.faults import ErrorType, Problem
from golive.simulator.habits import habit
from golive.simulator.services.base import Context
from golive.simulator.services.stations import Stations

SLOW_S = 0.5
_LISTS = re.compile(r"/api/v1/users/[^/]+/(payment-methods|invoices)/")


class FirstOfEach:
    """Which requests are the first GET of their address, among the addresses that match."""

    def __init__(self, addresses: re.Pattern[str]) -> None:
        self._addresses = addresses
        self._seen: set[tuple[str, bytes]] = set()

    def has(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] != "GET" or not self._addresses.fullmatch(scope["path"]):
            return False
        address = scope["path"], scope["query_string"]
        is_first = address not in self._seen
        self._seen.add(address)
        return is_first


@habit("connection-lost-on-a-get", "transport")
def connection_lost(app: ASGIApp) -> ASGIApp:
    """The first time that a user's payment methods or invoices are read, the connection is lost in mid-answer."""
    first = FirstOfEach(_LISTS)

    async def around(scope: Scope, receive: Receive, send: Send) -> None:
        if not first.has(scope):
            return await app(scope, receive, send)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        return await send({"type": "http.response.body", "body": b'{"count": ', "more_body": True})

    return around


def _answered_first(app: ASGIApp, addresses: re.Pattern[str], status: int, **headers: str) -> ASGIApp:
    """The first GET of each address is answered by something in front of the API."""
    first = FirstOfEach(addresses)

    async def around(scope: Scope, receive: Receive, send: Send) -> None:
        if not first.has(scope):
            return await app(scope, receive, send)
        page = Response("<html>please wait</html>", status, headers, "text/html")
        return await page(scope, receive, send)

    return around


@habit("unavailable-on-a-get", "transport")
def unavailable(app: ASGIApp) -> ASGIApp:
    """The first time that a user's payment methods or invoices are read, a proxy answers 503."""
    return _answered_first(app, _LISTS, 503)


@habit("throttled-on-a-get", "transport")
def throttled(app: ASGIApp) -> ASGIApp:
    """The first time that a user's payment methods or invoices are read, the answer is 429 with Retry-After."""
    return _answered_first(app, _LISTS, 429, **{"Retry-After": "0"})


@habit("partners-locked", "stations")
class PartnersLocked(Stations):
    """The list of partners is locked, with 423 temporary_locked, for longer than a run."""

    def partners(self, context: Context) -> list[Operator]:
        raise Problem(423, ErrorType.TEMPORARY_LOCKED, "The list of partners is being rebuilt. Try again soon.")


@habit("json-in-another-notation", "transport")
def another_notation(app: ASGIApp) -> ASGIApp:
    """JSON comes indented, in ASCII, with its fields in another order, and names its charset."""

    async def around(scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}
        body = b""

        async def kept(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                headers, changed = _renoted({name.lower(): value for name, value in start["headers"]}, body)
                await send({**start, "headers": list(headers.items())})
                await send({"type": "http.response.body", "body": changed})

        await app(scope, receive, kept)

    return around


def _renoted(headers: dict[bytes, bytes], body: bytes) -> tuple[dict[bytes, bytes], bytes]:
    """An answer's headers and body in that notation; what is no JSON stays as it is."""
    if not headers.get(b"content-type", b"").startswith(b"application/json"):
        return headers, body
    text = json.dumps(json.loads(body), indent=2, ensure_ascii=True, sort_keys=True).encode() + b"\n"
    kind = b"application/json; charset=utf-8"
    return headers | {b"content-type": kind, b"content-length": str(len(text)).encode()}, text


@habit("answers-compressed", "transport")
def compressed(app: ASGIApp) -> ASGIApp:
    """Every answer that has a body is compressed for whoever takes that."""
    return GZipMiddleware(app, minimum_size=1)


@habit("cookie-with-every-answer", "transport")
def with_cookie(app: ASGIApp) -> ASGIApp:
    """A load balancer in front of the API sets a cookie with every answer."""

    async def around(scope: Scope, receive: Receive, send: Send) -> None:
        async def set_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                cookie = (b"set-cookie", b"lb=node-7; Path=/; HttpOnly; SameSite=Lax")
                message = {**message, "headers": [*message["headers"], cookie]}
            await send(message)

        await app(scope, receive, set_cookie)

    return around


@habit("slow-stop", "charging")
def slow_stop(app: ASGIApp) -> ASGIApp:
    """A stop takes effect at once, and a while to answer."""

    async def around(scope: Scope, receive: Receive, send: Send) -> None:
        async def later(message: Message) -> None:
            if message["type"] == "http.response.start":
                await asyncio.sleep(SLOW_S)
            await send(message)

        is_stop = scope["type"] == "http" and "/charging/stop/" in scope["path"]
        await app(scope, receive, later if is_stop else send)

    return around
