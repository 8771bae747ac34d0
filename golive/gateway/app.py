"""The ASGI application: each request is passed on, or answered in DEV's place; whatever comes of it is recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import httpx

from golive.evidence.exchange import PARTNER
from golive.evidence.model import Exchange
from golive.gateway.asked import Asked, ClientGone, TooMuch
from golive.gateway.out import Out
from golive.gateway.passing import NotWritten, Passing, told
from golive.gateway.provocations import Handle, Provocations
from golive.gateway.turn import Turn
from golive.guard import ForbiddenTarget
from golive.recording import Pending

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send


_MOST_AT_ONCE: Final = 16_384
"""Bytes that are made ready for the record without keeping other requests waiting."""


class App:
    """`url` is the gateway's own origin. `on_exchange` is called with each exchange of the partner's, once it has
    ended, in the gateway's thread."""

    def __init__(
        self, url: str, passing: Passing, provocations: Provocations, on_exchange: Callable[[Exchange], None]
    ) -> None:
        self._url = url
        self._passing = passing
        self._provocations = provocations
        self._on_exchange = on_exchange
        self._unsafe: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        asked = Asked.of(scope, receive, self._url)
        out = Out(send)
        if not asked.target.startswith(b"/"):
            await out.own(400, "no-proxy", "is no proxy: use it as the base URL of the Connect API")
            return
        if asked.wants_websocket:
            await out.own(501, "no-websocket", "speaks no WebSocket, as the Connect API does not")
            return
        handle = self._provocations.for_(asked)
        task = asyncio.create_task(self._serve(asked, out, handle))
        if not asked.is_safe:
            self._unsafe.add(task)
            task.add_done_callback(self._unsafe.discard)
        gone = asyncio.create_task(asked.incoming.gone())
        try:
            await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not (task.done() or out.is_whole):  # to ASGI whoever has the whole answer has gone, too
                out.went()
                if asked.is_safe and handle is None:
                    task.cancel()
            await asyncio.wait({task})
        finally:
            gone.cancel()

    async def finish(self, patience_s: float) -> None:
        """Wait for whatever may have changed something at DEV: whether a start began a session has to be known."""
        if self._unsafe:
            await asyncio.wait(set(self._unsafe), timeout=patience_s)

    async def _serve(self, asked: Asked, out: Out, handle: Handle | None) -> None:
        """Never raises: what goes wrong is answered and recorded."""
        pending = self._passing.begin(asked, PARTNER)
        try:
            if handle is None:
                await self._passing.pass_on(asked, pending, out)
            else:
                await handle.act(Turn(asked, pending, out, self._passing, handle))
        except (ClientGone, asyncio.CancelledError) as fault:
            self._record(asked, pending, *told(fault))
        except Exception as fault:
            await self._answer_for(fault, asked, pending, out)
        finally:
            if handle is not None and pending.id not in handle.exchanges:
                handle.spared()
            if asked.incoming.capture.size + out.size > _MOST_AT_ONCE:
                await asyncio.to_thread(pending.settle)
            self._on_exchange(pending.shown())

    async def _answer_for(self, fault: Exception, asked: Asked, pending: Pending, out: Out) -> None:
        """DEV gave no whole answer: that is recorded, and said by the gateway in its own name."""
        status, kind = own_answer(fault)
        what, why = told(fault)
        if out.started:
            self._record(asked, pending, what, f"{why}; the gateway closed the connection")
            asked.line.cut()
        else:
            self._record(asked, pending, what, f"{why}; the gateway answered {status} in its own name")
            await out.own(status, kind, f"{_SENTENCES[kind]} ({what})")

    def _record(self, asked: Asked, pending: Pending, kind: str, message: str) -> None:
        pending.sent(*asked.incoming.capture.shown(asked.headers))
        pending.failed(kind, message)


_SENTENCES = {
    "no-answer-in-time": "the target did not answer in time",
    "no-connection": "the target cannot be reached",
    "connection-lost": "the connection to the target broke before its answer was there",
    "too-large": "the request is larger than the gateway takes",
    "not-written-down": "the start could not be written down, and was not sent",
    "refused": "the target must not be used",
    "stumbled": "the gateway itself stumbled",
}


def own_answer(fault: Exception) -> tuple[int, str]:
    """Status and kind of the gateway's own answer where DEV's did not come."""
    match fault:
        case httpx.ReadTimeout() | httpx.WriteTimeout():
            return 504, "no-answer-in-time"
        case httpx.ConnectError() | httpx.ConnectTimeout() | httpx.PoolTimeout():
            return 502, "no-connection"
        case httpx.TransportError():
            return 502, "connection-lost"
        case TooMuch():
            return 413, "too-large"
        case NotWritten():
            return 503, "not-written-down"
        case ForbiddenTarget():
            return 502, "refused"
    return 500, "stumbled"
