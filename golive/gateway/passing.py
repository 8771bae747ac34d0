"""One request on its way to DEV, and the answer on its way back: recorded, and otherwise as they are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Final

import httpx

from golive.evidence.exchange import GATEWAY
from golive.gateway.asked import LIST, READ, START, STOP, Asked, held
from golive.gateway.capture import Capture, undone
from golive.gateway.headers import Header, as_text, first, to_client, to_upstream, values
from golive.gateway.links import Links, packed
from golive.gateway.out import Out
from golive.gateway.tracking import Start, Starts
from golive.gateway.upstream import Upstream, pieces_of
from golive.guard import ForbiddenTarget, names_prod
from golive.outcomes import Inconclusive, Owner
from golive.recording import BodyUndecodable, Pending, Recorder

_MOST_REWRITTEN: Final = 10_000_000
_NEVER_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_WATCHED: Final = (STOP, READ, LIST)


class NotWritten(Exception):  # noqa: N818 - what happened
    """A start could not be written down, and was not sent."""


@dataclass(frozen=True)
class Whole:
    """DEV's whole answer, its body still compressed where it was."""

    status: int
    headers: tuple[Header, ...]
    body: bytes


@dataclass
class _Answer:
    """The answer that has begun to come."""

    response: httpx.Response
    capture: Capture
    start: Start | None

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def headers(self) -> list[Header]:
        return to_client(self.response.headers.raw)

    async def pieces(self) -> AsyncIterator[bytes]:
        async for piece in pieces_of(self.response):
            self.capture.add(piece)
            yield piece


class Passing:
    """Sends requests on and brings the answers back."""

    def __init__(self, upstream: Upstream, recorder: Recorder, starts: Starts) -> None:
        self._upstream = upstream
        self._recorder = recorder
        self._starts = starts
        self._links = Links(upstream.base)

    def begin(self, asked: Asked, actor: str) -> Pending:
        """The exchange's place in the record. A token that is not the expected one is a secret too, wherever else it
        stands in this very request."""
        for value in values(asked.headers, b"authorization"):
            scheme, _, token = value.decode("latin-1").partition(" ")
            self._recorder.redactor.learn(token.strip() or scheme)
        return self._recorder.begin(
            actor=actor,
            operation=asked.operation.name if asked.operation else None,
            method=asked.method,
            url=self._upstream.url_of(asked.target),
            headers=as_text(to_upstream(asked.headers, self._upstream.host)),
        )

    async def pass_on(self, asked: Asked, pending: Pending, out: Out) -> None:
        """Send the request on, and the answer back. Raises what httpx raises, `ForbiddenTarget`, `ClientGone`,
        `TooMuch` and `NotWritten`."""
        async with self._answered(asked, pending) as answer:
            self._watch_redirect(answer, pending)
            headers = self._located(asked, answer.headers)
            if self._links.concern(asked.operation, answer.status) and asked.method == "GET":
                await self._page(asked, pending, answer, headers, out)
            else:
                await self._stream(asked, pending, answer, headers, out)

    async def ask(self, asked: Asked) -> Whole:
        """DEV's whole answer, recorded as one that the gateway asked for. Raises as `pass_on` does."""
        pending = self.begin(asked, GATEWAY)
        try:
            async with self._answered(asked, pending) as answer:
                self._watch_redirect(answer, pending)
                body = await held(answer.pieces())
                self._over(asked, pending, answer)
        except BaseException as fault:
            pending.failed(*told(fault))
            raise
        return Whole(answer.status, tuple(answer.headers), body)

    def readdressed(self, asked: Asked, whole: Whole) -> Whole:
        """`whole` with its links to the API leading through the gateway."""
        whole = replace(whole, headers=tuple(self._located(asked, whole.headers)))
        if not self._links.concern(asked.operation, whole.status):
            return whole
        coding = first(whole.headers, b"content-encoding")
        try:
            plain = undone(whole.body, coding, _MOST_REWRITTEN)
        except BodyUndecodable:
            return whole
        changed = None if plain is None else self._links.in_body(plain, asked.origin)
        if changed is None or changed == plain:
            return whole
        return with_body(whole, packed(changed, coding))

    # -- sending ---------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _answered(self, asked: Asked, pending: Pending) -> AsyncIterator[_Answer]:
        """The request is sent, and its answer has begun within. What goes wrong from then on is recorded with what
        came of the answer; what goes wrong before is for the caller to record."""
        if names_prod(f"//{first(asked.headers, b'host')}"):
            raise ForbiddenTarget("the Host header names the production host: use the gateway's own address")
        body, start = await self._ready(asked)
        answer: _Answer | None = None
        try:
            headers = to_upstream(asked.headers, self._upstream.host)
            response = await self._upstream.send(asked.method, asked.target, headers, body)
            try:
                answer = _Answer(response, Capture(), start)
                yield answer
            finally:
                await response.aclose()
        except BaseException as fault:
            if start is not None and not start.is_settled:
                self._starts.unanswered(start, sent=not isinstance(fault, _NEVER_SENT))
            if answer is not None:
                text, _ = answer.capture.shown(answer.headers)
                pending.sent(*asked.incoming.capture.shown(asked.headers))
                headers_shown = as_text(answer.headers)
                pending.failed(*told(fault), status=answer.status, headers=headers_shown, body=text)
            raise

    async def _ready(self, asked: Asked) -> tuple[AsyncIterator[bytes] | None, Start | None]:
        """The body to be sent. A start is read whole and written down before it goes out."""
        if not asked.asks_for(START):
            if asked.has_body:
                return asked.incoming.pieces(), None
            await asked.incoming.whole()
            return None, None
        data = await asked.incoming.whole()
        try:
            start = await asyncio.to_thread(self._starts.opening, asked, data)
        except (OSError, Inconclusive) as fault:
            raise NotWritten(f"the start could not be written down ({fault})") from fault
        return _once(data) if asked.has_body else None, start

    # -- answering -------------------------------------------------------------------------------------------------

    async def _stream(self, asked: Asked, pending: Pending, answer: _Answer, headers: list[Header], out: Out) -> None:
        """Piece by piece as they come; the last one when the answer stands in the record, so that whoever has the
        answer can look there."""
        length = first(headers, b"content-length")
        whole = int(length) if length.isdecimal() else None
        bodiless = asked.method == "HEAD" or answer.status in (204, 304) or whole == 0
        if not bodiless:
            await out.start(answer.status, headers)
        last = b""
        async for piece in answer.pieces():
            if whole is not None and answer.capture.size >= whole:
                last += piece
            else:
                await out.write(piece)
        self._over(asked, pending, answer, gone=out.gone)
        if bodiless:
            await out.start(answer.status, headers)
        await out.write(last, last=True)

    async def _page(self, asked: Asked, pending: Pending, answer: _Answer, headers: list[Header], out: Out) -> None:
        body = bytearray()
        async for piece in answer.pieces():
            if out.started:
                await out.write(piece)
                continue
            body += piece
            if len(body) > _MOST_REWRITTEN:  # passes as it is
                await out.start(answer.status, headers)
                await out.write(bytes(body))
        self._over(asked, pending, answer, gone=out.gone)
        if out.started:
            await out.write(b"", last=True)
            return
        page = self.readdressed(asked, Whole(answer.status, tuple(headers), bytes(body)))
        await out.whole(page.status, list(page.headers), page.body)

    def _located(self, asked: Asked, headers: Iterable[Header]) -> list[Header]:
        return [
            (name, self._links.in_location(value, asked.origin) if name == b"location" else value)
            for name, value in headers
        ]

    def _watch_redirect(self, answer: _Answer, pending: Pending) -> None:
        if 300 <= answer.status < 400 and any(
            names_prod(value.decode("latin-1")) for value in values(answer.headers, b"location")
        ):
            self._recorder.observe(
                "REDIRECT_TO_PROD",
                "DEV redirects the partner's backend to the production host.",
                owner=Owner.CARIQA,
                exchanges=(pending.id,),
            )

    def _over(self, asked: Asked, pending: Pending, answer: _Answer, *, gone: bool = False) -> None:
        """The answer is whole: what it says of sessions is kept in mind, and it is recorded."""
        if answer.start is not None or asked.asks_for(*_WATCHED):
            try:
                body, _ = answer.capture.decoded(answer.headers)
            except BodyUndecodable:
                body = b""
            if answer.start is not None:
                self._starts.answered(answer.start, answer.status, body)
            else:
                self._starts.noticed(asked, answer.status, body)

        def record() -> None:
            pending.sent(*asked.incoming.capture.shown(asked.headers))
            text, cut = answer.capture.shown(answer.headers)
            shown = as_text(answer.headers)
            if gone:
                pending.failed(*GONE, status=answer.status, headers=shown, body=text, truncated=cut)
            else:
                pending.answered(answer.status, shown, text, truncated=cut)

        pending.over(record)


GONE: Final = ("ClientGone", "the partner's backend closed the connection before it had the answer")
"""Kind and message of the fault where nobody waited for the answer."""


def told(fault: BaseException) -> tuple[str, str]:
    """A fault as the record names it: its kind and its message."""
    if isinstance(fault, asyncio.CancelledError):
        return GONE
    return type(fault).__name__, str(fault) or "no further word"


def with_body(whole: Whole, body: bytes) -> Whole:
    """The same answer with another body."""
    others = [(name, value) for name, value in whole.headers if name != b"content-length"]
    return Whole(whole.status, (*others, (b"content-length", b"%d" % len(body))), body)


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data
