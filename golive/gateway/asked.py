"""One request of the partner's backend, as it came."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote, unquote_to_bytes

from golive.connect.operations import API_PREFIX, Operation, operation_for
from golive.gateway.capture import Capture
from golive.gateway.headers import Header, first, values

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope

    from golive.gateway.line import Line

START: Final = "users_charging_start_create"
STOP: Final = "users_charging_stop_create"
READ: Final = "users_charging_sessions_retrieve"
LIST: Final = "users_charging_sessions_list"

MOST_HELD: Final = 16_000_000
"""Bytes of a body that is taken whole before anything is done with it."""


_PLAIN: Final = "*!$&'()+,;=:@"
"""What stands for itself in a segment of a path, beside letters and figures (RFC 3986, 3.3)."""


class ClientGone(Exception):  # noqa: N818 - what happened, as the record names it
    """The partner's backend closed the connection."""


class TooMuch(Exception):  # noqa: N818 - reads as what it is
    """A body that has to be taken whole is larger than `MOST_HELD`."""


class Incoming:
    """The body of a request as it comes, and whether its sender is still there."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._complete = asyncio.Event()
        self.capture = Capture()

    @classmethod
    def empty(cls) -> Incoming:
        """That of a request without a body."""

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        return cls(receive)

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body, piece by piece. Raises `ClientGone`."""
        while not self._complete.is_set():
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientGone("the partner's backend closed the connection while it sent its request")
            if not message.get("more_body", False):
                self._complete.set()
            if piece := message.get("body", b""):
                self.capture.add(piece)
                yield piece

    async def whole(self) -> bytes:
        """All of it. Raises `ClientGone` and `TooMuch`."""
        return await held(self.pieces())

    async def gone(self) -> None:
        """Returns when the sender of a whole request has closed the connection."""
        await self._complete.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass


@dataclass(frozen=True)
class Asked:
    """`target` is path and query, to the byte as they were sent; `origin` is how the client calls the gateway."""

    method: str
    target: bytes
    headers: tuple[Header, ...]
    origin: str
    incoming: Incoming
    line: Line

    @classmethod
    def of(cls, scope: Scope, receive: Receive, url: str) -> Asked:
        """The request of an ASGI scope; `url` is the gateway's own origin."""
        headers = tuple(scope["headers"])
        host = first(headers, b"host")
        line: Line = scope["state"]["line"]
        return cls(
            method=scope["method"],
            target=line.target,
            headers=headers,
            origin=f"{scope['scheme']}://{host}" if _is_plain(host) else url,
            incoming=Incoming(receive),
            line=line,
        )

    @property
    def text(self) -> str:
        return self.target.decode("latin-1")

    @cached_property
    def path(self) -> str:
        """The path below the API's prefix, spelled plainly; empty for one that is not below it."""
        path = plainly(self.text.partition("?")[0])
        return path.removeprefix(API_PREFIX) if path.startswith(f"{API_PREFIX}/") else ""

    @cached_property
    def operation(self) -> Operation | None:
        """What is asked for; a HEAD asks for what its GET does."""
        return operation_for("GET" if self.method == "HEAD" else self.method, self.path)

    @property
    def is_safe(self) -> bool:
        """Whether nothing changes by it (RFC 9110, 9.2.1)."""
        return self.method in ("GET", "HEAD", "OPTIONS", "TRACE")

    def asks_for(self, *operations: str) -> bool:
        return self.operation is not None and self.operation.name in operations and self.method == self.operation.method

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """The ids in the path, by their name in the published contract."""
        if self.operation is None:
            return {}
        named = zip(self.operation.path.split("/"), self.path.split("/"), strict=True)
        return {name.strip("{}"): unquote(given) for name, given in named if name.startswith("{")}

    @cached_property
    def token(self) -> str:
        """The Bearer token that was sent, empty where none was."""
        scheme, _, token = first(self.headers, b"authorization").strip().partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    @property
    def wants_websocket(self) -> bool:
        return any(value.strip().lower() == b"websocket" for value in values(self.headers, b"upgrade"))

    @property
    def has_body(self) -> bool:
        return any(name in (b"content-length", b"transfer-encoding") for name, _ in self.headers)


async def held(pieces: AsyncIterator[bytes]) -> bytes:
    """All pieces in one. Raises `TooMuch`."""
    body = bytearray()
    async for piece in pieces:
        body += piece
        if len(body) > MOST_HELD:
            raise TooMuch
    return bytes(body)


def plainly(path: str) -> str:
    """A path as the most forgiving server may read it: each segment percent-encoded where it has to be, none of them
    empty or made of dots, a slash at the end. What may be taken for a start has to be known as one."""
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            segments[-1:] = []
        elif segment not in ("", "."):
            segments.append(quote(unquote_to_bytes(segment), safe=_PLAIN))
    return "".join(f"/{segment}" for segment in segments) + "/"


def json_of(body: bytes) -> Any:
    """What a body says, None where it is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _is_plain(host: str) -> bool:
    return 0 < len(host) < 256 and all(c.isascii() and (c.isalnum() or c in ".-_:[]") for c in host)
