"""An ASGI application on a loopback port, in a thread of this process."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

    Life = Callable[[Callable[[], Awaitable[None]]], Awaitable[None]]

LOOPBACK = "127.0.0.1"
START_SECONDS = 10.0
_GRACE_SECONDS = 1


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; raises `OSError` when the port is taken."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(256)
    except OSError:
        sock.close()
        raise
    return sock


def make_server(app: ASGIApp, **more: Any) -> uvicorn.Server:
    """A quiet server for `app`: no access log, no signal handling beyond uvicorn's own in the main thread. `more` are
    options of `uvicorn.Config`, in the place of those that are chosen here."""
    import uvicorn

    chosen: dict[str, Any] = {
        "loop": "asyncio",
        "http": "h11",
        "ws": "none",
        "lifespan": "off",
        "log_config": None,
        "log_level": "error",
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": _GRACE_SECONDS,
    }
    return uvicorn.Server(uvicorn.Config(app, **(chosen | more)))


class Served:
    """`server` on `sock` until it is stopped. `life` is what its thread runs around it: it is given the serving, which
    ends when the server has been told to stop."""

    def __init__(self, server: uvicorn.Server, sock: socket.socket, *, name: str, life: Life | None = None) -> None:
        self._server = server
        self._socket = sock
        self._name = name
        self._life = life
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Returns once it answers. Raises `RuntimeError` when it does not come up."""
        original = self._server.startup

        async def startup(sockets: list[socket.socket] | None = None) -> None:
            await original(sockets)
            self._started.set()

        self._server.startup = startup  # type: ignore[method-assign]
        self._thread.start()
        if not self._started.wait(START_SECONDS):
            self.stop()
            raise RuntimeError(f"the {self._name} did not start within {START_SECONDS:g} s")

    def stop(self) -> None:
        """Returns once its thread has ended and its port is free."""
        self._server.should_exit = True
        if self._thread.ident is not None:
            self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        with contextlib.suppress(SystemExit):
            asyncio.run(self._live())

    async def _live(self) -> None:
        async def serve() -> None:
            await self._server.serve(sockets=[self._socket])

        await (serve() if self._life is None else self._life(serve))
