"""What is sent again, a bounded number of times, after a wait that the server may ask for; a start never is."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.connect import BillingDetails, ConnectClient, RetryPolicy
from golive.connect.errors import (
    HeldBack,
    NotFound,
    ServerUnavailable,
    StartUnknown,
    Throttled,
    Unreachable,
    Unreadable,
)
from golive.judging import conclude
from golive.outcomes import Outcome, Owner
from golive.politeness.faults import BudgetSpent, CircuitOpen, NotSent, RunEnding
from golive.politeness.retry_after import retry_after
from tests.connect.bench import Bench, ok, page, user

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def status(code: int, **headers: str) -> httpx.Response:
    return httpx.Response(code, text="<html>gateway</html>", headers=headers)


LOST = (
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("slow"),
    httpx.ReadTimeout("slow"),
    httpx.ReadError("reset"),
    httpx.RemoteProtocolError("disconnected"),
    status(429),
    status(502),
    status(503),
    status(504),
)


@pytest.mark.parametrize("trouble", LOST, ids=lambda t: str(getattr(t, "status_code", type(t).__name__)))
def test_a_get_is_sent_again(trouble: httpx.Response | Exception) -> None:
    bench = Bench(trouble, trouble, ok(user()))
    assert bench.client.get_user("u1").id == "u1"
    assert len(bench.sent) == 3
    assert bench.clock.slept == [0.5, 1.0]
    (observation,) = bench.observations
    assert (observation.code, observation.owner, observation.exchanges) == (
        "GET_RETRIED",
        Owner.ENVIRONMENT,
        ("x0001", "x0002"),
    )


def test_a_get_is_not_sent_for_ever() -> None:
    bench = Bench(status(503))
    with pytest.raises(ServerUnavailable, match="users_retrieve: answered 503") as caught:
        bench.client.get_user("u1")
    assert len(bench.sent) == 3
    assert caught.value.exchanges == ("x0001", "x0002", "x0003")
    assert caught.value.sent


def test_too_many_requests_has_its_own_error() -> None:
    with pytest.raises(Throttled):
        Bench(status(429)).client.get_user("u1")


@pytest.mark.parametrize(
    ("trouble", "sent"), [(httpx.ConnectError("refused"), False), (httpx.PoolTimeout("full"), False)]
)
def test_what_never_left_is_told_from_what_was_lost(trouble: Exception, sent: bool) -> None:
    with pytest.raises(Unreachable) as caught:
        Bench(trouble).client.get_user("u1")
    assert caught.value.sent is sent
    with pytest.raises(Unreachable) as caught:
        Bench(httpx.ReadError("reset")).client.get_user("u1")
    assert caught.value.sent


Change = Callable[[ConnectClient], Any]

TWICE_WITHOUT_HARM: dict[str, Change] = {
    "billing": lambda c: c.put_billing("u1", BillingDetails(line1="a", postal_code="b")),
    "delete": lambda c: c.delete_user("u1"),
    "remove": lambda c: c.delete_payment_method("u1", "pm"),
}
BY_INVITATION: dict[str, Change] = {
    "create": lambda c: c.create_user(),
    "update": lambda c: c.update_user("u1", locale="de"),
    "default": lambda c: c.set_default_payment_method("u1", "pm"),
    "rate": lambda c: c.rate_session("u1", "s1", 5),
}
CHANGES = TWICE_WITHOUT_HARM | BY_INVITATION


@pytest.mark.parametrize(
    "trouble",
    [trouble for trouble in LOST if getattr(trouble, "status_code", 0) != 429],
    ids=lambda t: str(getattr(t, "status_code", type(t).__name__)),
)
@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_something_and_may_have_been_done_is_not_sent_again(
    trouble: httpx.Response | Exception, change: str
) -> None:
    bench = Bench(trouble)
    with pytest.raises(Unreachable):
        CHANGES[change](bench.client)
    assert len(bench.sent) == 1
    assert bench.clock.slept == []


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_turned_away_is_sent_again_when_the_server_says(change: str) -> None:
    bench = Bench(status(429, **{"Retry-After": "7"}), httpx.Response(404, json={"detail": "Not found."}))
    with pytest.raises(NotFound):
        CHANGES[change](bench.client)
    assert len(bench.sent) == 2
    assert bench.clock.slept == [7.0]
    assert bench.codes[0] == "SENT_AGAIN"


@pytest.mark.parametrize("change", CHANGES)
def test_without_a_word_of_when_only_what_may_happen_twice_is(change: str) -> None:
    bench = Bench(status(429))
    with pytest.raises(Throttled):
        CHANGES[change](bench.client)
    assert len(bench.sent) == (3 if change in TWICE_WITHOUT_HARM else 1)


def test_a_start_is_never_sent_again() -> None:
    bench = Bench(status(429, **{"Retry-After": "1"}), page([]))
    with pytest.raises(StartUnknown):
        bench.client.start_charging("u1", evse_id="DE*A*E1", payment_method_id="pm")
    assert [line for line in bench.lines if line.startswith("POST")] == ["POST /users/u1/charging/start/"]
    raw = Bench(status(429, **{"Retry-After": "1"}))
    with pytest.raises(Throttled):
        raw.client.send("POST", "/users/u1/charging/start/", json={})
    assert len(raw.sent) == 1


@pytest.mark.parametrize("fault", [CircuitOpen("it is gone"), BudgetSpent("enough"), RunEnding("it ends")], ids=repr)
def test_what_the_suite_itself_held_back_is_not_tried_again(fault: NotSent) -> None:
    bench = Bench(fault)
    with pytest.raises(HeldBack, match=rf"users_retrieve: not sent \({type(fault).__name__}: ") as caught:
        bench.client.get_user("u1")
    assert not caught.value.sent
    with pytest.raises(HeldBack):
        bench.client.start_charging("u1", evse_id="DE*A*E1", payment_method_id="pm")
    assert bench.lines == ["GET /users/u1/", "POST /users/u1/charging/start/"]
    assert (bench.clock.slept, bench.codes) == ([], [])


def test_a_stop_that_was_turned_away_is_sent_again() -> None:
    bench = Bench(status(429), httpx.Response(204))
    bench.client.stop_charging("u1", "s1")
    assert bench.lines == ["POST /users/u1/charging/stop/s1/"] * 2
    assert bench.clock.slept == [0.5]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("code", [429, 502, 503, 504])
def test_a_raw_request_that_something_else_answers_is_nobodys_refusal(method: str, code: int) -> None:
    bench = Bench(status(code))
    with pytest.raises(Throttled if code == 429 else ServerUnavailable) as caught:
        bench.client.send(method, "/users/u1/")
    conclusion = conclude(caught.value)
    assert conclusion is not None
    assert (conclusion.outcome, conclusion.owner) == (Outcome.INCONCLUSIVE, Owner.ENVIRONMENT)
    assert caught.value.exchanges[-1] == bench.recorder.exchanges[-1].id
    assert caught.value.status == code


@pytest.mark.parametrize("code", [429, 503])
def test_a_longer_wait_than_there_is_patience_is_named_and_not_waited(code: int) -> None:
    bench = Bench(status(code, **{"Retry-After": "86400"}))
    with pytest.raises(Unreachable, match=rf"answered {code}: it asks to wait 86400 s, and this suite waits 30 s"):
        bench.client.get_user("u1")
    assert len(bench.sent) == 1
    assert bench.clock.slept == []


@pytest.mark.parametrize(
    ("header", "wait"),
    [("7", 7.0), ("0", 0.0), ("30", 30.0), ("Mon, 02 Mar 2026 09:00:12 GMT", 12.0), ("soon", 0.5), ("-5", 0.5)],
)
def test_a_server_may_ask_for_a_wait_within_bounds(header: str, wait: float) -> None:
    bench = Bench(status(429, **{"Retry-After": header}), ok(user()))
    bench.client.get_user("u1")
    assert bench.clock.slept == [wait]


def test_an_answer_that_is_too_large_is_not_asked_for_again() -> None:
    bench = Bench(httpx.Response(200, content=b" " * 200_001))
    with pytest.raises(Unreadable, match="larger than 200000 bytes"):
        bench.client.get_user("u1")
    assert len(bench.sent) == 1


def test_each_page_has_its_own_tries() -> None:
    bench = Bench(
        status(503),
        ok(
            {"count": 2, "next": "http://127.0.0.1:8400/api/v1/users/?page=2", "previous": None, "results": [user("1")]}
        ),
        status(503),
        page([user("2")]),
        retry=RetryPolicy(tries=2),
    )
    assert [u.id for u in bench.client.list_users()] == ["1", "2"]


@given(st.integers(0, 999_999_999))
def test_seconds_are_read(seconds: int) -> None:
    assert retry_after(f" {seconds} ", NOW) == seconds


@given(st.integers(-100_000, 100_000))
def test_dates_are_read_and_the_past_means_now(seconds: int) -> None:
    date = (NOW + timedelta(seconds=seconds)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert retry_after(date, NOW) == max(0, seconds)


@pytest.mark.parametrize("header", ["9" * 10, "9" * 400, "Fri, 31 Dec 9999 23:59:59 -2300"])
def test_a_wait_beyond_counting_is_not_taken_for_none(header: str) -> None:
    bench = Bench(status(429, **{"Retry-After": header}))
    with pytest.raises(Throttled, match="and this suite waits 30 s at most"):
        bench.client.get_user("u1")
    assert bench.clock.slept == []


@given(st.none() | st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [-+]\d{4,30}"))
def test_whatever_the_header_holds_the_wait_is_a_wait(header: str | None) -> None:
    wait = retry_after(header, NOW)
    assert wait is None or wait >= 0
    assert 0 <= RetryPolicy().wait_before(1, wait) <= 30
