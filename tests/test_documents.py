"""The documents say what is so: tables made from the code are up to date."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("script", ["readme_options.py", "kill_matrix.py"])
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
