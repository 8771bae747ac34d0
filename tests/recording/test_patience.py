"""When somebody gave up waiting is in the record."""

import threading
from datetime import UTC, datetime

from golive.clock import Deadline, SystemClock
from golive.recording import RecordedPatience, Recorder, Redactor


class Patience(SystemClock):
    """A clock whose deadlines pass when they are asked for the given time."""

    def __init__(self, asked: int) -> None:
        self.asked = asked

    def deadline(self, seconds: float) -> Deadline:  # noqa: ARG002
        return self

    def has_passed(self) -> bool:
        self.asked -= 1
        return self.asked <= 0


def ask(recorder: Recorder) -> None:
    recorder.begin(actor="driver", operation=None, method="GET", url="https://dev.example.org/").answered(200, [])


def marked(recorder: Recorder) -> list[bool]:
    return [exchange.given_up_after for exchange in recorder.exchanges]


def test_the_last_exchange_of_a_patience_is_marked() -> None:
    recorder = Recorder(Redactor({}), SystemClock())
    deadline = RecordedPatience(Patience(3), recorder).deadline(1.0)
    for _ in range(3):
        ask(recorder)
        deadline.has_passed()
    ask(recorder)
    assert marked(recorder) == [False, False, True, False]


def test_another_threads_exchange_is_not() -> None:
    recorder = Recorder(Redactor({}), SystemClock())
    ask(recorder)
    other = threading.Thread(target=ask, args=(recorder,))
    other.start()
    other.join()
    assert RecordedPatience(Patience(0), recorder).deadline(0.0).has_passed()
    assert marked(recorder) == [True, False]


def test_a_patience_that_saw_no_exchange_marks_none() -> None:
    recorder = Recorder(Redactor({}), SystemClock())
    assert RecordedPatience(Patience(0), recorder).deadline(0.0).has_passed()
    assert recorder.exchanges == ()


def test_all_else_is_the_clocks_own() -> None:
    class Fixed(SystemClock):
        def now(self) -> datetime:
            return datetime(2026, 3, 2, tzinfo=UTC)

        def monotonic(self) -> float:
            return 7.0

        def sleep(self, seconds: float) -> None:
            slept.append(seconds)

        def wait(self, ended: threading.Event, seconds: float) -> bool:
            slept.append(seconds)
            return ended.is_set()

    slept: list[float] = []
    clock = RecordedPatience(Fixed(), Recorder(Redactor({}), SystemClock()))
    clock.sleep(2.0)
    assert clock.wait(threading.Event(), 3.0) is False
    assert (clock.now(), clock.monotonic(), slept) == (datetime(2026, 3, 2, tzinfo=UTC), 7.0, [2.0, 3.0])
