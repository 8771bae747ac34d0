"""The page for people who do not use a mouse or do not see it: axe-core, the keyboard, names and landmarks."""

from importlib.resources import files as resources
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.report.browser import UNFOLD, Scheme, page_of

AXE = (resources("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")

NO_CONTRAST = {"color-contrast": {"enabled": False}}
"""It is the slow rule, and colours are the same at each width."""


def violations(page: Page, **options: Any) -> list[str]:
    """What axe-core finds: rule and the first element of each."""
    page.evaluate(AXE)
    found = page.evaluate("(options) => axe.run(document, options)", options)
    assert found["passes"], "axe-core looked at nothing"
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found["violations"]]


def test_axe_finds_nothing(browser: Browser, files: dict[str, Path]) -> None:
    with page_of(browser, files["brief"]) as page:
        page.evaluate(UNFOLD)
        assert violations(page) == []


def test_axe_finds_nothing_on_a_phone(browser: Browser, files: dict[str, Path]) -> None:
    with page_of(browser, files["brief"], width=390) as page:
        page.evaluate(UNFOLD)
        assert violations(page, rules=NO_CONTRAST) == []


def test_axe_finds_nothing_in_the_dark(browser: Browser, files: dict[str, Path]) -> None:
    with page_of(browser, files["brief"], scheme="dark") as page:
        page.evaluate(UNFOLD)
        assert violations(page, runOnly=["color-contrast"]) == []


@pytest.mark.parametrize("name", ["empty", "vandal"])
def test_axe_finds_nothing_in_odd_records(browser: Browser, files: dict[str, Path], name: str) -> None:
    with page_of(browser, files[name]) as page:
        page.evaluate("document.querySelector('#exchange-list')?.replaceChildren()")  # seen in the brief one
        assert violations(page, rules=NO_CONTRAST) == []


def test_axe_would_find_a_picture_without_words(browser: Browser, files: dict[str, Path]) -> None:
    with page_of(browser, files["brief"]) as page:
        page.evaluate("document.querySelector('.exhibit img').removeAttribute('alt')")
        assert any("image-alt" in found for found in violations(page, runOnly=["image-alt", "region"]))


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_the_keyboard_reaches_the_report_and_opens_what_is_folded(
    browser: Browser, files: dict[str, Path], script: bool
) -> None:
    with page_of(browser, files["rehearsal"], script=script) as page:
        page.keyboard.press("Tab")
        skip = page.locator(".skip")
        box = skip.bounding_box()
        assert skip.evaluate("(one) => one === document.activeElement")
        assert box is not None
        assert box["x"] >= 0
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.locator("main :focus").count() == 1, "after the skip link comes the report"
        folded = page.locator("#x0005")
        folded.locator("summary").focus()
        page.keyboard.press("Enter")
        assert folded.get_attribute("open") is not None
        page.keyboard.press("Tab")
        assert page.locator("#x0005 :focus").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_has_the_focus_is_seen_to_have_it(browser: Browser, files: dict[str, Path], scheme: Scheme) -> None:
    with page_of(browser, files["brief"], scheme=scheme) as page:
        for _ in range(30):
            page.keyboard.press("Tab")
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid"


def test_a_level_of_assurance_is_told_by_word_and_shape(browser: Browser, files: dict[str, Path]) -> None:
    with page_of(browser, files["rehearsal"]) as page:
        marks = page.locator("#checklist .levels .mark-word")
        told = {(mark.inner_text().strip(), mark.locator("use").get_attribute("href") or "") for mark in marks.all()}
        assert {word for word, _ in told} == {"none", "exercised", "attested", "observed"}
        assert len({shape for _, shape in told}) == len(told) == 4


def test_the_page_has_one_of_each_landmark(browser: Browser, files: dict[str, Path]) -> None:
    with page_of(browser, files["brief"]) as page:
        for landmark in ("banner", "main", "contentinfo", "navigation"):
            assert page.get_by_role(landmark).count() == 1
