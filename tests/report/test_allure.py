"""`allure-results` opens in Allure 3: a check with its steps, requirements and attachments, in a real browser."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.plugin.launch import ROOT, clean_environment

REQUIRED = "REQUIRE_ALLURE"
CHECK = "A created user reads back as it was created."


def allure() -> str:
    """The path of Allure 3; where there is none the test is skipped, or fails if `REQUIRE_ALLURE=1`."""
    path = shutil.which("allure")
    version = _version(path) if path else "none"
    if path is not None and version.startswith("3."):
        return path
    said = f"Allure 3 is not here (found: {version}): npm install -g allure@3"
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{REQUIRED}=1, but {said}")
    pytest.skip(said)


def _version(path: str) -> str:
    done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60, check=False)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report that Allure makes, as one file, beside the results of a part of the rehearsal."""
    program = allure()
    folder = tmp_path_factory.mktemp("run")
    checks = ["suites/test_01_credentials.py", "suites/test_02_users.py"]
    ran = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        *checks,
        "--target=simulator",
        "--fuzz-examples=1",
        f"--report-dir={folder}",
    ]
    home = clean_environment(folder / "home")
    subprocess.run(ran, cwd=ROOT, env=home, check=True, capture_output=True, timeout=120)
    made = [program, "awesome", "--single-file", "--cwd", str(folder), "--output", str(folder / "allure-report")]
    subprocess.run([*made, str(folder / "allure-results")], check=True, capture_output=True, timeout=120)
    return folder / "allure-report" / "index.html"


def results(report: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((report.parent / "test-results.json").read_text(encoding="utf-8"))["byId"]
    return found


@pytest.fixture
def page(browser: Browser, report: Path) -> Page:
    """The page of one check. Allure's page asks for a counter of visits: an offline browser lets nothing out."""
    check = next(id_ for id_, found in results(report).items() if found["name"] == CHECK)
    expect.set_options(timeout=60_000)  # a busy machine takes its time with a page of some megabytes
    page = browser.new_page(viewport={"width": 1400, "height": 1000}, offline=True)
    # Allure's own program may run before the page's data are there. It then takes the page for one whose data lie in
    # files beside it, unless it sees where they are to come.
    page.add_init_script("window.allureReportData = {}; window.allureReportDataReady = false;")
    page.goto(f"{report.as_uri()}#{check}")
    return page


def test_every_check_is_in_it(report: Path) -> None:
    record = json.loads((report.parents[1] / "evidence.json").read_text(encoding="utf-8"))
    ran = [check for check in record["tests"] if check["outcome"] != "deselected"]
    assert sorted(found["name"] for found in results(report).values()) == sorted(check["title"] for check in ran)
    assert len(ran) > 10


def test_a_check_shows_its_exchanges_as_steps_with_attachments(page: Page) -> None:
    step = page.get_by_test_id("test-result-step").filter(has_text="POST http://127.0.0.1").first
    expect(step).to_contain_text("→ 201")
    step.get_by_test_id("test-result-step-header").first.click()
    attached = step.get_by_test_id("test-result-attachment")
    attached.get_by_test_id("test-result-attachment-header").click()
    expect(attached).to_contain_text("application/json")
    expect(attached).to_contain_text('"method": "POST"')
    expect(attached).to_contain_text("Bearer $CONNECT_API_KEY")


def test_a_check_names_its_requirements_and_leads_to_them(page: Page, report: Path) -> None:
    expect(page.get_by_test_id("test-result-meta-links")).to_contain_text("DEV-USERS")
    described = page.frame_locator("[data-testid=test-result-description-frame]")
    line = described.get_by_role("link", name="DEV-USERS")
    expect(described.get_by_text("Users are created and managed in DEV")).to_be_visible()
    address = line.evaluate("(one) => one.href")
    evidence, _, anchor = address.partition("#")
    target = report.parents[1] / "evidence.html"
    assert evidence == target.as_uri()
    page.goto(address)
    expect(page.locator(f"#{anchor}")).to_contain_text("DEV-USERS")
