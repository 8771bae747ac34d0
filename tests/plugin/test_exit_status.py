"""The exit status, and what a run that ends early leaves in its record."""

from pathlib import Path

import pytest

from tests.plugin.launch import run_pytest
from tests.plugin.mini import FAILS, INCONCLUSIVE, PASSES, make_project, run_mini

ERRS = """
    @requirement("DEV-PAYMENT")
    def test_reads_nothing():
        pass
"""
LEAVES = """
    @requirement("DEV-PAYMENT")
    def test_leaves(looked):
        pytest.exit("enough", returncode=0)

    @requirement("DEV-HISTORY")
    def test_never_comes(looked):
        pass
"""
BREAKS_OFF = """
    @requirement("DEV-PAYMENT")
    def test_is_broken_off(looked):
        raise KeyboardInterrupt

    @requirement("DEV-HISTORY")
    def test_never_comes(looked):
        pass
"""


@pytest.mark.parametrize(
    ("checks", "gate", "status", "verdict"),
    [
        (PASSES, (), 0, "incomplete"),
        (PASSES, ("--gate",), 0, "incomplete"),
        (PASSES + INCONCLUSIVE, (), 0, "incomplete"),
        (PASSES + INCONCLUSIVE, ("--gate",), 1, "incomplete"),
        (INCONCLUSIVE, ("--gate",), 1, "incomplete"),
        (PASSES + FAILS, (), 1, "not_ready"),
        (PASSES + FAILS, ("--gate",), 1, "not_ready"),
        (PASSES + ERRS, (), 1, "incomplete"),
    ],
    ids=[
        "passed",
        "passed, gate",
        "inconclusive",
        "inconclusive, gate",
        "only inconclusive, gate",
        "failed",
        "failed, gate",
        "error",
    ],
)
def test_the_exit_status_follows_from_the_outcomes(
    tmp_path: Path, checks: str, gate: tuple[str, ...], status: int, verdict: str
) -> None:
    finished = run_mini(tmp_path, checks, *gate)
    assert (finished.status, finished.verdict) == (status, verdict), finished.output


@pytest.mark.parametrize("flag", ["-x", "--maxfail=1"])
def test_what_comes_after_the_last_wanted_failure_was_not_run(tmp_path: Path, flag: str) -> None:
    finished = run_mini(tmp_path, INCONCLUSIVE + FAILS + PASSES, flag)
    assert finished.status == 1
    assert finished.check("test_cannot_say")["outcome"] == "inconclusive"
    assert finished.check("test_fails")["outcome"] == "failed"
    assert finished.check("test_passes")["outcome"] == "not_run"
    assert finished.check("test_passes")["message"]
    assert finished.verdict == "not_ready"


@pytest.mark.parametrize(
    ("checks", "name", "status"), [(BREAKS_OFF, "test_is_broken_off", 2), (LEAVES, "test_leaves", 0)]
)
@pytest.mark.parametrize("gate", [(), ("--gate",)], ids=["", "gate"])
def test_a_run_that_is_broken_off_is_never_complete(
    tmp_path: Path, checks: str, name: str, status: int, gate: tuple[str, ...]
) -> None:
    finished = run_mini(tmp_path, PASSES + checks, *gate)
    assert finished.status == (status or len(gate))
    assert finished.evidence["run"]["complete"] is False
    assert finished.verdict == "incomplete"
    assert finished.check("test_passes")["outcome"] == "passed"
    assert finished.check(name)["outcome"] == "not_run"
    assert finished.check("test_never_comes")["outcome"] == "not_run"


def test_a_suite_that_cannot_be_collected_sends_nothing(tmp_path: Path) -> None:
    finished = run_mini(tmp_path, PASSES + "\n    1 / 0\n")
    assert finished.status == 2
    assert "ZeroDivisionError" in finished.output
    assert not (finished.report / "evidence.json").exists()


def test_a_selection_that_leaves_nothing_sends_nothing(tmp_path: Path) -> None:
    finished = run_mini(tmp_path, PASSES, "-k", "nothing_of_that_name", "--gate")
    assert finished.status == 5
    assert not (finished.report / "evidence.json").exists()


def test_a_report_directory_that_is_used_again_holds_the_last_run_alone(tmp_path: Path) -> None:
    run_mini(tmp_path, PASSES + INCONCLUSIVE)
    again = run_mini(tmp_path, PASSES)
    assert [check["nodeid"] for check in again.checks] == ["suites/test_01_sample.py::test_passes"]
    assert again.allure().keys() == {"test_passes"}
    assert not list(again.report.glob("*.partial"))


def test_the_reports_go_below_the_project_by_default(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", test_01_sample=PASSES)
    finished = run_pytest(tmp_path, cwd=project, report=False)
    assert finished.status == 0
    (directory,) = (project / "reports" / "runs").iterdir()
    assert {entry.name for entry in directory.iterdir()} == {
        "evidence.json",
        "evidence.html",
        "junit.xml",
        "allure-results",
        "log.html",
        "summary.md",
        "reconciliation.csv",
        f"golive-unnamed-{directory.name}.zip",
    }
    assert finished.stdout.rstrip().endswith(f"Report: {directory / 'evidence.html'}")
