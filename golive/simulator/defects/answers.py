"""Whole answers, as a defect may change them on their way: the tool of the defects of the transport."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

Header = tuple[bytes, bytes]


@dataclass(frozen=True)
class Whole:
    """One answer; `path` and `query` are those of its request."""

    method: str
    path: str
    query: str
    status: int
    headers: tuple[Header, ...]
    body: bytes

    def typed(self, kind: str, body: bytes, *more: Header, status: int | None = None) -> Whole:
        """The same answer with another body of another type."""
        others = tuple(header for header in self.headers if header[0].lower() != b"content-type")
        return replace(
            self,
            status=self.status if status is None else status,
            headers=(*others, (b"content-type", kind.encode()), *more),
            body=body,
        )


Change = Callable[[Whole], Whole | None]
"""What is sent instead; None: the connection is closed after the head of the answer."""


def changed(app: ASGIApp, change: Change) -> ASGIApp:
    """The application with every answer changed once it is whole; the length is that of the body that is sent."""

    async def around(scope: Scope, receive: Receive, send: Send) -> None:
        head: Message = {}
        body = b""

        async def collect(message: Message) -> None:
            nonlocal head, body
            if message["type"] == "http.response.start":
                head = message
            else:
                body += message.get("body", b"")

        await app(scope, receive, collect)
        query = scope["query_string"].decode("latin-1")
        whole = Whole(scope["method"], scope["path"], query, head["status"], tuple(head["headers"]), body)
        sent = change(whole)
        await _send(send, sent or whole, closing=sent is None)

    return around


async def _send(send: Send, whole: Whole, *, closing: bool) -> None:
    others = [header for header in whole.headers if header[0].lower() != b"content-length"]
    bodiless = whole.status == 204  # an answer without a body has no length either
    length = [] if bodiless else [(b"content-length", str(len(whole.body)).encode())]
    await send({"type": "http.response.start", "status": whole.status, "headers": others + length})
    if not closing:  # else the server closes the connection, as it does for an answer that stays unfinished
        await send({"type": "http.response.body", "body": whole.body})
