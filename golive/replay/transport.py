"""Answers from the record: the place of the network in a replay."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import httpx

from golive.evidence.model import Exchange
from golive.politeness.faults import BudgetSpent, CircuitOpen, RunEnding
from golive.recording import EXTENSION, BodyTooLarge, BodyUndecodable, Recorder, RecordingTransport, body_text
from golive.recording.bodies import text_body
from golive.replay.clock import ReplayClock
from golive.replay.errors import ReplayMiss
from golive.replay.requests import Key, key_of
from golive.replay.shelf import Shelf

_ANSWER: Final = "golive.replay"
_UNWRAPPED: Final = "content-encoding"
"""The record has a body as text."""

_FAULTS: Final[Mapping[str, type[httpx.RequestError]]] = {
    kind.__name__: kind
    for kind in (*vars(httpx).values(), BodyTooLarge, BodyUndecodable, BudgetSpent, CircuitOpen, RunEnding)
    if isinstance(kind, type) and issubclass(kind, httpx.RequestError)
}


class ReplayTransport(RecordingTransport):
    """Answers each request with what the record has for it, and records the replay in its turn.

    Raises `ReplayMiss` where the record has no whole answer, and the fault that was recorded where there was one.
    """

    def __init__(self, shelf: Shelf, clock: ReplayClock, recorder: Recorder) -> None:
        super().__init__(_Shelved(clock), recorder)
        self._shelf = shelf
        self._clock = clock
        self.unanswered: dict[str, str] = {}
        """By exchange of the replay: what the record lacks."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        found = self._shelf.take(self._key(request), self.recorder.running_test, self._clock.course)
        if found is not None:
            self._clock.begin(found)
        about = {**request.extensions.get(EXTENSION, {}), "id": self._shelf.id_for(found)}
        request.extensions = {**request.extensions, EXTENSION: about, _ANSWER: found}
        try:
            return super().handle_request(request)
        except ReplayMiss as miss:
            self.unanswered[self.recorder.last_exchange or ""] = str(miss)
            raise

    def _key(self, request: httpx.Request) -> Key:
        redactor = self.recorder.redactor
        about: Mapping[str, Any] = request.extensions.get(EXTENSION) or {}
        body = body_text(request.read(), request.headers.get("content-type"))
        return key_of(
            redactor.text(about.get("actor") or "unnamed"),
            request.method,
            redactor.text(str(request.url)),
            redactor.headers(request.headers.multi_items()).get("authorization"),
            None if body is None else redactor.text(body),
        )


class _Shelved(httpx.BaseTransport):
    """The inner transport: makes an answer, or a fault, of a recorded exchange."""

    def __init__(self, clock: ReplayClock) -> None:
        self._clock = clock

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        exchange: Exchange | None = request.extensions[_ANSWER]
        asked = f"{request.method} {request.url.raw_path.decode('ascii', 'replace')}"
        if exchange is None:
            raise ReplayMiss(f"the record has no answer to {asked}")
        self._clock.end(exchange)
        fault = _fault(exchange, request)
        response = exchange.response
        if response is None:
            raise fault or ReplayMiss(f"the record has no answer to {asked} (exchange {exchange.id})")
        if fault is None and (response.truncated or exchange.error is not None):
            raise ReplayMiss(f"the record has no whole answer to {asked} (exchange {exchange.id})")
        content = text_body(response.body, response.headers.get("content-type"))
        return httpx.Response(
            response.status,
            headers=[(name, value) for name, value in response.headers.items() if name != _UNWRAPPED],
            stream=_Body(content, fault),
        )


class _Body(httpx.SyncByteStream):
    """A recorded body, and the fault that broke it off."""

    def __init__(self, content: bytes, fault: httpx.RequestError | None) -> None:
        self._content = content
        self._fault = fault

    def __iter__(self) -> Iterator[bytes]:
        yield self._content
        if self._fault is not None:
            raise self._fault


def _fault(exchange: Exchange, request: httpx.Request) -> httpx.RequestError | None:
    """The recorded fault, made anew; None where there was none, or none that a transport raises."""
    kind = _FAULTS.get(exchange.error.kind) if exchange.error is not None else None
    return None if kind is None or exchange.error is None else kind(exchange.error.message, request=request)
