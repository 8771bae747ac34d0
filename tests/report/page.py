"""Reads a rendered page as a parser does: elements, ids, links and words, none of them guessed from text."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta", "link", "br", "input", "img", "hr"}


@dataclass
class Page(HTMLParser):
    """What a page holds."""

    source: str
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.source)
        self.close()

    def __hash__(self) -> int:
        return id(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1] == tag, f"</{tag}> closes <{self._open[-1]}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self._open):
            self.words.append(data)

    @property
    def text(self) -> str:
        """The page's words, white space folded."""
        return " ".join("".join(self.words).split())

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]

    @property
    def fragments(self) -> set[str]:
        """Where the page's own links, labels and icons lead."""
        found = {a["href"][1:] for _, a in self.tags if a.get("href", "").startswith("#")}
        for _, attributes in self.tags:
            found |= set(attributes.get("aria-labelledby", "").split())
        return found

    @property
    def outside(self) -> list[str]:
        """Every reference that is not to the page itself, inline, or a link that a person follows knowingly: to an
        exhibit beside the page, or to an address that learns nothing of where the reader came from."""
        references = [
            (tag, a, a[n]) for tag, a in self.tags for n in ("href", "src", "action", "srcset", "data") if n in a
        ]
        return [
            found
            for tag, a, found in references
            if not found.startswith(("#", "data:"))
            and not (tag == "a" and re.fullmatch(r"exhibits/[\w.-]+", found))
            and not (tag == "a" and found.startswith("https://") and a.get("rel") == "noreferrer noopener")
        ]

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.tags)
