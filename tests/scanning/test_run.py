"""The scan in the life of a run: in the record, in the verdict, on the console, also where nothing else ran."""

from pathlib import Path

from golive.evidence.model import Evidence
from tests.plugin.launch import Finished
from tests.plugin.mini import run_mini
from tests.scanning.samples import OTHER
from tests.scanning.web import html, serving

CHECKS = '''
@requirement("DEV-USERS")
def test_a_list_is_answered(looked):
    """The list is answered."""
    assert looked.status == 200
'''


def source(directory: Path, text: str) -> Path:
    tree = directory / "source"
    tree.mkdir()
    (tree / "config.js").write_text(text, encoding="utf-8")
    return tree


def statuses(finished: Finished) -> dict[str, str]:
    return {r["id"]: r["status"] for r in finished.evidence["requirements"] if r["id"] in ("BE-1", "PROD-1")}


def test_a_secret_in_the_tree_is_in_record_verdict_and_console(tmp_path: Path) -> None:
    tree = source(tmp_path, f"a\n'{OTHER}'")
    done = run_mini(tmp_path, CHECKS, f"--scan={tree}")
    (scan,) = Evidence.model_validate(done.evidence).scans
    assert [(found.place, found.line) for found in scan.findings] == [("config.js", 2)]
    assert statuses(done) == {"BE-1": "not_met", "PROD-1": "not_met"}
    assert done.verdict == "not_ready"
    told = " ".join(done.stdout.split())
    assert "1 file read, 1 secret found, the first in config.js:2: another token (JWT)" in told
    assert max(len(line) for line in done.stdout.splitlines() if "secret found" in line) <= 80
    left = [f.read_bytes() for f in done.report.rglob("*") if f.is_file()]
    assert not any(OTHER.encode() in content for content in (done.output.encode(), *left))


def test_a_rehearsal_looks_for_the_partners_own_key(tmp_path: Path) -> None:
    """The key in use is the simulator's then, which stands in nobody's source."""
    key = "opaque-dev-key-4711-0815"
    tree = source(tmp_path, f"const shown = '{key}'")
    done = run_mini(tmp_path, CHECKS, f"--scan={tree}", env={"CONNECT_API_KEY": key})
    (scan,) = Evidence.model_validate(done.evidence).scans
    assert [(found.line, found.kind) for found in scan.findings] == [(1, "the key in use")]
    assert key not in done.output


def test_a_clean_tree_and_page_are_in_the_record_and_meet_nothing_by_themselves(tmp_path: Path) -> None:
    with serving({"/": html("<p>Hello")}) as site:
        done = run_mini(tmp_path, CHECKS, f"--scan={source(tmp_path, 'a')}", f"--scan-url={site.url}/")
    scans = Evidence.model_validate(done.evidence).scans
    assert [(scan.what, scan.files, len(scan.findings)) for scan in scans] == [("tree", 1, 0), ("page", 1, 0)]
    assert statuses(done) == {"BE-1": "not_shown", "PROD-1": "not_shown"}
    assert all("authorization" not in headers for headers in site.headers)
    assert not [e for e in done.evidence["exchanges"] if site.url in e["request"]["url"]]


def test_a_run_whose_preflight_failed_is_scanned_too(tmp_path: Path) -> None:
    tree = source(tmp_path, f"'{OTHER}'")
    with serving({}) as site:
        done = run_mini(tmp_path, CHECKS, f"--scan={tree}", f"--target={site.url}")
    assert done.status == 1
    assert [len(scan["findings"]) for scan in done.evidence["scans"]] == [1]


def test_a_place_that_does_not_exist_ends_the_run_before_it_begins(tmp_path: Path) -> None:
    done = run_mini(tmp_path, CHECKS, "--scan=/no/such/place")
    assert done.status == 4
    assert "--scan: '/no/such/place' does not exist; give a directory or a file that can be read" in done.output
    assert not done.report.exists()
