"""A record that wants to harm its reader does not: whatever a server sent is shown, and does nothing."""

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golive.evidence.model import Evidence
from golive.evidence.statements import Exhibit
from golive.report import render_html, render_junit, render_markdown
from golive.report.html import css_string
from golive.report.text import visible
from golive.report.views import exchanges
from tests.report import people, samples
from tests.report.page import Page

HOSTILE = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "breakout": "\"'></style></script></textarea></title><svg onload=alert(1)>",
    "bidi": "safe\u202egnp.exe\u2066\u200b",
    "ansi": "\x1b[2J\x1b[31mred\x9b1m",
    "nul": "before\x00after",
    "emoji": "👩‍🔧🔌 ⚡",
    "template": "{{ 7 * 7 }}{% raw %}",
    "entity": "&lt;script&gt; &amp;&#60;",
    "lines": "one\u2028two\u0085three\r\nfour",
    "markdown": "| a | ![x](http://evil.example/) @everyone `code` <b> [l](javascript:0) #1",
}


def poisoned(value: Any, words: str) -> Any:
    """`value` with `words` put into each text in which a server or a person has a say."""
    spared = {"id", "nodeid", "exchange", "exchanges", "exhibits", "tests", "requirement_id", "requirement_ids"}
    spared |= {"provoked_by", "seen", "answered", "followed"}
    if isinstance(value, dict):
        # A URL keeps its path: which ids the sheet lists follows from it.
        return {
            key: found
            if _is_kept(key, found, spared)
            else f"{found}?{words}"
            if key == "url"
            else poisoned(found, words)
            for key, found in value.items()
        }
    if isinstance(value, list):
        return [poisoned(found, words) for found in value]
    return f"{value} {words}" if isinstance(value, str) else value


@pytest.fixture(scope="module", autouse=True)
def every_answer_that_came_before_is_a_link() -> Iterator[None]:
    """However long the words are: else which answers are shown again would follow their length."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchanges, "WORTH_A_LINK", 1)
        yield


@cache
def page_with(words: str) -> Page:
    return Page(render_html(hostile(words)))


def skeleton(page: Page) -> list[str]:
    """The page's elements but those whose number follows the length of words: chart labels, notes on a body."""
    return [tag for tag, a in page.tags if tag not in {"line", "text"} and a.get("class") != "note"]


def _is_kept(key: str, value: Any, spared: set[str]) -> bool:
    """Whether the model allows nothing else there, or `spared` names it; exhibits are spared as ids, not as files."""
    if isinstance(value, str):
        closed = {"status", "outcome", "owner", "stage", "vcp_type", "kind", "assurance", "needed", "target_kind"}
        closed |= {"shows", "answer", "purpose", "fate", "verdict"}
        closed |= {"on", "until", "at", "schema_version", "valid_until"}
        return key in closed | spared or value in ("tree", "page") or key.endswith(("_at", "_time"))
    return key in spared and all(isinstance(each, str) for each in value)


@cache
def hostile(words: str) -> Evidence:
    record = samples.integrated().model_dump(mode="json")
    return Evidence.model_validate(poisoned(record, words))


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_the_page_keeps_its_structure(words: str) -> None:
    page = page_with(words)
    assert skeleton(page) == skeleton(page_with("plain"))
    assert page.outside == []
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_no_view_holds_a_character_that_hides_or_reorders(words: str) -> None:
    record = hostile(words)
    never = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069]")
    for view in (page_with(words).source, render_markdown(record)):
        assert not never.search(view)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069]", render_junit(record))


def test_hidden_characters_are_shown_as_escapes() -> None:
    assert visible("a\u202eb\x1b[0m\x00") == "a\\u202eb\\x1b[0m\\x00"
    assert visible("tab\tline\nend\r\n 👩‍🔧") == "tab\tline\nend\n 👩‍🔧"


def test_markdown_turns_nothing_into_markup() -> None:
    summary = render_markdown(hostile(HOSTILE["markdown"]))
    assert "![x]" not in summary
    assert "@everyone" not in summary
    assert "http://" not in summary
    rows = [line for line in summary.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows} == {9}


def test_a_hostile_identifier_becomes_no_anchor() -> None:
    whole = samples.rehearsal()
    first = whole.exchanges[0].model_copy(update={"id": 'x1" onclick="alert(1)'})
    page = Page(render_html(whole.model_copy(update={"exchanges": (first,)})))
    assert "exchange-1" in page.ids
    assert page.fragments <= set(page.ids)


@given(st.text())
def test_a_css_string_cannot_be_left(words: str) -> None:
    inside = css_string(words)[1:-1]
    assert re.fullmatch(r"(?:[A-Za-z0-9 ]|\\[0-9a-f]+ )*", inside)


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=60))
def test_any_message_survives_in_every_view(words: str) -> None:
    whole = samples.empty()
    record = whole.model_copy(update={"verdict": whole.verdict.model_copy(update={"reasons": (words,)})})
    Page(render_html(record))
    render_junit(record)
    render_markdown(record).encode()


def hostile_dossier() -> tuple[Evidence, dict[str, bytes]]:
    """A dossier that wants to harm its reader: in every text, in an exhibit's name and path, and in its content; and
    an answer of 5 MB beside it."""
    words = "".join(HOSTILE.values())
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
    text = f"{words}\x1b[31m\n".encode() * 200
    attached = {"exhibits/e01-x.png": svg, "exhibits/e02-x.txt": text, "exhibits/e03-x.png": people.picture()}
    kinds = {"png": "image/png", "txt": "text/plain"}
    exhibits = [
        Exhibit(
            id=f"e0{n}",
            name=words,
            path=path,
            media_type=kinds[path[-3:]],
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            removed=(words,),
        )
        for n, (path, content) in enumerate(attached.items(), 1)
    ]
    base = {"name": words, "media_type": None, "size": None, "sha256": None}
    exhibits += [
        Exhibit(id="e04", path=None, reference="javascript:alert(1)", **base),
        Exhibit(id="e05", path=None, reference=f"https://example.com/{words}", **base),
        Exhibit(id="e06", path="exhibits/../../secret.png", **base),
        Exhibit(id="e07", path="javascript:alert(1)", **base),
        Exhibit(id='e08" onload="alert(1)', path=None, reference='https://example.com/"onclick="alert(1)', **base),
    ]
    ids = tuple(exhibit.id for exhibit in exhibits)
    said = [people.attested(id_, words, *ids, name=words, role=words) for id_ in ("FE-1", "FE-1", words)]
    dossier = people.dossier(
        partner=words,
        integration=words,
        version=words,
        countries=(words,),
        challenge=words,
        review={words: words},
        attestations=tuple(said),
        exhibits=tuple(exhibits),
    )
    whole = samples.rehearsal()
    first = whole.exchanges[0]
    assert first.response is not None
    huge = first.response.model_copy(update={"body": "<script>alert(1)</script>" * 200_000})
    exchanges = (first.model_copy(update={"response": huge}), *whole.exchanges[1:])
    return whole.model_copy(update={"dossier": dossier, "exchanges": exchanges}), attached


def test_a_hostile_dossier_leads_nowhere_and_does_nothing() -> None:
    record, attached = hostile_dossier()
    page = Page(render_html(record, attached.get))
    assert page.outside == []
    assert page.count("script") == 1
    assert len(page.ids) == len(set(page.ids))
    assert page.fragments <= set(page.ids)
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    links = {a["href"] for tag, a in page.tags if tag == "a" and not a["href"].startswith("#")}
    assert links == {*attached, 'https://example.com/"onclick="alert(1)'}


def test_a_page_of_a_huge_answer_stays_small() -> None:
    record, attached = hostile_dossier()
    assert len(render_html(record, attached.get)) < 1_500_000
