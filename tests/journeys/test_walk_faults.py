"""A walk that something befalls: who is to blame, what is not reached, and that no session stays open."""
# ruff: noqa: ARG002 - a deviation has the signature of what it replaces

from dataclasses import replace
from typing import Any

import pytest

from golive.journeys.commands import STOP_TRIES
from golive.journeys.timeline import Milestone
from golive.journeys.walk import Walk
from golive.outcomes import Failed, Inconclusive, NotReached, Owner
from golive.recording import Recorder
from golive.simulator.atlas.stations import Station
from golive.simulator.dev import Parts
from golive.simulator.faults import NotFound
from golive.simulator.services.base import Context, Json
from golive.simulator.services.sessions import Sessions
from golive.simulator.services.stations import Stations
from golive.simulator.state.entities import Session
from tests.journeys.bench import (
    HISTORY,
    INVOICES,
    PROGRESS,
    QUICK,
    READ,
    SHARED,
    START,
    STOP,
    Fault,
    answer_lost,
    broken,
    done_but_refused,
    lost,
    refused,
    swallowed,
)
from tests.journeys.conftest import MakeBench
from tests.journeys.judged import conclusion_of, fault_of, judged

PATIENT = replace(QUICK, busy_patience=0.5)
HURRIED = replace(QUICK, cdr_timeout=0.1, invoice_timeout=0.05, busy_patience=0.05)
AFTER_START = ("seen_active", "progressed", "stopped", "readings", "settled", "remembered", "invoiced")


class NeverSettles(Sessions):
    def is_settled(self, session: Session, context: Context) -> bool:
        return False


def later_name(walk: Walk, cause: str, owner: Owner, later: tuple[str, ...] = AFTER_START) -> None:
    for name in later:
        conclusion = conclusion_of(getattr(walk, name))
        assert type(conclusion) is NotReached, name
        assert cause in conclusion.message
        assert conclusion.owner is owner


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (refused(409, "already_charging"), "already_charging"),
        (refused(404), "404"),
        (refused(402, "pre_authorization_failed"), "pre_authorization_failed"),
        (refused(500, "unexpected_error"), "unexpected_error"),
    ],
    ids=["already charging", "not found", "pre-authorization", "unexpected"],
)
def test_a_refused_start_is_cariqas_failure(make_bench: MakeBench, act: Any, said: str) -> None:
    bench = make_bench(Fault(START, act))
    walk = bench.walk(PROGRESS)
    assert judged(walk.started) == (Failed, Owner.CARIQA)
    assert said in conclusion_of(walk.started).message
    later_name(walk, "'started'", Owner.CARIQA)
    assert bench.operations(walk.name).count("start_create") == 1
    assert bench.sessions.release_all() == []
    assert bench.still_open == []


def test_a_key_refused_after_it_was_accepted_is_cariqas(make_bench: MakeBench) -> None:
    walk = make_bench(Fault(START, refused(403))).walk(PROGRESS)
    assert judged(walk.started) == (Failed, Owner.CARIQA)
    later_name(walk, "'started'", Owner.CARIQA)


def test_a_shared_vcp_that_stays_busy_is_nobodys_failure(make_bench: MakeBench) -> None:
    bench = make_bench(pace=PATIENT, held={SHARED.evse_id: 1000.0})
    walk = bench.walk(SHARED)
    assert judged(walk.started) == (Inconclusive, Owner.ENVIRONMENT)
    assert "another party" in conclusion_of(walk.started).message
    later_name(walk, "another party", Owner.ENVIRONMENT)
    assert bench.operations(walk.name).count("start_create") > 1
    assert len(bench.sessions.open) == 0


def test_a_vcp_that_is_not_shared_may_not_be_busy(make_bench: MakeBench) -> None:
    bench = make_bench(Fault(START, refused(424, "charging_provider_error")), pace=PATIENT)
    walk = bench.walk(PROGRESS)
    assert judged(walk.started) == (Failed, Owner.CARIQA)
    assert bench.operations(walk.name).count("start_create") > 1


def test_a_refusal_that_leaves_a_session_is_a_failure_and_the_session_is_stopped(make_bench: MakeBench) -> None:
    bench = make_bench(Fault(START, done_but_refused(424, "charging_provider_error")))
    walk = bench.walk(SHARED)
    assert judged(walk.started) == (Failed, Owner.CARIQA)
    assert "active" in conclusion_of(walk.started).message
    assert len(bench.world.sessions) == 1
    assert bench.still_open == []
    assert bench.sessions.open == ()


def test_a_start_whose_answer_is_lost_is_found_again(make_bench: MakeBench) -> None:
    bench = make_bench(Fault(START, answer_lost))
    walk = bench.walk(SHARED)
    assert walk.started().recovered
    assert walk.settled().session.id == walk.started().id
    assert len(bench.world.sessions) == 1
    assert bench.still_open == []


def test_a_start_that_nobody_knows_of_is_inconclusive(make_bench: MakeBench) -> None:
    bench = make_bench(Fault(START, swallowed))
    walk = bench.walk(PROGRESS)
    assert judged(walk.started) == (Inconclusive, Owner.ENVIRONMENT)
    later_name(walk, "'started'", Owner.ENVIRONMENT)
    assert bench.operations(walk.name).count("start_create") == 1


def test_a_session_that_begins_after_its_start_was_given_up_is_still_stopped(make_bench: MakeBench) -> None:
    """Neither the answer nor, for a while, the history shows it: the journey's end looks once more."""
    bench = make_bench(Fault(START, answer_lost), Fault(HISTORY, refused(500), times=2))
    walk = bench.walk(SHARED)
    assert judged(walk.started) == (Inconclusive, Owner.ENVIRONMENT)
    assert len(bench.world.sessions) == 1
    assert bench.still_open == []


@pytest.mark.parametrize("status", [424, 409])
def test_a_stop_that_the_provider_does_not_take_is_sent_again(make_bench: MakeBench, status: int) -> None:
    """The advice on charging_provider_error: read the session, wait, try again."""
    walk = make_bench(Fault(STOP, refused(status, "charging_provider_error"), times=STOP_TRIES - 1)).walk(SHARED)
    assert walk.stopped()
    assert walk.settled().session.is_final


def test_a_stop_that_stays_refused_fails_and_is_tried_again_at_the_end(make_bench: MakeBench) -> None:
    bench = make_bench(Fault(STOP, refused(424, "charging_provider_error"), times=STOP_TRIES))
    walk = bench.walk(SHARED)
    assert judged(walk.stopped) == (Failed, Owner.CARIQA)
    assert walk.seen_active().is_active
    later_name(walk, "'stopped'", Owner.CARIQA, ("settled", "remembered", "invoiced"))
    assert bench.still_open == []
    assert bench.sessions.open == ()


def test_a_stop_that_is_always_refused_is_told(make_bench: MakeBench) -> None:
    bench = make_bench(stopping := Fault(STOP, refused(500, "unexpected_error")))
    bench.walk(SHARED)
    problems = bench.sessions.release_all()
    assert len(problems) == 1
    assert SHARED.evse_id in problems[0]
    assert bench.still_open == [SHARED.evse_id]
    stopping.times = 0
    assert bench.sessions.release_all() == []
    assert bench.still_open == []


def test_a_session_without_a_cdr_fails_and_has_no_invoice(make_bench: MakeBench) -> None:
    bench = make_bench(pace=HURRIED, parts=Parts().mixed(sessions=NeverSettles))
    walk = bench.walk(SHARED)
    assert judged(walk.settled) == (Failed, Owner.CARIQA)
    assert judged(walk.invoiced) == (NotReached, Owner.CARIQA)
    assert "no CDR within" in conclusion_of(walk.invoiced).message
    assert "invoices_list" not in bench.operations(walk.name)
    assert walk.readings()[-1].is_active
    assert len(walk.remembered()) == 1
    assert judged(walk.cdr) == (NotReached, Owner.CARIQA)
    assert judged(walk.read_again) == (NotReached, Owner.CARIQA)
    assert bench.still_open == []


def test_a_session_that_never_ends_by_itself_is_stopped_in_the_end(make_bench: MakeBench) -> None:
    bench = make_bench(pace=HURRIED, parts=Parts().mixed(sessions=NeverSettles))
    walk = bench.walk(PROGRESS, stops=False)
    assert judged(walk.settled) == (Failed, Owner.CARIQA)
    assert bench.still_open == []


def test_a_late_invoice_is_inconclusive(make_bench: MakeBench) -> None:
    bench = make_bench(pace=replace(QUICK, invoice_timeout=0.05), invoice_delay=1000.0)
    walk = bench.walk(PROGRESS)
    assert judged(walk.invoiced) == (Inconclusive, Owner.ENVIRONMENT)
    assert walk.settled().session.id in conclusion_of(walk.invoiced).message


@pytest.mark.parametrize(
    ("where", "skip", "met"),
    [
        (r"GET /stations/details/", 0, "located"),
        (READ, 0, "seen_active"),
        (HISTORY, 0, "history_while_active"),
        (READ, 1, "progressed"),
        (READ, 2, "settled"),
        (INVOICES, 0, "invoiced"),
    ],
    ids=["located", "seen active", "history", "progressed", "settled", "invoiced"],
)
def test_a_lost_connection_is_the_environments(make_bench: MakeBench, where: str, skip: int, met: str) -> None:
    bench = make_bench(Fault(where, lost, skip=skip))
    walk = bench.walk(SHARED)
    assert judged(getattr(walk, met)) == (Inconclusive, Owner.ENVIRONMENT)
    assert bench.still_open == []


@pytest.mark.parametrize("act", [swallowed, refused(503), refused(429)], ids=["no answer", "unavailable", "throttled"])
def test_so_is_a_connection_that_gives_no_answer(make_bench: MakeBench, act: Any) -> None:
    walk = make_bench(Fault(READ, act)).walk(SHARED)
    assert judged(walk.seen_active) == (Inconclusive, Owner.ENVIRONMENT)


def test_a_connection_that_comes_back_costs_one_milestone_only(make_bench: MakeBench) -> None:
    """A first look at the session that is lost does not keep the walk from watching the energy."""
    bench = make_bench(Fault(READ, lost, times=2), tick=0.05)
    walk = bench.walk(PROGRESS)
    assert judged(walk.seen_active) == (Inconclusive, Owner.ENVIRONMENT)
    assert len({s.consumed_energy for s in walk.progressed() if s.consumed_energy}) >= 2
    assert walk.invoiced().charging_session_id == walk.started().id


def test_a_session_that_can_never_be_read_has_no_readings(make_bench: MakeBench) -> None:
    """An empty list of readings would be judged as if it were what DEV showed."""
    walk = make_bench(Fault(READ, refused(500))).walk(PROGRESS)
    assert judged(walk.seen_active) == (Failed, Owner.CARIQA)
    assert judged(walk.readings) == (NotReached, Owner.CARIQA)
    assert "'seen active'" in conclusion_of(walk.readings).message


def test_a_lost_settlement_is_not_blamed_on_cariqa_at_the_invoice(make_bench: MakeBench) -> None:
    walk = make_bench(Fault(READ, lost, skip=2)).walk(SHARED)
    assert judged(walk.invoiced) == (NotReached, Owner.ENVIRONMENT)


def test_a_network_that_is_gone_for_good_leaves_a_told_session(make_bench: MakeBench) -> None:
    bench = make_bench(Fault(READ, lost), Fault(HISTORY, lost), Fault(STOP, lost))
    walk = bench.walk(SHARED)
    assert judged(walk.stopped) == (Inconclusive, Owner.ENVIRONMENT)
    later_name(walk, "'stopped'", Owner.ENVIRONMENT, ("settled", "remembered", "invoiced"))
    problems = bench.sessions.release_all()
    assert len(problems) == 1
    assert "may still be open" in problems[0]


@pytest.mark.parametrize(
    ("where", "skip"),
    [(r"POST /users/", 0), (START, 0), (READ, 0), (READ, 1), (STOP, 0), (READ, 2), (INVOICES, 0)],
    ids=["driver", "start", "seen active", "progress", "stop", "settled", "invoice"],
)
def test_a_bug_of_the_harness_is_never_a_conclusion(make_bench: MakeBench, where: str, skip: int) -> None:
    bench = make_bench(Fault(where, broken, skip=skip, times=1))
    walk = bench.walk(SHARED)
    asked = [walk.located, walk.started, walk.history_while_active, *(getattr(walk, name) for name in AFTER_START)]
    raised = [fault for fault in map(fault_of, asked) if fault is not None]
    assert raised
    assert {type(fault) for fault in raised} == {RuntimeError}
    assert all("a bug of the harness" in str(fault) for fault in raised)
    assert bench.sessions.release_all() == []
    assert bench.still_open == []


def test_a_bug_between_two_milestones_reaches_each_who_waits(
    make_bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*args: object) -> None:
        raise TypeError("a bug of the harness")

    monkeypatch.setattr(Walk, "_event", wrong)
    bench = make_bench()
    walk = bench.walk(SHARED)
    assert isinstance(fault_of(walk.started), RuntimeError)
    assert isinstance(fault_of(walk.invoiced), RuntimeError)
    assert walk.timeline.has_ended


def test_two_readers_of_one_fault_get_an_exception_each(make_bench: MakeBench) -> None:
    bench = make_bench(Fault(START, refused(404)))
    walk = bench.walk(PROGRESS)
    first, second = conclusion_of(walk.started), conclusion_of(walk.started)
    assert first is not second
    assert first.message == second.message
    assert first.__traceback__ is not second.__traceback__
    third, fourth = conclusion_of(walk.settled), conclusion_of(walk.settled)
    assert third is not fourth


def test_a_check_that_meets_a_fault_stands_on_its_exchanges(make_bench: MakeBench) -> None:
    bench = make_bench(Fault(START, refused(404)))
    walk = bench.walk(PROGRESS)
    recorder: Recorder = bench.recorder
    for ask in (walk.started, walk.invoiced):
        with recorder.running("a check") as evidence:
            conclusion_of(ask)
        assert evidence == walk.timeline.peek(Milestone.STARTED).exchanges


class UnknownInDetails(Stations):
    def by_evse(self, evse_id: str) -> Station:
        raise NotFound


class StartedWithoutId(Sessions):
    def render_started(self, session: Session, context: Context) -> Json:
        return super().render_started(session, context) | {"id": ""}


def test_a_station_that_is_not_found_keeps_nobody_from_charging(make_bench: MakeBench) -> None:
    walk = make_bench(parts=Parts().mixed(stations=UnknownInDetails)).walk(SHARED)
    assert judged(walk.located) == (Failed, Owner.CARIQA)
    assert judged(walk.station) == (NotReached, Owner.CARIQA)
    assert walk.settled().energy > 0


def test_a_session_without_an_id_is_looked_for_and_stopped(make_bench: MakeBench) -> None:
    bench = make_bench(parts=Parts().mixed(sessions=StartedWithoutId))
    walk = bench.walk(SHARED)
    assert judged(walk.started) == (Failed, Owner.CARIQA)
    later_name(walk, "'started'", Owner.CARIQA)
    assert len(bench.world.sessions) == 1
    assert bench.still_open == []
    assert bench.sessions.open == ()


def test_who_loses_sight_of_a_session_after_the_stop_accuses_nobody(make_bench: MakeBench) -> None:
    """The last reading was active, which says nothing of how the session ended."""
    bench = make_bench(Fault(READ, lost, skip=2))
    walk = bench.walk(SHARED)
    assert walk.stopped()
    assert walk.polls[-1][0].is_active
    assert judged(walk.readings) == (NotReached, Owner.ENVIRONMENT)
    assert judged(walk.settled) == (Inconclusive, Owner.ENVIRONMENT)
    assert bench.still_open == []
