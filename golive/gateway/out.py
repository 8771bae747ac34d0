"""The answer on its way to the partner's backend, and the gateway's own answers, which nobody can take for DEV's."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING, Any, Final

from golive.gateway.headers import Header

if TYPE_CHECKING:
    from starlette.types import Send

OWN: Final = b"x-golive-gateway"
"""A header of the gateway's own answers, and of no other."""


def own(kind: str, sentence: str) -> tuple[list[Header], bytes]:
    """Headers and body of an answer of the gateway's own."""
    body = json.dumps({"detail": f"golive gateway: {sentence}", "gateway": kind}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)), (OWN, kind.encode())]
    return headers, body


class Out:
    """What is sent to the partner's backend; nothing more once that has gone."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._gone = asyncio.Event()
        self.started = False
        self.is_whole = False
        self.size = 0

    @property
    def gone(self) -> bool:
        """Whether the partner's backend has closed the connection."""
        return self._gone.is_set()

    def went(self) -> None:
        """The partner's backend has closed the connection."""
        self._gone.set()

    async def wait(self, seconds: float) -> None:
        """Let time pass, for as long as somebody waits for the answer."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._gone.wait(), seconds)

    async def start(self, status: int, headers: list[Header]) -> None:
        self.started = True
        await self._say({"type": "http.response.start", "status": status, "headers": headers})

    async def write(self, piece: bytes, *, last: bool = False) -> None:
        self.size += len(piece)
        await self._say({"type": "http.response.body", "body": piece, "more_body": not last})
        self.is_whole = last

    async def whole(self, status: int, headers: list[Header], body: bytes) -> None:
        await self.start(status, headers)
        await self.write(body, last=True)

    async def own(self, status: int, kind: str, sentence: str) -> None:
        """An answer of the gateway's own."""
        await self.whole(status, *own(kind, sentence))

    async def _say(self, message: dict[str, Any]) -> None:
        if not self.gone:
            await self._send(message)
