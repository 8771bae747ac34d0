"""Every kind of fault that a transport can raise, without a socket: on what reads, makes, starts and stops."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest

from golive.connect.errors import ConnectError
from golive.judging import conclude
from golive.outcomes import Inconclusive, Owner
from golive.politeness.faults import NotSent
from golive.recording import BodyTooLarge, BodyUndecodable
from tests.journeys.bench import PATIENCE_S, SHARED, START, STOP, TICK, Bench, Fault
from tests.journeys.conftest import MakeBench


def _leaves(kind: type[Exception]) -> Iterator[type[Exception]]:
    below = kind.__subclasses__()
    for each in below:
        yield from _leaves(each)
    if not below:
        yield kind


NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.LocalProtocolError, httpx.PoolTimeout, NotSent)
"""Not a byte left this machine, so nothing can have been done."""
UNREADABLE = (BodyTooLarge, BodyUndecodable)
"""These say that an answer came, which makes them Cariqa's."""
KINDS = sorted({*_leaves(httpx.TransportError)} - {httpx.UnsupportedProtocol}, key=lambda kind: kind.__name__)
BEFORE: list[type[Exception]] = [*KINDS, *UNREADABLE]
AFTER = [kind for kind in BEFORE if not issubclass(kind, NEVER_SENT)]


@dataclass(frozen=True)
class Raising:
    """What a transport raises, before or after the server has acted."""

    kind: type[Exception]
    acted: bool

    def __call__(self, request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
        if self.acted:
            inner.handle_request(request).read()
        raise self.kind("as a transport says it")


def read(bench: Bench) -> None:
    bench.client.get_user(bench.drivers.user("a").id)


def make(bench: Bench) -> None:
    bench.drivers.user("a")


def start_and_stop(bench: Bench) -> None:
    driver = bench.drivers.make("a")
    driver.stop(driver.start(SHARED.evse_id).id)


ACTS: dict[str, tuple[str, Callable[[Bench], None]]] = {
    "a read": (r"GET .*/users/[^/]+/", read),
    "the user": (r"POST .*/users/", make),
    "the start": (START, start_and_stop),
    "the stop": (STOP, start_and_stop),
}


@pytest.mark.parametrize("where", ACTS)
@pytest.mark.parametrize(
    "fault",
    [*(Raising(kind, acted=False) for kind in BEFORE), *(Raising(kind, acted=True) for kind in AFTER)],
    ids=[*(kind.__name__ for kind in BEFORE), *(f"acted, {kind.__name__}" for kind in AFTER)],
)
def test_a_fault_is_concluded_and_nothing_stays(make_bench: MakeBench, fault: Raising, where: str) -> None:
    matching, act = ACTS[where]
    bench = make_bench(Fault(matching, fault, times=1))
    try:
        act(bench)
    except ConnectError as raised:
        conclusion = conclude(raised)
        assert conclusion is not None, "an error of the harness"
        if fault.kind not in UNREADABLE:
            assert isinstance(conclusion, Inconclusive)
            assert conclusion.owner is Owner.ENVIRONMENT
    assert bench.sessions.release_all() == []
    over = time.monotonic() + PATIENCE_S
    while bench.drivers.made.remove_all() and time.monotonic() < over:
        time.sleep(TICK)  # a user whose session is not settled yet cannot be removed
    assert bench.still_open == []
    assert bench.world.live_users == []
