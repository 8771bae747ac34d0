"""The page as Chromium prints it: A4, numbered, marked, and nothing lost that a reader on paper needs."""

import io
import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from golive.report.html import SECTIONS
from golive.report.marks import REHEARSAL
from tests.report import people
from tests.report.browser import page_of

A4 = (595, 842)
"""Points."""


def folded(text: str) -> str:
    """Without white space and ligatures: a PDF places words rather than separating them."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.fixture(scope="module")
def printed(browser: Browser, files: dict[str, Path]) -> Callable[[str], list[str]]:
    """Gives the words on each page of a record as it prints, without JavaScript."""

    @cache
    def print_(name: str) -> list[str]:
        with page_of(browser, files[name], script=False) as page:
            document = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        assert {tuple(round(float(length)) for length in page.mediabox[2:]) for page in document.pages} == {A4}
        return [folded(page.extract_text()) for page in document.pages]

    return print_


@pytest.mark.parametrize("name", ["rehearsal", "vandal"])
def test_a_printed_rehearsal_says_so_on_every_page(printed: Callable[[str], list[str]], name: str) -> None:
    assert len(printed(name)) > 5
    assert all(folded(REHEARSAL) in words for words in printed(name))


def test_a_run_against_dev_never_prints_as_a_rehearsal(printed: Callable[[str], list[str]]) -> None:
    assert not any("ehearsal:" in words for words in printed("dev"))


@pytest.mark.parametrize("name", ["rehearsal", "dev"])
def test_the_pages_are_numbered(printed: Callable[[str], list[str]], name: str) -> None:
    pages = printed(name)
    assert all(f"{number}/{len(pages)}" in words for number, words in enumerate(pages, 1))


def test_every_section_is_on_paper(printed: Callable[[str], list[str]]) -> None:
    words = "".join(printed("rehearsal"))
    names = dict(SECTIONS) | {
        "verdict": "Not ready",
        "evses": "EVSE × stage",
        "who": "Who asks for production",
        "attempts": "this run",
        "left": "not left clean",
    }
    assert [name for name in names.values() if folded(name) not in words] == []


def test_the_first_page_answers_what_a_reviewer_asks_first(printed: Callable[[str], list[str]]) -> None:
    first = printed("rehearsal")[0]
    for said in (
        "Not ready",
        "Voltfahrt GmbH",
        "2026-03-01T10:15:00Z to 2026-03-01T10:15:34Z",
        "Decisions asked of the reviewer",
        "The new error texts ship with 4.3 in April.",
    ):
        assert folded(said) in first


def test_paper_shows_what_the_screen_folds(printed: Callable[[str], list[str]]) -> None:
    words = "".join(printed("dev"))
    assert folded("The key was in every request's header and in no URL.") in words  # folded on screen: it passed
    assert folded("map.wasm: binary") in words
    assert folded("x0050") in words


def test_paper_shows_the_integration_with_its_drawing_and_all_that_drivers_saw(
    printed: Callable[[str], list[str]],
) -> None:
    words = "".join(printed("integrated"))
    for said in (
        "POST charging/start",
        "charging 3.000 kWh",
        "Thank you for charging with Voltfahrt.",
        "Please add another card.",
        "provoked 402 pre_authorization_failed",
        "No start is repeated before the driver has done something",
    ):
        assert folded(said) in words


def test_paper_says_what_it_leaves_out(printed: Callable[[str], list[str]]) -> None:
    words = "".join(printed("dev"))
    assert folded("The readings as a table are on screen and in evidence.json.") in words
    assert folded("On paper each is one line.") in words
    assert folded("Copy curl") not in words
    assert folded("Readings of the session") not in words


def test_paper_keeps_long_rows_of_references_folded_and_says_so(printed: Callable[[str], list[str]]) -> None:
    words = "".join(printed("rehearsal"))
    sheet = words[words.index("Reconciliationsheet") : words.index("Whatwasleft")]
    assert re.search(r"\d+moreonscreen", sheet)


def test_no_exhibit_is_cut_by_the_end_of_a_page(browser: Browser, files: dict[str, Path]) -> None:
    with page_of(browser, files["album"], script=False) as page:
        document = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    pages = [(folded(page.extract_text()), sum(1 for _ in page.images)) for page in document.pages]
    assert sum(images > 0 for _, images in pages) > 3
    digests = [exhibit.sha256 or "" for exhibit in people.album()[0].exhibits]
    for words, images in pages:
        assert sum(digest in words for digest in digests) == images == words.count("screen.pngPNG")


def test_a_table_that_goes_on_repeats_its_head(printed: Callable[[str], list[str]]) -> None:
    head = folded("Who, where Times What became of it")
    rows = [words for words in printed("rehearsal") if "requested2026-03-01T" in words]
    assert len(rows) > 1
    assert all(head in words for words in rows)
