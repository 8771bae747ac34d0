"""A run's id is bound to the challenge, so that no earlier run can claim it."""

from hypothesis import given
from hypothesis import strategies as st

from golive.evidence.challenge import is_bound, run_id, tag


@given(st.text(min_size=1, max_size=60))
def test_the_id_of_a_run_with_a_challenge_is_bound_to_it(challenge: str) -> None:
    id_ = run_id(challenge)
    assert is_bound(id_, challenge)
    assert not is_bound(id_, challenge + " ")


def test_a_run_without_the_challenge_is_not_bound_to_it() -> None:
    assert not is_bound(run_id(), "given on Monday")


def test_another_time_has_another_tag() -> None:
    assert tag("given", "20260302t101500z") != tag("given", "20260302t101501z")


def test_what_only_looks_like_an_id_is_not_bound() -> None:
    stamp = "20260302t101500z"
    assert is_bound(f"{stamp}-{tag('given', stamp)}-0a", "given")
    for wrong in ("", stamp, f"{stamp}-{tag('given', stamp)}", f"{stamp}-{tag('given', stamp)}-0a-0a"):
        assert not is_bound(wrong, "given")
