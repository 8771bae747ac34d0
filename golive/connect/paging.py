"""Lists in pages, hidden behind iterators that come to an end.

Of a next link only the query is followed, on the list's own URL: whatever a link says, no request leaves the origin
and the path that the list was asked for.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin

import httpx

from golive.connect.answer import Reply
from golive.connect.errors import PagingLoop, Unreadable
from golive.connect.forms import observe
from golive.connect.policy import MAX_PAGES
from golive.connect.reading import one_line
from golive.guard import names_prod
from golive.recording import Recorder

Query = list[tuple[str, str]]

_PAGE_FIELDS: Final = frozenset({"count", "next", "previous", "results"})
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Page:
    """The JSON of one page and the answer that it came in."""

    value: Any
    reply: Reply

    @property
    def results(self) -> list[Any]:
        found = self.value.get("results") if isinstance(self.value, dict) else self.value
        return found if isinstance(found, list) else []

    @property
    def next(self) -> Any:
        return self.value.get("next") if isinstance(self.value, dict) else None


class Pager:
    """Walks one list from its first page to its last."""

    def __init__(self, name: str, url: str, recorder: Recorder) -> None:
        self._name = name
        self._url = httpx.URL(url)
        self._recorder = recorder

    def pages(self, fetch: Callable[[Query], Page], query: Query) -> Iterator[Page]:
        """Each page once. Raises PagingLoop for a link or a page seen before and past MAX_PAGES, Unreadable for a
        list that is none or a link that leads elsewhere.
        """
        asked: set[tuple[tuple[str, str], ...]] = set()
        seen: set[int] = set()
        while True:
            asked.add(tuple(sorted(query)))
            page = fetch(query)
            self._check(page)
            if page.results:
                content = hash(json.dumps(page.results, sort_keys=True, default=str))
                if content in seen:
                    raise self._loop(page, "a page came twice")
                seen.add(content)
            yield page
            following = self._following(page)
            if following is None:
                return
            if tuple(sorted(following)) in asked:
                raise self._loop(page, "the next link leads back to a page that was read")
            if len(asked) >= MAX_PAGES:
                raise self._loop(page, f"more than {MAX_PAGES} pages")
            query = following

    def _check(self, page: Page) -> None:
        value = page.value
        results = value.get("results") if isinstance(value, dict) else value
        if not isinstance(results, list):
            observe(self._recorder, "ANSWER_UNREADABLE", self._name, exchanges=(page.reply.exchange,))
            raise Unreadable(
                f"{self._name}: the answer is no list; it begins {one_line(page.reply.text)!r}",
                exchanges=(page.reply.exchange,),
            )
        # An absent `next` and a null one are both the end (spec: only count and results are required).
        if not (isinstance(value, dict) and {"count", "results"} <= value.keys() and isinstance(value["count"], int)):
            observe(self._recorder, "PAGE_FORM", self._name, exchanges=(page.reply.exchange,))

    def _following(self, page: Page) -> Query | None:
        link = page.next
        if link is None or link == "":
            return None
        if not isinstance(link, str):
            raise self._astray(page, "is no text")
        if names_prod(link):
            raise self._astray(page, "leads to the PRODUCTION host", "NEXT_TO_PROD")
        if self._recorder.redactor.names_a_label(link):
            raise self._astray(page, "carries the key", "NEXT_LINK_KEY")
        try:
            target = httpx.URL(urljoin(str(self._url), link))
        except (httpx.InvalidURL, ValueError):
            raise self._astray(page, "is no URL") from None
        if target.host != self._url.host or target.path.rstrip("/") != self._url.path.rstrip("/"):
            raise self._astray(page, "leads to another place than its list")
        if (target.scheme, _port(target)) != (self._url.scheme, _port(self._url)):
            # Behind a proxy that ends TLS an application takes itself to be at http:// and its own port.
            if target.scheme == self._url.scheme or target.scheme not in _DEFAULT_PORTS:
                raise self._astray(page, "leads to another origin than its list")
            observe(self._recorder, "NEXT_LINK_SCHEME", exchanges=(page.reply.exchange,))
        elif not link.lower().startswith(("http://", "https://")):
            observe(self._recorder, "NEXT_LINK_RELATIVE", exchanges=(page.reply.exchange,))
        return target.params.multi_items()

    def _astray(self, page: Page, how: str, code: str = "NEXT_LINK_ASTRAY") -> Unreadable:
        observe(self._recorder, code, exchanges=(page.reply.exchange,))
        return Unreadable(
            f"{self._name}: the next link of a page {how}; it was not followed", exchanges=(page.reply.exchange,)
        )

    def _loop(self, page: Page, how: str) -> PagingLoop:
        observe(self._recorder, "PAGING_LOOP", exchanges=(page.reply.exchange,))
        return PagingLoop(f"{self._name}: the list has no end: {how}", exchanges=(page.reply.exchange,))


def _port(url: httpx.URL) -> int | None:
    return url.port or _DEFAULT_PORTS.get(url.scheme)
