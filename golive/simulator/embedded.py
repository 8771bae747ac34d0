"""A simulated DEV in a thread of this process, on a free loopback port."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from golive.serving import LOOPBACK, Served, listen, make_server
from golive.simulator.deviations import Deviation, options_with, parts_with, wrappers_of
from golive.simulator.options import SimulatorOptions

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    Middleware = Callable[[ASGIApp], ASGIApp]

    from golive.simulator.clocks import SimulatorClock
    from golive.simulator.dev import Dev, Parts
    from golive.simulator.state.world import World


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
        self._served: Served | None = None
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

        sock = listen(LOOPBACK, self._wanted_port)
        self.url = f"http://{LOOPBACK}:{sock.getsockname()[1]}"
        app: ASGIApp = make_app(self.dev)
        for around in self._middleware:
            app = around(app)
        self._served = Served(make_server(app), sock, name="embedded simulator")
        self._served.start()
        return self

    def stop(self) -> None:
        """Returns once its thread has ended and its port is free; harmless when it is not running."""
        if self._served is not None:
            self._served.stop()
        self._served = None

    def __enter__(self) -> EmbeddedSimulator:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
