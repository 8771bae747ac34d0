"""Connections that are refused, broken off and starved: the environment's, never Cariqa's, and nothing stays open."""

from pathlib import Path

import pytest

from tests.faults.passing import (
    Fault,
    Passing,
    Rule,
    closed_after,
    half_body,
    half_head,
    junk,
    length_off_by,
    reset_after,
    reset_before,
    silence,
    trickle,
    trickling_head,
)
from tests.faults.proxy import Proxy
from tests.faults.survival import (
    AFTER_PREFLIGHT,
    NEW_USER,
    READ,
    START,
    STOP,
    assert_past_the_preflight,
    assert_survived,
    survive,
)

BREAKS: dict[str, Fault] = {
    "reset before the server acted": reset_before,
    "reset after the server acted": reset_after,
    "half a body": half_body,
}
PLACES = {"a read": READ, "the user": NEW_USER, "the start": START, "the stop": STOP}


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("fault", BREAKS)
def test_a_connection_that_breaks_once(tmp_path: Path, fault: str, where: str) -> None:
    rule = Rule(BREAKS[fault], PLACES[where], times=1)
    finished = survive(tmp_path, rule)
    assert len(rule.struck) == 1
    assert_survived(finished, owners={"environment"})


ODD: dict[str, tuple[Fault, str]] = {
    "closed, a read": (closed_after, READ),
    "half a head, the start": (half_head, START),
    "silence, the start": (silence, START),
    "junk, a read": (junk, READ),
    "trickle, a read": (trickle(0.1), READ),
    "trickle, the stop": (trickle(0.1), STOP),
    "interim answers without end, a read": (trickling_head(0.1), READ),
    "interim answers without end, the start": (trickling_head(0.1), START),
    "longer than it is, a read": (length_off_by(7), READ),
}


@pytest.mark.parametrize("name", ODD)
def test_an_answer_that_never_comes_whole(tmp_path: Path, name: str) -> None:
    fault, where = ODD[name]
    rule = Rule(fault, where, times=1)
    finished = survive(tmp_path, rule)
    assert len(rule.struck) == 1
    assert_survived(finished, owners={"environment"})


def test_nobody_answers_at_all(tmp_path: Path) -> None:
    finished = survive(tmp_path, meddle=lambda proxy: proxy.cut())
    assert_survived(finished, owners={"environment"})
    assert finished.evidence["preflight"][-1]["owner"] == "environment"


def test_everything_is_reset_after_the_preflight(tmp_path: Path) -> None:
    rule = Rule(reset_before, AFTER_PREFLIGHT)
    finished = survive(tmp_path, rule)
    assert rule.struck
    assert_past_the_preflight(finished)
    assert_survived(finished, owners={"environment"})
    assert finished.outcomes().keys() <= {"inconclusive", "deselected", "not_run"}


@pytest.mark.parametrize("where", PLACES)
def test_the_network_is_gone_for_a_moment(tmp_path: Path, where: str) -> None:
    """The server has acted; then everything is reset, and refused for a second. A run that has ended by then leaves the
    rest to its guardian."""
    proxies: list[Proxy] = []

    def cut(passing: Passing) -> None:
        passing.forward()
        proxies[0].cut(for_s=1.0)

    rule = Rule(cut, PLACES[where], times=1)

    def through(upstream: str) -> Proxy:
        proxies.append(Proxy(upstream, rule))
        return proxies[0]

    finished = survive(tmp_path, through=through, guarded=True)
    assert len(rule.struck) == 1
    assert_survived(finished, owners={"environment"})
