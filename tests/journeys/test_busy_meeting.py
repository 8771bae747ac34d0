"""Two drivers at one shared VCP."""
# ruff: noqa: ARG002 - a deviation has the signature of what it replaces

import pytest

from fixtures.catalogue import SHARED_VCPS
from golive.journeys.commands import STOP_TRIES
from golive.journeys.meetings import BusyMeeting
from golive.journeys.timeline import Milestone
from golive.outcomes import Failed, Inconclusive, NotReached, Owner
from golive.simulator import BusyAs
from golive.simulator.atlas.stations import Evse
from golive.simulator.dev import Parts
from golive.simulator.services.base import Context
from golive.simulator.services.sessions import Sessions
from golive.simulator.services.vcps import Vcps
from golive.simulator.state.entities import Session, User
from tests.journeys.bench import QUICK, SHARED, START, STOP, Fault, broken, lost, refused
from tests.journeys.conftest import MakeBench
from tests.journeys.judged import conclusion_of, fault_of, judged
from tests.journeys.test_walk_faults import HURRIED


class NeverBusy(Vcps):
    def is_busy(self, evse: Evse, context: Context) -> bool:
        return False


class OpenToAll(Sessions):
    def get(self, user: User, session_id: str) -> Session:
        return self.world.sessions[session_id]


@pytest.mark.parametrize("answer", list(BusyAs), ids=str)
def test_the_second_driver_is_refused_and_the_first_unharmed(make_bench: MakeBench, answer: BusyAs) -> None:
    bench = make_bench(busy_as=answer)
    meeting = bench.busy()
    encounter = meeting.encounter()
    assert encounter.vcp == SHARED
    assert encounter.attempt.was_refused
    assert encounter.attempt.error is not None
    assert encounter.attempt.error.type in ("charging_provider_error", "station_availability_issue")
    assert encounter.second_history == []
    assert encounter.first_after.id == encounter.first.id == encounter.first_at_last.id
    assert encounter.first_after.is_active
    assert encounter.first_at_last.is_active
    assert encounter.foreign_read.status == encounter.foreign_stop.status == 404
    assert len(bench.world.sessions) == 1
    assert bench.still_open == []
    assert bench.sessions.open == ()


def test_the_meeting_is_told_as_two_lanes(make_bench: MakeBench) -> None:
    bench = make_bench()
    meeting = bench.busy()
    first, second = (driver.name for driver in meeting.drivers)
    assert (first, second) == ("busy driver A", "busy driver B")
    told = [(event.actor, event.what, event.status) for event in meeting.timeline.events]
    assert told == [
        (first, "start", "ok"),
        (second, "start", "refused"),
        (first, "read", "info"),
        (second, "read A's session", "refused"),
        (second, "stop A's session", "refused"),
        (first, "stop", "ok"),
    ]
    assert meeting.vcp == SHARED
    assert meeting.session_id == meeting.encounter().first.id


def test_the_vcp_is_held_for_the_meeting_only(make_bench: MakeBench) -> None:
    bench = make_bench()
    meeting = bench.busy()
    first = bench.operations("busy driver A")
    assert first[first.index("start_create") :][:4] == [
        "start_create",
        "sessions_retrieve",
        "sessions_retrieve",
        "stop_create",
    ]
    assert len(meeting.timeline.peek(Milestone.STARTED).exchanges) == 1


def test_an_accepted_second_start_is_shown_and_stopped(make_bench: MakeBench) -> None:
    bench = make_bench(parts=Parts().mixed(vcps=NeverBusy))
    encounter = bench.busy().encounter()
    assert not encounter.attempt.was_refused
    assert encounter.attempt.session is not None
    assert [entry.id for entry in encounter.second_history] == [encounter.attempt.session.id]
    assert encounter.first_after.is_active
    assert len(bench.world.sessions) == 2
    assert bench.still_open == []
    assert bench.sessions.open == ()


def test_a_foreign_read_and_stop_that_are_accepted_are_shown(make_bench: MakeBench) -> None:
    bench = make_bench(parts=Parts().mixed(sessions=OpenToAll))
    encounter = bench.busy().encounter()
    assert not encounter.foreign_read.was_refused
    assert encounter.foreign_read.session is not None
    assert encounter.foreign_read.session.id == encounter.first.id
    assert not encounter.foreign_stop.was_refused
    assert bench.still_open == []


def test_another_party_on_the_first_vcp_sends_the_drivers_to_the_next(make_bench: MakeBench) -> None:
    bench = make_bench(pace=HURRIED, held={vcp.evse_id: 1000.0 for vcp in SHARED_VCPS[:2]})
    meeting = bench.busy()
    assert meeting.encounter().vcp == SHARED_VCPS[2] == meeting.vcp
    refusals = [event for event in meeting.timeline.events if event.what == "refused"]
    assert len(refusals) == 2
    assert all(event.exchanges for event in refusals)
    assert bench.still_open == []


def test_another_party_on_every_vcp_is_nobodys_failure(make_bench: MakeBench) -> None:
    bench = make_bench(pace=HURRIED, held={vcp.evse_id: 1000.0 for vcp in SHARED_VCPS})
    meeting = bench.busy()
    assert judged(meeting.encounter) == (NotReached, Owner.ENVIRONMENT)
    message = conclusion_of(meeting.encounter).message
    assert all(vcp.evse_id in message for vcp in SHARED_VCPS)
    assert bench.still_open == []
    assert not any(lock.locked() for lock in meeting.locks.values())


def test_a_first_start_that_is_refused_ends_the_meeting(make_bench: MakeBench) -> None:
    meeting = make_bench(Fault(START, refused(500, "unexpected_error"))).busy()
    assert judged(meeting.encounter) == (NotReached, Owner.CARIQA)
    assert not any(lock.locked() for lock in meeting.locks.values())


def test_a_connection_lost_while_they_meet_is_the_environments(make_bench: MakeBench) -> None:
    bench = make_bench(Fault(START, lost, skip=1))
    meeting = bench.busy()
    assert judged(meeting.encounter) == (Inconclusive, Owner.ENVIRONMENT)
    assert bench.still_open == []
    assert bench.sessions.open == ()


def test_a_bug_while_they_meet_is_an_error_and_the_session_is_stopped(make_bench: MakeBench) -> None:
    bench = make_bench(Fault(START, broken, skip=1))
    assert isinstance(fault_of(bench.busy().encounter), RuntimeError)
    assert bench.still_open == []


def test_a_stop_that_stays_refused_does_not_spoil_what_was_seen(make_bench: MakeBench) -> None:
    """The first stop is B's, of a session that is not B's; those after it are A's own."""
    bench = make_bench(Fault(STOP, refused(424, "charging_provider_error"), skip=1, times=STOP_TRIES), pace=QUICK)
    meeting = bench.busy()
    assert meeting.encounter().attempt.was_refused
    assert fault_of(lambda: meeting.timeline.wait(Milestone.STOPPED)).__class__ is Failed
    assert judged(lambda: meeting.timeline.wait(Milestone.SETTLED)) == (NotReached, Owner.CARIQA), "held on for a CDR"
    assert bench.still_open == []


def test_the_lock_of_a_vcp_is_free_after_a_meeting(make_bench: MakeBench) -> None:
    meeting: BusyMeeting = make_bench().busy()
    assert not any(lock.locked() for lock in meeting.locks.values())
