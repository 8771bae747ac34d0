"""The page by what it says to a reader: its headings, and the rows of its tables."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

from golive.evidence.model import Evidence
from golive.report.marks import OUTCOMES, REHEARSAL, STATUSES, VERDICTS
from golive.report.text import visible

_UNSEEN: Final = frozenset({"script", "style", "template", "svg", "noscript", "datalist", "textarea", "select"})
_EMPTY: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_FROM_ELSEWHERE: Final = frozenset({"iframe", "object", "embed", "frame", "frameset", "base", "portal"})
"""Elements that show something else than the page; this suite writes none of them."""


class _Page(HTMLParser):
    """Collects what is seen: all of it, each heading and title, each row of a table as the texts of its cells."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self.titles: dict[str, list[list[str]]] = {"h1": [], "title": []}
        self.rows: list[list[list[str]]] = []
        self.foreign: set[str] = set()
        self._open: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag in _FROM_ELSEWHERE or (tag == "script" and "src" in told):
            self.foreign.add(tag)
        if tag == "meta" and (told.get("http-equiv") or "").lower() == "refresh":
            self.foreign.add("meta refresh")
        if tag in _EMPTY:
            return
        if tag in self.titles and not self._unseen:  # a picture has titles of its own
            self.titles[tag].append([])
        self._open.append(tag)
        self._unseen += tag in _UNSEEN
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append([])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<use/>` within a picture has no end of its own; an element of HTML with a slash is as one without."""
        if not self._unseen:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            return
        while (closed := self._open.pop()) != tag:
            self._unseen -= closed in _UNSEEN
        self._unseen -= tag in _UNSEEN

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        for tag, texts in self.titles.items():
            if tag in self._open:
                texts[-1].append(data)
        self.seen.append(data)
        if self.rows and self.rows[-1] and "tr" in self._open:
            self.rows[-1][-1].append(data)


def contradictions(text: str, evidence: Evidence) -> list[str]:
    """What the page says otherwise than the record."""
    page = _Page()
    page.feed(text)
    page.close()
    return [*_frame(page, evidence), *_requirements(page, evidence), *_checks(page, evidence)]


def _frame(page: _Page, evidence: Evidence) -> Iterator[str]:
    word = VERDICTS[evidence.verdict.status].word
    for tag, texts in page.titles.items():
        if len(texts) != 1 or not re.match(rf"{word}\b", _joined(texts[0])):
            yield f"its {tag} is not the verdict, {word}"
    seen = _joined(page.seen)
    if _folded(evidence.run.id) not in seen:
        yield "it is not of this run"
    if (REHEARSAL in seen) is not evidence.run.rehearsal:
        yield "it does not agree on whether it was a rehearsal"
    yield from (f"it holds <{tag}>, which shows what is not in the page" for tag in sorted(page.foreign))


def _requirements(page: _Page, evidence: Evidence) -> Iterator[str]:
    words = {mark.word for mark in STATUSES.values()}
    rows: dict[str, list[set[str]]] = {}
    for row in page.rows:
        if len(row) > 1:
            said = {_joined(cell) for cell in row[1:]} & words
            rows.setdefault(_joined(row[0]), []).extend([said] if said else [])
    for found in evidence.requirements:
        if rows.get(_folded(found.id), []) != [{word := STATUSES[found.status].word}]:
            yield f"{found.id} is not said to be {word}, or not once"


def _checks(page: _Page, evidence: Evidence) -> Iterator[str]:
    """A row begins with the check's sentence and its name; another row may stand for another check of that name."""
    words = {mark.word for mark in OUTCOMES.values()}
    rows = [(_joined(row[0]), said) for row in page.rows if len(row) > 1 and (said := {_joined(row[1])} & words)]
    for check in evidence.tests:
        title, name = _folded(check.title), _folded(check.nodeid.rpartition("::")[2])
        theirs = [said for text, said in rows if text.startswith(title) and name in text]
        if {word := OUTCOMES[check.outcome].word} not in theirs:
            yield f"{name} is not said to be {word}"


def _joined(texts: list[str]) -> str:
    return " ".join("".join(texts).split())


def _folded(text: str) -> str:
    return " ".join(visible(text).split())
