"""One request that is answered in DEV's place: what an act can do with it.

The record has both sides: what the partner's backend was answered, marked as provoked, and what DEV itself was asked
and said, as the gateway's own exchange.
"""

from __future__ import annotations

from dataclasses import replace

from golive.connect.operations import API_PREFIX, OPERATIONS
from golive.gateway.asked import STOP, Asked, Incoming
from golive.gateway.capture import Capture
from golive.gateway.headers import as_text
from golive.gateway.out import Out
from golive.gateway.passing import GONE, Passing, Whole
from golive.gateway.provocations import Handle
from golive.recording import Pending


class Turn:
    """An act's turn to answer."""

    def __init__(self, asked: Asked, pending: Pending, out: Out, passing: Passing, handle: Handle) -> None:
        self.asked = asked
        self._pending = pending
        self._out = out
        self._passing = passing
        self._handle = handle

    async def forward(self) -> Whole:
        """DEV's own answer; the request is sent on. Raises as `Passing.pass_on` does."""
        return await self._passing.ask(self.asked)

    async def stop_upstream(self, session_id: str) -> Whole:
        """Stop a session with the partner's own token, without the partner's backend having asked for it."""
        path = OPERATIONS[STOP].url_path(user_id=self.asked.ids["user_id"], session_id=session_id)
        dropped = (b"content-length", b"transfer-encoding", b"content-type", b"expect")
        stop = replace(
            self.asked,
            method="POST",
            target=f"{API_PREFIX}{path}".encode(),
            headers=tuple((name, value) for name, value in self.asked.headers if name not in dropped),
            incoming=Incoming.empty(),
        )
        return await self._passing.ask(stop)

    async def answer(self, whole: Whole, *, provoked: bool = True) -> None:
        """Answer with this; `provoked` is false where it turned out to be DEV's own answer."""
        capture = Capture()
        capture.add(whole.body)
        text, cut = capture.shown(whole.headers)
        headers = as_text(whole.headers)
        await self._taken()
        if provoked:
            self._pending.provoked(self._handle.provocation.name)
        if self._out.gone:
            self._pending.failed(*GONE, status=whole.status, headers=headers, body=text, truncated=cut)
        else:
            self._pending.answered(whole.status, headers, text, truncated=cut)
        if provoked:
            self._handle.was_met(self._pending.id)
        sent = self._passing.readdressed(self.asked, whole)
        await self._out.whole(sent.status, list(sent.headers), sent.body)

    async def lose(self) -> None:
        """Answer nothing: the connection is closed without a byte."""
        await self._taken()
        self._pending.provoked(self._handle.provocation.name)
        self._pending.failed("AnswerLost", "the gateway closed the connection without an answer")
        self._handle.was_met(self._pending.id)
        self.asked.line.cut()

    async def wait(self, seconds: float) -> None:
        """Let time pass, for as long as somebody waits for the answer."""
        await self._out.wait(seconds)

    async def _taken(self) -> None:
        """The request's body stands in the record, whether it was sent on or not."""
        await self.asked.incoming.whole()
        self._pending.sent(*self.asked.incoming.capture.shown(self.asked.headers))
