"""The example app, with a dossier filled in, is ready; its bundle is verified, and judged again to the same."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.plugin.launch import ROOT, Finished, clean_environment, pytest_command

PATIENCE_S = 900
"""A run with every error provoked takes a minute and a half on a quiet machine."""


def run(directory: Path, command: list[str]) -> Finished:
    directory.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=clean_environment(directory / "home"),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr, str(directory))


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    folder = tmp_path_factory.mktemp("ready")
    filled = run(folder, [sys.executable, "scripts/sample_dossier.py", str(folder / "dossier")])
    assert filled.status == 0, filled.output
    line = pytest_command(
        "--integration=examples.partner_app.adapter:make",
        f"--dossier={folder / 'dossier' / 'golive.toml'}",
        f"--report-dir={folder / 'report'}",
        "--gate",
    )
    return run(folder, line)


def bundle(finished: Finished) -> Path:
    (found,) = finished.report.glob("golive-*.zip")
    return found


def test_the_example_is_ready(rehearsal: Finished) -> None:
    assert rehearsal.bad() == {}
    assert (rehearsal.status, rehearsal.verdict) == (0, "ready"), rehearsal.output
    seen = rehearsal.evidence["integration"]
    assert {rule["status"] for rule in seen["rules"]} == {"kept"}
    assert {charge["outcome"] for charge in seen["charges"]} == {"passed"}
    assert [charge["stops"] for charge in seen["charges"]] == [True] * 8 + [False]
    met = seen["meeting"]
    assert (met["outcome"], {rule["status"] for rule in met["rules"]}) == ("passed", {"kept"})
    unmet = [provoked["name"] for provoked in seen["provoked"] if not provoked["met"]]
    assert unmet == ["temporary-locked"], "the example asks for no list of partners; all else is met"
    observed = {r["id"] for r in rehearsal.evidence["requirements"] if r["assurance"] == "observed"}
    assert {"BE-2", "BE-3", "BE-4", "BE-5", "BE-6"} <= observed


def test_its_bundle_is_verified(rehearsal: Finished, tmp_path: Path) -> None:
    verified = run(tmp_path, [sys.executable, "-m", "golive", "verify", str(bundle(rehearsal))])
    assert verified.status == 0, verified.output


def test_its_record_is_judged_again_to_the_same(rehearsal: Finished, tmp_path: Path) -> None:
    replay = run(tmp_path, pytest_command(f"--replay={bundle(rehearsal)}", f"--report-dir={tmp_path / 'report'}"))
    assert (replay.status, replay.verdict) == (0, "ready"), replay.output
    assert f"replay: {len(rehearsal.checks)} checks: same outcome as recorded" in replay.stdout
    assert "nobody asked for" not in replay.stdout
    then, now = rehearsal.evidence["integration"], replay.evidence["integration"]
    assert now == then
    left, still = rehearsal.evidence["aftermath"], replay.evidence["aftermath"]
    assert set(still["started"]) == set(left["started"]), "also those that the partner's backend began"
    assert {hold["session_id"] for hold in still["holds"]} == {hold["session_id"] for hold in left["holds"]}
    verified = run(tmp_path, [sys.executable, "-m", "golive", "verify", str(bundle(replay))])
    assert verified.status == 0, verified.output
