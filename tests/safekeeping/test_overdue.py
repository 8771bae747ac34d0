"""What a guardian stops while its run is there: by the time of day, so that time counts that a machine slept."""

from pathlib import Path

import pytest

from golive.safekeeping.journal import Begun, Header, Journal, name_of
from golive.safekeeping.overdue import AGAIN_S, GRACE_S, Overdue

HEADER = Header("run", "http://127.0.0.1:1", "0", max_hold_s=60.0)


class Stopping:
    """In the finisher's place; `done` says whether a stop succeeds."""

    def __init__(self, now: float) -> None:
        self.time = now
        self.done = True
        self.cuts: list[tuple[int, bool]] = []

    def now(self) -> float:
        return self.time

    def cut(self, begun: Begun, *, whole_user: bool) -> bool:
        self.cuts.append((begun.number, whole_user))
        return self.done


@pytest.fixture
def written(tmp_path: Path) -> Journal:
    return Journal(tmp_path / name_of("run"), HEADER)


def begun_at(written: Journal, *, shared: bool = True) -> float:
    written.starting(1, "user", "EVSE", shared=shared)
    written.began(1, "session")
    return written.told.begun[1].at


def overdue(written: Journal, stopping: Stopping) -> Overdue:
    return Overdue(written.path, stopping)  # type: ignore[arg-type]


def test_what_lasts_too_long_is_stopped_once_also_when_a_night_has_passed_meanwhile(written: Journal) -> None:
    stopping = Stopping(begun_at(written))
    looking = overdue(written, stopping)
    stopping.time += HEADER.max_hold_s + GRACE_S - 0.1
    looking.look()
    assert stopping.cuts == []
    stopping.time += 8 * 3600
    for _ in range(3):
        looking.look()
        stopping.time += AGAIN_S
    assert stopping.cuts == [(1, False)]
    written.close()


def test_a_stop_that_fails_is_tried_again_and_not_at_every_look(written: Journal) -> None:
    written.made("user")
    stopping = Stopping(begun_at(written) + 100)
    stopping.done = False
    looking = overdue(written, stopping)
    for _ in range(4):
        looking.look()
        stopping.time += AGAIN_S / 2
    assert stopping.cuts == [(1, True), (1, True)]
    written.close()


@pytest.mark.parametrize("why", ["not shared", "refused", "closed", "gone"])
def test_what_holds_no_shared_vcp_is_left_alone(written: Journal, why: str) -> None:
    stopping = Stopping(begun_at(written, shared=why != "not shared") + 1000)
    if why == "refused":
        written.starting(1, "user", "EVSE", shared=True)
        written.refused(1)
    elif why == "closed":
        written.closed(1)
    elif why == "gone":
        written.path.unlink()
    looking = overdue(written, stopping)
    looking.look()
    assert stopping.cuts == []
    written.close()


def test_a_start_without_an_answer_is_looked_for_again_and_again(written: Journal) -> None:
    """Nothing is known of what its stop would have stopped, so one that found nothing settles nothing."""
    written.starting(1, "user", "EVSE", shared=True)
    stopping = Stopping(written.told.begun[1].at + 100)
    looking = overdue(written, stopping)
    for _ in range(2):
        looking.look()
        stopping.time += AGAIN_S
    assert len(stopping.cuts) == 2
    written.close()
