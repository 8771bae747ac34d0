"""What people say and what scans find, judged beside the checks."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.evidence.checklist import REQUIREMENTS, Backing, Requirement
from golive.evidence.model import (
    Assurance,
    CheckResult,
    RequirementResult,
    Status,
    Verdict,
    VerdictStatus,
)
from golive.evidence.statements import (
    MAX_AGE_DAYS,
    Answer,
    Attestation,
    Dossier,
    Exhibit,
    Scan,
    ScanFinding,
    Waiver,
)
from golive.evidence.verdict import decide, judge_requirements
from golive.outcomes import Outcome, Owner

ON = date(2026, 3, 2)
EXERCISED = Requirement("R-1", "It works", "Section", "source", Assurance.EXERCISED)
OBSERVED = Requirement("R-2", "The partner's works", "Section", "source", Assurance.OBSERVED)
ATTESTED = Requirement("R-3", "A person saw it", "Section", "source", Assurance.ATTESTED, "only people see it")
TOKEN = Requirement("BE-1", "The token is safe", "Section", "source", Assurance.ATTESTED, "only people see it")
SHOWN = Requirement(
    "FE-3", "A driver sees it", "S", "source", Assurance.ATTESTED, "only people", Backing.EXHIBIT, may_not_apply=True
)
READ = Requirement("REV-1", "It can be reviewed", "S", "source", Assurance.ATTESTED, "only people", Backing.REVIEW)
REGISTER = (EXERCISED, OBSERVED, ATTESTED, TOKEN, SHOWN, READ)
PICTURE = Exhibit(id="e01", name="a.png", path="exhibits/e01-a.png", media_type="image/png", size=1, sha256="0" * 64)

OPEN = {Status.NOT_MET, Status.INCONCLUSIVE, Status.NOT_SHOWN}
BAD = {Status.NOT_MET, Status.INCONCLUSIVE}


def said(requirement: Requirement, answer: Answer = Answer.YES, **other: Any) -> Attestation:
    """An attestation with all that it needs."""
    whole: dict[str, Any] = {
        "requirement_id": requirement.id,
        "answer": answer,
        "name": "Ada Example",
        "role": "head of product",
        "on": ON,
        "statement": "Seen by me.",
        "reason": "There is no such screen." if answer is Answer.NOT_APPLICABLE else None,
        "exhibits": ("e01",),
    }
    return Attestation(**(whole | other))


def waived(requirement: Requirement, until: date = ON + timedelta(days=30)) -> Waiver:
    return Waiver(requirement_id=requirement.id, owner="Ada Example", until=until, reason="Ships in 2.5.")


def dossier(*attestations: Attestation, **other: Any) -> Dossier:
    whole: dict[str, Any] = {
        "partner": "Example Charging",
        "integration": "Example app",
        "version": "2.4.0",
        "countries": ("DE",),
        "contacts": (),
        "review": {"REV-1": "How it goes."},
        "valid_until": datetime(2026, 4, 1, tzinfo=UTC),
        "sha256": "0" * 64,
        "attestations": attestations,
        "exhibits": (PICTURE,),
    }
    return Dossier(**(whole | other))


def scan(*findings: str) -> Scan:
    found = tuple(ScanFinding(place=place, line=3, kind="the key in use") for place in findings)
    return Scan(what="tree", root="dist", files=12, findings=found)


def check(outcome: Outcome, *requirements: Requirement) -> CheckResult:
    return CheckResult(
        nodeid=f"n-{outcome}",
        title="It does.",
        section="s",
        requirement_ids=tuple(requirement.id for requirement in requirements),
        outcome=outcome,
        owner=None if outcome is Outcome.PASSED else Owner.CARIQA,
        message=None if outcome is Outcome.PASSED else "went wrong",
    )


def judge(requirement: Requirement, *outcomes: Outcome, on: date = ON, **record: Any) -> RequirementResult:
    checks = [check(outcome, requirement) for outcome in outcomes]
    return judge_requirements(checks, (requirement,), on=on, **record)[0]


# -- one word for one requirement ----------------------------------------------------------------------------


@pytest.mark.parametrize("requirement", [ATTESTED, TOKEN, SHOWN, READ], ids=lambda r: r.id)
@pytest.mark.parametrize("outcomes", [(), (Outcome.PASSED,)], ids=["no check", "passed"])
def test_a_word_meets_what_needs_no_more(requirement: Requirement, outcomes: tuple[Outcome, ...]) -> None:
    result = judge(requirement, *outcomes, dossier=dossier(said(requirement)))
    assert (result.status, result.assurance, result.reason, result.owner) == (
        Status.MET,
        Assurance.ATTESTED,
        None,
        None,
    )


@pytest.mark.parametrize("outcomes", [(), (Outcome.PASSED,)], ids=["no check", "passed"])
def test_a_word_does_not_show_what_has_to_be_observed(outcomes: tuple[Outcome, ...]) -> None:
    result = judge(OBSERVED, *outcomes, dossier=dossier(said(OBSERVED)))
    assert (result.status, result.assurance, result.owner) == (Status.NOT_SHOWN, Assurance.ATTESTED, Owner.PARTNER)
    assert result.reason == (
        "Attested by Ada Example (head of product), 2026-03-02. The partner's own integration has to be observed."
    )


@pytest.mark.parametrize("answer", Answer)
@given(st.lists(st.sampled_from(Outcome), max_size=4))
def test_a_word_changes_nothing_about_what_this_suite_exercises(answer: Answer, outcomes: list[Outcome]) -> None:
    assert judge(EXERCISED, *outcomes, dossier=dossier(said(EXERCISED, answer))) == judge(EXERCISED, *outcomes)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"answer": Answer.NO}, "The dossier answers no."),
        ({"on": ON - timedelta(days=MAX_AGE_DAYS + 1)}, "Attested 91 days before the run; 90 is the most that counts."),
        ({"on": ON + timedelta(days=1)}, "Attested for 2026-03-03, a day after the run."),
        ({"on": None}, "Attested without a name, a role, a day or a statement."),
        ({"name": " "}, "Attested without a name, a role, a day or a statement."),
        ({"role": ""}, "Attested without a name, a role, a day or a statement."),
        ({"statement": ""}, "Attested without a name, a role, a day or a statement."),
        ({"name": "\u200b"}, "Attested without a name, a role, a day or a statement."),
        ({"role": "\u2800"}, "Attested without a name, a role, a day or a statement."),
        ({"statement": "."}, "Attested without a name, a role, a day or a statement."),
        ({"exhibits": ()}, "Attested without a file or a video that shows it."),
        ({"exhibits": ("e07",)}, "Attested without a file or a video that shows it."),
        ({"answer": Answer.NOT_APPLICABLE, "reason": None}, "Said not to apply, without a reason."),
    ],
    ids=[
        *("no", "old", "future", "no day", "no name", "no role", "nothing said"),
        *("unseen name", "blank role", "a dot", "no exhibit", "unknown", "no reason"),
    ],
)
def test_a_word_that_cannot_be_taken_shows_nothing(changed: dict[str, Any], reason: str) -> None:
    result = judge(SHOWN, dossier=dossier(said(SHOWN, **changed)))
    assert (result.status, result.assurance, result.reason) == (Status.NOT_SHOWN, Assurance.NONE, reason)
    assert result.owner is Owner.PARTNER


def test_what_is_to_be_reviewed_needs_something_to_read() -> None:
    result = judge(READ, dossier=dossier(said(READ), review={}))
    assert (result.status, result.reason) == (Status.NOT_SHOWN, "Attested, but the dossier has no text to review.")
    assert judge(READ, dossier=dossier(said(READ), review={"REV-1": "…"})) == result


def test_two_words_for_one_line_show_nothing() -> None:
    result = judge(SHOWN, dossier=dossier(said(SHOWN), said(SHOWN, Answer.NO)))
    assert (result.status, result.reason) == (Status.NOT_SHOWN, "The dossier speaks of it more than once.")


@pytest.mark.parametrize("days", [0, 1, MAX_AGE_DAYS])
def test_a_record_is_judged_at_its_own_day(days: int) -> None:
    on = ON + timedelta(days=days)
    assert judge(SHOWN, dossier=dossier(said(SHOWN)), on=on).status is Status.MET


def test_what_does_not_apply_says_so_and_why() -> None:
    result = judge(SHOWN, dossier=dossier(said(SHOWN, Answer.NOT_APPLICABLE)))
    assert result.status is Status.NOT_APPLICABLE
    assert result.reason == "Does not apply, says Ada Example (head of product), 2026-03-02: There is no such screen."
    assert judge(OBSERVED, dossier=dossier(said(OBSERVED, Answer.NOT_APPLICABLE))).status is Status.NOT_SHOWN


def test_only_these_lines_of_the_register_may_not_apply() -> None:
    assert [requirement.id for requirement in REQUIREMENTS if requirement.may_not_apply] == ["FE-4", "REV-6"]
    for requirement in REQUIREMENTS:
        if requirement.needed is Assurance.ATTESTED:
            result = judge(requirement, dossier=dossier(said(requirement, Answer.NOT_APPLICABLE)))
            away = requirement.id in ("FE-4", "REV-6")
            assert result.status is (Status.NOT_APPLICABLE if away else Status.NOT_SHOWN)
            assert away or result.reason == "Said not to apply, but this line is asked of everyone."


@pytest.mark.parametrize("answer", [Answer.YES, Answer.NOT_APPLICABLE])
@pytest.mark.parametrize("outcome", sorted(set(Outcome) - {Outcome.PASSED}))
def test_no_word_outweighs_a_check(answer: Answer, outcome: Outcome) -> None:
    for requirement in (OBSERVED, ATTESTED, TOKEN, SHOWN, READ):
        with_word = judge(requirement, outcome, Outcome.PASSED, dossier=dossier(said(requirement, answer)))
        assert with_word == judge(requirement, outcome, Outcome.PASSED)
        assert with_word.status in OPEN


# -- scans ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [None, *Answer])
def test_what_a_scan_finds_outweighs_every_word(answer: Answer | None) -> None:
    given_ = None if answer is None else dossier(said(TOKEN, answer))
    result = judge(TOKEN, dossier=given_, scans=(scan(), scan("app.js", "b.js")))
    assert (result.status, result.owner) == (Status.NOT_MET, Owner.PARTNER)
    assert result.reason == "2 secrets were found, the first in app.js, line 3: the key in use."


def test_what_a_scan_finds_stands_beside_a_check_that_failed() -> None:
    result = judge(TOKEN, Outcome.FAILED, scans=(scan("app.js"),))
    assert result.reason == "A secret was found in app.js, line 3: the key in use. It does. went wrong"


def test_a_scan_speaks_of_the_lines_about_the_token_only() -> None:
    judged = judge_requirements((), REQUIREMENTS, scans=(scan("app.js"),), on=ON)
    assert [result.id for result in judged if result.status is Status.NOT_MET] == ["BE-1", "PROD-1"]


def test_a_scan_without_findings_shows_nothing_and_is_named() -> None:
    assert judge(TOKEN, scans=(scan(),)) == judge(TOKEN)
    assert "Looked through for secrets: dist (12 files). Nothing found." in verdict((), scans=(scan(),)).reasons
    told = "Looked through for secrets: dist (12 files). A secret was found in app.js, line 3: the key in use."
    assert told in verdict((), scans=(scan("app.js"),)).reasons


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"files": 0}, "Not looked through for secrets: dist; nothing was read."),
        ({"files": 0, "complete": False}, "Not looked through for secrets: dist; nothing was read."),
        ({"complete": False}, "(12 files). Nothing found, then broken off."),
        ({"skipped": ("x.zip: compressed",)}, "(12 files). Nothing found, but 1 place not read."),
    ],
    ids=["nothing read", "an error", "broken off", "partly"],
)
def test_a_scan_that_did_not_read_all_is_not_called_clean(changed: dict[str, Any], told: str) -> None:
    given_ = (scan(), scan().model_copy(update=changed))
    reasons = [reason for reason in verdict((), scans=given_).reasons if "ooked through" in reason]
    assert reasons[0] == "Looked through for secrets: dist (12 files). Nothing found."
    assert reasons[1].endswith(told)


# -- the verdict ---------------------------------------------------------------------------------------------


def verdict(checks: tuple[CheckResult, ...], **record: Any) -> Verdict:
    requirements = judge_requirements(checks, REGISTER, on=ON, **record)
    return decide(requirements, checks, (), rehearsal=False, complete=True, on=ON, **record)


def test_a_waiver_is_named_for_what_is_open_and_for_nothing_else() -> None:
    given_ = dossier(said(ATTESTED), waivers=(waived(SHOWN), waived(ATTESTED), waived(READ, ON - timedelta(days=1))))
    reasons = verdict((), dossier=given_).reasons
    assert "Waived until 2026-04-01, still open: FE-3 (Ada Example: Ships in 2.5.)" in reasons
    assert "The waiver of REV-1 ended on 2026-03-01 and counts for nothing." in reasons
    assert not any("R-3 (" in reason for reason in reasons)


def test_what_does_not_apply_is_named_and_does_not_stand_in_the_way() -> None:
    register = (ATTESTED, SHOWN)
    given_ = dossier(said(ATTESTED), said(SHOWN, Answer.NOT_APPLICABLE))
    checks = (check(Outcome.PASSED),)
    requirements = judge_requirements(checks, register, on=ON, dossier=given_)
    decided = decide(requirements, checks, (), rehearsal=False, complete=True, on=ON, dossier=given_)
    assert decided.status is VerdictStatus.READY
    assert decided.reasons == (
        "Not applicable, by the partner's word: FE-3.",
        "Every requirement of the checklist that applies is met with the assurance it needs.",
    )


WORST_FIRST = (VerdictStatus.NOT_READY, VerdictStatus.INCOMPLETE, VerdictStatus.READY)
ids = st.sampled_from(REGISTER)
attestations = st.lists(
    st.builds(
        said,
        ids,
        st.sampled_from(Answer),
        on=st.dates(ON - timedelta(days=200), ON + timedelta(days=5)) | st.none(),
        name=st.sampled_from(["Ada Example", ""]),
        exhibits=st.sampled_from([(), ("e01",), ("e02",)]),
        reason=st.sampled_from([None, "", "There is none."]),
    ),
    max_size=6,
    unique_by=lambda attestation: attestation.requirement_id,
)
waivers = st.lists(st.builds(waived, ids, st.dates(ON - timedelta(days=9), ON + timedelta(days=9))), max_size=4)
runs = st.lists(st.builds(check, st.sampled_from(Outcome), ids), max_size=6).map(tuple)
scans = st.lists(st.sampled_from([scan(), scan("app.js")]), max_size=2).map(tuple)


@given(runs, scans, attestations, waivers)
def test_no_statement_turns_what_failed_into_anything_else(
    checks: tuple[CheckResult, ...], looked: tuple[Scan, ...], words: list[Attestation], asked: list[Waiver]
) -> None:
    without = judge_requirements(checks, REGISTER, scans=looked, on=ON)
    with_ = judge_requirements(checks, REGISTER, scans=looked, on=ON, dossier=dossier(*words, waivers=tuple(asked)))
    for before, after in zip(without, with_, strict=True):
        assert after.status is before.status or before.status is Status.NOT_SHOWN
        if before.status in BAD:
            assert after == before
        if before.needed is not Assurance.ATTESTED:
            assert after.status is before.status


@given(runs, scans, attestations, waivers)
def test_a_waiver_changes_no_status(
    checks: tuple[CheckResult, ...], looked: tuple[Scan, ...], words: list[Attestation], asked: list[Waiver]
) -> None:
    plain = judge_requirements(checks, REGISTER, scans=looked, on=ON, dossier=dossier(*words))
    waived_ = judge_requirements(checks, REGISTER, scans=looked, on=ON, dossier=dossier(*words, waivers=tuple(asked)))
    assert plain == waived_
    record: dict[str, Any] = {"scans": looked, "dossier": dossier(*words)}
    before = verdict(checks, **record)
    after = verdict(checks, **(record | {"dossier": dossier(*words, waivers=tuple(asked))}))
    assert after.status is before.status
    assert set(before.reasons) <= set(after.reasons)


@given(runs, scans, attestations)
def test_a_word_never_makes_the_verdict_worse(
    checks: tuple[CheckResult, ...], looked: tuple[Scan, ...], words: list[Attestation]
) -> None:
    for count in range(len(words)):
        before = verdict(checks, scans=looked, dossier=dossier(*words[:count]))
        after = verdict(checks, scans=looked, dossier=dossier(*words[: count + 1]))
        assert WORST_FIRST.index(after.status) >= WORST_FIRST.index(before.status)


@given(runs, attestations)
def test_a_scan_never_makes_the_verdict_better(checks: tuple[CheckResult, ...], words: list[Attestation]) -> None:
    for looked in ((scan(),), (scan("app.js"),)):
        before = verdict(checks, dossier=dossier(*words))
        after = verdict(checks, dossier=dossier(*words), scans=looked)
        assert WORST_FIRST.index(after.status) <= WORST_FIRST.index(before.status)


@given(runs, scans, attestations)
def test_what_is_open_says_why(
    checks: tuple[CheckResult, ...], looked: tuple[Scan, ...], words: list[Attestation]
) -> None:
    for result in judge_requirements(checks, REGISTER, scans=looked, on=ON, dossier=dossier(*words)):
        assert (result.reason is None) == (result.status is Status.MET)
        if result.status is Status.MET:
            assert result.assurance in (result.needed, Assurance.ATTESTED)


def test_each_line_says_what_an_attestation_has_to_bring() -> None:
    backing = {requirement.id: requirement.backing for requirement in REQUIREMENTS}
    assert {id_ for id_, kind in backing.items() if kind is Backing.EXHIBIT} == {f"FE-{n}" for n in range(1, 7)}
    assert {id_ for id_, kind in backing.items() if kind is Backing.REVIEW} == {f"REV-{n}" for n in range(1, 7)}
