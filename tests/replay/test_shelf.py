"""Recorded exchanges find whoever asks for them: in order, in a check's own, and in set-up that checks share."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.evidence.model import Exchange
from golive.replay import Shelf
from golive.replay.course import Course
from golive.replay.requests import key_of
from golive.replay.shelf import recorded_key
from tests.replay.bench import exchange


class Asking:
    """One thread that asks a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.course = Course(0.0)

    def __call__(self, like: Exchange, test: str | None = None) -> str | None:
        found = self.shelf.take(recorded_key(like), test, self.course)
        return None if found is None else found.id


def asking(*entries: Exchange, groups: Sequence[Sequence[str]] = ()) -> Asking:
    return Asking(Shelf(entries, groups))


def test_the_same_request_gets_its_answers_in_order_and_then_none() -> None:
    polls = [exchange(number) for number in (1, 2, 3)]
    ask = asking(*polls)
    assert [ask(polls[0]) for _ in range(4)] == ["x0001", "x0002", "x0003", None]


@pytest.mark.parametrize(
    "other",
    [
        exchange(9, actor="another"),
        exchange(9, method="POST"),
        exchange(9, "/users/?page=2"),
        exchange(9, authorization=None),
        exchange(9, authorization="Bearer $ALTERED_KEY"),
        exchange(9, body="{}"),
    ],
    ids=["actor", "method", "url", "no key", "another key", "body"],
)
def test_another_request_gets_none(other: Exchange) -> None:
    ask = asking(exchange(1))
    assert ask(other) is None


@pytest.mark.parametrize(
    ("recorded", "now"),
    [
        ('{"a": 1, "b": "ö"}', '{"b":"\\u00f6","a":1}'),
        ("client_secret=seti_1_secret_[redacted-3]&key=$K", "client_secret=seti_1_secret_[redacted-11]&key=$K"),
    ],
    ids=["order of members", "number of a secret"],
)
def test_what_means_nothing_tells_no_requests_apart(recorded: str, now: str) -> None:
    ask = asking(exchange(1, method="POST", body=recorded))
    assert ask(exchange(9, method="POST", body=now)) == "x0001"


def test_a_body_that_is_no_json_is_compared_as_it_is() -> None:
    assert key_of("a", "POST", "u", None, '{"a": ').body == '{"a": '
    assert key_of("a", "POST", "u", None, "[" * 100_000).body == "[" * 100_000


def test_a_check_gets_what_was_recorded_for_it_first() -> None:
    mine, others = exchange(2, test="suites/b.py::mine"), exchange(1, test="suites/a.py::other")
    ask = asking(others, mine)
    assert ask(mine, "suites/b.py::mine") == "x0002"


def test_a_check_alone_gets_the_set_up_that_the_record_has_under_another() -> None:
    made = exchange(1, "/users/", method="POST", test="first")
    empty, filled = (exchange(number, "/cards/", test="first") for number in (2, 3))
    of_first = exchange(4, "/cards/", test="first")
    own = exchange(5, "/cards/", test="second")
    ask = asking(made, empty, filled, of_first, own)
    assert [ask(entry, "second") for entry in (made, empty, filled)] == ["x0001", "x0002", "x0003"]


def test_what_another_check_has_used_is_still_there_for_its_own() -> None:
    own = exchange(1, test="mine")
    shelf = Shelf([own])
    newer, mine = Asking(shelf), Asking(shelf)
    assert newer(own, "newer") == "x0001"
    assert mine(own, "mine") == "x0001"
    assert mine(own, "mine") is None
    assert newer(own, "newer") is None


def test_what_the_removed_check_asked_is_not_taken_for_anothers() -> None:
    before, removed, own = (
        exchange(n, p, test=t) for n, p, t in ((1, "/a/", "x"), (2, "/b/", "gone"), (3, "/b/", "y"))
    )
    ask = asking(before, removed, own)
    assert ask(before, "x") == "x0001"
    assert ask(own, "y") == "x0003"
    assert ask.shelf.unasked == ("x0002",)


def test_answers_left_behind_do_not_come_up_again_later() -> None:
    first, second, other, last = exchange(1), exchange(2), exchange(3, "/other/"), exchange(4)
    ask = asking(first, second, other, last)
    assert [ask(entry) for entry in (first, other, last)] == ["x0001", "x0003", "x0004"]


def test_a_journeys_actors_are_one_thread() -> None:
    a, b = exchange(1, actor="driver A"), exchange(2, actor="driver B")
    together, apart = asking(a, b, groups=[["driver A", "driver B"]]), asking(a, b)
    for ask in (together, apart):
        ask(a)
    following = together.shelf.following(together.course)
    assert following is not None
    assert following.id == "x0002"
    assert apart.shelf.following(apart.course) is None


def test_ids_are_the_records_and_never_twice() -> None:
    first = exchange(7)
    shelf = Shelf([first])
    assert [shelf.id_for(taken) for taken in (first, None, first)] == ["x0007", "x0008", "x0009"]


@given(
    st.lists(st.tuples(st.sampled_from(["/a/", "/b/", "/c/"]), st.sampled_from(["t1", "t2", None])), max_size=30),
)
def test_the_same_suites_get_the_same_answers(asked: list[tuple[str, str | None]]) -> None:
    """Whoever asks again in the recorded order gets each exchange, and none is left."""
    asked.sort(key=lambda pair: str(pair[1]))  # checks run one after the other
    entries = [exchange(number, path, test=test) for number, (path, test) in enumerate(asked, start=1)]
    ask = asking(*entries)
    assert [ask(entry, entry.test) for entry in entries] == [entry.id for entry in entries]
    assert ask.shelf.unasked == ()


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=30), st.randoms(use_true_random=False))
def test_threads_may_take_turns_as_they_like(actors: list[str], random: object) -> None:
    entries = [exchange(number, actor=actor) for number, actor in enumerate(actors, start=1)]
    shelf = Shelf(entries)
    threads = {actor: Asking(shelf) for actor in "abc"}
    waiting = {actor: [entry for entry in entries if entry.actor == actor] for actor in "abc"}
    while left := [actor for actor in "abc" if waiting[actor]]:
        actor = random.choice(left)  # type: ignore[attr-defined]
        entry = waiting[actor].pop(0)
        assert threads[actor](entry) == entry.id
    assert shelf.unasked == ()
