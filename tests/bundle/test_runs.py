"""Bundles as real runs leave them: whole, interrupted, blocked, and those that are refused."""

import json
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from golive.bundle.archive import unpacked
from golive.bundle.foot import PAGE, ZEROS, digest_in
from golive.bundle.manifest import NAME, sha256
from tests.dossier.bench import filled, put
from tests.plugin.launch import ROOT, Finished, run_pytest
from tests.plugin.mini import run_mini

PASSES = """
    @requirement("DEV-USERS")
    def test_passes(looked):
        assert looked.status == 200
"""
MIXED = (
    PASSES
    + """
    @requirement("DEV-PAYMENT")
    @pytest.mark.parametrize("form", ["a", "b [c]"])
    def test_fails(looked, form):
        assert looked.status == 404

    @requirement("DEV-STATIONS")
    def test_is_skipped():
        pytest.skip("not today")

    @requirement("DEV-STATIONS")
    def test_cannot_say(looked):
        raise Inconclusive("cannot say", owner=Owner.ENVIRONMENT)

    @requirement("DEV-HISTORY")
    def test_reads_nothing():
        pass

    class TestOfSeveral:
        @requirement("DEV-UPDATES")
        def test_within(self, looked):
            assert looked.status == 200
"""
)
BREAKS_OFF = """
    @requirement("DEV-HISTORY")
    def test_is_broken_off(looked):
        raise KeyboardInterrupt

    @requirement("DEV-HISTORY")
    def test_never_comes(looked):
        pass
"""
LEAKS = """
    from golive.plugin.run import RUN

    @requirement("DEV-USERS")
    def test_leaks(looked, request):
        run = request.config.stash[RUN]
        secret = run.settings.key.get_secret_value()
        run.report_dir.mkdir(parents=True, exist_ok=True)
        (run.report_dir / "notes.txt").write_text(f"for later: {secret}", encoding="utf-8")
"""


def bundle_of(finished: Finished) -> Path:
    (bundle,) = finished.report.glob("golive-*.zip")
    return bundle


def verified(bundle: Path, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "golive", "verify", str(bundle), *args]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


def assert_agreed(finished: Finished, *args: str) -> None:
    done = verified(bundle_of(finished), *args)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "differs" not in done.stdout
    assert done.stderr == ""


def test_a_rehearsal_agrees_with_the_digest_that_it_printed(rehearsal: Finished) -> None:
    *_, bundle, manifest, report = (line for line in rehearsal.stdout.splitlines() if line.strip())
    assert bundle == f"Bundle: {bundle_of(rehearsal)}"
    assert report == f"Report: {rehearsal.report / PAGE}"
    assert len(manifest) <= 80
    digest = manifest.removeprefix("Manifest: ")
    files = unpacked(bundle_of(rehearsal).read_bytes())
    assert digest == sha256(files[NAME]) == digest_in((rehearsal.report / PAGE).read_bytes())
    assert {path.split("/")[0] for path in files} == {
        "allure-results",
        "evidence.html",
        "evidence.json",
        "junit.xml",
        "log.html",
        "manifest.json",
        "reconciliation.csv",
        "summary.md",
    }
    assert_agreed(rehearsal, "--manifest-digest", digest)


@pytest.mark.parametrize(("checks", "status"), [(MIXED, 1), (PASSES + BREAKS_OFF, 2)], ids=["mixed", "interrupted"])
def test_a_run_of_every_outcome_is_agreed(tmp_path: Path, checks: str, status: int) -> None:
    finished = run_mini(tmp_path, checks)
    assert finished.status == status
    assert_agreed(finished)


def test_a_run_with_a_dossier_a_challenge_and_a_scan_is_agreed(tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    text = filled(today).replace('# challenge = ""', 'challenge = "c-17"')
    dossier = put(tmp_path / "dossier", text, {"app/main.py": b"print('hello')\n"})
    finished = run_mini(tmp_path, PASSES, f"--dossier={dossier}", f"--scan={tmp_path / 'dossier' / 'app'}")
    assert finished.status == 0, finished.output
    bundle = bundle_of(finished)
    assert bundle.name.startswith("golive-example-charging-")
    assert_agreed(finished)
    said = json.loads(verified(bundle, "--json").stdout)["looked_at"]
    assert {"exhibits", "validity", "challenge"} <= {look["name"] for look in said}
    files = unpacked(bundle.read_bytes())
    assert any(path.startswith("exhibits/e01-") for path in files)
    assert json.loads(files[NAME])["challenge"] == "c-17"


def test_a_run_that_the_preflight_ends_is_bundled_too(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    finished = run_pytest(tmp_path, f"--target=http://127.0.0.1:{port}")
    assert finished.status == 1
    assert finished.evidence["preflight"][-1]["outcome"] == "failed"
    assert_agreed(finished)


def test_without_pytest_html_or_allure_there_is_a_bundle_without_them(tmp_path: Path) -> None:
    finished = run_mini(tmp_path, PASSES, "-p", "no:html", f"--alluredir={tmp_path / 'elsewhere'}")
    files = unpacked(bundle_of(finished).read_bytes())
    assert not {path for path in files if path.startswith(("log", "allure"))}
    assert list((tmp_path / "elsewhere").glob("*-result.json"))
    assert_agreed(finished)


def test_a_run_that_is_only_collected_makes_none(tmp_path: Path) -> None:
    finished = run_mini(tmp_path, PASSES, "--collect-only")
    assert finished.status == 0
    assert not finished.report.exists()
    assert "undle" not in finished.stdout


def test_it_can_be_left_out(tmp_path: Path) -> None:
    finished = run_mini(tmp_path, PASSES, "-p", "no:golive.plugin.bundling")
    assert finished.status == 0
    assert not list(finished.report.glob("*.zip"))
    assert digest_in((finished.report / PAGE).read_bytes()) == ZEROS


def test_two_runs_into_one_directory_leave_two_bundles(tmp_path: Path) -> None:
    run_mini(tmp_path, PASSES)
    finished = run_mini(tmp_path, PASSES)
    bundles = list(finished.report.glob("golive-*.zip"))
    assert len(bundles) == 2
    for bundle in bundles:
        assert json.loads(verified(bundle, "--json").stdout)["agreed"] is True
        assert not any(path.endswith(".zip") for path in unpacked(bundle.read_bytes()))


@pytest.mark.parametrize(
    ("checks", "status"), [(LEAKS, 1), (LEAKS + MIXED, 1), (LEAKS + BREAKS_OFF, 2)], ids=["0", "1", "2"]
)
def test_a_key_in_a_file_of_the_report_prevents_the_bundle(tmp_path: Path, checks: str, status: int) -> None:
    finished = run_mini(tmp_path, checks)
    assert finished.status == status, finished.output
    assert not list(finished.report.glob("*.zip*"))
    (said,) = [line for line in finished.stdout.splitlines() if "undle" in line]
    assert said.startswith(f"No bundle was made: {finished.report / 'notes.txt'} holds CONNECT_API_KEY")
    assert finished.stdout.rstrip().endswith(f"Report: {finished.report / PAGE}")
    assert "Traceback" not in finished.output
