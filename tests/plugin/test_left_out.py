"""However a check is left out, it is in the record and its requirement is not shown."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from golive.bundle.looks import Result
from golive.bundle.verify import verify
from golive.evidence.checklist import BY_ID
from golive.plugin.uncollected import ids_named_in
from tests.plugin.launch import ROOT, Finished, error_lines, run_pytest
from tests.plugin.mini import make_project

FIRST = '''
    @requirement("DEV-USERS")
    def test_one(looked):
        """It passes."""
        assert looked.status == 200

    @requirement("DEV-STATIONS")
    @pytest.mark.parametrize("vcp", SHARED_VCPS[:2], ids=str)
    def test_of_two(looked, vcp):
        """It passes twice."""
        assert looked.status == 200
'''
SECOND = '''
    class TestGroup:
        @requirement("DEV-USERS")
        def test_there(self, looked):
            """It passes, elsewhere."""
            assert looked.status == 200

    @requirement("DEV-HISTORY")
    @provokes("payment_error")
    def test_single(looked):
        """Nothing else serves its line."""
        assert looked.status == 200

    def test_that_is_no_check():
        pass
'''
THERE = "suites/test_02_second.py::TestGroup::test_there"
ALONE = "suites/test_02_second.py::test_single"


def run_two(directory: Path, *args: str, second: str = SECOND) -> Finished:
    project = make_project(directory / "project", test_01_first=FIRST, test_02_second=second)
    return run_pytest(directory, *args, cwd=project)


def statuses(finished: Finished) -> dict[str, str]:
    return {r["id"]: r["status"] for r in finished.evidence["requirements"]}


def test_nothing_is_left_out_of_a_whole_run(tmp_path: Path) -> None:
    finished = run_two(tmp_path)
    assert finished.outcomes() == {"passed": 5}, finished.output
    assert finished.evidence["run"]["selection"] == ""
    assert {statuses(finished)[id_] for id_ in ("DEV-USERS", "DEV-STATIONS", "DEV-HISTORY")} == {"met"}


@pytest.mark.parametrize(
    "args",
    [
        ("--ignore=suites/test_02_second.py",),
        ("--ignore-glob=*second*",),
        ("suites/test_01_first.py",),
        ("suites/test_01_first.py::test_one", "suites/test_01_first.py::test_of_two"),
        ("--deselect=suites/test_02_second.py",),
        ("-k", "one or of_two"),
    ],
    ids=" ".join,
)
def test_what_is_left_out_is_listed_and_holds_its_requirement(tmp_path: Path, args: tuple[str, ...]) -> None:
    finished = run_two(tmp_path, *args)
    assert finished.status == 0, finished.output
    found = {check["nodeid"]: check["outcome"] for check in finished.checks}
    assert [nodeid for nodeid, outcome in found.items() if outcome == "deselected"] == [THERE, ALONE]
    assert len(found) == 5
    assert statuses(finished)["DEV-USERS"] == "not_shown"
    assert statuses(finished)["DEV-HISTORY"] == "not_shown"
    assert statuses(finished)["DEV-STATIONS"] == "met"
    said = finished.evidence["run"]["selection"]
    assert args[-1].partition("=")[2] in said
    assert said
    rows = {row["type"]: row["provoked_by"] for row in finished.evidence["errors"]}
    assert rows["payment_error"] == [ALONE]


def test_one_of_several_of_a_function_leaves_the_others_out(tmp_path: Path) -> None:
    finished = run_two(tmp_path, "suites/test_02_second.py", "suites/test_01_first.py::test_one")
    assert finished.outcomes() == {"passed": 3, "deselected": 2}, finished.output
    assert statuses(finished)["DEV-STATIONS"] == "not_shown"
    assert statuses(finished)["DEV-USERS"] == "met"


@pytest.mark.parametrize(
    ("second", "named"),
    [
        (f"    import nowhere_to_be_found\n{SECOND}", {"DEV-USERS", "DEV-HISTORY"}),
        (f"{SECOND}\n    def broken(:\n", {"DEV-USERS", "DEV-HISTORY"}),
        (SECOND.replace("(looked)", '(looked)\n\n    @pytest.mark.parametrize("x", [1])\n    def test_x(): ...'), None),
        ("    raise RuntimeError\n", set(BY_ID)),
    ],
    ids=["no such module", "no Python", "no such parameter", "names nothing"],
)
def test_a_file_that_cannot_be_collected_holds_what_it_names(
    tmp_path: Path, second: str, named: set[str] | None
) -> None:
    finished = run_two(tmp_path, "--continue-on-collection-errors", second=second)
    assert finished.status == 1, finished.output
    (file,) = [check for check in finished.checks if check["outcome"] != "passed"]
    assert (file["nodeid"], file["outcome"]) == ("suites/test_02_second.py", "not_run")
    assert "could not be collected" in file["message"]
    assert named is None or set(file["requirement_ids"]) == named
    assert statuses(finished)["DEV-USERS"] == "not_shown"
    assert "without suites/test_02_second.py, which could not be collected" in finished.evidence["run"]["selection"]
    assert finished.verdict == "incomplete"
    (bundle,) = finished.report.glob("golive-*.zip")
    verified = verify(bundle, now=datetime.now(UTC) + timedelta(minutes=1))
    assert verified.agreed, [look for look in verified.looks if look.result is Result.DIFFERS]


def test_a_file_that_skips_itself_is_listed(tmp_path: Path) -> None:
    second = f'    pytest.skip("not today", allow_module_level=True)\n{SECOND}'
    finished = run_two(tmp_path, second=second)
    (file,) = [check for check in finished.checks if check["outcome"] != "passed"]
    assert (file["outcome"], file["message"]) == ("deselected", "are skipped as a whole: not today")
    assert statuses(finished)["DEV-USERS"] == "not_shown"


@pytest.mark.parametrize(
    "setting", ["python_functions=test_h*", "python_files=test_01*", "testpaths=suites/test_01.py"]
)
def test_other_patterns_for_what_is_a_check_are_refused(tmp_path: Path, setting: str) -> None:
    finished = run_two(tmp_path, "-o", setting)
    if setting.startswith("testpaths"):
        finished = run_two(tmp_path, "-o", setting, "suites")
    assert finished.status == 4, finished.output
    (line,) = error_lines(finished)
    assert line.startswith(f"ERROR: -o {setting.partition('=')[0]}")


@pytest.mark.parametrize("file", sorted((ROOT / "suites").glob("test_*.py")), ids=lambda file: file.stem)
def test_the_text_of_each_suite_names_the_requirements_that_its_checks_serve(file: Path, whole_suite: Finished) -> None:
    checks = [c for c in whole_suite.checks if c["nodeid"].startswith(file.relative_to(ROOT).as_posix())]
    served = {id_ for check in checks for id_ in check["requirement_ids"]}
    assert served
    assert served <= set(ids_named_in(file, BY_ID))


@pytest.fixture(scope="module")
def whole_suite(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A run of one check of the suites: all others are in its record."""
    return run_pytest(
        tmp_path_factory.mktemp("whole"),
        "--integration=examples.partner_app.adapter:make",
        "suites/test_01_credentials.py::test_the_key_is_accepted",
    )


def test_what_needs_a_session_is_not_shown_where_no_check_has_one_begun(tmp_path: Path) -> None:
    finished = run_pytest(tmp_path, "suites/test_11_traffic.py")
    assert finished.status == 0, finished.output
    for command in ("start", "stop"):
        check = finished.check(f"test_commands_are_answered[{command}]")
        assert (check["outcome"], check["owner"]) == ("skipped", None)
        assert check["message"] == f"no selected check needs a {command}; the whole suite shows it"
