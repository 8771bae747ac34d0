"""The log as a person sees it: an inconclusive check is shown, and no filter hides it."""

import pytest

from tests.plugin import test_outcomes
from tests.plugin.conftest import Shared
from tests.plugin.launch import Finished
from tests.report.browser import browser


@pytest.fixture
def everything(shared: Shared) -> Finished:
    return shared("outcomes", test_outcomes.make)


def test_the_log_shows_inconclusive_checks_and_filters_them(everything: Finished) -> None:
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        page.goto((everything.report / "log.html").as_uri())
        rows = page.locator("tbody.results-table-row:has(td.col-result)")
        inconclusive = page.locator("td.col-result", has_text="Inconclusive")
        assert rows.count() == 16  # the untidy check has two
        assert inconclusive.count() == 3
        assert inconclusive.first.is_visible()
        box = page.locator("input[data-test-result='inconclusive']")
        assert box.is_checked()
        assert "3 Inconclusive" in page.locator(".filters").inner_text()
        box.click()
        assert page.locator("td.col-result", has_text="Inconclusive").count() == 0
        assert page.locator("td.col-result", has_text="Passed").count() > 0
        page.screenshot(path=everything.report / "log.png")
