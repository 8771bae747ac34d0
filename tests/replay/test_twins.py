"""One request, several answers in the record: none is given where it may be that of another request."""

from collections.abc import Mapping
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.evidence.model import Exchange
from golive.replay import Shelf
from golive.replay.course import Course
from golive.replay.gaps import first_gaps
from golive.replay.shelf import recorded_key
from tests.replay.bench import exchange
from tests.report.samples import rehearsal

BILLING: Final = "/users/u1/billing-details/"


class Asking:
    """One thread that asks a shelf of these entries."""

    def __init__(self, *entries: Exchange, groups: tuple[tuple[str, ...], ...] = (), gaps: Mapping[str, int] = {}):
        self.shelf = Shelf(entries, groups, gaps)
        self.course = Course(0.0)

    def __call__(self, like: Exchange, test: str | None = None) -> str | None:
        found = self.shelf.take(recorded_key(like), test, self.course)
        return None if found is None else found.id


def two_customers() -> list[Exchange]:
    return [
        exchange(1, BILLING, method="PUT", body="home", test="home"),
        exchange(2, BILLING, answer='{"city": "Berlin"}', test="home"),
        exchange(3, BILLING, method="PUT", body="office", test="office"),
        exchange(4, BILLING, answer='{"city": "Hamburg"}', test="office"),
    ]


def test_a_check_that_asks_once_more_is_not_told_what_another_one_changed() -> None:
    put, get, put_other, get_other = two_customers()
    ask = Asking(put, get, put_other, get_other)
    assert [ask(entry, "home") for entry in (put, get, get)] == ["x0001", "x0002", None]
    assert [ask(entry, "office") for entry in (put_other, get_other)] == ["x0003", "x0004"]


def test_a_newer_check_is_told_what_nothing_has_changed_since() -> None:
    put, get, *_ = two_customers()
    ask = Asking(put, get)
    assert [ask(entry, "home") for entry in (put, get)] == ["x0001", "x0002"]
    again = Asking(put, get, exchange(5, BILLING, test="later"))
    assert [again(put, "home"), again(get, "newer"), again(get, "home")] == ["x0001", "x0002", "x0002"]


def test_what_a_newer_check_has_changed_makes_others_answers_void() -> None:
    _, get, *_ = two_customers()
    ask = Asking(get)
    assert ask(exchange(9, BILLING, method="PUT", body="newer"), "newer") is None
    assert ask(get, "newer") is None


def test_another_users_change_is_none() -> None:
    other = exchange(1, "/users/u2/billing-details/", method="PUT", test="other")
    get = exchange(2, BILLING, test="home")
    assert Asking(other, get)(get, "newer") == "x0002"


def test_an_own_answer_behind_the_next_own_change_is_not_given_before_it() -> None:
    """As where the first of two looks is lost."""
    put, after = exchange(2, BILLING, method="PUT", test="t"), exchange(3, BILLING, test="t")
    ask = Asking(put, after)
    assert ask(after, "t") is None
    assert [ask(put, "t"), ask(after, "t")] == ["x0002", "x0003"]


def test_a_confirmation_at_the_card_processor_changes_the_user_it_was_asked_for() -> None:
    cards = "/users/u1/payment-methods/"
    intent = exchange(1, "/users/u1/setup-intent/", test="first")
    confirmed = exchange(2, "/setup_intents/s1/confirm", method="POST", test="first", authorization=None)
    filled = exchange(3, cards, test="first")
    ask = Asking(intent, confirmed, filled)
    assert [ask(intent, "newer"), ask(filled, "newer")] == ["x0001", None]
    alone = Asking(intent, confirmed, filled)
    assert [alone(entry, "second") for entry in (intent, confirmed, filled)] == ["x0001", "x0002", "x0003"]


def test_a_list_of_users_is_not_told_before_its_users_were_made() -> None:
    made, listed = exchange(1, method="POST", body="{}", test="first"), exchange(2, "/users/?page=1", test="first")
    assert Asking(made, listed)(listed, "newer") is None
    ask = Asking(made, listed)
    assert [ask(made, "newer"), ask(listed, "newer")] == ["x0001", "x0002"]


def test_a_journey_is_one_story_of_all_its_actors() -> None:
    """B's start is refused while A charges, and accepted once A has stopped."""
    start = exchange(2, "/users/b/start/", method="POST", actor="B", status=201)
    stop = exchange(1, "/users/a/stop/", method="POST", actor="A")
    apart, together = Asking(stop, start), Asking(stop, start, groups=(("A", "B"),))
    assert (apart(start), together(start)) == ("x0002", None)


def test_two_secrets_that_nobody_knows_are_not_taken_for_the_same() -> None:
    refused = exchange(1, authorization="[redacted-2]", status=401, test="no scheme")
    assert Asking(refused)(refused, "scheme only") is None
    assert Asking(refused)(refused, "no scheme") == "x0001"


def test_behind_a_gap_a_check_gets_nothing_and_borrows_nothing() -> None:
    """The first of two deletions is lost: the second was refused, as there was nothing left."""
    before, second = exchange(1, "/users/u1/", test="t"), exchange(3, "/users/u1/", method="DELETE", status=404)
    ask = Asking(before, second, gaps={"t": 2})
    assert [ask(before, "t"), ask(second, "t")] == ["x0001", None]
    assert Asking(before, exchange(3, "/users/u1/", test="t"), gaps={"t": 2})(second, "t") is None
    assert ask(second) == "x0003", "whoever has no gap gets it"


def test_behind_a_gap_a_journey_gets_nothing() -> None:
    second = exchange(3, "/users/u1/start/", method="POST", actor="A", status=409)
    groups = (("A", "B"),)
    assert Asking(second, groups=groups, gaps={"A": 2, "B": 2})(second) is None
    assert Asking(second, groups=groups, gaps={"A": 4})(second) == "x0003"


def test_gaps_are_told_by_whoever_refers_to_what_is_not_there() -> None:
    sample = rehearsal()
    assert first_gaps(sample) == {}
    check = next(check for check in sample.tests if check.exchanges)
    torn = check.model_copy(update={"exchanges": (*check.exchanges, "x9002", "x9001")})
    record = sample.model_copy(update={"tests": (torn,)})
    assert first_gaps(record)[check.nodeid] == 9001
    journey = next(journey for journey in sample.journeys if journey.events)
    event = journey.events[0].model_copy(update={"exchanges": ("x9003",)})
    record = sample.model_copy(update={"journeys": (journey.model_copy(update={"events": (event,)}),)})
    assert {actor: first_gaps(record)[actor] for actor in journey.actors} == dict.fromkeys(journey.actors, 9003)


# -- a world with state: whatever is asked, a replay tells the truth or nothing ------------------------------------

STEPS = st.lists(
    st.tuples(st.sampled_from(["t1", "t2", "t3"]), st.sampled_from(["u1", "u2"]), st.sampled_from(["", "a", "b"])),
    max_size=12,
)
"""Who, whose details, and what is put there; an empty text looks at them."""


def lived(steps: list[tuple[str, str, str]]) -> list[Exchange]:
    """What a service that keeps details answers."""
    kept: dict[str, str] = {}
    entries = []
    for number, (test, user, put) in enumerate(steps, start=1):
        kept[user] = put or kept.get(user, "nothing")
        entries.append(
            exchange(
                number,
                f"/users/{user}/details/",
                method="PUT" if put else "GET",
                body=put or None,
                answer=f'"{kept[user]}"',
                test=test,
            )
        )
    return entries


@given(STEPS, STEPS)
def test_other_suites_are_told_the_truth_or_nothing(
    recorded: list[tuple[str, str, str]], asked: list[tuple[str, str, str]]
) -> None:
    """New checks, in any order, on a record of old ones."""
    shelf, course = Shelf(lived(recorded)), Course(0.0)
    for now in lived([(f"new {test}", user, put) for test, user, put in asked]):
        told = shelf.take(recorded_key(now), now.test, course)
        assert told is None or told.response == now.response


@given(STEPS, st.data())
def test_the_same_suites_are_told_the_truth_or_nothing_where_one_answer_is_lost(
    steps: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    steps = sorted(steps, key=lambda step: step[0])  # checks run one after the other
    entries = lived(steps)
    if not entries:
        return
    lost = data.draw(st.sampled_from(entries))
    shelf, course = Shelf([entry for entry in entries if entry is not lost]), Course(0.0)
    missed = set()
    for entry in entries:
        told = shelf.take(recorded_key(entry), entry.test, course)
        assert told is None or told.response == entry.response or entry.test in missed
        if told is None:
            missed.add(entry.test)


@pytest.mark.parametrize("removed", [1, 2, 3, 4])
def test_the_check_that_lost_an_answer_is_the_one_that_errs(removed: int) -> None:
    entries = two_customers()
    ask = Asking(*(entry for entry in entries if entry.id != f"x000{removed}"))
    missed = {entry.test for entry in entries if ask(entry, entry.test) is None}
    assert missed == {entries[removed - 1].test}
