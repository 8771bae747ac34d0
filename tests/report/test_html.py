"""The page says what the record says: whole, linked, self-contained and the same each time."""

import base64
import hashlib
import re
from collections.abc import Callable
from itertools import pairwise

import pytest

from golive.evidence.model import Evidence
from golive.report import render_html
from golive.report.html import SECTIONS
from golive.report.marks import REHEARSAL
from golive.report.views.exchanges import LONGEST
from tests.report import samples
from tests.report.page import Page
from tests.report.test_schema import SAMPLES


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(render_html(samples.rehearsal()))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.__name__)
def test_each_page_is_well_formed_and_every_anchor_resolves(sample: Callable[[], Evidence]) -> None:
    page = Page(render_html(sample()))
    assert page._open == []
    assert len(page.ids) == len(set(page.ids))
    assert page.fragments <= set(page.ids)
    assert page.outside == []
    assert page.count("main") == page.count("nav") == page.count("h1") == 1
    assert {name for name, _ in SECTIONS} <= set(page.ids)


def test_the_same_record_gives_the_same_page() -> None:
    assert render_html(samples.rehearsal()) == render_html(samples.rehearsal())


def test_the_policy_forbids_the_network_and_allows_only_this_script(page: Page) -> None:
    policy = next(a["content"] for _, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    script = re.search(r"<script>(.*)</script>", page.source, re.DOTALL)
    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script.group(1).encode()).digest()).decode()
    assert "default-src 'none'" in policy
    assert f"script-src 'sha256-{digest}'" in policy
    assert "connect-src" not in policy
    assert "http" not in policy


def test_headings_never_skip_a_level(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_each_table_has_a_name_and_scoped_headers(page: Page) -> None:
    under_a_heading = sum(tag == "table" and "aria-labelledby" in attributes for tag, attributes in page.tags)
    assert page.count("caption") + under_a_heading == page.count("table") > 10
    assert all("scope" in attributes for tag, attributes in page.tags if tag == "th")


@pytest.mark.parametrize(
    "said",
    [
        "Not ready",
        "500 with an HTML page instead of a FeatureCollection.",
        "No publishable key was given: set STRIPE_PUBLISHABLE_KEY to show this.",
        "Another party held the VCP for the whole busy patience (60 s).",
        "KeyError: 'email'",
        "--evse left no VCP of type 1.",
        "-k left it out.",
        "2026-03-01T10:15:00Z to 2026-03-01T10:15:34Z",
        "sha256:1c9d…77e2",
        "Exercised with the partner's credentials by this suite's own client",
        "Ended early: No CDR within 120 s.",
        "sum of the parts 5.89, billed 6.39: differs by +0.50",
        "price × energy 5.40, billed 5.39: agrees within rounding (-0.01)",
        "0.94 contained, 19.0 % of the net 4.95",
        "Nothing a partner does in DEV brings it about.",
        "Its checks passed, but no answer of this run was of this type.",
        "card.expiration_date reads MM/YYYY",
        "ReadTimeout: The server sent nothing for 30 s.",
        "-H 'Authorization: Bearer '\"$CONNECT_API_KEY\"",
    ],
)
def test_the_page_says(page: Page, said: str) -> None:
    assert said in page.text


def test_every_exchange_check_requirement_and_journey_stands_on_the_page(page: Page) -> None:
    record = samples.rehearsal()
    ids = set(page.ids)
    assert {x.id for x in record.exchanges} <= ids
    assert {f"check-{n}" for n, _ in enumerate(record.tests, 1)} <= ids
    assert {f"requirement-{n}" for n, _ in enumerate(record.requirements, 1)} <= ids
    assert {f"journey-{n}" for n, _ in enumerate(record.journeys, 1)} <= ids


def test_each_journey_is_drawn_with_a_text_alternative(page: Page) -> None:
    drawings = [a for tag, a in page.tags if tag == "svg" and a.get("role") == "img"]
    assert len(drawings) == len(samples.rehearsal().journeys)
    assert "started by driver A after" in page.text
    assert "energy from 0.000 to 10.000 kWh" in page.text


def test_a_rehearsal_says_so_in_title_banner_opening_and_foot(page: Page) -> None:
    assert page.text.count("ehearsal") >= 5
    assert "rehearsal" in page.source[page.source.index("<title>") : page.source.index("</title>")]


def test_a_run_against_dev_does_not_call_itself_a_rehearsal() -> None:
    page = Page(render_html(samples.dev()))
    assert "ehearsal" not in page.text
    assert "@top-center { content:" not in page.source


def test_an_interrupted_and_narrowed_run_says_so() -> None:
    text = Page(render_html(samples.interrupted())).text
    assert "Partial: the run was interrupted" in text
    assert "Narrowed: only part of the checks was asked for (-k DE*PWA --evse DE*PWA*EALP22541X01617*01)" in text


def test_a_run_stopped_by_the_preflight_names_one_cause_not_thirty() -> None:
    text = Page(render_html(samples.stopped_by_preflight())).text
    assert "Remedy: Use the key that Cariqa issued for DEV" in text
    moves = text[text.rindex("Whose move it is") : text.index("Each line of the vendor's document")]
    assert moves.count("The preflight ended the run") == 1
    assert "30 checks: " in moves


@pytest.mark.parametrize(
    "said",
    [
        "The record gives no reason for this verdict.",
        "No requirement is in this record",
        "No check is in this record.",
        "Nobody's: no finding is open",
        "No preflight is in this record.",
        "No virtual charging point was part of this run.",
        "No journey was made in this run.",
        "The busy station was not tried in this run.",
        "there is no receipt.",
        "The error table is not in this record.",
        "Nothing was observed besides the findings.",
        "No exchange was recorded",
    ],
)
def test_an_empty_part_says_so(said: str) -> None:
    assert said in Page(render_html(samples.empty())).text


def test_a_reference_to_what_the_record_lacks_is_text_and_no_link() -> None:
    whole = samples.rehearsal()
    without = whole.model_copy(update={"exchanges": whole.exchanges[:3]})
    page = Page(render_html(without))
    assert page.fragments <= set(page.ids)
    assert "x0050" in page.text
    assert "x0050" not in page.fragments


def test_a_long_body_is_cut_and_says_its_size() -> None:
    whole = samples.rehearsal()
    first = whole.exchanges[0]
    assert first.response is not None
    long = first.response.model_copy(update={"body": "ab" * 2_500_000})
    page = render_html(whole.model_copy(update={"exchanges": (first.model_copy(update={"response": long}),)}))
    assert "cut for this page; the whole, 5.0 MB, is in evidence.json" in page
    assert "ab" * 200 in page
    assert page.count("ab") < LONGEST


def test_the_rehearsal_sentence_is_a_css_string_on_each_printed_page(page: Page) -> None:
    style = page.source[page.source.index("<style>") : page.source.index("</style>")]
    unescaped = re.sub(r"\\([0-9a-f]+) ", lambda found: chr(int(found.group(1), 16)), style)
    assert f'@top-center {{ content: "{REHEARSAL}" }}' in unescaped
