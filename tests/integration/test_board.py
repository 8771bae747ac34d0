"""Steps for a person: shown one after the other, answered by the person or by the traffic, and never for ever."""

import threading
from collections.abc import Callable

import pytest

from golive.integration.manual.adapter import ManualAdapter
from golive.integration.manual.board import Answer, Board, Ended, NobodyThere
from golive.journeys.vcp import Cancelled


class Time:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def never() -> bool:
    return False


def nothing() -> tuple[tuple[str, ...], bool]:
    return (), False


def test_a_step_waits_for_its_answer() -> None:
    board, time = Board(Time()), Time()
    board.now = time
    asked = threading.Event()

    def look() -> tuple[tuple[str, ...], bool]:
        asked.set()
        return ("09:00 start: 201",), False

    found: list[Answer] = []
    person = threading.Thread(target=lambda: found.append(board.ask("ask", "What?", look=look, ended=never)))
    person.start()
    assert asked.wait(10)
    time.at = 60.0
    (step,) = board.steps
    assert (step.number, step.state, step.left_s) == (1, "now", board.patience_s - 60)
    assert step.seen == ("09:00 start: 201",)
    assert not board.answer(2, Answer(message="to another step"))
    assert board.answer(1, Answer(kwh="1.2", message="x" * 9000))
    person.join(10)
    assert found[0].kwh == "1.2"
    assert len(found[0].message) == 4000
    assert board.steps[0].state == "done"
    assert not board.answer(1, Answer(message="too late"))


def test_traffic_ticks_a_step_off() -> None:
    board = Board(Time())
    answer = board.ask("act", "Start.", look=lambda: (("start: 201",), True), ended=never)
    assert answer == Answer()
    assert (board.steps[0].state, board.steps[0].seen) == ("done", ("start: 201",))


@pytest.mark.parametrize(
    ("patience", "ended", "raised", "match"),
    [(0.0, never, NobodyThere, "nobody did within 0 s: Start"), (900.0, lambda: True, Ended, None)],
)
def test_nobody_is_waited_for_for_ever(
    patience: float, ended: Callable[[], bool], raised: type[Exception], match: str | None
) -> None:
    board = Board(Time(), patience_s=patience)
    with pytest.raises(raised, match=match):
        board.ask("act", "Start.", look=nothing, ended=ended)
    assert board.steps[0].state == "given up"


def test_once_the_run_is_ending_nobody_is_told_what_to_do_now() -> None:
    said: list[str] = []
    adapter = ManualAdapter("http://127.0.0.1:8500/api/v1", said.append, clean=bytes)
    try:
        adapter.watch(lambda: (), lambda: True)
        with pytest.raises(Cancelled):
            adapter.sign_up("you")
    finally:
        adapter.close()
    assert not [line for line in said if "now:" in line]
    assert adapter.board.steps == ()
