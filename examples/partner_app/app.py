"""The web application, and a server for it."""

import contextlib
import socket
import threading
from collections.abc import AsyncIterator
from types import TracebackType
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from examples.partner_app.backend import Backend, Parts
from examples.partner_app.settings import Settings
from examples.partner_app.web import API, answered

LOOPBACK = "127.0.0.1"


def make_app(settings: Settings, parts: Parts | None = None) -> Starlette:
    """The application; what was open when it was last stopped goes on as soon as it runs."""
    chosen = parts or Parts()

    @contextlib.asynccontextmanager
    async def running(app: Starlette) -> AsyncIterator[None]:
        backend = Backend(settings, chosen)
        app.state.backend = backend
        backend.charges.resume()
        try:
            yield
        finally:
            await backend.close()

    routes = [
        *(Route(path, answered(act), methods=[method]) for method, path, act in API),
        Mount("/", StaticFiles(directory=chosen.page, html=True)),
    ]
    return Starlette(routes=routes, lifespan=running, middleware=[Middleware(Headers, stripe=settings.stripe_base)])


class Headers:
    """What a browser may do with the page: run its own script, and speak to this backend and to Stripe."""

    def __init__(self, app: ASGIApp, stripe: str) -> None:
        self._app = app
        parts = urlsplit(stripe)
        policy = f"default-src 'self'; connect-src 'self' {parts.scheme}://{parts.netloc}; frame-ancestors 'none'"
        self._headers = [
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (b"cache-control", b"no-store"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


def listen(port: int) -> socket.socket:
    """A listening socket on this machine; port 0 takes any free one. Raises `OSError`."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((LOOPBACK, port))
        sock.listen(128)
    except OSError:
        sock.close()
        raise
    return sock


def make_server(app: ASGIApp) -> uvicorn.Server:
    # The access log would only repeat what the app logs itself, with less in it.
    config = uvicorn.Config(app, log_level="error", access_log=False, server_header=False, timeout_graceful_shutdown=1)
    return uvicorn.Server(config)


class Running:
    """`with Running(settings) as app:` serves on `app.url`, in a thread, until the block ends."""

    def __init__(self, settings: Settings, parts: Parts | None = None) -> None:
        self._socket = listen(0)
        self.url = f"http://{LOOPBACK}:{self._socket.getsockname()[1]}"
        self._server = make_server(make_app(settings, parts))
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="partner app")

    def __enter__(self) -> "Running":
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.01)
            if not self._thread.is_alive():
                self._socket.close()
                raise RuntimeError("the app did not start")
        return self

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
