"""A run that is ended: every journey notices at once, every reader is released, no session stays open."""

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from threading import Event

import httpx
import pytest

from fixtures.catalogue import LISTED_VCPS, PROGRESS_VCPS, SHARED_VCPS
from fixtures.charging import REFUSED_STARTS
from golive.clock import SystemClock
from golive.journeys.conductor import Conductor
from golive.journeys.timeline import Milestone
from golive.journeys.vcp import Cancelled, StoppableClock
from golive.outcomes import Inconclusive, Owner
from tests.journeys.bench import PATIENCE_S, PROGRESS, QUICK, READ, SHARED, START, Bench, Fault, bounded
from tests.journeys.conftest import MakeBench
from tests.journeys.judged import judged

ENDLESS = replace(QUICK, cdr_timeout=1e6, invoice_timeout=1e6, busy_patience=1e6, payment_timeout=1e6)


def after(reached: Event) -> Callable[[httpx.Request, httpx.BaseTransport], httpx.Response]:
    """The answer as it is, and a sign that it came."""

    def act(request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
        response = inner.handle_request(request)
        reached.set()
        return response

    return act


def ended(bench: Bench, conductor: Conductor, where: str) -> None:
    """Begin, end as soon as a request to `where` was answered, and see that all is over."""
    reached = Event()
    bench.network.faults.append(Fault(where, after(reached)))
    conductor.begin()
    assert reached.wait(PATIENCE_S)
    bounded(conductor.end)
    assert all(journey.timeline.has_ended for journey in conductor.journeys)
    assert bench.sessions.release_all() == []
    assert bench.still_open == []


@pytest.fixture
def slow(make_bench: MakeBench) -> Bench:
    """A DEV on which nothing ever comes to its end by itself."""
    return make_bench(pace=ENDLESS, tick=0.05, cdr_delay=1e6)


@pytest.mark.parametrize("vcp", [PROGRESS, SHARED], ids=str)
@pytest.mark.parametrize("where", [r"POST /users/", START, READ], ids=["set-up", "start", "watching"])
def test_a_walk_that_is_ended_stops_its_session(slow: Bench, vcp: object, where: str) -> None:
    conductor = slow.conductor(walks=(vcp,))
    ended(slow, conductor, where)
    walk = conductor.walks[vcp]  # type: ignore[index]
    assert judged(walk.invoiced) == (Inconclusive, Owner.ENVIRONMENT)
    assert judged(walk.settled) == (Inconclusive, Owner.ENVIRONMENT)
    if walk.timeline.peek(Milestone.STARTED).value is not None:
        assert walk.stopped() is True


def test_a_walk_that_never_stops_is_stopped_when_the_run_ends(slow: Bench) -> None:
    conductor = slow.conductor(unstopped=PROGRESS)
    ended(slow, conductor, READ)
    assert len(slow.world.sessions) == 1


def test_a_walk_that_waits_for_another_party_starts_no_more(make_bench: MakeBench) -> None:
    bench = make_bench(pace=ENDLESS, held={vcp.evse_id: 1e6 for vcp in SHARED_VCPS})
    ended(bench, bench.conductor(walks=(SHARED,), busy=True, refusals=True, shared=SHARED_VCPS), START)
    assert bench.world.sessions == {}


def test_a_journey_that_waits_for_its_turn_does_not_start_when_it_comes(slow: Bench) -> None:
    conductor = slow.conductor(walks=(SHARED,), busy=True, shared=(SHARED,))
    meeting = conductor.busy
    assert meeting is not None
    with meeting.locks[SHARED]:
        conductor.begin()
        for journey in conductor.journeys:
            bounded(partial(journey.timeline.wait, Milestone.READY))
        slow.clock.cancel()
    bounded(conductor.end)
    assert slow.world.sessions == {}
    assert judged(conductor.walks[SHARED].started) == (Inconclusive, Owner.ENVIRONMENT)
    assert judged(meeting.encounter) == (Inconclusive, Owner.ENVIRONMENT)


def test_all_journeys_end_together(slow: Bench) -> None:
    conductor = slow.conductor(
        walks=LISTED_VCPS,
        unstopped=PROGRESS_VCPS[-1],
        shared=SHARED_VCPS,
        busy=True,
        refusals=True,
        refused_starts=REFUSED_STARTS,
        refused_on=PROGRESS,
    )
    ended(slow, conductor, READ)
    assert slow.sessions.open == ()


def test_a_run_that_is_ended_before_it_began_starts_nothing(slow: Bench) -> None:
    conductor = slow.conductor(
        walks=(PROGRESS,), refused_starts={"no-billing": REFUSED_STARTS["no-billing"]}, refused_on=PROGRESS
    )
    slow.clock.cancel()
    conductor.begin()
    bounded(conductor.end)
    assert "users_charging_start_create" not in {exchange.operation for exchange in slow.recorder.exchanges}


def test_a_reader_that_waits_is_released(slow: Bench) -> None:
    conductor = slow.conductor(walks=(PROGRESS,))
    conductor.begin()
    walk = conductor.walks[PROGRESS]
    bounded(walk.started)
    slow.clock.cancel()
    assert judged(lambda: bounded(walk.settled)) == (Inconclusive, Owner.ENVIRONMENT)
    bounded(conductor.end)


# -- the clock -----------------------------------------------------------------------------------------------


def test_a_sleeper_wakes_when_the_run_ends() -> None:
    clock, asleep = StoppableClock(SystemClock()), Event()

    def end() -> None:
        asleep.wait(PATIENCE_S)
        clock.cancel()

    def sleep() -> None:
        threading.Thread(target=end, daemon=True).start()
        asleep.set()
        clock.sleep(1e6)

    with pytest.raises(Cancelled):
        bounded(sleep)


def test_a_clock_that_was_stopped_lets_nothing_begin() -> None:
    clock = StoppableClock(SystemClock())
    clock.sleep(0)
    clock.go_on()
    assert not clock.cancelled
    clock.cancel()
    for act in (clock.go_on, lambda: clock.sleep(0), lambda: clock.sleep(1e6)):
        with pytest.raises(Cancelled):
            bounded(act)
    assert clock.cancelled
    assert clock.now().tzinfo is not None
