"""The register of open sessions: what is in it can be stopped, and what cannot be stopped is told."""

import pytest

from golive.clock import SystemClock
from golive.connect.errors import ChargingProviderError
from golive.journeys.driver import Driver
from golive.simulator.defects import DEFECTS
from golive.simulator.defects.stations import WIEN
from golive.simulator.deviations import parts_with
from tests.journeys.bench import (
    HISTORY,
    PROGRESS,
    SHARED,
    START,
    STOP,
    TICK,
    Bench,
    Fault,
    broken,
    lost,
    refused,
    swallowed,
)
from tests.journeys.conftest import MakeBench


def driver_of(bench: Bench) -> Driver:
    return bench.drivers.make("driver")


def test_a_start_is_registered_before_it_is_sent(make_bench: MakeBench) -> None:
    bench = make_bench(Fault(START, broken))
    with pytest.raises(TypeError):
        driver_of(bench).start(SHARED.evse_id)
    (held,) = bench.sessions.open
    assert held.session_id is None
    assert bench.sessions.release_all() == []
    assert bench.sessions.open == ()


def test_a_session_leaves_the_register_when_it_is_read_as_ended(make_bench: MakeBench) -> None:
    bench = make_bench(progress_messages=0)
    driver = driver_of(bench)
    session = driver.start(PROGRESS.evse_id)
    assert [held.session_id for held in bench.sessions.open] == [session.id]
    while driver.read(session.id).is_active:
        assert len(bench.sessions.open) == 1
    assert bench.sessions.open == ()


def test_a_session_whose_id_is_not_known_is_looked_up_and_stopped(make_bench: MakeBench) -> None:
    bench = make_bench()
    driver = driver_of(bench)
    bench.sessions.opening(driver.client, driver.user_id, SHARED.evse_id)
    bench.client.start_charging(driver.user_id, evse_id=SHARED.evse_id, payment_method_id=driver.payment_method_id)
    assert bench.still_open == [SHARED.evse_id]
    assert bench.sessions.release_all() == []
    assert bench.still_open == []


def test_starts_that_are_refused_again_and_again_are_one_entry(make_bench: MakeBench) -> None:
    bench = make_bench(held={SHARED.evse_id: 1000.0})
    driver = driver_of(bench)
    for _ in range(3):
        with pytest.raises(ChargingProviderError):
            driver.start(SHARED.evse_id)
    assert len(bench.sessions.open) == 1
    bench.world.release(SHARED.evse_id)
    session = driver.start(SHARED.evse_id)
    assert [held.session_id for held in bench.sessions.open] == [session.id]
    assert bench.sessions.release_all() == []


@pytest.mark.parametrize(
    "act",
    [lost, swallowed, refused(500), refused(404), broken],
    ids=["lost", "swallowed", "refused-500", "refused-404", "broken"],
)
def test_what_cannot_be_stopped_is_told_and_stays_in_the_register(make_bench: MakeBench, act: object) -> None:
    bench = make_bench(fault := Fault(STOP, act, times=0))  # type: ignore[arg-type]
    first, second = bench.drivers.make("a"), bench.drivers.make("b")
    first.start(SHARED.evse_id)
    second.start(PROGRESS.evse_id)
    fault.times = 1
    (problem,) = bench.sessions.release_all()
    assert first.user_id in problem
    assert bench.still_open == [SHARED.evse_id], "the other one was not stopped"
    assert bench.sessions.release_all() == []
    assert bench.still_open == []


def test_a_look_for_sessions_that_fails_is_told(make_bench: MakeBench) -> None:
    bench = make_bench(Fault(HISTORY, lost))
    driver = driver_of(bench)
    bench.sessions.opening(driver.client, driver.user_id, SHARED.evse_id)
    (problem,) = bench.sessions.release_all()
    assert SHARED.evse_id in problem
    assert len(bench.sessions.open) == 1


def test_a_user_that_does_not_exist_has_nothing_open(make_bench: MakeBench) -> None:
    bench = make_bench()
    bench.sessions.opening(bench.client, "nobody", SHARED.evse_id)
    assert bench.sessions.release_all() == []
    assert bench.sessions.open == ()


def test_a_session_that_was_stopped_before_is_released_quietly(make_bench: MakeBench) -> None:
    bench = make_bench(cdr_delay=1000.0)
    driver = driver_of(bench)
    session = driver.start(SHARED.evse_id)
    assert driver.stop(session.id) is True
    assert driver.stop(session.id) is False
    assert bench.sessions.release_all() == []
    assert bench.sessions.open == ()


def test_a_driver_leaves_without_touching_the_sessions_of_others(make_bench: MakeBench) -> None:
    bench = make_bench()
    first, second = bench.drivers.make("a"), bench.drivers.make("b")
    first.start(SHARED.evse_id)
    session = second.start(PROGRESS.evse_id)
    first.leave()
    assert [held.session_id for held in bench.sessions.open] == [session.id]


def test_an_attempt_that_succeeds_leaves_the_session_before_it_alone(make_bench: MakeBench) -> None:
    bench = make_bench(cdr_delay=0.0)
    driver = driver_of(bench)
    attempt = driver.try_to_start(SHARED.evse_id)
    assert attempt.session is not None
    assert attempt.status is None
    assert driver.held is None
    assert bench.still_open == []


def look_back(bench: Bench) -> list[str]:
    return bench.sessions.look_back(SystemClock(), pause=TICK, patience=20 * TICK, others=())


def test_a_stop_that_was_accepted_and_ended_nothing_is_seen_at_the_end(make_bench: MakeBench) -> None:
    bench = make_bench(parts=parts_with([DEFECTS["stop-ends-nothing"]]))
    driver = driver_of(bench)
    session = driver.start(WIEN)
    assert bench.sessions.release_all() == []
    (problem,) = look_back(bench)
    assert session.id in problem
    assert bench.sessions.open_ids == (session.id,)


def test_nothing_is_said_where_all_sessions_have_ended(make_bench: MakeBench) -> None:
    bench = make_bench()
    driver_of(bench).start(SHARED.evse_id)
    assert bench.sessions.release_all() == []
    assert look_back(bench) == []
    assert not list(bench.sessions.open_ids)


def test_what_was_open_before_is_somebody_elses(make_bench: MakeBench) -> None:
    bench = make_bench()
    session = driver_of(bench).start(SHARED.evse_id)
    said = bench.sessions.look_back(SystemClock(), pause=TICK, patience=0, others=(session.id,))
    assert said == []
    assert bench.sessions.release_all() == []


def test_what_cannot_be_looked_at_is_told_once(make_bench: MakeBench) -> None:
    bench = make_bench(Fault(HISTORY, refused(500), times=9))
    for name in ("a", "b"):
        bench.drivers.make(name).start(SHARED.evse_id if name == "a" else PROGRESS.evse_id)
    bench.sessions.release_all()
    (problem,) = look_back(bench)
    assert problem.startswith("whether all sessions have ended could not be seen")


def test_looking_back_asks_in_an_order_that_no_thread_decides(make_bench: MakeBench) -> None:
    """What is asked last decides what a replay sees when the patience is over."""
    bench = make_bench()
    ids = [bench.sessions.opening(bench.client, user_id, PROGRESS.evse_id).user_id for user_id in ("c", "a", "b")]
    look_back(bench)
    asked = [exchange.request.url.split("/users/")[1][0] for exchange in bench.recorder.exchanges]
    assert asked == sorted(ids)
