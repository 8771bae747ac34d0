"""Prepared users are lent to one journey at a time: to whoever asks first, or as they were assigned."""

import threading
from collections.abc import Callable

import pytest

from golive.journeys.lending import AsAssigned, FirstFree, Lending
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


def make_first_free() -> Lending:
    return FirstFree([])


def make_assigned() -> Lending:
    return AsAssigned([U1], {"A": "u2"})


@pytest.mark.parametrize("make", [make_first_free, make_assigned])
def test_whoever_waits_when_the_run_ends_waits_no_longer(make: Callable[[], Lending]) -> None:
    with pytest.raises(Cancelled):
        make().take("A", cancelled)
