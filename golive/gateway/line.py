"""The connection that a request came over: what ASGI leaves out of it."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from golive.gateway.out import own


class _Remembering(h11.Connection):
    """Keeps the target of the last request: ASGI loses a query that is there and empty."""

    target = b""

    def next_event(self) -> Any:
        event = super().next_event()
        if isinstance(event, h11.Request):
            self.target = event.target
        return event


class Line:
    """One connection of the partner's backend."""

    def __init__(self, transport: asyncio.Transport, connection: _Remembering) -> None:
        self._transport = transport
        self._connection = connection

    @property
    def target(self) -> bytes:
        """Path and query of the request that is being answered, to the byte."""
        return self._connection.target

    def cut(self) -> None:
        """Close it without another byte."""
        self._transport.abort()


class GatewayProtocol(H11Protocol):
    """Gives each request its connection, as `scope["state"]["line"]`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.conn = _Remembering(h11.SERVER, self.config.h11_max_incomplete_event_size or 65_536)
        self.app_state = {**self.app_state, "line": Line(transport, self.conn)}

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the server's own words say no more
        """What cannot be read as HTTP is not sent on, and its sender told so by the gateway in its own name."""
        headers, body = own("no-http", "the request cannot be read as HTTP")
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            head = h11.Response(status_code=400, headers=[*headers, (b"connection", b"close")])
            for event in (head, h11.Data(data=body), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
