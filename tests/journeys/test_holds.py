"""A shared VCP is given back after the bound, and nobody is blamed for what could then not be seen."""
# ruff: noqa: ARG002, ARG005 - a double has the signature of what it replaces

import errno
import threading
from dataclasses import replace

import httpx
import pytest

from golive.connect.errors import ChargingProviderError
from golive.evidence.model import HOLD_WATCH
from golive.journeys.holds import observe_cuts
from golive.outcomes import Inconclusive, Owner
from tests.journeys.bench import PROGRESS, QUICK, SHARED, START, STOP, Bench, Fault, bounded, refused
from tests.journeys.conftest import MakeBench
from tests.journeys.judged import judged

BOUND_S = 0.2
SLOW = replace(QUICK, poll_interval=0.6)
"""The second reading of a shared session would come after the bound."""


def test_what_lasts_too_long_on_a_shared_vcp_is_stopped_and_the_walk_goes_on(make_bench: MakeBench) -> None:
    bench = make_bench(pace=SLOW, max_hold=BOUND_S)
    walk = bench.walk(SHARED)
    assert walk.seen_active().is_active
    assert judged(walk.progressed) == (Inconclusive, Owner.ENVIRONMENT)
    assert walk.stopped() is True, "the stop that was accepted was this run's own"
    assert walk.settled().session.id == walk.started().id
    (hold,) = bench.holds.told()
    assert (hold.session_id, hold.cut, hold.shared, hold.actor) == (walk.started().id, True, True, walk.name)
    assert hold.held_s is not None
    assert BOUND_S <= hold.held_s < SLOW.poll_interval
    assert walk.held_s == hold.held_s
    assert bench.operations(HOLD_WATCH) == ["stop_create"]
    assert bench.sessions.open == ()


def test_a_session_that_was_cut_is_observed(make_bench: MakeBench) -> None:
    bench = make_bench(pace=SLOW, max_hold=BOUND_S)
    bench.walk(SHARED)
    observe_cuts(bench.holds, bench.recorder)
    (observation,) = (each for each in bench.recorder.observations if each.code == "HELD_TOO_LONG")
    assert observation.owner is Owner.ENVIRONMENT
    assert SHARED.evse_id in observation.message
    assert "--max-hold is 0.2 s" in observation.message


def test_a_vcp_that_is_not_shared_may_be_held_for_longer(make_bench: MakeBench) -> None:
    bench = make_bench(max_hold=0.05, tick=0.05)
    walk = bench.walk(PROGRESS)
    assert len(walk.progressed()) >= 3
    (hold,) = bench.holds.told()
    assert (hold.cut, hold.shared) == (False, False)


def test_a_hold_within_the_bound_is_measured_and_not_cut(make_bench: MakeBench) -> None:
    bench = make_bench(max_hold=30.0)
    walk = bench.walk(SHARED)
    (hold,) = bench.holds.told()
    assert not hold.cut
    assert hold.held_s == walk.held_s
    assert HOLD_WATCH not in {exchange.actor for exchange in bench.recorder.exchanges}


def test_a_stop_that_the_provider_refuses_is_tried_again(
    make_bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("golive.journeys.hold_watch.AGAIN_S", 0.05)
    bench = make_bench(Fault(STOP, refused(424, "charging_provider_error"), times=2), pace=SLOW, max_hold=BOUND_S)
    bench.walk(SHARED)
    assert bench.operations(HOLD_WATCH) == ["stop_create"] * 3
    assert [hold.cut for hold in bench.holds.told()] == [True]


def test_a_driver_who_reads_while_the_stop_is_on_its_way_is_told_why_it_ended(make_bench: MakeBench) -> None:
    """The session has ended at the API, and the hold watch does not know yet that it was its own stop that did it."""
    go_on = threading.Event()

    def slowly(request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
        response = inner.handle_request(request)
        go_on.wait(20)
        return response

    bench = make_bench(Fault(STOP, slowly, times=1), pace=SLOW, max_hold=BOUND_S)
    timer = threading.Timer(1.5, go_on.set)
    timer.start()
    walk = bench.walk(SHARED)
    timer.join()
    assert judged(walk.progressed) == (Inconclusive, Owner.ENVIRONMENT)


def test_a_busy_meeting_that_was_cut_proves_nothing(make_bench: MakeBench) -> None:
    """The second driver finds the VCP free, which is nobody's fault."""

    def late(request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
        threading.Event().wait(3 * BOUND_S)
        return inner.handle_request(request)

    bench = make_bench(Fault(START, late, skip=1, times=1), max_hold=BOUND_S)
    meeting = bench.busy()
    assert judged(meeting.encounter) == (Inconclusive, Owner.ENVIRONMENT)
    assert bench.still_open == []


class FullDisk:
    """Takes nothing that is still to come, and all that has been."""

    def starting(self, number: int, user_id: str, evse_id: str, *, shared: bool) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def __getattr__(self, name: str) -> object:
        return lambda *args: None


def test_a_start_that_cannot_be_written_down_is_not_sent(make_bench: MakeBench) -> None:
    bench: Bench = make_bench(on_disk=FullDisk())
    walk = bench.walk(SHARED)
    assert judged(walk.started) == (Inconclusive, Owner.ENVIRONMENT)
    assert "start_create" not in bench.operations(walk.name)
    assert bench.sessions.open == ()


class Sent:
    """What was written down, and what had been sent by then."""

    def __init__(self) -> None:
        self.bench: Bench | None = None
        self.said: list[tuple[str, int]] = []

    def starting(self, number: int, user_id: str, evse_id: str, *, shared: bool) -> None:
        assert self.bench is not None
        assert shared
        starts = sum(e.operation == "users_charging_start_create" for e in self.bench.recorder.exchanges)
        self.said.append(("starting", starts))

    def refused(self, number: int) -> None:
        self.said.append(("refused", number))

    def began(self, number: int, session_id: str) -> None:
        self.said.append(("began", number))

    def closed(self, number: int) -> None:
        self.said.append(("closed", number))


def test_each_start_is_written_down_before_it_is_sent(make_bench: MakeBench) -> None:
    sent = Sent()
    bench = sent.bench = make_bench(on_disk=sent, held={SHARED.evse_id: 1000.0})
    driver = bounded(lambda: bench.drivers.make("driver"))
    with pytest.raises(ChargingProviderError):
        driver.start(SHARED.evse_id)
    bench.world.release(SHARED.evse_id)
    driver.start(SHARED.evse_id)
    driver.leave()
    assert sent.said == [
        ("starting", 0), ("refused", 1), ("starting", 1), ("began", 1), ("closed", 1)
    ]  # fmt: skip
