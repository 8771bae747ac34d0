"""Prepared users are lent to one journey at a time: to whoever asks first, or as they were assigned."""

import threading
from collections.abc import Callable, Iterator

import pytest

from golive.journeys.lending import AsAssigned, FirstFree, Lending, NeverFree
from golive.journeys.vcp import Cancelled

U1, U2 = ("u1", "pm_1"), ("u2", "pm_2")


def go_on() -> None:
    """The run goes on."""


def cancelled() -> None:
    raise Cancelled


def any_lending() -> tuple[Lending, ...]:
    return FirstFree([U1, U2]), AsAssigned([U1, U2], {"A": "u2", "B": "u2"})


def test_whoever_asks_first_gets_the_one_that_was_free_longest() -> None:
    lending = FirstFree([U1, U2])
    assert [lending.take(name, go_on) for name in "AB"] == [U1, U2]
    lending.give_back(U2)
    lending.give_back(U1)
    assert lending.take("C", go_on) == U2


def test_an_assigned_driver_gets_its_own_and_another_one_any() -> None:
    lending = AsAssigned([U1, U2], {"A": "u2"})
    assert lending.take("A", go_on) == U2
    assert lending.take("somebody", go_on) == U1


@pytest.mark.parametrize("lending", any_lending(), ids=lambda lending: type(lending).__name__)
def test_nobody_is_lent_twice_and_the_next_gets_it_when_it_is_back(lending: Lending) -> None:
    lent = lending.take("A", go_on)
    if isinstance(lending, FirstFree):
        lending.take("another", go_on)
    waiting, got = threading.Event(), []

    def tell() -> None:
        waiting.set()

    def wait_for_it() -> None:
        got.append(lending.take("B", tell))

    second = threading.Thread(target=wait_for_it)
    second.start()
    assert waiting.wait(10), "it was not asked whether the run goes on"
    assert got == []
    lending.give_back(lent)
    second.join(10)
    assert got == [lent]


@pytest.fixture
def elsewhere() -> Iterator[Callable[[Callable[[], object]], None]]:
    """Does something in a thread that lives on until the test has ended."""
    over, threads = threading.Event(), []

    def run(act: Callable[[], object]) -> None:
        done = threading.Event()

        def live() -> None:
            act()
            done.set()
            over.wait(60)

        threads.append(threading.Thread(target=live))
        threads[-1].start()
        assert done.wait(10)

    yield run
    over.set()
    for thread in threads:
        thread.join(10)


Elsewhere = Callable[[Callable[[], object]], None]


def test_whoever_waits_when_the_run_ends_waits_no_longer(elsewhere: Elsewhere) -> None:
    with pytest.raises(Cancelled):
        FirstFree([]).take("A", cancelled)
    assigned = AsAssigned([U1], {})
    elsewhere(lambda: assigned.take("B", go_on))
    with pytest.raises(Cancelled):
        assigned.take("A", cancelled)


# -- who waits for what will never come ----------------------------------------------------------------------


def never() -> None:
    pytest.fail("it waited")


def test_a_user_that_is_none_of_the_prepared_is_not_waited_for() -> None:
    with pytest.raises(NeverFree, match="the user u2 will not be free for A"):
        AsAssigned([U1], {"A": "u2"}).take("A", never)


def test_a_journey_does_not_wait_for_itself() -> None:
    """As where a record has one user for both drivers of a meeting."""
    lending = AsAssigned([U1, U2], {"A": "u1", "B": "u1"})
    assert lending.take("A", never) == U1
    with pytest.raises(NeverFree):
        lending.take("B", never)
    lending.give_back(U1)
    assert lending.take("B", never) == U1


def test_a_user_whose_journey_is_gone_is_not_waited_for() -> None:
    lending = AsAssigned([U1], {})
    gone = threading.Thread(target=lambda: lending.take("A", never))
    gone.start()
    gone.join(10)
    with pytest.raises(NeverFree, match="the user with a card"):
        lending.take("B", never)


def test_two_journeys_that_wait_for_each_other_do_not_both_wait() -> None:
    lending = AsAssigned([U1, U2], {"A": "u1", "B": "u2", "A again": "u2", "B again": "u1"})
    assert lending.take("A", never) == U1
    waits, ended = threading.Event(), list[object]()

    def cross() -> None:
        lending.take("B", never)
        try:
            ended.append(lending.take("B again", waits.set))
        except NeverFree as exc:
            ended.append(exc)

    crossing = threading.Thread(target=cross)
    crossing.start()
    assert waits.wait(10), "the first to wait has somebody to wait for"
    with pytest.raises(NeverFree):
        lending.take("A again", never)
    lending.give_back(U1)
    crossing.join(10)
    assert ended == [U1]
