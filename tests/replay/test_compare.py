"""What a replay came to, held against its record; and what it leaves out because the record did."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from golive.evidence.model import Assurance, CheckResult, Evidence, Probe, VerdictStatus
from golive.outcomes import Outcome, Owner
from golive.replay import Comparison, compare, left_out
from tests.report.samples import rehearsal


def check(name: str, outcome: Outcome = Outcome.PASSED, owner: Owner | None = None) -> CheckResult:
    return CheckResult(
        nodeid=f"suites/test_01.py::{name}",
        title="It holds.",
        section="users",
        requirement_ids=("BE-1",),
        outcome=outcome,
        owner=owner,
    )


def record(*checks: CheckResult, probes: tuple[Probe, ...] = (), selection: str = "") -> Evidence:
    sample = rehearsal()
    run = sample.run.model_copy(update={"selection": selection})
    return sample.model_copy(update={"run": run, "tests": checks, "preflight": probes})


def edited_verdict(evidence: Evidence) -> Evidence:
    return evidence.model_copy(update={"verdict": evidence.verdict.model_copy(update={"status": VerdictStatus.READY})})


def without_a_requirement(evidence: Evidence) -> Evidence:
    return evidence.model_copy(update={"requirements": evidence.requirements[1:]})


def compared(
    then: Evidence, now: Evidence, unasked: int = 0, unanswered: Mapping[str, str] = MappingProxyType({})
) -> Comparison:
    return compare(then, now, unasked=unasked, unanswered=unanswered)


def test_all_the_same_is_one_line() -> None:
    same = record(check("a"), check("b", Outcome.FAILED, Owner.CARIQA))
    comparison = compared(same, same)
    assert comparison.agrees
    assert comparison.sentences() == ["2 checks: same outcome as recorded"]


@pytest.mark.parametrize(
    "now", [check("a", Outcome.ERROR, Owner.SUITE), check("a", Outcome.FAILED, Owner.PARTNER), check("a")]
)
def test_another_outcome_or_owner_is_told_first(now: CheckResult) -> None:
    then = record(check("a", Outcome.FAILED, Owner.CARIQA), check("b"))
    comparison = compared(then, record(now, check("b")))
    assert not comparison.agrees
    first, second, third = comparison.sentences()
    assert first == "1 check came to another outcome than recorded:"
    assert second.startswith("suites/test_01.py::a: recorded failed, cariqa, now ")
    assert third == "1 check: same outcome as recorded"


def test_another_preflight_is_a_difference() -> None:
    passed = Probe(name="target", outcome=Outcome.PASSED, message="answers")
    erred = passed.model_copy(update={"outcome": Outcome.ERROR, "owner": Owner.SUITE})
    comparison = compared(record(probes=(passed,)), record(probes=(erred, erred.model_copy(update={"name": "new"}))))
    assert [difference.what for difference in comparison.differing] == ["preflight, target"]


def test_new_checks_and_those_left_out_are_counted_and_no_difference() -> None:
    comparison = compared(
        record(check("a"), check("gone"), check("b")),
        record(check("a"), check("b", Outcome.DESELECTED), check("new", Outcome.ERROR, Owner.SUITE)),
        unasked=3,
        unanswered={"x0008": "the record has no answer to A", "x0009": "the record has no answer to B"},
    )
    assert comparison.agrees
    assert comparison.sentences() == [
        "1 check: same outcome as recorded",
        "1 check the record does not have",
        "2 checks of the record left out",
        "requests that the record does not answer: 2",
    ]


TARGET = Probe(name="target", outcome=Outcome.PASSED, message="answers")
BETTER = {"shows": Assurance.OBSERVED, "requirement_ids": ("FE-9",)}


@pytest.mark.parametrize(
    ("then", "told"),
    [
        (record(check("a"), probes=(TARGET,)), "suites/test_01.py::b: recorded nothing, now passed"),
        (
            record(check("a"), check("b").model_copy(update=BETTER), probes=(TARGET,)),
            "suites/test_01.py::b: recorded with another requirement_ids and shows, now as this suite has it",
        ),
        (
            edited_verdict(record(check("a"), check("b"), probes=(TARGET,))),
            "the verdict: recorded ready, now not_ready",
        ),
        (
            without_a_requirement(record(check("a"), check("b"), probes=(TARGET,))),
            "BE-1: recorded nothing, now not_met (none)",
        ),
        (
            record(check("a"), check("b"), probes=(TARGET,)).model_copy(update={"errors": rehearsal().errors[1:]}),
            "the error validation_error: recorded nothing, now error",
        ),
        (record(check("a"), check("b")), "preflight, target: recorded nothing, now passed"),
    ],
    ids=["a check left out", "a check made out to be another", "a verdict", "a requirement", "an error", "a probe"],
)
def test_a_record_of_this_very_suite_may_say_nothing_else(then: Evidence, told: str) -> None:
    now = record(check("a"), check("b"), probes=(TARGET,))
    comparison = compared(then, now)
    assert not comparison.agrees
    assert comparison.sentences()[:2] == ["the record is of this very suite, and says otherwise:", told]
    other = then.model_copy(update={"run": then.run.model_copy(update={"digest": "0" * 64})})
    assert compared(other, now).agrees, "another suite may have had other checks"
    partial = then.model_copy(update={"run": then.run.model_copy(update={"complete": False})})
    assert compared(partial, now).agrees, "what was broken off lacks what it lacks"


def test_what_this_very_suite_left_out_is_left_out() -> None:
    assert compared(record(check("a")), record(check("a"), check("b", Outcome.DESELECTED))).agrees
    assert compared(record(check("a"), check("b")), record(check("b"))).agrees


def test_checks_that_could_not_be_judged_are_counted_in_one_line() -> None:
    """Those that asked themselves, and those that read a journey which did; no error of another kind."""
    lacking = {"x0008": "the record has no answer to A", "x0009": "the record has no answer to B"}
    then = record(*(check(name) for name in "abcd"))
    asked = check("a", Outcome.ERROR, Owner.SUITE).model_copy(update={"exchanges": ("x0001", "x0008")})
    read = check("b", Outcome.ERROR, Owner.SUITE).model_copy(update={"message": f"ReplayMiss: {lacking['x0009']}"})
    other = check("c", Outcome.ERROR, Owner.SUITE).model_copy(update={"exchanges": ("x0001",)})
    sentences = compared(then, record(asked, read, other, check("d")), unanswered=lacking).sentences()
    assert "2 checks could not be judged: the record lacks answers to what they ask" in sentences
    assert not any("judged" in sentence for sentence in compared(then, then, unanswered=lacking).sentences())


def test_requests_nobody_asked_for_are_told_of_a_whole_replay() -> None:
    assert (
        "recorded requests that nobody asked for: 3" in compared(record(check("a")), record(check("a")), 3).sentences()
    )


def test_what_was_deselected_or_never_run_is_left_out_again() -> None:
    then = record(check("ran"), check("not_wanted", Outcome.DESELECTED), check("too_late", Outcome.NOT_RUN))
    found = left_out(then, [c.nodeid for c in then.tests] + ["suites/test_01.py::new"])
    assert {nodeid.rpartition("::")[2]: outcome for nodeid, (outcome, _) in found.items()} == {
        "not_wanted": Outcome.DESELECTED,
        "too_late": Outcome.NOT_RUN,
    }


def test_a_run_that_ended_in_its_preflight_ends_there_again() -> None:
    then = record(check("a", Outcome.NOT_RUN), check("b", Outcome.DESELECTED))
    assert list(left_out(then, [c.nodeid for c in then.tests])) == ["suites/test_01.py::b"]


@pytest.mark.parametrize(
    ("selection", "left"),
    [
        ("", False),
        ("--evse DE*1", False),
        ("-k users", False),
        ("suites/test_01.py", True),
        ("suites/test_01.py::a", True),
    ],
)
def test_what_a_record_of_some_files_does_not_have_is_no_newer_check(selection: str, left: bool) -> None:
    then = record(check("a"), selection=selection)
    assert bool(left_out(then, ["suites/test_02.py::b"])) is left
