"""Make docs/report.png: the first page of a report, as a browser shows it.

    python scripts/shoot_report.py [EVIDENCE.html]

Without a file it rehearses first. Needs Chromium on the path.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "report.png"
WIDTH, HEIGHT = 1180, 1240


def shoot(report: Path) -> None:
    """Write the picture of `report`."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(report.resolve().as_uri())
        page.screenshot(path=PICTURE)
        browser.close()


def main() -> int:
    if shutil.which("chromium") is None:
        print("no chromium on the path")
        return 1
    if len(sys.argv) > 1:
        shoot(Path(sys.argv[1]))
        return 0
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(  # noqa: S603 - our own command line
            [sys.executable, "-m", "pytest", "-q", f"--report-dir={directory}"], cwd=ROOT, check=True
        )
        shoot(Path(directory) / "evidence.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
