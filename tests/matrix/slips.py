"""Slips of the suite's own client, put there on purpose: what no deviation of DEV can bring about.

A slip is a transport; its docstring says what the client does wrong. It is the harness's error, and nobody is accused.
"""

import contextlib
from abc import abstractmethod
from typing import Final

import httpx

from golive.recording import Recorder, RecordingTransport


class Slipping(RecordingTransport):
    """Sends one more request before that for the first user read, and keeps its answer to itself."""

    _slipped = False

    @classmethod
    def over_the_network(cls, recorder: Recorder) -> RecordingTransport:
        return cls(httpx.HTTPTransport(trust_env=False), recorder)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        operation = (request.extensions.get("golive") or {}).get("operation")
        if operation == "users_retrieve" and not self._slipped:
            self._slipped = True
            with contextlib.suppress(httpx.TransportError):  # only that it was sent matters
                super().handle_request(self.slip(request)).close()
        return super().handle_request(request)

    @abstractmethod
    def slip(self, request: httpx.Request) -> httpx.Request:
        """The request that should not be sent."""


def _like(request: httpx.Request, url: httpx.URL | None = None, *, without: str = "") -> httpx.Request:
    headers = [(name, value) for name, value in request.headers.multi_items() if name.lower() != without]
    return httpx.Request(request.method, url or request.url, headers=headers, extensions=request.extensions)


class KeyLeftOut(Slipping):
    """The client sends a request without its key."""

    def slip(self, request: httpx.Request) -> httpx.Request:
        return _like(request, without="authorization")


class KeyInUrl(Slipping):
    """The client repeats its key in the query of a request."""

    def slip(self, request: httpx.Request) -> httpx.Request:
        key = request.headers["authorization"].removeprefix("Bearer ")
        return _like(request, request.url.copy_merge_params({"token": key}))


class AnotherHost(Slipping):
    """The client sends a request to another host than the target's."""

    def slip(self, request: httpx.Request) -> httpx.Request:
        return _like(request, request.url.copy_with(host="localhost"), without="host")


SLIPS: Final[dict[str, type[Slipping]]] = {
    "client-leaves-the-key-out": KeyLeftOut,
    "client-shows-the-key-in-a-url": KeyInUrl,
    "client-asks-another-host": AnotherHost,
}
