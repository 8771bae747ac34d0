"""From checks to requirements, from requirements to the verdict, from the verdict to the gate."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.evidence.checklist import Requirement
from golive.evidence.model import (
    Assurance,
    CheckResult,
    Probe,
    RequirementResult,
    Status,
    Verdict,
    VerdictStatus,
)
from golive.evidence.verdict import decide, gate_holds, judge_requirements
from golive.outcomes import Outcome, Owner

EXERCISED = Requirement("R-1", "It works", "Section", "source", Assurance.EXERCISED)
OBSERVED = Requirement("R-2", "The partner's works", "Section", "source", Assurance.OBSERVED)
ATTESTED = Requirement("R-3", "A person saw it", "Section", "source", Assurance.ATTESTED, "only people can see it")
REGISTER = (EXERCISED, OBSERVED, ATTESTED)
ON = date(2026, 3, 2)

CLEAN = {Outcome.PASSED}
OPEN = {Outcome.SKIPPED, Outcome.NOT_RUN, Outcome.DESELECTED}
UNCLEAR = {Outcome.ERROR, Outcome.INCONCLUSIVE}

outcomes = st.lists(st.sampled_from(Outcome), max_size=6)
registers = st.lists(st.sampled_from(list(Assurance)[:-1]), min_size=1, max_size=4)


def check(outcome: Outcome, *ids: str, message: str | None = None) -> CheckResult:
    owner = None if outcome is Outcome.PASSED else Owner.CARIQA
    return CheckResult(
        nodeid=f"n-{outcome}",
        title="It does.",
        section="s",
        requirement_ids=ids or ("R-1",),
        outcome=outcome,
        owner=owner,
        message=message,
    )


def probe(outcome: Outcome) -> Probe:
    return Probe(name="target", outcome=outcome, message="it was asked")


def judge(*given_: Outcome, requirement: Requirement = EXERCISED) -> RequirementResult:
    checks = [check(outcome, requirement.id) for outcome in given_]
    return judge_requirements(checks, (requirement,), on=ON)[0]


# -- requirements --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_", "status"),
    [
        ((), Status.NOT_SHOWN),
        ((Outcome.PASSED,), Status.MET),
        ((Outcome.FAILED,), Status.NOT_MET),
        ((Outcome.INCONCLUSIVE,), Status.INCONCLUSIVE),
        ((Outcome.ERROR,), Status.INCONCLUSIVE),
        ((Outcome.SKIPPED,), Status.NOT_SHOWN),
        ((Outcome.NOT_RUN,), Status.NOT_SHOWN),
        ((Outcome.DESELECTED,), Status.NOT_SHOWN),
        ((Outcome.PASSED, Outcome.DESELECTED), Status.NOT_SHOWN),
        ((Outcome.PASSED, Outcome.SKIPPED), Status.NOT_SHOWN),
        ((Outcome.PASSED, Outcome.INCONCLUSIVE, Outcome.DESELECTED), Status.INCONCLUSIVE),
        ((Outcome.ERROR, Outcome.FAILED, Outcome.PASSED), Status.NOT_MET),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, tuple) else str(value),
)
def test_the_worst_outcome_decides(given_: tuple[Outcome, ...], status: Status) -> None:
    assert judge(*given_).status is status


@given(outcomes)
def test_a_requirement_is_as_its_worst_check(given_: list[Outcome]) -> None:
    status = judge(*given_).status
    if Outcome.FAILED in given_:
        assert status is Status.NOT_MET
    elif UNCLEAR & set(given_):
        assert status is Status.INCONCLUSIVE
    elif OPEN & set(given_) or not given_:
        assert status is Status.NOT_SHOWN
    else:
        assert status is Status.MET


@given(outcomes)
def test_an_error_of_the_suite_is_never_a_failure(given_: list[Outcome]) -> None:
    without = [outcome for outcome in given_ if outcome is not Outcome.FAILED]
    assert judge(*without, Outcome.ERROR).status is Status.INCONCLUSIVE


@given(outcomes, st.randoms())
def test_the_order_of_the_checks_does_not_matter(given_: list[Outcome], random: object) -> None:
    shuffled = list(given_)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert judge(*given_).status is judge(*shuffled).status


@pytest.mark.parametrize("requirement", [OBSERVED, ATTESTED], ids=lambda r: r.needed)
@given(outcomes)
def test_exercising_never_meets_what_needs_more(requirement: Requirement, given_: list[Outcome]) -> None:
    result = judge(*given_, requirement=requirement)
    assert result.status is not Status.MET
    assert result.assurance in (Assurance.EXERCISED, Assurance.NONE)


@pytest.mark.parametrize(
    ("requirement", "status", "assurance"),
    [
        (OBSERVED, Status.MET, Assurance.OBSERVED),
        (EXERCISED, Status.MET, Assurance.OBSERVED),
        (ATTESTED, Status.NOT_SHOWN, Assurance.NONE),  # for what a person has to say no program speaks
    ],
    ids=lambda value: getattr(value, "needed", value),
)
def test_what_was_observed_meets_all_but_what_a_person_has_to_say(
    requirement: Requirement, status: Status, assurance: Assurance
) -> None:
    seen = check(Outcome.PASSED, requirement.id).model_copy(update={"shows": Assurance.OBSERVED})
    (result,) = judge_requirements([check(Outcome.PASSED, requirement.id), seen], (requirement,), on=ON)
    assert (result.status, result.assurance) == (status, assurance)


def test_what_is_exercised_says_what_it_still_needs() -> None:
    result = judge(Outcome.PASSED, requirement=OBSERVED)
    assert (result.status, result.assurance, result.needed) == (
        Status.NOT_SHOWN,
        Assurance.EXERCISED,
        Assurance.OBSERVED,
    )
    assert result.reason is not None
    assert "observed" in result.reason


def test_a_failure_of_an_exercised_check_is_not_hidden_by_a_higher_need() -> None:
    assert judge(Outcome.FAILED, requirement=ATTESTED).status is Status.NOT_MET


@given(outcomes)
def test_whatever_is_not_met_has_a_reason(given_: list[Outcome]) -> None:
    for requirement in REGISTER:
        result = judge(*given_, requirement=requirement)
        assert (result.reason is None) == (result.status is Status.MET)
        assert len(result.tests) == len(given_)


def test_the_reason_names_the_check_that_is_to_blame() -> None:
    checks = [
        check(Outcome.PASSED),
        check(Outcome.INCONCLUSIVE, message="the network is gone"),
        check(Outcome.FAILED, message="the answer is wrong"),
        check(Outcome.FAILED, message="another is wrong"),
    ]
    reason = judge_requirements(checks, (EXERCISED,), on=ON)[0].reason
    assert reason == "It does. the answer is wrong (and 1 more)"
    assert judge_requirements((), (ATTESTED,), on=ON)[0].reason == "only people can see it"


def test_results_stand_in_the_order_of_the_register() -> None:
    results = judge_requirements([check(Outcome.PASSED, "R-3", "R-1")], REGISTER, on=ON)
    assert [result.id for result in results] == ["R-1", "R-2", "R-3"]
    assert [len(result.tests) for result in results] == [1, 0, 1]


def test_a_check_bound_to_no_known_requirement_is_an_error_of_the_suite() -> None:
    with pytest.raises(KeyError):
        judge_requirements([check(Outcome.PASSED, "R-99")], REGISTER, on=ON)


# -- the verdict ---------------------------------------------------------------------------------------------


def verdict_on(
    given_: Sequence[Outcome],
    *,
    probes: Sequence[Outcome] = (Outcome.PASSED,),
    complete: bool = True,
    register: Sequence[Requirement] = (EXERCISED,),
    rehearsal: bool = False,
) -> Verdict:
    checks = [check(outcome) for outcome in given_]
    requirements = judge_requirements(checks, register, on=ON)
    preflight = [probe(outcome) for outcome in probes]
    return decide(requirements, checks, preflight, rehearsal=rehearsal, complete=complete, on=ON)


@given(outcomes, st.lists(st.sampled_from([Outcome.PASSED, Outcome.FAILED, Outcome.ERROR]), max_size=3), st.booleans())
def test_ready_means_that_all_is_met_and_nothing_else(
    given_: list[Outcome], probes: list[Outcome], complete: bool
) -> None:
    verdict = verdict_on(given_, probes=probes, complete=complete)
    all_met = bool(given_) and set(given_) == CLEAN and set(probes) <= CLEAN and complete
    assert (verdict.status is VerdictStatus.READY) == all_met
    failed = Outcome.FAILED in given_ or Outcome.FAILED in probes
    assert (verdict.status is VerdictStatus.NOT_READY) == failed
    assert verdict.reasons


@given(outcomes)
def test_nothing_is_ready_while_a_requirement_is_open(given_: list[Outcome]) -> None:
    assert verdict_on(given_, register=REGISTER).status is not VerdictStatus.READY


@pytest.mark.parametrize("rehearsal", [True, False])
def test_the_verdict_says_whether_it_was_a_rehearsal(rehearsal: bool) -> None:
    assert verdict_on([Outcome.PASSED], rehearsal=rehearsal).rehearsal is rehearsal


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (verdict_on([Outcome.FAILED]), "1 check failed."),
        (verdict_on([Outcome.FAILED, Outcome.FAILED]), "2 checks failed."),
        (verdict_on([Outcome.FAILED]), "Not met: R-1."),
        (verdict_on([Outcome.ERROR]), "1 check ended in an error of this suite itself."),
        (verdict_on([Outcome.INCONCLUSIVE]), "Inconclusive: R-1."),
        (verdict_on([Outcome.DESELECTED]), "Not shown yet: R-1."),
        (verdict_on([], complete=False), "The run was interrupted: its record is partial."),
        (verdict_on([], probes=[Outcome.FAILED]), "Preflight, target: it was asked"),
        (verdict_on([Outcome.PASSED], probes=[Outcome.ERROR]), "Preflight, target: it was asked"),
    ],
)
def test_the_reasons_say_why(verdict: Verdict, said: str) -> None:
    assert said in verdict.reasons


def test_a_failed_check_that_serves_no_requirement_still_counts() -> None:
    stray = check(Outcome.FAILED).model_copy(update={"requirement_ids": ()})
    met = judge_requirements([check(Outcome.PASSED)], (EXERCISED,), on=ON)
    verdict = decide(met, [stray], (), rehearsal=False, complete=True, on=ON)
    assert verdict.status is VerdictStatus.NOT_READY


# -- the gate ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", VerdictStatus)
def test_on_dev_only_ready_passes_the_gate(status: VerdictStatus) -> None:
    verdict = Verdict(status=status, rehearsal=False, reasons=())
    holds = gate_holds(verdict, [check(Outcome.PASSED)], [probe(Outcome.PASSED)], complete=True)
    assert holds == (status is VerdictStatus.READY)


@given(
    st.sampled_from(VerdictStatus),
    outcomes,
    st.lists(st.sampled_from([Outcome.PASSED, Outcome.FAILED, Outcome.INCONCLUSIVE]), max_size=3),
    st.booleans(),
)
def test_a_rehearsal_passes_the_gate_when_nothing_failed_and_nothing_is_unclear(
    status: VerdictStatus, given_: list[Outcome], probes: list[Outcome], complete: bool
) -> None:
    verdict = Verdict(status=status, rehearsal=True, reasons=())
    bad = {Outcome.FAILED, *UNCLEAR}
    expected = complete and Outcome.PASSED in given_ and not bad & {*given_, *probes}
    expected = expected and status is not VerdictStatus.NOT_READY  # a scan found a secret
    checks, preflight = [check(o) for o in given_], [probe(o) for o in probes]
    assert gate_holds(verdict, checks, preflight, complete=complete) == expected
