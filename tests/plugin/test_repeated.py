"""A run that goes by what an earlier one left in pytest's cache makes an honest record: what is left out is listed."""

import json
from pathlib import Path

import pytest

from tests.plugin.launch import Finished, run_pytest
from tests.plugin.mini import make_project

FIRST = '''
    import os

    @requirement("DEV-USERS")
    def test_one(looked):
        """It passes."""
        assert looked.status == 200

    @requirement("DEV-STATIONS")
    def test_shaky(looked):
        """It fails until it is mended."""
        assert "CANARY_MENDED" in os.environ
'''
SECOND = '''
    @requirement("DEV-USERS")
    def test_there(looked):
        """It passes, elsewhere."""
        assert looked.status == 200

    @requirement("DEV-HISTORY")
    def test_single(looked):
        """Nothing else serves its line."""
        assert looked.status == 200
'''
ALL = {"test_one", "test_shaky", "test_there", "test_single"}
MENDED = {"CANARY_MENDED": "1"}


class Project:
    """Two suites, and pytest's cache from one run to the next."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.root = make_project(directory / "project", test_01_first=FIRST, test_02_second=SECOND)
        self._count = 0

    def run(self, *args: str, mended: bool = True) -> Finished:
        self._count += 1
        directory = self._directory / f"run{self._count}"
        return run_pytest(directory, *args, cwd=self.root, env=MENDED if mended else {}, cached=True)

    def failed_before(self, *nodeids: str) -> None:
        """Write the cache as another version of the suites may have left it."""
        file = self.root / ".pytest_cache" / "v" / "cache" / "lastfailed"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(dict.fromkeys(nodeids, True)), encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """With one whole run behind it, in which one check failed."""
    made = Project(tmp_path)
    finished = made.run(mended=False)
    assert finished.status == 1, finished.output
    assert outcomes(finished)["test_shaky"] == "failed"
    return made


def outcomes(finished: Finished) -> dict[str, str]:
    return {check["nodeid"].rpartition("::")[2]: check["outcome"] for check in finished.checks}


def statuses(finished: Finished) -> dict[str, str]:
    return {r["id"]: r["status"] for r in finished.evidence["requirements"]}


@pytest.mark.parametrize("flag", ["--lf", "--last-failed"])
@pytest.mark.parametrize("gate", [(), ("--gate",)], ids=["", "gate"])
def test_what_failed_last_is_not_taken_for_everything(project: Project, flag: str, gate: tuple[str, ...]) -> None:
    finished = project.run(flag, *gate)
    assert outcomes(finished) == dict.fromkeys(ALL, "deselected") | {"test_shaky": "passed"}, finished.output
    assert statuses(finished)["DEV-STATIONS"] == "met"
    assert {statuses(finished)[id_] for id_ in ("DEV-USERS", "DEV-HISTORY")} == {"not_shown"}
    assert "--lf" in finished.evidence["run"]["selection"]
    assert finished.verdict == "incomplete"


def test_what_fails_again_stays_failed(project: Project) -> None:
    finished = project.run("--lf", mended=False)
    assert finished.status == 1
    assert outcomes(finished)["test_shaky"] == "failed"
    assert finished.verdict == "not_ready"


def test_failed_first_runs_everything(project: Project) -> None:
    finished = project.run("--ff")
    assert outcomes(finished) == dict.fromkeys(ALL, "passed")
    assert finished.checks[0]["nodeid"].endswith("test_one"), "the record has its own order"
    assert statuses(finished)["DEV-HISTORY"] == "met"
    assert finished.evidence["run"]["selection"] == ""


def test_stepwise_stops_and_goes_on_honestly(project: Project) -> None:
    stopped = project.run("--sw", mended=False)
    assert outcomes(stopped) == {
        "test_one": "passed",
        "test_shaky": "failed",
        "test_there": "not_run",
        "test_single": "not_run",
    }
    resumed = project.run("--sw")
    assert outcomes(resumed) == dict.fromkeys(ALL, "passed") | {"test_one": "deselected"}, resumed.output
    assert statuses(resumed)["DEV-USERS"] == "not_shown"
    assert "--sw" in resumed.evidence["run"]["selection"]
    assert resumed.verdict == "incomplete"


def test_a_cache_of_other_suites_leaves_nothing_out_unseen(project: Project) -> None:
    project.failed_before("suites/test_01_first.py::test_renamed", "suites/test_09_gone.py::test_gone")
    finished = project.run("--lf")
    left_out = {name for name, outcome in outcomes(finished).items() if outcome == "deselected"}
    ran = {name for name, outcome in outcomes(finished).items() if outcome == "passed"}
    assert left_out | ran == ALL
    for name, id_ in (("test_single", "DEV-HISTORY"), ("test_shaky", "DEV-STATIONS")):
        assert (statuses(finished)[id_] == "met") == (name in ran)


def test_a_cache_that_knows_some_of_them_runs_those(project: Project) -> None:
    project.failed_before("suites/test_02_second.py::test_single", "suites/test_01_first.py::test_renamed")
    finished = project.run("--lf")
    assert outcomes(finished) == dict.fromkeys(ALL, "deselected") | {"test_single": "passed"}, finished.output


def test_nothing_failed_and_nothing_wanted_sends_nothing(project: Project) -> None:
    assert project.run().status == 0
    finished = project.run("--lf", "--lfnf=none")
    assert finished.status == 5, finished.output
    assert not (finished.report / "evidence.json").exists()


@pytest.mark.parametrize(
    ("args", "said"),
    [(("-m", "not provokes", "-k", "not single"), "-k not single"), (("--lf", "-k", "shaky"), "--lf")],
    ids=["-m and -k", "--lf and -k"],
)
def test_several_ways_of_leaving_out_are_told(project: Project, args: tuple[str, ...], said: str) -> None:
    finished = project.run(*args)
    assert outcomes(finished)["test_single"] == "deselected"
    assert said in finished.evidence["run"]["selection"]
    assert finished.verdict == "incomplete"


def test_the_first_failure_that_was_wanted_ends_it(project: Project) -> None:
    finished = project.run("--ff", "--maxfail=1", mended=False)
    assert outcomes(finished) == dict.fromkeys(ALL, "not_run") | {"test_shaky": "failed"}, finished.output
    assert finished.verdict == "not_ready"
