"""Make reports/sample/ anew: what a rehearsal leaves, for whoever wants to see it before running anything.

python scripts/make_sample.py
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SAMPLE = Path("reports") / "sample"
KEPT = {"evidence.html", "evidence.json", "summary.md", "junit.xml"}


def main() -> int:
    shutil.rmtree(ROOT / SAMPLE, ignore_errors=True)
    options = ("--seed=20260302", "--fuzz-examples=2", f"--report-dir={SAMPLE.as_posix()}")
    subprocess.run([sys.executable, "-m", "pytest", "-q", *options], cwd=ROOT, check=True)  # noqa: S603 - our own
    for made in (ROOT / SAMPLE).iterdir():
        if made.is_dir():
            shutil.rmtree(made)
        elif made.name not in KEPT:
            made.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
