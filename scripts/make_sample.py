"""Make reports/sample/ anew: what a rehearsal leaves, for whoever wants to see it before running anything.

    python scripts/make_sample.py

An invented partner's dossier, and the example app as the integration under test. It takes about two minutes.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import sample_dossier

ROOT = Path(__file__).parent.parent
SAMPLE = Path("reports") / "sample"
KEPT = {"evidence.html", "summary.md", "reconciliation.csv"}
"""The rest is in the bundle."""


def main() -> int:
    shutil.rmtree(ROOT / SAMPLE, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        dossier = sample_dossier.write(Path(folder))
        options = (
            "--seed=20260302",
            "--fuzz-examples=2",
            "--integration=examples.partner_app.adapter:make",
            f"--report-dir={SAMPLE.as_posix()}",
            f"--dossier={dossier}",
        )
        subprocess.run([sys.executable, "-m", "pytest", "-q", *options], cwd=ROOT, check=True)  # noqa: S603 - our own
    for made in (ROOT / SAMPLE).iterdir():
        if made.is_dir():
            shutil.rmtree(made)
        elif made.name not in KEPT and made.suffix != ".zip":
            made.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
