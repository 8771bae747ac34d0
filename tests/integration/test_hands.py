"""The partner's code may not come back, or want to end the process: the run goes on."""

import gc
import threading

import pytest

from golive.integration import hands
from golive.integration.hands import Hands, Stuck
from golive.integration.seat import AdapterError
from tests.integration.bench import App, Wire, seat

PATIENCE_S = 20.0


def test_all_calls_are_made_in_one_thread_apart() -> None:
    one = Hands(PATIENCE_S)
    threads = {one.do(threading.get_ident) for _ in range(3)}
    assert len(threads) == 1
    assert threads != {threading.get_ident()}


@pytest.mark.parametrize("fault", [KeyError("x"), SystemExit(3)])
def test_what_a_call_raises_is_raised(fault: BaseException) -> None:
    def call() -> None:
        raise fault

    one = Hands(PATIENCE_S)
    with pytest.raises(type(fault)):
        one.do(call)
    assert one.do(lambda: 1) == 1, "the next call is made as if nothing had been"


def test_a_call_that_does_not_come_back_is_left_behind() -> None:
    for_ever = threading.Event()
    one = Hands(0.05)
    with pytest.raises(Stuck, match=r"did not come back within 0\.05 s"):
        one.do(for_ever.wait)
    with pytest.raises(Stuck, match="has not come back from an earlier call"):
        one.do(lambda: 1)
    for_ever.set()


def test_it_is_not_waited_for_long_once_the_run_is_ending(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hands, "LEFT_BEHIND_S", 0.05)
    for_ever = threading.Event()
    with pytest.raises(Stuck, match="did not come back when the run was ended"):
        Hands(PATIENCE_S, lambda: True).do(for_ever.wait)
    for_ever.set()


def test_the_thread_ends_with_its_last_call() -> None:
    one = Hands(PATIENCE_S)
    thread = one.do(threading.current_thread)
    del one
    gc.collect()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()


def test_a_driver_is_told_of_an_adapter_that_is_stuck() -> None:
    for_ever = threading.Event()

    def start(driver: str, evse_id: str) -> None:
        for_ever.wait()

    place = seat(App(Wire(), start=start))
    place.hands = Hands(0.05)
    with pytest.raises(AdapterError, match=r"start of the adapter did not come back within 0\.05 s"):
        place.do("start", "DE*X")
    for_ever.set()


def test_a_fault_is_told_with_its_place_in_the_adapter() -> None:
    def stop(driver: str) -> None:
        raise SystemExit("no more")

    with pytest.raises(
        AdapterError, match=r"stop of the adapter raised SystemExit: no more \(test_hands\.py, line \d+\)"
    ):
        seat(App(Wire(), stop=stop)).do("stop")
