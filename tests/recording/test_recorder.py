"""The record keeps order, knows who sent what on whose behalf, and holds no secret."""

import threading
from contextvars import copy_context

import pytest

from golive.outcomes import Owner
from golive.recording import Pending, Recorder, Redactor
from tests.recording.clock import FakeClock

KEY = "canary-key-0123456789"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def recorder(clock: FakeClock) -> Recorder:
    return Recorder(Redactor({"CONNECT_API_KEY": KEY}), clock)


def begin(recorder: Recorder, actor: str = "driver") -> Pending:
    return recorder.begin(actor=actor, operation="users_list", method="GET", url="http://127.0.0.1/api/v1/users/")


def test_exchanges_are_numbered_in_the_order_in_which_they_began(recorder: Recorder) -> None:
    first, second = begin(recorder), begin(recorder)
    second.answered(200, {})
    first.answered(204, {})
    assert [(x.id, x.response.status if x.response else None) for x in recorder.exchanges] == [
        ("x0001", 204),
        ("x0002", 200),
    ]


def test_an_exchange_has_its_time_and_its_length(recorder: Recorder, clock: FakeClock) -> None:
    began = clock.now()
    pending = begin(recorder)
    clock.pass_time(1.5)
    pending.answered(200, {})
    assert recorder.exchanges[0].started_at == began
    assert recorder.exchanges[0].took_s == 1.5


def test_a_request_without_an_answer_yet_is_in_the_record(recorder: Recorder, clock: FakeClock) -> None:
    begin(recorder)
    clock.pass_time(3)
    exchange = recorder.exchanges[0]
    assert exchange.error is not None
    assert exchange.error.kind == "Unfinished"
    assert exchange.took_s == 3


def test_an_exchange_ends_once(recorder: Recorder) -> None:
    pending = begin(recorder)
    pending.failed("ReadTimeout", "nothing came")
    pending.answered(200, {})
    assert recorder.exchanges[0].response is None


def test_everything_kept_is_redacted(recorder: Recorder) -> None:
    pending = recorder.begin(
        actor=f"driver {KEY}",
        operation=None,
        method="POST",
        url=f"http://127.0.0.1/?key={KEY}",
        headers={"Authorization": f"Bearer {KEY}", "X-Other": KEY},
        body=f'{{"key": "{KEY}"}}',
    )
    pending.answered(200, {"X-Echo": KEY}, f"you sent {KEY}")
    begin(recorder).failed("ReadError", f"{KEY} was lost", status=200, headers={"X-Echo": KEY}, body=f"half: {KEY[:9]}")
    recorder.observe("CODE", f"the key {KEY} was echoed")
    shown = "".join(x.model_dump_json() for x in (*recorder.exchanges, *recorder.observations))
    assert KEY[:9] not in shown
    assert shown.count("$CONNECT_API_KEY") == 11


def test_collecting_nests(recorder: Recorder) -> None:
    with recorder.collect() as outer:
        begin(recorder)
        with recorder.collect() as inner:
            begin(recorder)
        begin(recorder)
    begin(recorder)
    assert (outer, inner) == (["x0001", "x0002", "x0003"], ["x0002"])


def test_a_thread_of_its_own_is_not_collected_by_its_maker(recorder: Recorder) -> None:
    with recorder.collect() as ids, recorder.running("suites/a.py::test_a") as stands:
        thread = threading.Thread(target=begin, args=(recorder,))
        thread.start()
        thread.join()
    assert recorder.exchanges[0].test is None
    assert (ids, stands) == ([], [])


def test_a_thread_in_a_copied_context_is_collected(recorder: Recorder) -> None:
    with recorder.collect() as ids:
        thread = threading.Thread(target=copy_context().run, args=(begin, recorder))
        thread.start()
        thread.join()
    assert ids == ["x0001"]


def test_exchanges_of_a_running_check_name_it(recorder: Recorder) -> None:
    begin(recorder)
    with recorder.running("suites/a.py::test_a") as stands:
        begin(recorder)
        recorder.stands_on(["x0001", "x0002", "x0001"])
    begin(recorder)
    assert [x.test for x in recorder.exchanges] == [None, "suites/a.py::test_a", None]
    assert stands == ["x0002", "x0001"]


def test_standing_on_exchanges_outside_a_check_means_nothing(recorder: Recorder) -> None:
    recorder.stands_on(["x0001"])
    assert recorder.exchanges == ()


def test_an_observation_rests_on_the_last_exchange_of_its_context(recorder: Recorder) -> None:
    recorder.observe("CODE", "before any exchange")
    begin(recorder)
    begin(recorder)
    recorder.observe("CODE", "after two")
    assert [o.exchanges for o in recorder.observations] == [(), ("x0002",)]


def test_the_same_observation_is_one_entry_with_all_its_exchanges(recorder: Recorder) -> None:
    for _ in range(2):
        begin(recorder)
        recorder.observe("CODE", "it happened", requirement_ids=["BE-1"])
    recorder.observe("CODE", "it happened", exchanges=["x0001"], requirement_ids=["BE-2"], owner=Owner.PARTNER)
    recorder.observe("CODE", "another thing", owner=Owner.ENVIRONMENT)
    first, second = recorder.observations
    assert (first.exchanges, first.requirement_ids, first.owner) == (
        ("x0001", "x0002"),
        ("BE-1", "BE-2"),
        Owner.CARIQA,
    )
    assert second.owner is Owner.ENVIRONMENT


def test_many_threads_lose_nothing(recorder: Recorder) -> None:
    def work(number: int) -> None:
        for _ in range(50):
            with recorder.collect() as ids:
                begin(recorder, f"driver {number}").answered(200, {}, f"pi_{number}_secret_abcdefgh{number}")
            recorder.observe("CODE", f"by {number}")
            assert len(ids) == 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    exchanges = recorder.exchanges
    assert [x.id for x in exchanges] == [f"x{i:04d}" for i in range(1, 801)]
    assert {len(o.exchanges) for o in recorder.observations} == {50}
    bodies = {x.response.body for x in exchanges if x.response}
    assert len(bodies) == 16


def test_what_takes_its_time_is_put_off_until_somebody_looks() -> None:
    clock = FakeClock()
    recorder = Recorder(Redactor({}), clock)
    pending = recorder.begin(actor="partner", operation=None, method="GET", url="https://x/")
    done: list[float] = []

    def finish() -> None:
        done.append(clock.monotonic())
        pending.sent("asked")
        pending.answered(200, {}, "answered")

    clock.sleep(2)
    pending.over(finish)
    assert done == []
    clock.sleep(60)
    (exchange,) = recorder.exchanges
    assert (exchange.took_s, exchange.request.body) == (2.0, "asked")
    assert exchange.response is not None
    assert exchange.response.body == "answered"
    pending.settle()
    assert recorder.exchanges == (exchange,)
    assert len(done) == 1


def test_a_provoked_answer_is_marked() -> None:
    recorder = Recorder(Redactor({}), FakeClock())
    pending = recorder.begin(actor="partner", operation=None, method="GET", url="https://x/")
    pending.provoked("not-found")
    pending.answered(404, {})
    assert [exchange.provoked for exchange in recorder.exchanges] == ["not-found"]


def test_a_cut_body_that_was_sent_later_shows_no_half_of_a_secret() -> None:
    recorder = Recorder(Redactor({"CONNECT_API_KEY": "canary-key-0123456789"}), FakeClock())
    pending = recorder.begin(actor="partner", operation=None, method="POST", url="https://x/")
    pending.sent("it is canary-key-01", truncated=True)
    assert pending.shown().request.body == "it is $CONNECT_API_KEY"
