"""The documents say what is so: tables made from the code are up to date."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from golive.bundle.opening import evidence_of
from golive.outcomes import Outcome

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
