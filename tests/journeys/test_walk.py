"""A walk on a DEV that behaves: what checks can read of it, and how briefly it holds what others want."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

import httpx
import pytest

from fixtures.catalogue import LISTED_VCPS
from golive.connect import same_evse
from golive.journeys.timeline import Milestone
from golive.journeys.vcp import Vcp
from golive.journeys.walk import Walk
from tests.journeys.bench import OTHER_SHARED, PROGRESS, SHARED, START, Bench, Fault
from tests.journeys.conftest import MakeBench

LIVED = set(Milestone) - {Milestone.MET, Milestone.STOPPED_AGAIN}


@pytest.fixture(scope="module")
def bench() -> Iterable[Bench]:
    bench = Bench(tick=0.03, cdr_delay=0.3)
    yield bench
    bench.close()


@pytest.fixture(scope="module")
def walk(bench: Bench) -> Walk:
    """A walk on a VCP with progress, which several tests read."""
    return bench.walk(PROGRESS)


@pytest.mark.parametrize("vcp", LISTED_VCPS, ids=str)
def test_a_walk_reaches_every_milestone(bench: Bench, vcp: Vcp) -> None:
    walk = bench.walk(vcp)
    assert {m for m in Milestone if walk.timeline.peek(m).at} == LIVED
    assert walk.timeline.broke_because() is None
    session = walk.started()
    assert vcp.evse_id in [evse.evse_id for evse in walk.located().evses]
    assert session.is_active
    assert same_evse(session.evse_id, vcp.evse_id)
    assert walk.seen_active().id == session.id
    assert session.id in [entry.id for entry in walk.history_while_active()]
    assert walk.stopped() is True
    assert walk.settled().session.id == session.id
    assert [entry.is_active for entry in walk.remembered()] == [False]
    assert walk.read_again().is_final
    assert walk.invoiced().charging_session_id == session.id
    assert bench.still_open == []
    assert bench.sessions.open == ()


def test_the_milestones_come_in_the_order_in_which_they_are_lived(walk: Walk) -> None:
    timeline = walk.timeline
    later = [m for m in Milestone if m in LIVED and m is not Milestone.POLLED]
    times = [timeline.peek(m).at for m in later]
    assert all(a <= b for a, b in pairwise(t for t in times if t))
    assert None not in times


def test_a_walk_tells_what_happened_when(bench: Bench, walk: Walk) -> None:
    events = walk.timeline.events
    assert [event.what for event in events] == ["located", "start", "stop", "settled", "invoiced"]
    recorded = {exchange.id for exchange in bench.recorder.exchanges}
    assert all(event.exchanges and set(event.exchanges) <= recorded for event in events)
    assert walk.timeline.doing == "ended"


def test_energy_is_seen_to_rise_twice_before_the_stop(walk: Walk) -> None:
    before_stop = {s.consumed_energy for s in walk.progressed() if s.consumed_energy}
    assert len(before_stop) >= 3
    shown = [s.consumed_energy for s in walk.readings() if s.consumed_energy is not None]
    assert shown == sorted(shown)
    assert shown[-1] == walk.settled().energy


def test_each_reading_is_what_one_poll_showed(walk: Walk) -> None:
    assert len(walk.readings()) == len(walk.polls)
    assert [r.exchange for _, r in walk.polls] == sorted({r.exchange for _, r in walk.polls})
    for poll, reading in walk.polls:
        assert reading.is_active == poll.is_active
        assert (reading.kwh is None) == (poll.consumed_energy is None)
        assert reading.kwh is None or Decimal(reading.kwh) == poll.consumed_energy


def test_a_shared_vcp_is_held_for_start_reads_and_stop_only(make_bench: MakeBench) -> None:
    bench = make_bench()
    walk = bench.walk(SHARED)
    done = bench.operations(walk.name)
    held = done[done.index("start_create") : done.index("stop_create") + 1]
    assert held == ["start_create", "sessions_retrieve", "sessions_list", "sessions_retrieve", "stop_create"]
    assert done.count("start_create") == done.count("stop_create") == 1


def test_held_s_is_the_time_from_the_start_to_the_stop(bench: Bench) -> None:
    timeline = (walk := bench.walk(OTHER_SHARED)).timeline
    started, stopped = timeline.peek(Milestone.STARTED).at, timeline.peek(Milestone.STOPPED).at
    assert started is not None
    assert stopped is not None
    assert walk.held_s == pytest.approx((stopped - started).total_seconds(), abs=0.25)


def test_a_walk_that_does_not_stop_gets_its_cdr_all_the_same(bench: Bench) -> None:
    walk = bench.walk(PROGRESS, stops=False)
    assert walk.settled().energy > 0
    assert walk.invoiced().charging_session_id == walk.started().id
    assert "stop_create" not in bench.operations(walk.name)
    assert walk.held_s is None
    with pytest.raises(LookupError, match="has no milestone stopped"):
        walk.stopped()
    assert bench.sessions.open == ()


def test_a_session_that_ends_by_itself_needs_no_stop(make_bench: MakeBench) -> None:
    walk = make_bench(progress_messages=1).walk(PROGRESS)
    assert walk.stopped() is False
    assert walk.settled().session.id == walk.started().id


def test_a_check_that_asks_stands_on_the_exchanges_of_the_milestone(bench: Bench, walk: Walk) -> None:
    with bench.recorder.running("a check") as evidence:
        walk.settled()
        walk.settled()
    assert evidence == list(dict.fromkeys(evidence))
    assert evidence == walk.timeline.peek(Milestone.SETTLED).exchanges


def test_another_party_that_leaves_in_time_only_delays_the_walk(make_bench: MakeBench) -> None:
    bench = make_bench(held={SHARED.evse_id: 1000.0})

    def refuse_then_leave(request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
        response = inner.handle_request(request)
        bench.world.release(SHARED.evse_id)
        return response

    bench.network.faults.append(Fault(START, refuse_then_leave, times=1))
    walk = bench.walk(SHARED)
    assert walk.settled().session.id == walk.started().id
    assert bench.operations(walk.name).count("start_create") == 2
    assert bench.sessions.open == ()
