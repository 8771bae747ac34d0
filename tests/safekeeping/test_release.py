"""What a journal leaves to be done is done at once, in the right order, and no more than that."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import httpx
import pytest

from fixtures.catalogue import LISTED_VCPS
from golive.clock import SystemClock
from golive.journeys.driver import Driver
from golive.safekeeping.journal import Header, Journal, Told, name_of, read
from golive.safekeeping.release import Notes, Release, Released
from tests.journeys.bench import PROGRESS, SHARED, STOP, Act, Bench, Fault, answer_lost, lost, refused, swallowed
from tests.journeys.conftest import MakeBench
from tests.recording.clock import FakeClock

HEADER = Header("bench", "http://127.0.0.1:1", "0", patience_s=1.0, user_prefix="golive-bench-")
STOP_S = 0.5


NOWHERE = Mock(spec_set=Notes)
"""The journal is read again for nothing in here."""


def release(
    bench: Bench,
    told: Told | None,
    *,
    until_s: float = 20.0,
    users_s: float = 20.0,
    at_once: bool = False,
    notes: Notes = NOWHERE,
) -> Released:
    assert told is not None
    return Release(told, [bench.client], SystemClock(), notes, until_s=until_s, users_s=users_s, at_once=at_once).run()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    written = Journal(tmp_path / name_of("bench"), HEADER)
    yield written
    written.close()


def begin(bench: Bench, journal: Journal, *drivers: Driver) -> None:
    """The journal as it is when a run is killed with these sessions open."""
    for number, held in enumerate(bench.sessions.open, start=1):
        journal.starting(number, held.user_id, held.evse_id, shared=True)
        if held.session_id is not None:
            journal.began(number, held.session_id)
    for driver in drivers:
        journal.made(driver.user_id)


def charging(bench: Bench, journal: Journal) -> Driver:
    """A driver who was charging when the run was killed."""
    driver = bench.drivers.make("driver")
    driver.start(SHARED.evse_id)
    begin(bench, journal, driver)
    return driver


def test_all_sessions_are_stopped_at_the_same_time(make_bench: MakeBench, journal: Journal) -> None:
    def slowly(request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
        threading.Event().wait(STOP_S)
        return inner.handle_request(request)

    bench = make_bench(Fault(STOP, slowly))
    for vcp in LISTED_VCPS:
        bench.drivers.make(str(vcp)).start(vcp.evse_id)
    begin(bench, journal)
    began = time.monotonic()
    done = release(bench, read(journal.path), users_s=0)
    assert len(done.stopped) == len(LISTED_VCPS) == 8
    assert bench.still_open == []
    assert time.monotonic() - began < 5


def test_users_go_with_their_payment_methods_when_their_cdr_has_come(make_bench: MakeBench, journal: Journal) -> None:
    bench = make_bench(cdr_delay=0.8)
    driver = charging(bench, journal)
    done = release(bench, read(journal.path))
    assert done.removed == (driver.user_id,)
    assert done.left == ()
    operations = bench.operations("bench")
    assert operations.index("stop_create") < operations.index("payment_methods_destroy") < operations.index("destroy")
    assert operations.count("payment_methods_destroy") == 1, "a method was taken away before the CDR was charged to it"


def test_a_user_whose_cdr_has_not_come_is_left_with_the_reason(make_bench: MakeBench, journal: Journal) -> None:
    bench = make_bench(cdr_delay=1000.0)
    driver = charging(bench, journal)
    done = release(bench, read(journal.path), users_s=0)
    assert len(done.stopped) == 1
    assert done.left == (f"user {driver.user_id}: the CDR of its session has not come",)
    asked = release(bench, read(journal.path), users_s=0, at_once=True)
    assert "refused with 402" in asked.left[0], "whoever asks for it gets the API's own answer"


def test_users_that_are_to_be_kept_are_kept(make_bench: MakeBench, journal: Journal) -> None:
    bench = make_bench()
    charging(bench, journal)
    told = read(journal.path)
    assert told is not None
    told.header = replace(told.header, keep_users=True)
    done = release(bench, told)
    assert (len(done.stopped), done.removed, done.left) == (1, (), ())
    assert bench.world.live_users


def test_a_user_whose_creation_was_not_answered_is_found_by_its_external_id(
    make_bench: MakeBench, journal: Journal
) -> None:
    bench = make_bench()
    user = bench.client.create_user(external_id="golive-bench-0000")
    other = bench.client.create_user(external_id="somebody-golive-bench-0000")
    done = release(bench, read(journal.path))
    assert done.removed == (user.id,)
    assert [each.id for each in bench.world.live_users] == [other.id]


def test_users_that_were_asked_for_leave_something_to_be_done_until_they_were_looked_for(
    make_bench: MakeBench, journal: Journal
) -> None:
    """One is found, and cannot be removed at once: by then it is written down by its id."""
    bench = make_bench(Fault(r"DELETE .*/users/.*", lost, times=1))
    user = bench.client.create_user(external_id="golive-bench-0000")
    for number in range(2):
        journal.making(f"golive-bench-000{number}")
    told = read(journal.path)
    assert told is not None
    assert not told.is_settled
    done = release(bench, read(journal.path), users_s=0, notes=journal)
    assert len(done.left) == 1
    assert user.id in done.left[0]
    told = read(journal.path)
    assert told is not None
    assert (list(told.users), told.asked) == ([user.id], set())
    assert release(bench, told, notes=journal).left == ()
    told = read(journal.path)
    assert told is not None
    assert told.is_settled


def test_a_start_whose_answer_was_lost_is_looked_for_until_it_shows_up(make_bench: MakeBench, journal: Journal) -> None:
    bench = make_bench()
    driver = bench.drivers.make("driver")
    journal.starting(1, driver.user_id, SHARED.evse_id, shared=True)
    late = threading.Timer(
        0.6,
        lambda: bench.client.start_charging(
            driver.user_id, evse_id=SHARED.evse_id, payment_method_id=driver.payment_method_id
        ),
    )
    late.start()
    done = release(bench, read(journal.path), users_s=0)
    late.join()
    assert len(done.stopped) == 1
    assert bench.still_open == []


def test_a_start_that_never_shows_up_is_given_up_after_its_patience(make_bench: MakeBench, journal: Journal) -> None:
    bench = make_bench()
    driver = bench.drivers.make("driver")
    journal.starting(1, driver.user_id, SHARED.evse_id, shared=True)
    began = time.monotonic()
    done = release(bench, read(journal.path), users_s=0)
    assert (done.stopped, done.left) == ((), ())
    assert time.monotonic() - began >= HEADER.patience_s / 2


def test_of_a_prepared_user_only_what_is_on_the_same_evse_is_stopped(make_bench: MakeBench, journal: Journal) -> None:
    """The partner may charge with the same user elsewhere."""
    bench = make_bench()
    driver = bench.drivers.make("driver")
    elsewhere = driver.start(SHARED.evse_id)
    journal.starting(1, driver.user_id, PROGRESS.evse_id, shared=False)
    done = release(bench, read(journal.path), users_s=0)
    assert elsewhere.id not in done.stopped
    journal.made(driver.user_id)
    assert release(bench, read(journal.path), users_s=0).stopped == (elsewhere.id,)


@pytest.mark.parametrize(
    "act",
    [lost, swallowed, answer_lost, refused(500), refused(424, "charging_provider_error")],
    ids=["lost", "swallowed", "answer-lost", "refused-500", "refused-424"],
)
def test_a_stop_that_goes_wrong_is_sent_again(make_bench: MakeBench, journal: Journal, act: object) -> None:
    bench = make_bench(Fault(STOP, act, times=2))  # type: ignore[arg-type]
    bench.drivers.make("driver").start(SHARED.evse_id)
    begin(bench, journal)
    assert len(release(bench, read(journal.path), users_s=0).stopped) >= 1
    assert bench.still_open == []


@pytest.mark.parametrize(
    ("act", "pauses"), [(lost, {0.25}), (refused(429), {0.25, 0.5, 1.0, 2.0})], ids=["lost", "429"]
)
def test_haste_is_made_where_nothing_answers_and_not_where_something_asks_for_less(
    make_bench: MakeBench, journal: Journal, act: Act, pauses: set[float]
) -> None:
    bench, clock = make_bench(Fault(r"GET .*/charging-sessions/", act)), FakeClock()
    journal.starting(1, "user", SHARED.evse_id, shared=True)
    told = read(journal.path)
    assert told is not None
    Release(told, [bench.client], clock, NOWHERE, until_s=10.0, users_s=0.0).run()
    assert set(clock.slept) == pauses


def test_what_cannot_be_done_in_time_is_left_with_the_reason(make_bench: MakeBench, journal: Journal) -> None:
    bench = make_bench(Fault(STOP, lost))
    driver = bench.drivers.make("driver")
    session = driver.start(SHARED.evse_id)
    begin(bench, journal, driver)
    done = release(bench, read(journal.path), until_s=0.5)
    assert done.stopped == ()
    assert done.left[0].startswith(f"{session.id} on {SHARED.evse_id} of user {driver.user_id}: ")
    assert "no connection" in done.left[0]
    assert done.left[1] == f"user {driver.user_id}"
