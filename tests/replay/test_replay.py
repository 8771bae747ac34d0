"""Whole runs, replayed by the same suites in a process that must not open a connection."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.plugin.launch import ROOT, Finished, clean_environment, run_pytest
from tests.plugin.mini import make_project, run_mini
from tests.replay.bench import concluded, edited, erred, replayed, said, without
from tests.replay.offline import STATUS
from tests.report import people


@pytest.fixture(scope="module")
def replay(rehearsal: Finished, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    return replayed(tmp_path_factory.mktemp("whole"), rehearsal.report)


def test_every_check_comes_to_the_same(rehearsal: Finished, replay: Finished) -> None:
    assert replay.status == rehearsal.status == 0, replay.output
    assert concluded(replay) == concluded(rehearsal)
    assert replay.evidence["verdict"] == rehearsal.evidence["verdict"]
    assert replay.evidence["preflight"] == rehearsal.evidence["preflight"]


def test_the_console_says_so_and_what_it_is(rehearsal: Finished, replay: Finished) -> None:
    run = rehearsal.evidence["run"]["id"]
    assert f"replay of go-live readiness run {run}: nothing is sent anywhere" in replay.stdout
    assert f"(replay of {run})" in replay.stdout
    verdict = replay.stdout.splitlines().index("Verdict: incomplete  (a rehearsal: never evidence for go-live)")
    assert replay.stdout.splitlines()[verdict + 1] == f"  (replay of {run})", "no line is wider than the console"
    assert f"replay: {len(rehearsal.checks)} checks: same outcome as recorded" in replay.stdout
    assert "nobody asked for" not in replay.stdout
    assert "does not answer" not in replay.stdout


def test_the_replays_record_is_the_records_twin(rehearsal: Finished, replay: Finished) -> None:
    def told(finished: Finished) -> list[Any]:
        return [(e["id"], e["actor"], e["started_at"], e["request"]["url"], e["response"]) for e in exchanges(finished)]

    assert told(replay) == told(rehearsal)
    then, now = rehearsal.evidence["run"], replay.evidence["run"]
    assert now["replay_of"] == then["id"]
    assert then["replay_of"] is None
    same = (
        "id",
        "target",
        "target_kind",
        "rehearsal",
        "complete",
        "selection",
        "seed",
        "key_fingerprint",
        "started_at",
    )
    assert {name: now[name] for name in same} == {name: then[name] for name in same}
    assert now["finished_at"] == then["finished_at"]


def exchanges(finished: Finished) -> list[dict[str, Any]]:
    return list(finished.evidence["exchanges"])


def test_a_replay_can_be_replayed(replay: Finished, tmp_path: Path) -> None:
    again = replayed(tmp_path, replay.report / "evidence.json", "-k", "test_02_users or test_03_billing")
    assert again.status == 0, again.output
    assert again.outcomes()["passed"] == 14


def test_a_bundle_is_replayed_with_all_that_others_say_in_the_environment(rehearsal: Finished, tmp_path: Path) -> None:
    (bundle,) = rehearsal.report.glob("golive-*.zip")
    env = {"GOLIVE_TARGET": "dev", "CONNECT_API_KEY": "a-key-for-dev", "GOLIVE_SEED": "1", "GOLIVE_EVSE": "nonsense"}
    again = replayed(tmp_path, bundle, "-k", "test_01_credentials", env=env)
    assert again.status == 0, again.output
    assert again.outcomes()["passed"] == 6
    assert "a-key-for-dev" not in json.dumps(again.evidence)


ALONE = (
    "test_a_deleted_card_is_gone",
    "test_a_second_card_becomes_the_only_default",
    "test_a_card_declined_at_setup_never_appears",
    "test_an_altered_key_is_refused",
    "test_a_list_that_needs_paging_holds_each_user_once",
    "test_another_users_card_cannot_be_charged",
    "test_nonsense_as_a_user_is_refused",
)


@pytest.mark.parametrize("name", ALONE)
def test_a_check_can_be_looked_at_alone(rehearsal: Finished, tmp_path: Path, name: str) -> None:
    """As under a debugger: what checks share was recorded under another one."""
    alone = replayed(tmp_path, rehearsal.report, "-k", name, "-p", "no:golive.plugin.bundling")
    assert alone.status == 0, alone.output
    assert alone.check(name)["outcome"] == "passed"
    assert "does not answer" not in alone.stdout


# -- what the record lacks -----------------------------------------------------------------------------------


VCP = "DE*PWA*EALP22541X01617*01"


def test_without_an_answer_to_a_stop_what_needs_it_is_an_error(rehearsal: Finished, tmp_path: Path) -> None:
    def is_the_stop(exchange: dict[str, Any]) -> bool:
        return (exchange["actor"], exchange["operation"]) == (f"driver {VCP}", "users_charging_stop_create")

    record = edited(rehearsal.report / "evidence.json", tmp_path / "record", without(is_the_stop))
    replay = replayed(tmp_path, record)
    assert replay.status == 1
    errors = erred(replay)
    assert f"suites/test_06_charging.py::test_a_stop_ends_the_session[{VCP}]" in errors
    walked = {nodeid for nodeid in errors if f"[{VCP}]" in nodeid or f"-{VCP}]" in nodeid}
    assert {nodeid for nodeid in errors - walked if "test_11_traffic" not in nodeid} == set()
    for nodeid, now in concluded(replay).items():
        if nodeid in errors:
            assert "the record has no answer to" in str(now[2]) or "ReplayMiss" in str(now[2])
            assert now[1] == "suite"
        else:
            assert now == concluded(rehearsal)[nodeid]
    settled = {nodeid for nodeid in concluded(replay) if "test_09_cdr" in nodeid and f"[{VCP}]" in nodeid}
    assert settled
    assert settled <= errors
    assert f"suites/test_06_charging.py::test_a_start_opens_a_session_on_that_evse[{VCP}]" not in errors
    assert f"{len(errors)} checks came to another outcome than recorded" in replay.stdout


def test_without_the_first_answer_only_the_preflight_errs(rehearsal: Finished, tmp_path: Path) -> None:
    record = edited(
        rehearsal.report / "evidence.json", tmp_path / "record", without(lambda e: e["actor"] == "preflight")
    )
    replay = replayed(tmp_path, record, "-k", "test_02_users")
    assert replay.status == 1
    (probe,) = replay.evidence["preflight"]
    assert (probe["name"], probe["outcome"], probe["owner"]) == ("target", "error", "suite")
    assert replay.outcomes()["passed"] == 7
    assert "preflight, target: recorded passed, now error, suite" in replay.stdout


CHECKS = """
    @requirement("BE-2")
    def test_the_list(looked):
        \"\"\"The list of users is there.\"\"\"
        assert looked.status == 200
"""
NEWER = """
    @requirement("BE-2")
    def test_another_list(connect):
        \"\"\"The partners are there.\"\"\"
        assert connect.send("GET", "/stations/partners/").status == 200


    @requirement("BE-2")
    def test_a_check_that_forgives_everything(connect):
        \"\"\"Whatever happens, all is well.\"\"\"
        try:
            connect.send("GET", "/stations/partners/")
        except Exception:
            pass


    @requirement("BE-2")
    def test_the_same_list(looked):
        \"\"\"The list of users is there for others, too.\"\"\"
        assert looked.status == 200
"""


def test_a_newer_suite_judges_an_older_record_as_far_as_it_goes(tmp_path: Path) -> None:
    live = run_mini(tmp_path / "live", CHECKS)
    assert live.status == 0, live.output
    project = make_project(tmp_path / "newer", test_01_sample=NEWER + CHECKS)
    replay = replayed(tmp_path / "replay", live.report, cwd=project)
    assert replay.status == 1
    assert {name.rpartition("::")[2]: outcome for name, (outcome, _, _) in concluded(replay).items()} == {
        "test_another_list": "error",
        "test_a_check_that_forgives_everything": "error",
        "test_the_same_list": "passed",
        "test_the_list": "passed",
    }
    assert replay.check("test_another_list")["message"] == "the record has no answer to GET /api/v1/stations/partners/"
    assert "2 passed, 2 errors in" in replay.stdout
    assert "replay: 1 check: same outcome as recorded" in replay.stdout
    assert "replay: 3 checks the record does not have" in replay.stdout


def test_a_failure_stays_one_and_a_lie_about_it_is_found(tmp_path: Path) -> None:
    failing = CHECKS.replace("== 200", "== 201")
    live = run_mini(tmp_path / "live", failing)
    project = make_project(tmp_path / "same", test_01_sample=failing)
    honest = replayed(tmp_path / "honest", live.report, cwd=project)
    assert (honest.status, concluded(honest)) == (1, concluded(live))

    def embellish(evidence: dict[str, Any]) -> None:
        evidence["tests"][0] |= {"outcome": "passed", "owner": None, "message": None}

    record = edited(live.report / "evidence.json", tmp_path / "record", embellish)
    found = replayed(tmp_path / "found", record, cwd=project)
    assert found.status == 1
    assert "test_the_list: recorded passed, now failed, cariqa" in said(found)


def test_a_check_that_was_left_out_or_made_out_to_be_another_is_found(tmp_path: Path) -> None:
    live = run_mini(tmp_path / "live", CHECKS + NEWER)
    project = make_project(tmp_path / "same", test_01_sample=CHECKS + NEWER)

    def embellish(evidence: dict[str, Any]) -> None:
        first, second, *_ = evidence["tests"]
        second["shows"] = "observed"
        evidence["tests"].remove(first)
        for exchange in evidence["exchanges"]:
            exchange["test"] = None if exchange["test"] == first["nodeid"] else exchange["test"]

    record = edited(live.report / "evidence.json", tmp_path / "record", embellish)
    found = replayed(tmp_path / "found", record, cwd=project)
    assert found.status == 1
    assert "the record is of this very suite, and says otherwise:" in said(found)
    assert ": recorded nothing, now " in said(found)
    assert "recorded with another shows, now as this suite has it" in said(found)


def test_an_improvement_is_a_difference_too(tmp_path: Path) -> None:
    live = run_mini(tmp_path / "live", CHECKS.replace("== 200", "== 201"))
    project = make_project(tmp_path / "newer", test_01_sample=CHECKS)
    replay = replayed(tmp_path / "replay", live.report, cwd=project)
    assert replay.status == 1, "the checks pass, but the outcome is not the recorded one"
    assert "test_the_list: recorded failed, cariqa, now passed" in said(replay)


def test_what_was_deselected_is_left_out_again(tmp_path: Path) -> None:
    live = run_mini(tmp_path / "live", NEWER + CHECKS, "-k", "test_the_list or test_the_same_list")
    project = make_project(tmp_path / "same", test_01_sample=NEWER + CHECKS)
    replay = replayed(tmp_path / "replay", live.report, cwd=project)
    assert (replay.status, concluded(replay)) == (0, concluded(live))
    assert replay.evidence["run"]["selection"] == live.evidence["run"]["selection"]
    assert "replay: 4 checks: same outcome as recorded" in replay.stdout


def test_the_dossiers_word_is_taken_over_as_it_is(tmp_path: Path) -> None:
    live = run_mini(tmp_path / "live", CHECKS)

    def with_a_dossier(evidence: dict[str, Any]) -> None:
        evidence["run"]["digest"] = "0" * 64  # of the suite that judged it without a dossier
        evidence["dossier"] = people.dossier().model_dump(mode="json")
        for attestation in evidence["dossier"]["attestations"]:
            attestation["on"] = attestation["on"] and evidence["run"]["finished_at"][:10]
        evidence["scans"] = [scan.model_dump(mode="json") for scan in people.scans()]
        evidence["attempts"] = [attempt.model_dump(mode="json") for attempt in people.attempts()]

    record = edited(live.report / "evidence.json", tmp_path / "record", with_a_dossier)
    (record.parent / "exhibits").mkdir()
    for path, content in people.FILES.items():
        (record.parent / path).write_bytes(content)
    project = make_project(tmp_path / "same", test_01_sample=CHECKS)
    (project / "golive.toml").write_text("this is no dossier, and nobody reads it", encoding="utf-8")
    replay = replayed(tmp_path / "replay", record.parent, cwd=project)
    assert replay.status == 0, replay.output
    recorded = json.loads(record.read_text(encoding="utf-8"))
    taken_over = ("dossier", "scans", "attempts")
    assert {name: replay.evidence[name] for name in taken_over} == {name: recorded[name] for name in taken_over}
    assert {path: (replay.report / path).read_bytes() for path in people.FILES} == people.FILES
    assert "attested" in {requirement["assurance"] for requirement in replay.evidence["requirements"]}


def test_what_an_early_end_kept_from_running_is_left_out_again(tmp_path: Path) -> None:
    checks = CHECKS.replace("== 200", "== 201") + NEWER
    live = run_mini(tmp_path / "live", checks, "-x")
    assert live.outcomes() == {"failed": 1, "not_run": 3}
    project = make_project(tmp_path / "same", test_01_sample=checks)
    replay = replayed(tmp_path / "replay", live.report, cwd=project)
    assert (replay.status, concluded(replay)) == (1, concluded(live))
    assert "replay: 4 checks: same outcome as recorded" in replay.stdout


def test_an_interrupted_run_stays_one(tmp_path: Path) -> None:
    live = run_mini(tmp_path / "live", CHECKS)
    record = edited(
        live.report / "evidence.json", tmp_path / "record", lambda evidence: evidence["run"].update(complete=False)
    )
    project = make_project(tmp_path / "same", test_01_sample=CHECKS)
    replay = replayed(tmp_path / "replay", record, cwd=project)
    assert replay.evidence["run"]["complete"] is False
    assert "The run was interrupted: its record is partial." in replay.evidence["verdict"]["reasons"]


REFUSED = {
    "no such file": (["--replay=nowhere.zip"], "--replay: 'nowhere.zip' does not exist"),
    "another target": (["--target=dev"], "--target: says otherwise than the record that --replay names; leave it out"),
    "a contract by URL": (["--openapi=https://example.org/openapi.json"], "--openapi: is a URL, but a replay asks"),
}


@pytest.mark.parametrize(("args", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_a_command_line_that_cannot_be_is_one_line(args: list[str], says: str, tmp_path: Path) -> None:
    live = run_mini(tmp_path / "live", CHECKS)
    project = make_project(tmp_path / "same", test_01_sample=CHECKS)
    line = args if args[0].startswith("--replay") else [f"--replay={live.report}", *args]
    refused = run_pytest(tmp_path, *line, cwd=project, env={"CONNECT_API_KEY": "a-key"})
    assert refused.status == 4
    assert says in refused.output
    assert "Traceback" not in refused.output


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_in_place_of_a_record_is_one_line_and_no_wait(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", test_01_sample=CHECKS)
    os.mkfifo(tmp_path / "record.zip")
    refused = run_pytest(tmp_path, f"--replay={tmp_path / 'record.zip'}", cwd=project)
    assert refused.status == 4
    assert "is no regular file" in refused.output
    assert "Traceback" not in refused.output


def test_a_record_is_replayed_from_any_folder(rehearsal: Finished, tmp_path: Path) -> None:
    (bundle,) = rehearsal.report.glob("golive-*.zip")
    copy = tmp_path / "reviewers-downloads" / bundle.name
    copy.parent.mkdir()
    copy.write_bytes(bundle.read_bytes())
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "golive",
            "replay",
            copy.name,
            "-k",
            "test_03_billing",
            f"--report-dir={tmp_path / 'r'}",
        ],
        cwd=copy.parent,
        env=clean_environment(tmp_path / "home") | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "replay: 7 checks: same outcome as recorded" in done.stdout
    (named,) = (tmp_path / "r").glob("golive-*.zip")
    assert named.name == bundle.name.replace(".zip", "-replay.zip")


def test_the_network_is_really_forbidden(tmp_path: Path) -> None:
    """The guard of these tests is able to fail: a live run under it ends at its first connection."""
    project = make_project(tmp_path / "project", test_01_sample=CHECKS)
    assert run_pytest(tmp_path, "-p", "tests.replay.offline", cwd=project).status == STATUS
