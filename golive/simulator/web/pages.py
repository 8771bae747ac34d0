"""Paged lists: `{count, next, previous, results}`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from golive.simulator.faults import NotFound
from golive.simulator.services.base import Json, Service

T = TypeVar("T")

DEFAULT_SIZE = 20
LARGEST_SIZE = 100
_POSITIVE = re.compile(r"0*[1-9][0-9]{0,8}", re.ASCII)


@dataclass(frozen=True)
class PageRequest:
    """The page asked for, as text, and the address it was asked at."""

    url: str
    query: str
    page: str | None
    page_size: str | None


@dataclass(frozen=True)
class Page:
    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def bounds(self) -> slice:
        return slice((self.number - 1) * self.size, self.number * self.size)


class Pages(Service):
    """A page that is no number or out of range is 404; a page size that is no number is ignored, a large one capped."""

    def cut(self, items: Sequence[T], wanted: PageRequest) -> tuple[Page, Sequence[T]]:
        """The page and what is on it; raises `NotFound`."""
        size = self.size(wanted.page_size)
        total = len(items)
        page = Page(self.number(wanted.page, Page(1, size, total).last), size, total)
        if page.number > page.last:
            raise self.invalid_page()
        return page, items[page.bounds]

    def size(self, text: str | None) -> int:
        if text is None or not _POSITIVE.fullmatch(text.strip()):
            return DEFAULT_SIZE
        return min(int(text), LARGEST_SIZE)

    def number(self, text: str | None, last: int) -> int:
        if text is None:
            return 1
        if text == "last":
            return last
        if not _POSITIVE.fullmatch(text.strip()):
            raise self.invalid_page()
        return int(text)

    def invalid_page(self) -> NotFound:
        return NotFound("Invalid page.")

    def render(self, page: Page, results: list[Json], wanted: PageRequest) -> Json:
        return {
            "count": page.total,
            "next": self.link(wanted, page.number + 1) if page.number < page.last else None,
            "previous": self.link(wanted, page.number - 1) if page.number > 1 else None,
            "results": results,
        }

    def link(self, wanted: PageRequest, number: int) -> str:
        """The same address with another page number; the first page has none."""
        others = [(name, value) for name, value in parse_qsl(wanted.query, True) if name != "page"]
        query = urlencode([*others, ("page", str(number))] if number > 1 else others)
        return f"{wanted.url}?{query}" if query else wanted.url
