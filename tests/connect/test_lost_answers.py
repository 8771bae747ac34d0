"""After a lost answer to a start or stop the state is read; neither is ever sent twice."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from golive.connect import RetryPolicy, Session
from golive.connect.errors import (
    AlreadyStopped,
    ApiError,
    ChargingProviderError,
    StartUnknown,
    StopUnknown,
    UnexpectedError,
    Unreachable,
)
from golive.outcomes import Owner
from tests.connect.bench import Bench, Step, ok, page, refusal, session

EVSE = "DE*CIQ*EWBNHHLM82TLA*1"
START, STOP = "POST /users/u1/charging/start/", "POST /users/u1/charging/stop/s1/"
LIST, READ = "GET /users/u1/charging-sessions/", "GET /users/u1/charging-sessions/s1/"

LOST: list[Any] = [
    httpx.ReadTimeout("slow"),
    httpx.ReadError("reset"),
    httpx.WriteError("reset"),
    httpx.RemoteProtocolError("disconnected"),
    httpx.Response(502),
    httpx.Response(503, text="<html>"),
    httpx.Response(504),
]
lost = pytest.mark.parametrize("fault", LOST, ids=lambda f: str(getattr(f, "status_code", type(f).__name__)))


def start(bench: Bench) -> Session:
    return bench.client.start_charging("u1", evse_id=EVSE, payment_method_id="pm_1")


def at(bench: Bench, seconds: float) -> str:
    return (bench.clock.now() + timedelta(seconds=seconds)).isoformat()


def ended(**changes: Any) -> dict[str, Any]:
    return session(is_active=False, end_time="2026-03-02T09:10:00Z", **changes)


@lost
def test_a_start_whose_answer_is_lost_is_found_among_the_sessions(fault: Step) -> None:
    bench = Bench(fault, page([session()]))
    found = start(bench)
    assert (found.id, found.recovered) == ("s1", True)
    assert bench.lines == [START, LIST]
    (observation,) = [o for o in bench.observations if o.code == "START_ANSWER_LOST"]
    assert observation.owner is Owner.ENVIRONMENT
    assert observation.exchanges == ("x0001", "x0002")


def test_an_answer_that_came_is_not_recovered() -> None:
    assert not start(Bench(ok(session(recovered=True), 201))).recovered


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(201, text="<html>created</html>"),
        httpx.Response(201),
        httpx.Response(201, json={"is_active": True}),
        httpx.Response(201, json=[]),
        httpx.Response(201, content=b" " * 300_000),
    ],
    ids=["html", "empty", "no-id", "list", "too-large"],
)
def test_a_start_whose_answer_cannot_be_read_leaves_no_session_behind_unknown(answer: httpx.Response) -> None:
    bench = Bench(answer, page([session()]))
    assert start(bench).recovered
    assert "ANSWER_UNREADABLE" in bench.codes


def test_the_session_may_show_up_late() -> None:
    bench = Bench(httpx.ReadTimeout("slow"), page([]), httpx.Response(503), page([]), page([session()]))
    assert start(bench).recovered
    assert bench.lines.count(START) == 1
    assert bench.clock.slept == [1.0, 0.5, 2.0]


@lost
def test_a_start_of_which_nothing_is_seen_is_unknown_and_never_repeated(fault: Step) -> None:
    bench = Bench(fault, page([]))
    with pytest.raises(StartUnknown, match="may still begin") as caught:
        start(bench)
    assert bench.lines == [START, LIST, LIST, LIST, LIST]
    assert caught.value.exchanges == ("x0001", "x0002", "x0003", "x0004", "x0005")
    assert bench.clock.slept == [1.0, 2.0, 4.0]


def test_a_start_is_unknown_too_where_the_sessions_cannot_be_read() -> None:
    bench = Bench(httpx.ReadTimeout("slow"), refusal(403), retry=RetryPolicy(looks=2))
    with pytest.raises(StartUnknown):
        start(bench)
    assert bench.lines == [START, LIST, LIST]


@pytest.mark.parametrize("fault", [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("x")])
def test_a_start_that_never_left_is_not_looked_for(fault: Exception) -> None:
    bench = Bench(fault)
    with pytest.raises(Unreachable) as caught:
        start(bench)
    assert not caught.value.sent
    assert bench.lines == [START]


@pytest.mark.parametrize(
    ("status", "type_", "error"),
    [(424, "charging_provider_error", ChargingProviderError), (500, "unexpected_error", UnexpectedError)],
)
def test_a_refused_start_is_no_lost_answer(status: int, type_: str, error: type[ApiError]) -> None:
    bench = Bench(refusal(status, type_))
    with pytest.raises(error):
        start(bench)
    assert bench.lines == [START]


@pytest.mark.parametrize(
    ("seconds", "active", "evse", "is_ours"),
    [
        (1, True, EVSE, True),
        (1, True, "deciqewbnhhlm82tla1", True),
        (-60, True, EVSE, True),  # the API's clock is behind ours
        (-600, True, EVSE, False),
        (1, True, "DEQRMEF7GRC21", False),
        (1, False, EVSE, True),  # it has ended in the meantime
        (-60, False, EVSE, False),  # it may be the one before
    ],
)
def test_only_a_session_of_this_start_is_taken(seconds: float, active: bool, evse: str, is_ours: bool) -> None:
    bench = Bench(httpx.ReadTimeout("slow"))
    entry = session(start_time=at(bench, seconds), is_active=active, evse_id=evse)
    bench = Bench(httpx.ReadTimeout("slow"), page([session(id="s0", evse_id=None), entry]))
    if is_ours:
        assert start(bench).id == "s1"
    else:
        with pytest.raises(StartUnknown):
            start(bench)


def test_an_active_session_without_a_start_time_is_taken() -> None:
    assert start(Bench(httpx.ReadTimeout("slow"), page([session(start_time=None)]))).recovered


def test_a_start_has_a_patience_of_its_own() -> None:
    bench = Bench(ok(session(), 201))
    start(bench)
    bench.client.get_session("u1", "s1")
    assert [r.extensions["timeout"]["read"] for r in bench.sent] == [300, 20]
    assert [r.extensions["timeout"]["connect"] for r in bench.sent] == [5, 5]


@lost
def test_a_stop_whose_answer_is_lost_is_done_if_the_session_has_ended(fault: Step) -> None:
    bench = Bench(fault, ok(session()), ok(ended()))
    bench.client.stop_charging("u1", "s1")
    assert bench.lines == [STOP, READ, READ]
    assert bench.codes == ["STOP_ANSWER_LOST"]


@lost
def test_a_stop_is_unknown_while_the_session_is_active(fault: Step) -> None:
    bench = Bench(fault, ok(session()))
    with pytest.raises(StopUnknown, match="session s1 has not ended"):
        bench.client.stop_charging("u1", "s1")
    assert bench.lines == [STOP, READ, READ, READ, READ]


def test_a_stop_that_never_left_is_not_looked_for() -> None:
    bench = Bench(httpx.ConnectError("refused"))
    with pytest.raises(Unreachable):
        bench.client.stop_charging("u1", "s1")
    assert bench.lines == [STOP]


def test_a_refused_stop_is_told_as_it_is() -> None:
    with pytest.raises(AlreadyStopped):
        Bench(refusal(409, "already_stopped")).client.stop_charging("u1", "s1")
