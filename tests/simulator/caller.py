"""Calls an ASGI application directly: no socket, no event loop, no waiting."""

from collections.abc import MutableMapping
from typing import Any

import httpx
from starlette.types import ASGIApp


class Caller:
    """Sends requests to an application that waits for nothing but other coroutines that wait for nothing."""

    def __init__(self, app: ASGIApp, *, raise_crashes: bool = True) -> None:
        self._app = app
        self._raise_crashes = raise_crashes

    def call(self, request: httpx.Request) -> httpx.Response:
        """The answer; a crash of the application is raised unless it is to be seen as its 500."""
        body = request.read()
        sent: list[MutableMapping[str, Any]] = []

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": request.method,
            "scheme": request.url.scheme,
            "path": request.url.path,
            "raw_path": request.url.raw_path.partition(b"?")[0],
            "query_string": request.url.query,
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "server": (request.url.host, 80),
            "client": ("127.0.0.1", 1),
        }
        running = self._app(scope, receive, send).__await__()
        try:
            while True:
                next(running)
        except StopIteration:
            pass
        except Exception:
            if self._raise_crashes:
                raise
        start, *rest = sent
        content = b"".join(message.get("body", b"") for message in rest)
        return httpx.Response(start["status"], headers=start["headers"], content=content, request=request)
