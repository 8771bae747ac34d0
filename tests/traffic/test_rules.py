"""Each rule: broken by what breaks it and by that alone, kept by what only looks like it, not shown by what says
nothing."""

from typing import Any, Final

import pytest

from golive.connect.operations import OPERATIONS
from golive.evidence.checklist import BY_ID
from golive.evidence.integration import RuleStatus
from golive.traffic import RULES, Bounds, calls
from tests.traffic.bench import CODE, Trace, broken_in, refusal
from tests.traffic.breaks import ALSO, BREAKS
from tests.traffic.keeps import KEEPS
from tests.traffic.unshown import UNSHOWN
from tests.traffic.ways import Way, refused, signed_up

IN_THE_LOG: Final = {"support-code-kept", "log-without-secrets"}
"""Rules on the partner's log, which no trace alone shows."""


def ways(ledger: dict[str, dict[str, Way]]) -> list[object]:
    return [
        pytest.param(rule, name, way, id=f"{rule}: {name}")
        for rule, named in ledger.items()
        for name, way in named.items()
    ]


@pytest.mark.parametrize(("rule", "name", "way"), ways(BREAKS))
def test_a_trace_breaks_its_rule_and_no_other(rule: str, name: str, way: Way) -> None:
    results = way().judged()
    assert broken_in(results) == {rule} | ALSO.get((rule, name), set()), {
        r: results[r].message for r in broken_in(results)
    }
    assert results[rule].exchanges
    assert "X0" not in results[rule].message, "an exchange is named as it is to be found"


@pytest.mark.parametrize(("rule", "name", "way"), ways(KEEPS))
def test_a_look_alike_is_not_accused(rule: str, name: str, way: Way) -> None:
    results = way().judged()
    assert {r: results[r].message for r in broken_in(results)} == {}
    assert results[rule].status is RuleStatus.KEPT, results[rule].message
    assert results[rule].exchanges


@pytest.mark.parametrize(("rule", "way"), UNSHOWN.items(), ids=UNSHOWN)
def test_what_says_nothing_is_not_shown(rule: str, way: Way) -> None:
    result = way().judged(watched=0)[rule]
    assert (result.status, result.message[-1:]) == (RuleStatus.NOT_SHOWN, ".")


def test_a_whole_day_as_it_should_be_breaks_nothing_and_shows_most() -> None:
    trace = Trace().signed_up("u1").charge("u1")
    results = trace.judged()
    shown = {name for name, result in results.items() if result.status is RuleStatus.KEPT}
    assert broken_in(results) == set()
    assert set(results) - shown == {
        "start-not-repeated",
        "already-stopped-is-stopped",
        "state-read-first",
        "no-hurry",
        *IN_THE_LOG,
    }


def test_every_rule_has_traces_that_break_keep_and_do_not_show_it() -> None:
    names = {rule.name for rule in RULES}
    assert set(BREAKS) == set(KEEPS) == names - IN_THE_LOG
    assert set(UNSHOWN) == names


def test_every_rule_is_bound_to_lines_of_the_checklist_that_traffic_can_show() -> None:
    for rule in RULES:
        assert rule.requirement_ids, rule.name
        for id_ in rule.requirement_ids:
            assert BY_ID[id_].needed != "attested", (rule.name, id_)
    bound = {id_ for rule in RULES for id_ in rule.requirement_ids}
    assert bound >= {"BE-2", "BE-3", "BE-4", "BE-5", "BE-6"}


def test_the_operations_that_the_rules_name_are_published() -> None:
    named = {
        value
        for name, value in vars(calls).items()
        if name.isupper() and str(value).startswith(("users_", "stations_"))
    }
    assert len(named) > 15
    assert named <= set(OPERATIONS)


def test_the_worst_comes_first() -> None:
    results = list(refused("billing_data_required").later(60).start("u1").judged().values())
    order = list(RuleStatus)
    assert [order.index(result.status) for result in results] == sorted(order.index(r.status) for r in results)
    assert results[0].status is RuleStatus.BROKEN


def test_exchanges_of_others_are_not_judged() -> None:
    other = Trace(actor="driver-1").get_user("u1", authorization=None)
    assert {result.status for result in other.judged().values()} == {RuleStatus.NOT_SHOWN}


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (f"start refused, code {CODE}", RuleStatus.KEPT),
        (f"START REFUSED {CODE.upper()}", RuleStatus.KEPT),
        ("start refused", RuleStatus.BROKEN),
        (None, RuleStatus.BROKEN),
    ],
)
def test_the_support_code_is_looked_for_in_the_log(line: str | None, status: RuleStatus) -> None:
    trace = refused("unexpected_error", answer=refusal("unexpected_error", f"Support code: {CODE}."))
    result = trace.judged(log_lines={CODE: line})["support-code-kept"]
    assert result.status is status
    assert result.exchanges == (trace.exchanges[-1].id,)


@pytest.mark.parametrize(
    "line",
    [
        f"{CODE} Authorization: Bearer $CONNECT_API_KEY",
        f"{CODE} eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwYXJ0bmVyIn0.c2lnbmF0dXJlLW9mLWl0",
        f"{CODE} seti_1_secret_abc",
        f"{CODE} token=[redacted-4]",
        f"{CODE} the very secret",
    ],
)
def test_a_secret_in_the_log_is_found_and_not_repeated(line: str) -> None:
    trace = refused("unexpected_error", answer=refusal("unexpected_error", f"Support code: {CODE}."))
    result = trace.judged(log_lines={CODE: line}, secrets=("the very secret",))["log-without-secrets"]
    assert result.status is RuleStatus.BROKEN
    assert line.removeprefix(CODE).strip() not in result.message


def test_a_clean_log_line_is_kept() -> None:
    trace = refused("unexpected_error", answer=refusal("unexpected_error", f"Support code: {CODE}."))
    result = trace.judged(log_lines={CODE: f"start refused: {CODE}, bearer of a card"})["log-without-secrets"]
    assert (result.status, result.exchanges) == (RuleStatus.KEPT, (trace.exchanges[-1].id,))


def test_a_card_number_is_not_repeated() -> None:
    result = BREAKS["no-card-data"]["a number"]().judged()["no-card-data"]
    assert "ending in 4242" in result.message
    assert "4242 4242" not in result.message


@pytest.mark.parametrize(
    ("how", "came"),
    [
        ({"status": 409}, False),
        ({"status": 503}, True),
        ({"status": 424, "answer": refusal("unexpected_error", f"Code {CODE}")}, True),
    ],
)
def test_a_support_code_comes_with_an_unexpected_error_alone(how: dict[str, Any], came: bool) -> None:
    answer = refusal("charging_provider_error", f"Provider's own number {CODE}")
    trace = refused("charging_provider_error", **({"answer": answer} | how))
    assert bool(trace.judged()["support-code-kept"].exchanges) is came


def test_a_session_that_was_stopped_soon_need_not_have_been_read_before() -> None:
    trace = Trace().start("u1").later(3).stop("u1").later(90).read("u1", settled=True)
    assert trace.judged()["polling-begins"].status is RuleStatus.NOT_SHOWN


def test_the_receipt_of_a_session_from_before_says_nothing_of_how_it_was_watched() -> None:
    trace = signed_up()
    for _ in range(9):
        trace.later(30).read("u1", "s-old", settled=True)
    results = trace.judged()
    for rule in ("polling-not-silent", "polling-ends", "cdr-read", "polling-begins"):
        assert results[rule].status is RuleStatus.NOT_SHOWN, results[rule].message


def test_what_is_sent_again_with_another_token_is_not_the_same() -> None:
    trace = signed_up().billing("u1", status=403, authorization="Bearer [redacted]").billing("u1")
    assert broken_in(trace.judged()) == {"bearer-token"}


def test_a_backend_at_its_usual_pace_is_in_time_however_fast_a_rehearsal_goes() -> None:
    trace = (
        signed_up().start("u1", took=0.1).later(10).read("u1").later(0.4).stop("u1").later(20).read("u1", settled=True)
    )
    assert broken_in(trace.judged(bounds=Bounds.for_tick(0.05))) == set()
    every_half_minute = signed_up().start("u1", took=0.1).later(29).read("u1", settled=True)
    assert broken_in(every_half_minute.judged(bounds=Bounds.for_tick(0.05))) == set()


def test_an_answer_that_cannot_be_read_is_named_as_such() -> None:
    trace = signed_up().start("u1", answer='{"id": "s').later(3).start("u1")
    said = trace.judged()["state-read-first"]
    assert said.status is RuleStatus.BROKEN
    assert said.message.startswith("After an unreadable 201 to a start")


def test_a_message_sums_up_what_is_well_and_spells_out_what_is_not() -> None:
    trace = Trace()
    for n in range(5):
        trace.start(f"d{n}", id_=f"s{n}", took=0.5).later(n + 2).read(f"d{n}", f"s{n}")
    trace.start("d9", id_="s9")
    message = trace.judged(watched=0)["polling-begins"].message
    assert message == (
        "5 sessions were first read at most 6.0 s after their start. For example: session s0 was first read 2.0 s "
        "after its start. Not shown by all: Session s9 was not read in 0.00 s after its start, and was watched no "
        "longer."
    )
    late = Trace()
    for n in range(5):
        late.start(f"d{n}", id_=f"s{n}", took=0.5).later(70).read(f"d{n}", f"s{n}")
    assert late.judged()["polling-begins"].message == (
        "Session s0 was first read 70 s after its start: later than 60 s; session s1 was first read 70 s after its "
        "start: later than 60 s; session s2 was first read 70 s after its start: later than 60 s; and 2 more."
    )
    repeated = refused("already_charging").later(75).refused_start("u1", "already_charging").later(0.25).start("u1")
    assert "0.25 s after already_charging" in repeated.judged()["no-hurry"].message
    looks = Trace().look_up("a").look_up("b").get_user("u1").judged()["user-looked-up"]
    assert looks.message == "3 lookups, 2 by search, 1 by id."


def test_bounds_shrink_with_the_tick_and_never_grow() -> None:
    quick = Bounds.for_tick(1.0)
    assert quick.retry_s == pytest.approx(Bounds().retry_s / 10)
    assert quick.slack_s == Bounds().slack_s
    assert Bounds.for_tick(60) == Bounds().scaled(1) == Bounds()
    for factor in (0, -1, 1.01, float("nan")):
        with pytest.raises(ValueError, match="factor"):
            Bounds().scaled(factor)


@pytest.mark.parametrize(
    ("sent", "lacks"),
    [({"evse_id": "E1"}, "no payment method"), ({"payment_method_id": "pm_1"}, "no EVSE"), ("{", "no EVSE")],
)
def test_what_a_start_lacks_is_named(sent: object, lacks: str) -> None:
    trace = signed_up().start("u1", sent=sent, status=400, answer=refusal("validation_error"))
    assert lacks in trace.judged()["start-names-own"].message
