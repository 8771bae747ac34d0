"""The page in a real browser: screens, colours, and without JavaScript."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.report.browser import UNFOLD, overflow, page_of


@pytest.mark.parametrize("name", ["interrupted", "integrated", "empty", "hostile", "vandal"])
def test_no_screen_scrolls_sideways(browser: Browser, files: dict[str, Path], name: str) -> None:
    with page_of(browser, files[name]) as page:
        page.evaluate(UNFOLD)
        for width in (1280, 768, 390, 320):
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
        page.evaluate(UNFOLD)
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


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("name", ["hostile", "vandal"])
def test_a_hostile_record_is_shown_and_does_nothing(
    browser: Browser, files: dict[str, Path], name: str, script: bool
) -> None:
    with page_of(browser, files[name], script=script) as page:
        page.locator("#x0001 summary").click()
        for picture in page.locator(".exhibit .zoom").all():
            picture.click()
        shown = page.locator("#who").inner_text() + page.locator("#x0001").inner_text()
        assert "<script>alert(1)</script>" in shown
        assert "👩‍🔧🔌 ⚡" in page.locator("#who").inner_text()
        assert not re.search("[\x1b\u202a-\u202e\u2066-\u2069]", page.locator("body").inner_text())
        assert page.url.partition("#")[0] == files[name].as_uri()


def test_a_picture_is_shown_larger_on_demand_without_script(browser: Browser, files: dict[str, Path]) -> None:
    with page_of(browser, files["rehearsal"], script=False) as page:
        page.set_viewport_size({"width": 390, "height": 300})
        figure = page.locator(".exhibit").first
        image = figure.locator("img")
        assert image.evaluate("(one) => one.complete && one.naturalWidth") == 90
        assert image.evaluate("(one) => getComputedStyle(one).maxHeight") != "none"
        figure.locator(".zoom").click()
        assert image.evaluate("(one) => getComputedStyle(one).maxHeight") == "none"


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
