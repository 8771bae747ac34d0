"""What opens the circuit, what closes it again, and what goes through meanwhile."""

import math

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.politeness.breaker import (
    DELETIONS,
    IN_A_ROW,
    IN_A_ROW_OF_ONE,
    PROBES,
    Breaker,
    State,
    Trouble,
    trouble_of_answer,
    trouble_of_fault,
)

PAUSE = 5.0
BAD_GATEWAY = Trouble("502")


def troubled(times: int, *operations: str, trouble: Trouble = BAD_GATEWAY, now: float = 0.0) -> Breaker:
    """A breaker after so many requests in a row that came to nothing, of these operations in turn."""
    breaker = Breaker(pause=PAUSE)
    for number in range(times):
        breaker.failed(trouble, operations[number % len(operations)], now, probe=breaker.begin(clean_up=False))
    return breaker


def probe(breaker: Breaker, now: float) -> bool:
    """The next single request at `now` comes to nothing; whether that changed the state."""
    assert breaker.wait(now) == 0
    assert breaker.begin(clean_up=False)
    return breaker.failed(BAD_GATEWAY, "a", now, probe=True)


def test_several_operations_in_a_row_open_it() -> None:
    assert troubled(IN_A_ROW - 1, "a", "b").state is State.CLOSED
    assert troubled(IN_A_ROW, "a", "b").state is State.OPEN


def test_one_broken_operation_is_no_outage_for_long() -> None:
    assert troubled(IN_A_ROW_OF_ONE - 1, "a").state is State.CLOSED
    assert troubled(IN_A_ROW_OF_ONE, "a").state is State.OPEN


def test_without_a_connection_one_operation_is_enough() -> None:
    assert troubled(IN_A_ROW, "a", trouble=Trouble("ConnectError", connected=False)).state is State.OPEN


@given(st.lists(st.booleans(), max_size=60))
def test_it_opens_where_and_only_where_enough_fail_in_a_row(failures: list[bool]) -> None:
    breaker, in_a_row, should_be_open = Breaker(pause=PAUSE), 0, False
    for number, fails in enumerate(failures):
        if should_be_open:
            break
        if fails:
            in_a_row += 1
            breaker.failed(BAD_GATEWAY, f"operation {number}", 0.0, probe=False)
        else:
            in_a_row = 0
            breaker.answered(probe=False)
        should_be_open = in_a_row >= IN_A_ROW
        assert (breaker.state is State.OPEN) == should_be_open


def test_while_it_is_open_one_request_goes_through_after_each_pause() -> None:
    breaker = troubled(IN_A_ROW, "a", "b", now=100.0)
    assert breaker.wait(100.0) == PAUSE
    assert breaker.wait(104.0) == 1.0
    assert breaker.wait(105.0) == 0
    assert breaker.begin(clean_up=False)
    assert breaker.wait(105.0) == math.inf
    assert not breaker.failed(BAD_GATEWAY, "a", 106.0, probe=True)
    assert breaker.wait(106.0) == 2 * PAUSE


def test_one_answer_closes_it() -> None:
    breaker = troubled(IN_A_ROW, "a", "b")
    breaker.begin(clean_up=False)
    breaker.answered(probe=True)
    assert (breaker.state, breaker.wait(0.0), breaker.in_a_row) == (State.CLOSED, 0.0, 0)
    assert not breaker.failed(BAD_GATEWAY, "a", 0.0, probe=False)


def test_clean_up_that_is_answered_closes_it_too_and_is_no_probe() -> None:
    breaker = troubled(IN_A_ROW, "a", "b")
    assert not breaker.begin(clean_up=True)
    breaker.answered(probe=False)
    assert breaker.state is State.CLOSED


def test_a_probe_that_tells_nothing_makes_room_for_the_next() -> None:
    breaker = troubled(IN_A_ROW, "a", "b")
    assert breaker.begin(clean_up=False)
    breaker.dropped(probe=True)
    assert breaker.wait(PAUSE) == 0


def test_after_the_last_probe_it_is_given_up_for_good() -> None:
    breaker, now = troubled(IN_A_ROW, "a", "b"), 0.0
    for number in range(1, PROBES + 1):
        now += breaker.wait(now)
        assert probe(breaker, now) is (number == PROBES)
    assert breaker.state is State.GIVEN_UP
    assert now == PAUSE * (2**PROBES - 1)
    breaker.answered(probe=False)
    assert breaker.state is State.GIVEN_UP
    assert breaker.gives_up(clean_up=False, removes=False)
    assert not breaker.gives_up(clean_up=True, removes=False)


def test_stops_are_tried_for_ever_and_deletions_are_not() -> None:
    breaker, now = troubled(IN_A_ROW, "a", "b"), 0.0
    for _ in range(PROBES):
        now += breaker.wait(now)
        probe(breaker, now)
    for _ in range(DELETIONS):
        assert not breaker.gives_up(clean_up=True, removes=True)
        breaker.failed(BAD_GATEWAY, "users_destroy", now, probe=False, removes=True)
    assert breaker.gives_up(clean_up=True, removes=True)
    assert not breaker.gives_up(clean_up=True, removes=False)


def test_a_target_that_asks_for_silence_gets_it() -> None:
    breaker = Breaker(pause=PAUSE)
    breaker.hold(7.0)
    breaker.hold(3.0)
    assert (breaker.wait(0.0), breaker.wait(7.0)) == (7.0, 0.0)


@pytest.mark.parametrize(
    ("fault", "connected"),
    [
        (httpx.ConnectError("refused"), False),
        (httpx.ConnectTimeout("slow"), False),
        (httpx.ReadTimeout("slow"), True),
        (httpx.ReadError("reset"), True),
        (httpx.WriteError("reset"), True),
        (httpx.RemoteProtocolError("gone"), True),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_lost_counts(fault: httpx.TransportError, connected: bool) -> None:
    assert trouble_of_fault(fault) == Trouble(type(fault).__name__, connected)


@pytest.mark.parametrize("fault", [httpx.PoolTimeout("full"), httpx.UnsupportedProtocol("ftp")], ids=repr)
def test_what_is_our_own_does_not(fault: httpx.TransportError) -> None:
    assert trouble_of_fault(fault) is None


ENVELOPE = b'{"detail": "Oops", "error": {"type": "unexpected_error", "details": "x"}}'


@pytest.mark.parametrize(
    ("status", "content", "provoked", "counts"),
    [
        (429, b"", False, True),
        (502, b"<html>", False, True),
        (503, ENVELOPE, False, True),
        (504, b"", True, True),
        (500, b"<html>Server Error</html>", False, True),
        (500, b"<html>Server Error</html>", True, False),
        (500, ENVELOPE, False, False),
        (500, b"[]", False, True),
        (501, b"", False, False),
        (404, b"", False, False),
        (424, ENVELOPE, False, False),
        (200, b"{}", False, False),
    ],
)
def test_an_answer_of_the_api_itself_is_an_answer(status: int, content: bytes, provoked: bool, counts: bool) -> None:
    assert (trouble_of_answer(status, content, provoked=provoked) is not None) is counts
