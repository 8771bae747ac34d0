"""The page in a real browser: screens, colours, paper, and without JavaScript."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from golive.report import render_html
from golive.report.marks import REHEARSAL
from tests.report import samples
from tests.report.browser import browser as opened_browser
from tests.report.pdftext import Printed
from tests.report.test_hostile import HOSTILE, hostile


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    records = {
        "rehearsal": samples.rehearsal(),
        "dev": samples.dev(),
        "interrupted": samples.interrupted(),
        "empty": samples.empty(),
        "hostile": hostile(" ".join(HOSTILE.values()) + "W" * 400),
    }
    pages = {name: folder / f"{name}.html" for name in records}
    for name, path in pages.items():
        path.write_text(render_html(records[name]), encoding="utf-8")
    return pages


@contextmanager
def page_of(browser: Browser, path: Path, *, width: int = 1280, script: bool = True) -> Iterator[Page]:
    """The page, watched: no console message of weight, no dialog, no request but the file itself."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        java_script_enabled=script,
        color_scheme="light",
    )
    troubles: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: troubles.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("dialog", lambda dialog: troubles.append(dialog.message))
    page.on("request", lambda request: troubles.append(request.url) if request.url != path.as_uri() else None)
    try:
        page.goto(path.as_uri())
        yield page
        assert troubles == []
    finally:
        context.close()


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    found: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found


@pytest.mark.parametrize("name", ["interrupted", "empty", "hostile"])
def test_no_screen_scrolls_sideways(browser: Browser, files: dict[str, Path], name: str) -> None:
    with page_of(browser, files[name]) as page:
        page.evaluate(_UNFOLD)
        for width in (1280, 768, 360):
            page.set_viewport_size({"width": width, "height": 800})
            assert overflow(page) == 0, f"at {width} px"


def test_the_rehearsal_stays_in_sight(browser: Browser, files: dict[str, Path]) -> None:
    with page_of(browser, files["rehearsal"]) as page:
        for section, width in (("checklist", 1280), ("exchanges", 360)):
            page.locator(f".contents a[href='#{section}']").click()
            page.set_viewport_size({"width": width, "height": 800})
            flag = page.locator(".rehearsal-flag")
            box = flag.bounding_box()
            assert box is not None
            assert 0 <= box["y"] < 60
            assert flag.inner_text().startswith("Rehearsal")


def test_text_keeps_its_contrast_in_light_and_dark(browser: Browser, files: dict[str, Path]) -> None:
    with page_of(browser, files["rehearsal"]) as page:
        page.evaluate(_UNFOLD)
        assert page.evaluate(_GROUND) == "rgb(246, 245, 242)"
        assert page.evaluate(_LOWEST_CONTRAST) >= 4.5
        page.emulate_media(color_scheme="dark")
        assert page.evaluate(_GROUND) == "rgb(15, 18, 20)"
        assert page.evaluate(_LOWEST_CONTRAST) >= 4.5


def test_without_script_every_part_can_be_read(browser: Browser, files: dict[str, Path]) -> None:
    with page_of(browser, files["rehearsal"], script=False) as page:
        assert page.locator(".tools").is_hidden()
        exchange = page.locator("#x0005")
        exchange.locator("summary").click()
        assert "Server Error" in exchange.locator("pre").last.inner_text()
        assert "$CONNECT_API_KEY" in exchange.locator(".curl").inner_text()


def test_a_link_to_a_folded_exchange_unfolds_it(browser: Browser, files: dict[str, Path]) -> None:
    with page_of(browser, files["rehearsal"]) as page:
        page.locator("#moves a[href='#x0005']").first.click()
        assert page.locator("#x0005").get_attribute("open") is not None
        assert page.locator("#x0005 .curl").is_visible()


def test_the_filter_narrows_the_exchanges_and_a_link_undoes_it(browser: Browser, files: dict[str, Path]) -> None:
    with page_of(browser, files["rehearsal"]) as page:
        page.locator("#filter").fill("424 driver B")
        assert page.locator("details.x:visible").count() == 1
        assert page.locator("#filter-said").inner_text().startswith("1 of ")
        page.locator("#moves a[href='#x0005']").first.click()
        assert page.locator("#x0005").is_visible()


def test_the_skip_link_comes_first_and_is_seen_with_the_keyboard(browser: Browser, files: dict[str, Path]) -> None:
    with page_of(browser, files["rehearsal"]) as page:
        page.keyboard.press("Tab")
        focused = page.evaluate("[document.activeElement.className, document.activeElement.getBoundingClientRect().x]")
        assert focused[0] == "skip"
        assert focused[1] >= 0


def test_a_printed_rehearsal_says_so_on_every_page(browser: Browser, files: dict[str, Path]) -> None:
    with page_of(browser, files["rehearsal"]) as page:
        pages = Printed(page.pdf(prefer_css_page_size=True)).pages
    said = "".join(REHEARSAL.split())
    assert len(pages) > 5
    assert all(said in words for words in pages)
    assert all(f"{number}/{len(pages)}" in words for number, words in enumerate(pages, 1))


def test_paper_shows_what_the_screen_folds(browser: Browser, files: dict[str, Path]) -> None:
    with page_of(browser, files["dev"], script=False) as page:
        printed = "".join(Printed(page.pdf(prefer_css_page_size=True)).pages)
    assert "Thekeywasineveryrequest'sheaderandinnoURL." in printed  # folded on screen: its section passed
    assert "Readingsofthesession" in printed
    assert "CopyCurl" not in printed
    assert "".join(REHEARSAL.split()) not in printed


_UNFOLD = "document.querySelectorAll('details').forEach((one) => (one.open = true))"

_GROUND = "getComputedStyle(document.body).backgroundColor"

_LOWEST_CONTRAST = """() => {
  const channels = (colour) => (colour.match(/[0-9.]+/g) ?? []).map(Number);
  const light = (rgb) => {
    const linear = (c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = rgb.slice(0, 3).map((c) => linear(c / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  let lowest = 21;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || node.closest("script, style, svg")) continue;
    if (!node.getClientRects().length) continue;
    const [a, b] = [light(channels(getComputedStyle(node).color)), light(ground(node))].sort((x, y) => y - x);
    lowest = Math.min(lowest, (a + 0.05) / (b + 0.05));
  }
  return lowest;
}"""
