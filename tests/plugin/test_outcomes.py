"""Every way a check can end, in every report of one run."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from golive.evidence.schema import SCHEMA_FILE
from tests.plugin.conftest import Shared
from tests.plugin.launch import Finished
from tests.plugin.mini import run_mini

CHECKS = '''
    @pytest.fixture
    def crashing(looked):
        raise ValueError("the fixture is broken")

    @pytest.fixture
    def unjudged(looked):
        raise Inconclusive("the fixture cannot say", owner=Owner.ENVIRONMENT)

    @pytest.fixture
    def untidy(looked):
        yield
        raise ValueError("cannot tidy up")

    @requirement("DEV-USERS")
    def test_passed(looked):
        """The users are answered."""
        assert looked.status == 200

    @requirement("DEV-USERS")
    def test_assertion(looked):
        """The users are gone."""
        assert looked.status == 404, f"answered with {looked.status}"

    @requirement("DEV-USERS")
    def test_bare_assertion(looked):
        """An assertion without a sentence of its own."""
        assert looked.status == 404

    @requirement("DEV-PAYMENT")
    def test_failed(looked):
        """The partner is to blame."""
        raise Failed("the set-up is wrong", owner=Owner.PARTNER)

    @requirement("DEV-STATIONS", "BE-6")
    def test_inconclusive(looked):
        """Nothing can be said."""
        raise Inconclusive("it stayed busy", owner=Owner.ENVIRONMENT)

    @requirement("DEV-HISTORY")
    def test_skipped(looked):
        """Left out on purpose."""
        pytest.skip("not today")

    @requirement("VCP1-START")
    def test_bug(looked):
        """The harness is broken."""
        return {}["nothing"]

    @requirement("VCP1-STOP")
    def test_crashing_fixture(crashing):
        """A fixture is broken."""

    @requirement("VCP1-CDR")
    def test_inconclusive_fixture(unjudged):
        """A fixture cannot say."""

    @requirement("VCP1-BUSY")
    def test_untidy(untidy):
        """A fixture cannot tidy up."""

    @requirement("VCP2-CDR")
    def test_without_evidence():
        """Nothing is looked at."""
        assert 1 + 1 == 2

    @requirement("DEV-UPDATES")
    def test_unreachable(looked):
        """The connection drops."""
        raise errors.Unreachable("no answer")

    @requirement("DEV-UPDATES")
    def test_unreadable(looked):
        """The answer is no answer."""
        raise errors.Unreadable("this is HTML")

    @requirement("DEV-UPDATES")
    def test_forbidden(connect):
        """The key is refused."""
        connect.acting_as("stranger").get_user("nobody")

    @requirement("VCP2-PROGRESS")
    @pytest.mark.parametrize("vcp", [SHARED_VCPS[0], PROGRESS_VCPS[0]], ids=str)
    def test_vcp(looked, vcp):
        """One check for each VCP."""
        assert looked.status == 200

    @requirement("VCP2-AFTER-STOP")
    def test_deselected(looked):
        """Not wanted today."""
'''

EXPECTED = {
    "test_passed": ("passed", None, None),
    "test_assertion": ("failed", "cariqa", "answered with 200"),
    "test_bare_assertion": ("failed", "cariqa", "assert 200 == 404"),
    "test_failed": ("failed", "partner", "the set-up is wrong"),
    "test_inconclusive": ("inconclusive", "environment", "it stayed busy"),
    "test_skipped": ("skipped", None, "not today"),
    "test_bug": ("error", "suite", "KeyError: 'nothing'"),
    "test_crashing_fixture": ("error", "suite", "ValueError: the fixture is broken"),
    "test_inconclusive_fixture": ("inconclusive", "environment", "the fixture cannot say"),
    "test_untidy": ("error", "suite", "ValueError: cannot tidy up"),
    "test_without_evidence": ("error", "suite", "the check passed without reading any evidence"),
    "test_unreachable": ("inconclusive", "environment", "no answer"),
    "test_unreadable": ("failed", "cariqa", "this is HTML"),
    "test_forbidden": ("failed", "cariqa", "the API refused what it should accept"),
    "test_vcp[DE*CIQ*EWBNHHLM82TLA*1]": ("deselected", None, "was deselected by the command line"),
    "test_vcp[DE*PWA*EALP22541X01617*01]": ("passed", None, None),
    "test_deselected": ("deselected", None, "was deselected by the command line"),
}


def make(directory: Path) -> Finished:
    return run_mini(directory, CHECKS, "-k", "not test_deselected", "--evse", "DEPWAEALP22541X0161701")


@pytest.fixture
def everything(shared: Shared) -> Finished:
    return shared("outcomes", make)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_check_ends_with_outcome_owner_and_reason(everything: Finished, name: str) -> None:
    outcome, owner, message = EXPECTED[name]
    check = everything.check(name)
    assert (check["outcome"], check["owner"]) == (outcome, owner)
    assert (check["message"] or "").startswith(message or "")
    assert bool(check["message"]) == bool(message)


def test_no_check_is_missing_from_the_record(everything: Finished) -> None:
    assert len(everything.checks) == len(EXPECTED)


def test_the_evidence_keeps_to_its_schema(everything: Finished) -> None:
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(everything.evidence)


def test_a_check_stands_on_what_it_and_its_fixtures_read(everything: Finished) -> None:
    known = {exchange["id"]: exchange for exchange in everything.evidence["exchanges"]}
    for check in everything.checks:
        assert set(check["exchanges"]) <= known.keys()
        assert all(known[id_]["test"] == check["nodeid"] for id_ in check["exchanges"])
    assert everything.check("test_crashing_fixture")["exchanges"]
    assert not everything.check("test_without_evidence")["exchanges"]


def test_the_worst_outcome_decides(everything: Finished) -> None:
    requirements = {r["id"]: r["status"] for r in everything.evidence["requirements"]}
    assert everything.status == 1
    assert everything.verdict == "not_ready"
    assert requirements["DEV-USERS"] == "not_met"
    assert requirements["DEV-STATIONS"] == "inconclusive"
    assert requirements["DEV-HISTORY"] == "not_shown"
    assert requirements["VCP1-START"] == "inconclusive"
    assert requirements["VCP2-PROGRESS"] == "not_shown"  # one of two was deselected


def test_what_narrowed_the_run_is_kept(everything: Finished) -> None:
    run = everything.evidence["run"]
    assert run["complete"] is True
    assert "not test_deselected" in run["selection"]
    assert "--evse DE*PWA*EALP22541X01617*01" in run["selection"]


# -- the views -----------------------------------------------------------------------------------------------


def test_junit_tells_each_outcome(everything: Finished) -> None:
    found = {}
    for case in everything.junit.iter("testcase"):
        kinds = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        found[case.attrib["name"]] = kinds[0] if kinds else "passed"
    as_junit = {
        "passed": "passed",
        "failed": "failure",
        "error": "error",
        "inconclusive": "error",
        "skipped": "skipped",
        "deselected": "skipped",
    }
    assert found == {name: as_junit[outcome] for name, (outcome, *_) in EXPECTED.items()}
    (inconclusive,) = [c for c in everything.junit.iter("testcase") if c.attrib["name"] == "test_inconclusive"]
    assert inconclusive.find("error[@type='inconclusive']") is not None


ALLURE = {"passed": "passed", "failed": "failed", "inconclusive": "unknown", "skipped": "skipped", "error": "broken"}


@pytest.mark.parametrize("name", [name for name, (outcome, *_) in EXPECTED.items() if outcome != "deselected"])
def test_allure_tells_each_outcome(everything: Finished, name: str) -> None:
    outcome = EXPECTED[name][0]
    assert everything.allure()[name.partition("[")[0]]["status"] == ALLURE[outcome]


def test_allure_shows_requirements_and_exchanges(everything: Finished) -> None:
    result = everything.allure()["test_inconclusive"]
    labels = [(label["name"], label["value"]) for label in result["labels"]]
    assert ("tag", "DEV-STATIONS") in labels
    assert ("tag", "BE-6") in labels
    assert ("owner", "environment") in labels
    links = {link["name"]: link["url"] for link in result["links"]}
    assert links.keys() == {"DEV-STATIONS", "BE-6"}
    (step,) = [step for step in result["steps"] if "/api/v1/users/" in step["name"]]
    assert "→ 200" in step["name"]
    (attachment,) = step["attachments"]
    body = (everything.report / "allure-results" / attachment["source"]).read_text(encoding="utf-8")
    assert json.loads(body)["id"] == everything.check("test_inconclusive")["exchanges"][0]


def test_links_of_the_other_reports_lead_somewhere(everything: Finished) -> None:
    page = (everything.report / "evidence.html").read_text(encoding="utf-8")
    ids = set(re.findall(r"""\bid=["']?([\w.-]+)""", page))
    links = [link["url"] for result in everything.allure().values() for link in result.get("links", ())]
    links += re.findall(r'href=\\?"(evidence\.html#[^"\\]+)', unescape(_log(everything)))
    assert any(link.startswith("../evidence.html#requirement-") for link in links)
    assert any(link.startswith("evidence.html#x") for link in links)
    assert {link.partition("#")[2] for link in links} <= ids


def _log(finished: Finished) -> str:
    return (finished.report / "log.html").read_text(encoding="utf-8")


def _log_rows(finished: Finished) -> Iterator[dict[str, Any]]:
    blob = re.search(r'data-jsonblob="([^"]*)"', _log(finished))
    assert blob is not None
    tests: dict[str, list[dict[str, Any]]] = json.loads(unescape(blob.group(1)))["tests"]
    for rows in tests.values():
        yield from rows


def test_the_log_has_a_row_for_each_outcome(everything: Finished) -> None:
    rows = {row["testId"].partition("::")[2]: row for row in _log_rows(everything)}
    assert rows["test_inconclusive"]["result"] == "Inconclusive"
    assert rows["test_inconclusive_fixture::setup"]["result"] == "Inconclusive"
    assert rows["test_failed"]["result"] == "Failed"
    assert rows["test_bug"]["result"] == "Error"
    assert rows["test_without_evidence"]["result"] == "Error"
    assert rows["test_passed"]["result"] == "Passed"
    cells = "".join(rows["test_inconclusive"]["resultsTableRow"])
    assert "DEV-STATIONS BE-6" in cells
    assert "it stayed busy" in json.dumps(rows["test_inconclusive"])


def test_the_console_tells_what_did_not_pass_and_whose_move_it_is(everything: Finished) -> None:
    said = " ".join(everything.stdout.split())
    assert "Verdict: not ready" in said
    assert "inconclusive, environment: sample: it stayed busy" in said
    assert "failed, partner: sample: the set-up is wrong" in said
    assert "error, suite: sample: the check passed without reading any evidence" in said
    section = re.search(r"^  sample .*$", everything.stdout, re.MULTILINE)
    assert section is not None
    assert section.group().split()[1:] == [
        "2", "passed", "3", "inconclusive", "5", "failed", "4", "error", "1", "skipped"
    ]  # fmt: skip
    assert everything.stdout.rstrip().endswith("report/evidence.html")
    assert re.search(r"5 failed.* 3 passed.* 1 skipped.* 2 deselected.* 3 inconclusive", everything.stdout)
