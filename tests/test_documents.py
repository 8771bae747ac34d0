"""The documents say what is so: tables made from the code are up to date."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from golive.bundle.opening import evidence_of
from golive.connect import RetryPolicy
from golive.journeys.patience import LONGEST_PAUSE_S
from golive.outcomes import Outcome
from golive.plugin.wiring import LOCAL_PAUSE_S, PAUSE_S
from golive.politeness import breaker, budget
from golive.politeness.gate import LONGEST_HOLD_S

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("script", ["readme_options.py", "kill_matrix.py", "traffic_rules.py"])
def test_a_generated_document_is_up_to_date(script: str) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / script, "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"run scripts/{script}: {done.stdout}{done.stderr}"


def test_readme_has_the_two_lines_that_ci_runs() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("rehearsal", "tests"):
        marked = readme.split(f"<!-- line: {name} -->\n", 1)[1].splitlines()[0]
        assert marked.startswith("    python3 -m venv .venv && .venv/bin/pip install"), marked


def test_the_page_on_traffic_names_the_bounds_that_are_kept() -> None:
    page = (ROOT / "docs" / "traffic.md").read_text(encoding="utf-8")
    rows = {cells[0]: cells[1] for line in page.splitlines() if len(cells := line.strip("| ").split(" | ")) == 2}
    assert rows["each EVSE, all its journeys together"] == str(budget.PER_EVSE)
    assert rows["everything else, per run"] == str(budget.BESIDE)
    assert rows["and for each malformed value of `--fuzz-examples`"] == str(budget.PER_EXAMPLE)
    assert f"**{breaker.IN_A_ROW} in a row**" in page
    assert f"**{breaker.IN_A_ROW_OF_ONE} in a row**" in page
    assert f"up to {LONGEST_PAUSE_S:g} seconds" in page
    assert f"more than {RetryPolicy().longest_wait_s:g} seconds" in page
    assert RetryPolicy().longest_wait_s == LONGEST_HOLD_S
    pauses = [PAUSE_S * 2**probe for probe in range(breaker.PROBES)]
    assert f"After {pauses[0]:g} seconds one request goes through" in page
    assert "after {:g} seconds more,\n  the last after {:g}".format(*pauses[1:]) in page
    assert PAUSE_S / LOCAL_PAUSE_S == 20


def test_no_document_names_a_path_to_pytest_but_with_a_sign_of_equality() -> None:
    """`pytest --scan ../backend` takes the path for the place of its configuration, and then knows no `--scan`."""
    words = re.compile(r"pytest\b.*\s(--(?:scan|scan-url|dossier|openapi|report-dir|replay)) \S")
    named = [
        f"{document.name}: {line.strip()}"
        for document in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/**/*.md"))
        for line in document.read_text(encoding="utf-8").splitlines()
        if words.search(line)
    ]
    assert named == []


def test_every_link_between_the_documents_leads_somewhere() -> None:
    dead = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "reports/README.md")
        for target in re.findall(r"\]\(([^)#\s]+)", document.read_text(encoding="utf-8"))
        if "://" not in target and not (document.parent / target).exists()
    ]
    assert dead == []


def test_the_sample_is_a_rehearsal_with_a_dossier_and_its_page_is_the_one_in_its_bundle() -> None:
    sample = ROOT / "reports" / "sample"
    (bundle,) = sample.glob("golive-*.zip")
    evidence = evidence_of(bundle)
    assert evidence.run.rehearsal
    assert evidence.dossier is not None
    assert {check.outcome for check in evidence.tests} == {Outcome.PASSED}
    with zipfile.ZipFile(bundle) as archive:
        assert archive.read("evidence.html") == (sample / "evidence.html").read_bytes()
