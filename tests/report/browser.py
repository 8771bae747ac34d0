"""A real browser for the tests: Debian's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

REQUIRED = "GOLIVE_REQUIRE_BROWSER"
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def executable() -> str:
    """The browser's path; where there is none the test is skipped, or fails if `GOLIVE_REQUIRE_BROWSER=1`."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get(REQUIRED) == "1":
            pytest.fail(f"{REQUIRED}=1, but none of {', '.join(_NAMES)} is installed")
        pytest.skip(f"no browser here: install one of {', '.join(_NAMES)} to run this test")
    return found


@contextmanager
def browser() -> Iterator[Browser]:
    path = executable()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        try:
            yield opened
        finally:
            opened.close()
