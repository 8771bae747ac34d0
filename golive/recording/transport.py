"""The transport that every request passes: guarded before a byte is sent, recorded whatever comes of it."""

from collections.abc import Mapping
from typing import Any, Final

import httpx

from golive.guard import ForbiddenTarget, check_request
from golive.network import Network
from golive.recording.bodies import DEFAULT_MAX_BODY, BodyTooLarge, Inflater, body_text
from golive.recording.recorder import Pending, Recorder

EXTENSION: Final = "golive"
"""Request extension ``{"actor", "operation", "body_s", "id", "provokes"}``; response one ``{"exchange", "text"}``.

``body_s``: seconds in which a body must have come whole once it began, so that a trickle ends. ``text`` is the
body as recorded, redacted. ``id``: under which the exchange is recorded, where that is known before.
``provokes``: sent as it is, to see what comes of it.
"""

KEPT_OF_A_BROKEN_BODY: Final = 100_000
"""Bytes: what an answer began with that broke off or was refused as too large. Nothing is read from it but what it may
have been, and every view of the record holds it."""

_UNWRAPPED: Final = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})


class RecordingTransport(httpx.BaseTransport):
    """Guard, send, record; failures are recorded as well. The answer it returns is whole and decompressed.

    Raises `golive.guard.ForbiddenTarget` before anything is sent, `BodyTooLarge` past `max_body` bytes (also
    of decompressed data), `BodyUndecodable`, and what the inner transport raises.
    """

    def __init__(self, inner: httpx.BaseTransport, recorder: Recorder, *, max_body: int = DEFAULT_MAX_BODY) -> None:
        self._inner = inner
        self._max_body = max_body
        self.recorder = recorder

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        about: Mapping[str, Any] = request.extensions.get(EXTENSION) or {}
        sent = request.read()
        pending = self.recorder.begin(
            actor=about.get("actor") or "unnamed",
            operation=about.get("operation"),
            method=request.method,
            url=str(request.url),
            headers=request.headers.multi_items(),
            body=body_text(sent[: self._max_body], request.headers.get("content-type")),
            id=about.get("id"),
        )
        try:
            check_request(request)
            response = self._inner.handle_request(request)
        except BaseException as fault:
            pending.failed(type(fault).__name__, _said(fault))
            raise
        try:
            return self._whole(request, response, pending, about.get("body_s"))
        finally:
            response.close()

    def close(self) -> None:
        self._inner.close()

    def _whole(
        self, request: httpx.Request, response: httpx.Response, pending: Pending, body_s: float | None
    ) -> httpx.Response:
        headers = response.headers
        content = bytearray()
        try:
            self._read(response, content, body_s)
        except BaseException as fault:
            pending.failed(
                type(fault).__name__,
                _said(fault),
                status=response.status_code,
                headers=headers.multi_items(),
                body=body_text(
                    bytes(content[: min(KEPT_OF_A_BROKEN_BODY, self._max_body)]), headers.get("content-type")
                ),
            )
            if isinstance(fault, httpx.RequestError):
                fault.request = request
            raise
        recorded = pending.answered(
            response.status_code,
            headers.multi_items(),
            body_text(bytes(content), headers.get("content-type")),
        )
        return httpx.Response(
            response.status_code,
            headers=[pair for pair in headers.raw if pair[0].lower() not in _UNWRAPPED],  # as bytes: some are not ASCII
            content=bytes(content),
            extensions={**response.extensions, EXTENSION: {"exchange": pending.id, "text": recorded.body}},
        )

    def _read(self, response: httpx.Response, content: bytearray, body_s: float | None) -> None:
        clock = self.recorder.clock
        began = clock.monotonic()
        stream = response.stream
        if not isinstance(stream, httpx.SyncByteStream):
            raise TypeError("the inner transport must answer synchronously")
        inflater = Inflater(response.headers.get("content-encoding", ""))
        raw = 0
        for data in stream:
            raw += len(data)
            if raw > self._max_body:
                content += data[: self._max_body + 1 - len(content)]
                raise BodyTooLarge(f"the answer is larger than {self._max_body} bytes")
            for piece in inflater.pieces(data):
                content += piece
                if len(content) > self._max_body:
                    raise BodyTooLarge(f"the answer is larger than {self._max_body} bytes")
            if body_s is not None and clock.monotonic() - began > body_s:
                raise httpx.ReadTimeout(f"the answer was not whole {body_s:g} s after it began")
        if raw:
            inflater.finish()


def live_transport(
    recorder: Recorder, *, max_body: int = DEFAULT_MAX_BODY, connections: int = 32
) -> RecordingTransport:
    """The transport over the network: one connection pool for all threads, no proxies from the environment."""
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    return RecordingTransport(Network(limits), recorder, max_body=max_body)


def _said(fault: BaseException) -> str:
    if isinstance(fault, ForbiddenTarget):
        return f"refused before a byte was sent: {fault}"
    return str(fault) or "no further word"
