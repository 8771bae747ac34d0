"""Journeys on the workbench: a simulated DEV on loopback, drivers for it, and faults on the way there."""

import math
import re
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
from pydantic import SecretStr

from fixtures.catalogue import CARDS, PERSONAS, PROGRESS_VCPS, SHARED_VCPS
from golive.clock import SystemClock
from golive.connect import ConnectClient, RetryPolicy, StripeClient, Timeouts
from golive.journeys.conductor import Conductor, Journey, Needs
from golive.journeys.drivers import Drivers
from golive.journeys.hold_watch import HoldWatch
from golive.journeys.holds import Holds
from golive.journeys.meetings import BusyMeeting, Refusals
from golive.journeys.sessions import OpenSessions, StartsOnDisk
from golive.journeys.vcp import Pace, StoppableClock, Vcp
from golive.journeys.walk import Walk
from golive.recording import Recorder, RecordingTransport, Redactor
from golive.simulator import EmbeddedSimulator, SimulatorOptions
from golive.simulator.dev import Parts
from golive.simulator.services.base import Context

TICK = 0.01
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Loopback only: one for all benches, since reading the machine's certificates takes a while."""
PATIENCE_S = 20.0
"""The most that a test waits for anything: longer means that something hangs."""
SHARED, OTHER_SHARED, PROGRESS = SHARED_VCPS[0], SHARED_VCPS[1], PROGRESS_VCPS[0]
QUICK = Pace(poll_interval=TICK, cdr_timeout=5.0, invoice_timeout=5.0, busy_patience=5.0, payment_timeout=5.0)

T = TypeVar("T")
J = TypeVar("J", bound=Journey)
Act = Callable[[httpx.Request, httpx.BaseTransport], httpx.Response]


@dataclass
class Fault:
    """What befalls the requests whose method and path match, after `skip` of them, `times` times."""

    where: str
    act: Act
    skip: int = 0
    times: int = 10**9

    def strikes(self, request: httpx.Request) -> bool:
        if not re.fullmatch(self.where, f"{request.method} {request.url.path.removeprefix('/api/v1')}"):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return self.times >= 0


START, STOP = r"POST .*/charging/start/", r"POST .*/charging/stop/.*"
READ, HISTORY = r"GET .*/charging-sessions/[^/]+/", r"GET .*/charging-sessions/"
INVOICES = r"GET .*/invoices/"


def lost(request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
    """The request never leaves this machine."""
    raise httpx.ConnectError("the network is gone")


def answer_lost(request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
    """The request arrives, its answer does not."""
    inner.handle_request(request).read()
    raise httpx.ReadError("the connection was reset")


def swallowed(request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
    """Neither the request nor an answer arrives, which this side cannot know."""
    raise httpx.ReadTimeout("no answer")


def refused(status: int, type_: str | None = None) -> Act:
    """The API refuses without doing anything."""
    body: dict[str, Any] = {"detail": "Refused."}
    if type_ is not None:
        body["error"] = {"type": type_, "details": "why"}

    def act(request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
        return httpx.Response(status, json=body)

    return act


def done_but_refused(status: int, type_: str) -> Act:
    """The API does what was asked and says that it refused."""

    def act(request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
        inner.handle_request(request).read()
        return refused(status, type_)(request, inner)

    return act


def broken(request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
    """Not the network: this program itself is wrong."""
    raise TypeError("a bug of the harness")


@dataclass
class Faults(httpx.BaseTransport):
    """The network, with faults."""

    inner: httpx.BaseTransport
    faults: list[Fault] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with self.lock:
            fault = next((fault for fault in self.faults if fault.strikes(request)), None)
        return fault.act(request, self.inner) if fault else self.inner.handle_request(request)

    def close(self) -> None:
        self.inner.close()


class Bench:
    """One simulated DEV, and what a run has to make journeys on it."""

    def __init__(
        self,
        *faults: Fault,
        parts: Parts | None = None,
        pace: Pace = QUICK,
        stripe: bool = True,
        prepared: int = 0,
        max_hold: float = math.inf,
        on_disk: StartsOnDisk | None = None,
        **options: Any,
    ) -> None:
        self.simulator = EmbeddedSimulator(SimulatorOptions(**{"tick": TICK, **options}), parts=parts).start()
        self.world = self.simulator.world
        self.clock = StoppableClock(SystemClock())
        self.recorder = Recorder(Redactor({}), self.clock)
        self.holds = Holds(SystemClock(), max_hold, [vcp.evse_id for vcp in SHARED_VCPS])
        self.sessions = OpenSessions(on_disk, self.holds)
        self.hold_watch = HoldWatch(self.sessions, self.holds, SystemClock())
        if max_hold < math.inf:
            self.hold_watch.begin()
        self.pace = pace
        self.network = Faults(httpx.HTTPTransport(trust_env=False, verify=_NO_TLS))
        transport = RecordingTransport(self.network, self.recorder)
        retry = RetryPolicy(tries=2, wait_s=TICK, looks=2, look_wait_s=TICK)
        self.client = ConnectClient(
            self.simulator.url,
            SecretStr(self.simulator.options.key),
            actor="bench",
            transport=transport,
            recorder=self.recorder,
            clock=SystemClock(),
            timeouts=Timeouts(connect_s=5, read_s=10, start_s=10),
            user_agent="golive-tests",
            retry=retry,
        )
        self.stripe = StripeClient(
            self.simulator.url,
            SecretStr(self.simulator.options.publishable_key),
            actor="bench",
            transport=transport,
            recorder=self.recorder,
            clock=SystemClock(),
            retry=retry,
        )
        maker = self.drivers_with(self.stripe)
        made = [maker.make(f"prepared {number}") for number in range(prepared)]
        self.prepared = [(driver.user_id, driver.payment_method_id) for driver in made]
        self.drivers = self.drivers_with(self.stripe if stripe else None)
        self.network.faults.extend(faults)

    def drivers_with(self, stripe: StripeClient | None) -> Drivers:
        return Drivers(
            client=self.client,
            stripe=stripe,
            sessions=self.sessions,
            clock=self.clock,
            pace=self.pace,
            run_id="bench",
            seed=7,
            personas=PERSONAS,
            cards=CARDS,
            prepared=getattr(self, "prepared", ()),
        )

    def close(self) -> None:
        self.hold_watch.end()
        self.client.close()
        self.stripe.close()
        self.simulator.stop()

    # -- journeys ----------------------------------------------------------------------------------------------

    def conductor(self, **needs: Any) -> Conductor:
        return Conductor(Needs(**needs), self.drivers, self.recorder)

    def walk(self, vcp: Vcp = PROGRESS, *, stops: bool = True) -> Walk:
        """A walk that was lived to its end."""
        conductor = self.conductor(walks=(vcp,)) if stops else self.conductor(unstopped=vcp)
        walk = conductor.walks[vcp] if stops else conductor.unstopped
        assert walk is not None
        return self.lived(walk)

    def busy(self) -> BusyMeeting:
        meeting = self.conductor(busy=True, shared=SHARED_VCPS).busy
        assert meeting is not None
        return self.lived(meeting)

    def refusals(self) -> Refusals:
        meeting = self.conductor(refusals=True, shared=SHARED_VCPS).refusals
        assert meeting is not None
        return self.lived(meeting)

    def lived(self, journey: J) -> J:
        bounded(journey.run)
        return journey

    # -- what came of it ---------------------------------------------------------------------------------------

    @property
    def still_open(self) -> list[str]:
        """The EVSEs of the sessions that nobody stopped and that have not ended: asked of the simulator itself."""
        now = Context(self.world.clock.now(), "")
        charging = self.simulator.dev.charging
        return [s.evse.evse_id for s in list(self.world.sessions.values()) if not charging.is_stopped(s, now)]

    def operations(self, actor: str) -> list[str]:
        """What this actor asked for, in order, by the published names without their common parts."""
        named = [e.operation or "" for e in self.recorder.exchanges if e.actor == actor]
        return [name.removeprefix("users_").removeprefix("charging_") for name in named]


def bounded(act: Callable[[], T]) -> T:
    """What `act` returns or raises, in a thread of its own as in a run; fails when it takes for ever."""
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(act())
        except BaseException as fault:
            done.set_exception(fault)

    threading.Thread(target=run, daemon=True).start()
    return done.result(PATIENCE_S)
