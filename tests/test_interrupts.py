"""Where a run that is to end does so, and where not."""

import signal
import threading
from collections.abc import Callable, Iterator

import pytest

from golive.clock import SystemClock
from golive.interrupts import INSISTING_S, Interrupts, ending_signals, go_on, until, until_ended
from golive.journeys.vcp import StoppableClock

SECONDS = 60.0
"""Longer than a test may take: a wait that does not end early is seen."""


def pressed_then(wait: Callable[[], object]) -> Callable[[], None]:
    """A check in which Ctrl-C is pressed, and which waits afterwards."""

    def check() -> None:
        signal.raise_signal(signal.SIGINT)
        wait()

    return check


class Steps:
    """A time that goes on only when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Steps:
    return Steps()


@pytest.fixture
def interrupts(time: Steps) -> Iterator[Interrupts]:
    interrupts = Interrupts(time)
    interrupts.begin()
    yield interrupts
    interrupts.end()


def ends(interrupts: Interrupts, check: Callable[[], object]) -> bool:
    """Whether `KeyboardInterrupt` comes out of the check."""
    try:
        with interrupts.raised():
            check()
    except KeyboardInterrupt:
        return True
    return False


WAITS: dict[str, Callable[[], object]] = {
    "an event": lambda: until(threading.Event()),
    "an event, for a while": lambda: until(threading.Event(), SECONDS),
    "a pause": lambda: SystemClock().sleep(SECONDS),
    "a pause that can be cut short": lambda: StoppableClock(SystemClock()).sleep(SECONDS),
    "a turn": lambda: StoppableClock(SystemClock()).go_on(),
    "a look": go_on,
}


@pytest.mark.parametrize("wait", WAITS.values(), ids=list(WAITS))
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_wait_and_not_what_comes_before(
    interrupts: Interrupts, number: signal.Signals, wait: Callable[[], object]
) -> None:
    reached: list[str] = []

    def check() -> None:
        signal.raise_signal(number)
        reached.append("before")
        wait()
        reached.append("after")

    assert ends(interrupts, check)
    assert reached == ["before"]
    assert interrupts.seen


def test_a_signal_ends_a_wait_that_is_under_way(interrupts: Interrupts) -> None:
    waiting = threading.Event()

    def press() -> None:
        waiting.wait()
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    def check() -> None:
        waiting.set()
        until(threading.Event())

    presses = threading.Thread(target=press)
    presses.start()
    assert ends(interrupts, check)
    presses.join()


def test_the_end_of_a_thread_is_waited_for_until_a_signal(interrupts: Interrupts) -> None:
    on = threading.Event()
    thread = threading.Thread(target=on.wait)
    thread.start()
    assert ends(interrupts, pressed_then(lambda: until_ended(thread)))
    on.set()
    looks: list[bool] = []
    until_ended(thread, lambda: looks.append(True))
    assert not thread.is_alive()


def test_it_is_raised_once_so_that_what_cleans_up_may_wait(interrupts: Interrupts) -> None:
    cleaned = False

    def check() -> None:
        nonlocal cleaned
        signal.raise_signal(signal.SIGINT)
        try:
            go_on()
        finally:
            go_on()
            cleaned = not until(threading.Event(), 0.001)

    assert ends(interrupts, check)
    assert cleaned
    go_on()


def test_nothing_is_raised_outside_and_the_next_check_does_not_begin(interrupts: Interrupts) -> None:
    signal.raise_signal(signal.SIGINT)
    go_on()
    assert ends(interrupts, lambda: pytest.fail("the check began"))


def test_signals_in_quick_succession_count_as_one(interrupts: Interrupts, time: Steps) -> None:
    def check() -> None:
        for _ in range(5):
            signal.raise_signal(signal.SIGINT)
            time.now += INSISTING_S / 10

    assert not ends(interrupts, check)
    assert interrupts.seen


def test_whoever_insists_is_heard_where_nothing_looks(interrupts: Interrupts, time: Steps) -> None:
    reached: list[str] = []

    def check() -> None:
        signal.raise_signal(signal.SIGINT)
        reached.append("after one")
        time.now += INSISTING_S
        signal.raise_signal(signal.SIGINT)
        reached.append("after two")

    assert ends(interrupts, check)
    assert reached == ["after one"]


def test_a_hang_up_that_is_to_be_ignored_stays_so(time: Steps) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        interrupts = Interrupts(time)
        interrupts.begin()
        assert not ends(interrupts, lambda: signal.raise_signal(signal.SIGHUP))
        assert not interrupts.seen
        interrupts.end()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert set(ending_signals()) == {signal.SIGINT, signal.SIGTERM}
    finally:
        signal.signal(signal.SIGHUP, before)


def test_another_thread_is_left_alone(interrupts: Interrupts) -> None:
    passed: list[bool] = []

    def check() -> None:
        signal.raise_signal(signal.SIGINT)
        thread = threading.Thread(target=lambda: passed.append(until(threading.Event(), 0.001)))
        thread.start()
        thread.join()

    assert not ends(interrupts, check)
    assert passed == [False]


def test_afterwards_signals_are_what_they_were(time: Steps) -> None:
    before = signal.getsignal(signal.SIGINT)
    outer, inner = Interrupts(time), Interrupts(time)
    outer.begin()
    inner.begin()
    inner.end()
    assert ends(outer, pressed_then(go_on))
    outer.end()
    assert signal.getsignal(signal.SIGINT) is before
    assert not inner.seen
    go_on()
