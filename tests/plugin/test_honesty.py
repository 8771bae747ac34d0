"""No mark, plugin, conftest or configuration makes a run come out better than its checks did."""

from pathlib import Path

import pytest

from tests.plugin.launch import ROOT, error_lines, run_pytest
from tests.plugin.mini import FAILS, INCONCLUSIVE, PASSES, make_project, run_mini

KNOWN = FAILS.replace("\n    def", '\n    @pytest.mark.xfail(reason="known", strict=False)\n    def')

XFAILS_ALL = """
import pytest
def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.xfail(strict=False))
"""
PASSES_ALL = """
import pytest
@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    report = yield
    report.outcome = "passed"
    return report
"""
ENDS_WELL = """
import pytest
@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    session.exitstatus = 0
"""


@pytest.mark.parametrize(
    ("checks", "conftest"),
    [(PASSES + KNOWN, ""), (PASSES + FAILS, XFAILS_ALL), (PASSES + FAILS, PASSES_ALL), (PASSES + FAILS, ENDS_WELL)],
    ids=["xfail", "xfail by a conftest", "report of a conftest", "status of a conftest"],
)
def test_a_failure_stays_one(tmp_path: Path, checks: str, conftest: str) -> None:
    (tmp_path / "project" / "suites").mkdir(parents=True)
    (tmp_path / "project" / "suites" / "conftest.py").write_text(conftest, encoding="utf-8")
    finished = run_mini(tmp_path, checks)
    assert finished.outcomes() == {"passed": 1, "failed": 1}, finished.output
    assert (finished.status, finished.verdict) == (1, "not_ready"), finished.output


def test_a_gate_that_does_not_hold_stays_shut(tmp_path: Path) -> None:
    (tmp_path / "project" / "suites").mkdir(parents=True)
    (tmp_path / "project" / "suites" / "conftest.py").write_text(ENDS_WELL, encoding="utf-8")
    assert run_mini(tmp_path, PASSES + INCONCLUSIVE, "--gate").status == 1


def test_checks_that_cannot_fail_are_refused(tmp_path: Path) -> None:
    finished = run_mini(tmp_path, FAILS, "--assert=plain", "-p", "no:warnings", env={"PYTHONOPTIMIZE": "1"})
    assert finished.status == 4, finished.output
    (line,) = error_lines(finished)
    assert line.startswith("ERROR: python -O (PYTHONOPTIMIZE)")
    assert not finished.report.exists()


def test_a_gate_without_a_run_is_refused(tmp_path: Path) -> None:
    finished = run_mini(tmp_path, PASSES, "--gate", env={"PYTEST_ADDOPTS": "--co"})
    assert finished.status == 4, finished.output
    (line,) = error_lines(finished)
    assert line.startswith("ERROR: --gate: with --collect-only")


@pytest.mark.parametrize(
    ("file", "name", "value"),
    [
        ("pytest.ini", "python_functions", "test_p*"),
        ("pytest.ini", "python_files", "test_02*.py"),
        ("pytest.ini", "python_classes", "Check"),
        ("pytest.ini", "testpaths", "suites/test_01_sample.py"),
        ("other.ini", "python_functions", "test_p*"),
    ],
)
def test_a_configuration_that_hides_checks_is_refused(tmp_path: Path, file: str, name: str, value: str) -> None:
    project = make_project(tmp_path / "project", test_01_sample=PASSES + FAILS)
    settings = {"testpaths": "suites", "pythonpath": f". {ROOT}", "addopts": "--import-mode=importlib", name: value}
    lines = [f"{setting} = {given}" for setting, given in settings.items()]
    (project / file).write_text("\n".join(["[pytest]", *lines]), encoding="utf-8")
    finished = run_pytest(
        tmp_path, *(("-c", file, "--rootdir=.") if file == "other.ini" else ()), "suites", cwd=project
    )
    assert finished.status == 4, finished.output
    (line,) = error_lines(finished)
    assert f"{file}: {name} leaves checks out" in line
    assert not finished.report.exists()


def test_a_checkout_behind_a_link_is_whole(tmp_path: Path) -> None:
    project = make_project(tmp_path / "there", test_01_sample=PASSES, test_02_more=FAILS)
    (project / "suites").rename(tmp_path / "checks")
    (project / "suites").symlink_to(tmp_path / "checks")
    link = tmp_path / "here"
    link.symlink_to(project)
    finished = run_pytest(
        tmp_path, f"--rootdir={link}", "-c", str(link / "pyproject.toml"), str(link / "suites" / "test_01_sample.py")
    )
    assert finished.status == 0, finished.output
    assert {check["nodeid"]: check["outcome"] for check in finished.checks} == {
        "suites/test_01_sample.py::test_passes": "passed",
        "suites/test_02_more.py::test_fails": "deselected",
    }
