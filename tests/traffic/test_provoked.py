"""After a provoked error: the rules that it calls for, over what was answered with it and what came then."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from golive.evidence.integration import RuleResult, RuleStatus
from golive.traffic import after_provocation
from tests.traffic.bench import BEGIN, CODE, OTHER_EVSE, STATUS, Trace, refusal, session

SECRET = {"payment_intent_client_secret": "pi_1_secret_[redacted-2]"}


def after(
    trace: Trace, *, watched: float = 120.0, log_lines: dict[str, str | None] | None = None
) -> dict[str, RuleResult]:
    answered = [one for one in trace.exchanges if one.provoked]
    followed = trace.exchanges[trace.exchanges.index(answered[-1]) + 1 :] if answered else trace.exchanges
    until = BEGIN + timedelta(seconds=trace.now + watched)
    found = after_provocation(answered, followed, until=until, log_lines=log_lines)
    return {result.rule: result for result in found}


def broken(results: dict[str, RuleResult]) -> set[str]:
    return {rule for rule, result in results.items() if result.status is RuleStatus.BROKEN}


def kept(results: dict[str, RuleResult]) -> set[str]:
    return {rule for rule, result in results.items() if result.status is RuleStatus.KEPT}


def met(type_: str, **how: Any) -> Trace:
    return Trace().refused_start("u1", type_, provoked=type_, **how)


GOOD: dict[str, tuple[Callable[[], Trace], set[str]]] = {
    "nothing more": (lambda: met("billing_data_required"), {"start-not-repeated", "no-hurry"}),
    "one retry": (
        lambda: met("already_charging").sessions("u1").later(5).start("u1").read("u1"),
        {"start-not-repeated", "no-hurry"},
    ),
    "the state read": (
        lambda: met("charging_provider_error").later(2).sessions("u1"),
        {"state-read-first", "no-hurry"},
    ),
    "another station": (
        lambda: met("station_availability_issue").later(2).start("u1", OTHER_EVSE).read("u1"),
        {"state-read-first", "no-hurry"},
    ),
    "taken as stopped": (
        lambda: (
            Trace().refused_stop("u1", "already_stopped", provoked="already_stopped").later(2).read("u1", settled=True)
        ),
        {"already-stopped-is-stopped", "stop-once"},
    ),
}


@pytest.mark.parametrize(("way", "shown"), GOOD.values(), ids=GOOD)
def test_a_good_reaction_keeps_the_rules_that_the_error_calls_for(way: Callable[[], Trace], shown: set[str]) -> None:
    results = after(way())
    assert broken(results) == set()
    assert kept(results) >= shown


BAD: dict[str, tuple[Callable[[], Trace], str]] = {
    "repeated": (
        lambda: met("billing_data_required").later(30).start("u1").read("u1"),
        "start-not-repeated",
    ),
    "repeated with nobody to authenticate": (
        lambda: (
            met("pre_authorization_failed", answer=refusal("pre_authorization_failed", **SECRET))
            .later(30)
            .start("u1")
            .read("u1")
        ),
        "start-not-repeated",
    ),
    "repeated with nobody to pay": (
        lambda: met("payment_error").debts("u1", "s0").later(30).start("u1").read("u1"),
        "start-not-repeated",
    ),
    "in a loop": (
        lambda: (
            met("already_charging").later(5).refused_start("u1", "already_charging").later(5).start("u1").read("u1")
        ),
        "start-not-repeated",
    ),
    "blindly": (
        lambda: met("charging_provider_error").later(30).start("u1").read("u1"),
        "state-read-first",
    ),
    "blindly after a loss": (
        lambda: Trace().start("u1", lost="RemoteProtocolError", provoked="lost-start").later(30).start("u1").read("u1"),
        "state-read-first",
    ),
    "a lost start left alone": (
        lambda: Trace().start("u1", lost="RemoteProtocolError", provoked="lost-start"),
        "state-read-first",
    ),
    "blindly after HTML": (
        lambda: Trace().start("u1", status=502, answer="<html>", provoked="html").later(30).start("u1").read("u1"),
        "state-read-first",
    ),
    "stopped once more": (
        lambda: (
            Trace()
            .refused_stop("u1", "already_stopped", provoked="already_stopped")
            .later(5)
            .stop("u1")
            .read("u1", settled=True)
        ),
        "already-stopped-is-stopped",
    ),
    "hammered": (
        lambda: _hammered(),
        "no-hurry",
    ),
    "before Retry-After": (
        lambda: (
            Trace()
            .read("u1", status=429, answer="", answer_headers={"retry-after": "20"}, provoked="throttled")
            .later(5)
            .read("u1")
            .later(9)
            .read("u1", settled=True)
        ),
        "no-hurry",
    ),
    "impatient with a slow answer": (
        lambda: (
            Trace()
            .start("u1", took=30, provoked="slow")
            .later(-15)
            .start("u1", id_="s2")
            .later(15)
            .read("u1")
            .read("u1", "s2")
            .read("u1", settled=True)
            .read("u1", "s2", settled=True)
        ),
        "start-one-at-a-time",
    ),
    "a session without progress, forgotten": (
        lambda: Trace().start("u1").read("u1", provoked="no-progress").later(400),
        "polling-not-silent",
    ),
    "a late CDR, given up": (
        lambda: Trace().start("u1").read("u1").stop("u1").read("u1", provoked="late-cdr").later(400),
        "cdr-read",
    ),
}


def _hammered() -> Trace:
    trace = Trace()
    for n in range(5):
        trace.call(
            "stations_partners_list", status=423, answer=refusal("temporary_locked"), provoked=None if n else "locked"
        )
    return trace


@pytest.mark.parametrize(("way", "rule"), BAD.values(), ids=BAD)
def test_a_bad_reaction_breaks_its_rule(way: Callable[[], Trace], rule: str) -> None:
    trace = way()
    answered = [one for one in trace.exchanges if one.provoked]
    until = BEGIN + timedelta(seconds=trace.now + 120)
    results = {r.rule: r for r in after_provocation(answered, trace.exchanges, until=until)}
    assert broken(results) == {rule}, {r: results[r].message for r in broken(results)}


def test_an_error_that_was_not_met_shows_nothing() -> None:
    assert after_provocation([], Trace().read("u1").exchanges) == ()


@pytest.mark.parametrize("type_", [t for t in STATUS if t not in ("validation_error", "temporary_locked")])
def test_each_documented_error_calls_for_a_rule_even_if_nothing_shows_it(type_: str) -> None:
    trace = met(type_) if type_ != "already_stopped" else Trace().refused_stop("u1", type_, provoked=type_)
    results = after(trace, watched=0)
    assert any(trace.exchanges[-1].id in result.exchanges for result in results.values())
    assert broken(results) == set()


def test_the_support_code_is_asked_for() -> None:
    trace = met("unexpected_error", answer=refusal("unexpected_error", f"Code {CODE}"))
    assert after(trace)["support-code-kept"].status is RuleStatus.NOT_SHOWN
    assert broken(after(trace, log_lines={CODE: None})) == {"support-code-kept"}
    assert "support-code-kept" in kept(after(trace, log_lines={CODE: f"refused {CODE}"}))


def test_progress_after_the_stop_is_read_on_and_not_stopped_again() -> None:
    def way() -> Trace:
        return Trace().start("u1").watched("u1").stop("u1").later(5).read("u1", provoked="progress-after-stop")

    good = after(way().watched("u1").settled("u1"))
    assert (broken(good), "cdr-read" in kept(good)) == (set(), True)


def test_a_session_found_in_the_list_after_a_loss_is_watched() -> None:
    trace = Trace().start("u1", lost="ReadTimeout", provoked="lost-start").later(2).sessions("u1", session("s1"))
    results = after(trace.watched("u1").settled("u1"))
    assert kept(results) >= {"state-read-first", "polling-not-silent", "polling-ends"}
