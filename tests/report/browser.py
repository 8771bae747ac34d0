"""A real browser for the tests: Debian's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

Scheme = Literal["light", "dark"]

REQUIRED = "REQUIRE_BROWSER"
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def executable() -> str:
    """The browser's path; where there is none the test is skipped, or fails if `REQUIRE_BROWSER=1`."""
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


UNFOLD = "document.querySelectorAll('details').forEach((one) => (one.open = true))"


@contextmanager
def page_of(
    browser: Browser, path: Path, *, width: int = 1280, script: bool = True, scheme: Scheme = "light"
) -> Iterator[Page]:
    """The page, watched: no console message of weight, no dialog, no request but the file itself."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        java_script_enabled=script,
        color_scheme=scheme,
    )
    troubles: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: troubles.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("dialog", lambda dialog: troubles.append(dialog.message))
    page.on("popup", lambda popup: troubles.append(f"popup {popup.url}"))
    page.on("request", lambda request: troubles.append(request.url) if _is_elsewhere(request.url, path) else None)
    try:
        page.goto(path.as_uri())
        yield page
        assert troubles == []
    finally:
        context.close()


def _is_elsewhere(url: str, path: Path) -> bool:
    return url != path.as_uri() and not url.startswith("data:image/")


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    found: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found
