"""The gate under threads: waiting, being woken, being held back, and what the record shows of it."""

import threading
from contextlib import suppress
from itertools import pairwise

import httpx
import pytest

from golive.clock import SystemClock
from golive.evidence.model import Exchange
from golive.outcomes import Owner
from golive.politeness.asking import cleaning_up, for_evse
from golive.politeness.breaker import DELETIONS, IN_A_ROW, PROBES
from golive.politeness.budget import PER_EVSE, Budget
from golive.politeness.faults import BudgetSpent, CircuitOpen, RunEnding
from tests.politeness.bench import PATIENCE_S, Polite, joined, together

OPERATIONS = ("users_list", "users_retrieve")


def fine(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={})


def down(request: httpx.Request) -> httpx.Response:
    return httpx.Response(503, text="<html>")


class Slow:
    """Answers when it is let; counts how many it has at once."""

    def __init__(self) -> None:
        self.let = threading.Event()
        self.here = threading.Semaphore(0)
        self.most = self.now = 0
        self._lock = threading.Lock()

    def __call__(self, _request: httpx.Request) -> httpx.Response:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.here.release()
        assert self.let.wait(PATIENCE_S)
        with self._lock:
            self.now -= 1
        return httpx.Response(200, json={})


class Switched:
    """A target that can be down."""

    def __init__(self, *, down: bool) -> None:
        self.down = down
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(f"{request.method} {request.url.path}")
        if self.down:
            raise httpx.ConnectError("refused")
        return httpx.Response(200, json={})


def test_no_more_are_under_way_than_may_be() -> None:
    slow = Slow()
    polite = Polite(slow, most_at_once=4)
    threads = together(*[polite.ask] * 12)
    for _ in range(3):
        assert slow.here.acquire(timeout=PATIENCE_S)
    slow.let.set()
    joined(threads)
    assert slow.most <= 3  # of four places one is for clean-up
    assert polite.gate.most_seen == slow.most
    assert polite.budget.sent == 12


def test_clean_up_does_not_wait_for_what_is_slow() -> None:
    slow = Slow()
    polite = Polite(slow, most_at_once=2)
    threads = together(polite.ask, polite.ask)
    assert slow.here.acquire(timeout=PATIENCE_S)

    def stop() -> None:
        with cleaning_up():
            polite.ask("users_charging_stop_create", method="POST")

    stopping = together(stop)
    assert slow.here.acquire(timeout=PATIENCE_S)
    slow.let.set()
    joined(threads + stopping)
    assert [e.operation for e in polite.recorder.exchanges].index("users_charging_stop_create") == 1


def test_waiting_for_a_turn_is_no_part_of_an_exchange() -> None:
    polite = Polite(fine, per_second=20.0)
    for _ in range(4):
        polite.ask()
    exchanges: tuple[Exchange, ...] = polite.recorder.exchanges
    gaps = [(b.started_at - a.started_at).total_seconds() for a, b in pairwise(exchanges)]
    assert min(gaps) >= 0.045  # the clock of the record is another one than that of the waiting
    assert sum(exchange.took_s for exchange in exchanges) < sum(gaps)


def test_the_end_of_the_run_finds_whoever_waits() -> None:
    polite = Polite(fine, per_second=0.001)
    polite.ask()
    caught: list[BaseException] = []

    def wait() -> None:
        try:
            polite.ask()
        except RunEnding as ending:
            caught.append(ending)

    threads = together(wait, wait)
    polite.gate.end()
    joined(threads)
    assert len(caught) == 2
    assert polite.kinds == [None, "RunEnding", "RunEnding"]
    assert polite.budget.sent == 1


def test_after_the_end_clean_up_is_still_sent() -> None:
    polite = Polite(fine)
    polite.gate.end()
    with cleaning_up():
        assert polite.ask(method="DELETE").status_code == 200
    with pytest.raises(RunEnding):
        polite.ask()


def fail(polite: Polite, times: int) -> None:
    """So many requests that come to nothing, of several operations."""
    for number in range(times):
        with suppress(httpx.ConnectError):
            polite.ask(OPERATIONS[number % 2])


def test_a_target_that_comes_back_is_asked_on() -> None:
    target = Switched(down=True)
    polite = Polite(target)
    fail(polite, IN_A_ROW)
    target.down = False
    assert polite.ask().status_code == 200  # after the pause
    assert polite.ask().status_code == 200
    assert polite.codes == ["CIRCUIT_OPEN"]
    (observation,) = polite.recorder.observations
    assert observation.owner is Owner.ENVIRONMENT
    assert observation.exchanges == (f"x{IN_A_ROW:04d}",)
    assert "CircuitOpen" not in polite.kinds


def test_while_it_is_open_one_at_a_time_asks() -> None:
    slow = Slow()
    target = Switched(down=True)
    polite = Polite(lambda request: target(request) if target.down else slow(request))
    fail(polite, IN_A_ROW)
    target.down = False
    threads = together(*[polite.ask] * 5)
    assert slow.here.acquire(timeout=PATIENCE_S)
    assert not slow.here.acquire(timeout=0.3)  # several pauses later the probe is still alone
    slow.let.set()
    joined(threads)
    assert polite.kinds[IN_A_ROW:] == [None] * 5


def test_a_target_that_stays_away_is_given_up() -> None:
    target = Switched(down=True)
    polite = Polite(target, pause_s=0.01)
    fail(polite, IN_A_ROW + PROBES)
    asked = len(target.asked)
    with pytest.raises(CircuitOpen, match=r"http://127\.0\.0\.1 did not answer any more \(ConnectError\)"):
        polite.ask()
    target.down = False
    with pytest.raises(CircuitOpen):
        polite.ask()
    assert len(target.asked) == asked
    assert polite.kinds[-2:] == ["CircuitOpen", "CircuitOpen"]
    assert polite.gate.held_back == 2
    assert polite.codes == ["CIRCUIT_OPEN", "CIRCUIT_OPEN"]


def test_a_target_that_was_given_up_is_still_cleaned_up() -> None:
    target = Switched(down=True)
    polite = Polite(target, pause_s=0.01)
    fail(polite, IN_A_ROW + PROBES)
    target.asked.clear()
    with cleaning_up():
        for _ in range(DELETIONS + 2):
            with suppress(httpx.ConnectError):
                polite.ask("users_charging_stop_create", method="POST")
        for number in range(DELETIONS + 2):
            with pytest.raises(httpx.ConnectError if number < DELETIONS else CircuitOpen):
                polite.ask("users_destroy", method="DELETE")
    assert len(target.asked) == 2 * DELETIONS + 2


def test_another_host_is_another_circuit() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return down(request) if request.url.host == "127.0.0.1" else fine(request)

    polite = Polite(answer, pause_s=60.0)
    for number in range(IN_A_ROW):
        polite.ask(OPERATIONS[number % 2])
        assert polite.ask(host="localhost").status_code == 200
    assert polite.codes == ["CIRCUIT_OPEN"]
    assert polite.ask(host="localhost").status_code == 200


def test_silence_that_one_was_asked_for_holds_for_all_but_clean_up() -> None:
    answers = iter([httpx.Response(429, headers={"Retry-After": "1"})])
    polite = Polite(lambda _: next(answers, None) or httpx.Response(200, json={}))
    polite.ask()
    began = SystemClock().monotonic()
    with cleaning_up():
        polite.ask()
    assert SystemClock().monotonic() - began < 0.9
    polite.ask()
    assert SystemClock().monotonic() - began >= 0.9


def test_a_spent_budget_sends_nothing_more_but_clean_up() -> None:
    budget = Budget(evses=1, fuzz_examples=0)
    polite = Polite(fine, budget=budget)
    budget.by_evse["A"] = PER_EVSE
    with for_evse("A"):
        with pytest.raises(BudgetSpent, match="500 requests for A"):
            polite.ask()
        with cleaning_up():
            polite.ask()
    with for_evse("B"):
        polite.ask()
    polite.ask()
    budget.beside = budget.most_beside
    with pytest.raises(BudgetSpent, match="500 requests besides"):
        polite.ask()
    assert polite.kinds == ["BudgetSpent", None, None, None, "BudgetSpent"]
    assert budget.sent == budget.by_evse.total() + budget.most_beside
