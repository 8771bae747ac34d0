"""A simulated DEV in a thread of this process, on a free loopback port."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from golive.simulator.deviations import Deviation, options_with, parts_with, wrappers_of
from golive.simulator.options import SimulatorOptions

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

    Middleware = Callable[[ASGIApp], ASGIApp]

    from golive.simulator.clocks import SimulatorClock
    from golive.simulator.dev import Dev, Parts
    from golive.simulator.state.world import World

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


def make_server(app: ASGIApp) -> uvicorn.Server:
    """A quiet server for `app`: no access log, no signal handling beyond uvicorn's own in the main thread."""
    import uvicorn

    return uvicorn.Server(
        uvicorn.Config(
            app,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
    )


class EmbeddedSimulator:
    """`with EmbeddedSimulator(options) as sim:` serves until the block ends.

    `sim.url` is its base, `sim.world` its state, `sim.dev` all of it. Each `middleware` takes the
    application and returns another around it, the last one outermost. `deviations` are named defects or habits.
    """

    def __init__(
        self,
        options: SimulatorOptions | None = None,
        *,
        port: int = 0,
        clock: SimulatorClock | None = None,
        parts: Parts | None = None,
        middleware: Sequence[Middleware] = (),
        deviations: Sequence[Deviation] = (),
    ) -> None:
        from golive.simulator.dev import Dev

        self.options = options_with(options or SimulatorOptions(), deviations)
        self.dev: Dev = Dev(self.options, clock=clock, parts=parts or parts_with(deviations))
        self._middleware = (*middleware, *wrappers_of(deviations))
        self._wanted_port = port
        self._socket: socket.socket | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self.url = ""

    @property
    def world(self) -> World:
        return self.dev.world

    @property
    def api_url(self) -> str:
        """The base of the Connect API's operations."""
        return f"{self.url}/api/v1"

    def start(self) -> EmbeddedSimulator:
        """Returns once it answers. Raises `OSError` when the port is taken, `RuntimeError` when it does not come up."""
        from golive.simulator.web.app import make_app

        self._socket = listen(LOOPBACK, self._wanted_port)
        self.url = f"http://{LOOPBACK}:{self._socket.getsockname()[1]}"
        app: ASGIApp = make_app(self.dev)
        for around in self._middleware:
            app = around(app)
        self._server = make_server(app)
        started = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(self._server, self._socket, started), name="simulator", daemon=True
        )
        self._thread.start()
        if not started.wait(START_SECONDS):
            self.stop()
            raise RuntimeError(f"the embedded simulator did not start within {START_SECONDS:g} s")
        return self

    @staticmethod
    def _run(server: uvicorn.Server, sock: socket.socket, started: threading.Event) -> None:
        original = server.startup

        async def startup(sockets: list[socket.socket] | None = None) -> None:
            await original(sockets)
            started.set()

        server.startup = startup  # type: ignore[method-assign]
        with contextlib.suppress(SystemExit):
            server.run(sockets=[sock])

    def stop(self) -> None:
        """Returns once its thread has ended and its port is free; harmless when it is not running."""
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join()
        if self._socket is not None:
            self._socket.close()
        self._server = self._thread = self._socket = None

    def __enter__(self) -> EmbeddedSimulator:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
