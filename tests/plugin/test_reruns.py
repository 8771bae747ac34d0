"""A failure stays in the record, whoever runs the check once more."""

from pathlib import Path

import pytest

from tests.plugin.launch import Finished, error_lines, run_pytest
from tests.plugin.mini import make_project

AGAIN = """
from _pytest.runner import runtestprotocol

def pytest_addoption(parser):
    parser.addoption("--reruns", type=int)
    parser.addoption("--retries", default=0, type=int)
    parser.addini("reruns", "as an ini option")

def pytest_runtest_protocol(item, nextitem):
    runtestprotocol(item, nextitem=item.parent, log=True)
    runtestprotocol(item, nextitem=nextitem, log=True)
    return True
"""
CHECKS = '''
    tried = []

    @pytest.fixture
    def shaky(looked):
        tried.append("set-up")
        if tried.count("set-up") == 1:
            raise Inconclusive("it stayed busy", owner=Owner.ENVIRONMENT)

    @requirement("DEV-USERS")
    def test_once_failed(looked):
        """It fails once."""
        tried.append("call")
        assert tried.count("call") == 2, "it was not there"

    @requirement("DEV-STATIONS")
    def test_once_unclear(shaky, looked):
        """Its fixture cannot say, once."""
        assert looked.status == 200

    @requirement("DEV-HISTORY")
    def test_always_passed(looked):
        """It passes both times."""
        assert looked.status == 200
'''


def run_again(directory: Path, *args: str) -> Finished:
    project = make_project(directory / "project", test_01_sample=CHECKS)
    (project / "again.py").write_text(AGAIN, encoding="utf-8")
    return run_pytest(directory, "-p", "again", *args, cwd=project, env={"PYTHONPATH": str(project)})


def test_a_later_pass_does_not_undo_a_failure(tmp_path: Path) -> None:
    finished = run_again(tmp_path)
    assert finished.check("test_once_failed")["outcome"] == "failed", finished.output
    assert finished.check("test_once_failed")["message"] == "it was not there"
    assert finished.check("test_once_unclear")["outcome"] == "inconclusive"
    assert finished.check("test_always_passed")["outcome"] == "passed"
    assert finished.verdict == "not_ready"


@pytest.mark.parametrize("args", [("--reruns=2",), ("--retries", "1"), ("-o", "reruns=3")], ids=" ".join)
def test_what_runs_a_failed_check_again_is_refused(tmp_path: Path, args: tuple[str, ...]) -> None:
    finished = run_again(tmp_path, *args)
    assert finished.status == 4, finished.output
    (line,) = error_lines(finished)
    assert line.startswith("ERROR: --re")
    assert "stays failed" in line
    assert not finished.report.exists()


def test_nothing_is_refused_for_a_plugin_that_is_not_asked_to_rerun(tmp_path: Path) -> None:
    finished = run_again(tmp_path, "--reruns=0", "--retries=0")
    assert finished.status == 1, finished.output
