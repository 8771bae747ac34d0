"""A web page, with the scripts that it loads and their source maps."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Final

import httpx
from pydantic import SecretStr

from golive.evidence.statements import Scan, ScanFinding
from golive.guard import check_url, is_loopback
from golive.scanning.fetch import Fetcher, NotFetchedError, Resource
from golive.scanning.key import LEAST
from golive.scanning.links import Page, imports_in, inline_source_map, source_map_of
from golive.scanning.notes import Notes
from golive.scanning.text import Search, decoded
from golive.scanning.tree import INTERRUPTED, SHORT_KEY

_NOT_PUBLISHED: Final = frozenset({401, 403, 404, 410})


@dataclass(frozen=True)
class PageBounds:
    """How much is asked for: scripts and source maps in all, seconds in all and for each; bytes of and findings in
    each."""

    scripts: int = 60
    all_seconds: float = 120.0
    seconds: float = 20.0
    bytes: int = 20_000_000
    file_findings: int = 50


def scan_page(
    url: str,
    key: SecretStr | None = None,
    *,
    bounds: PageBounds = PageBounds(),
    hurry: Callable[[], bool] = lambda: False,
) -> Scan:
    """Look through the page at `url`, its inline scripts, the scripts it names or imports, and their source maps.

    Nothing but plain GET requests are sent, never with a key or a cookie. Scripts of another origin are read too,
    source maps of their script's own origin only. What cannot be had is in `skipped` with a word; where that is the
    page itself, `files` is 0. Raises `golive.guard.ForbiddenTarget` for a URL that must not be asked.
    """
    with Fetcher(seconds=bounds.seconds, most=bounds.bytes) as fetcher:
        return _PageScan(check_url(url), key, bounds, hurry, fetcher).done()


@dataclass(frozen=True)
class _Wanted:
    url: httpx.URL
    is_map: bool = False


class _PageScan:
    def __init__(
        self, url: httpx.URL, key: SecretStr | None, bounds: PageBounds, hurry: Callable[[], bool], fetcher: Fetcher
    ) -> None:
        self._url = url
        self._bounds = bounds
        self._hurry = hurry
        self._fetcher = fetcher
        self._notes = Notes()
        self._until = time.monotonic() + bounds.all_seconds
        self._asked = 0
        self._files = 0
        self._findings: list[ScanFinding] = []
        self._todo: deque[_Wanted] = deque()
        self._met: set[httpx.URL] = set()
        value = key.get_secret_value() if key is not None else ""
        if 0 < len(value) < LEAST:
            self._notes.add(SHORT_KEY)
            value = ""
        self._search = Search(value)
        self._complete = True

    def done(self) -> Scan:
        if self._hurry():
            self._break_off(INTERRUPTED)
        else:
            self._read_page()
        while self._todo:
            if (reason := self._enough()) is not None:
                self._break_off(reason)
                break
            self._asked += 1
            self._read_script(self._todo.popleft())
        return Scan(
            what="page",
            root=self._place(self._url),
            files=self._files,
            skipped=self._notes.told(),
            unread=self._notes.places,
            complete=self._complete,
            findings=tuple(self._findings),
        )

    def _break_off(self, reason: str) -> None:
        self._notes.add(reason)
        self._complete = False

    def _enough(self) -> str | None:
        if self._hurry():
            return INTERRUPTED
        if self._asked >= self._bounds.scripts:
            return f"{self._asked} scripts and source maps were asked for: the rest was not read"
        if time.monotonic() > self._until:
            return f"{self._bounds.all_seconds:g} s have passed: the rest was not read"
        return None

    def _read_page(self) -> None:
        answer = self._fetched(_Wanted(self._url))
        if answer is None:
            return
        self._met.add(answer.url)
        text = self._looked_through(answer)
        page = Page(text)
        base = answer.url.join(page.base) if page.base else answer.url
        for script in chain(page.scripts, imports_in(text)):
            self._want(base, script)

    def _read_script(self, wanted: _Wanted) -> None:
        answer = self._fetched(wanted)
        if answer is None:
            return
        text = self._looked_through(answer)
        if wanted.is_map:
            return
        for script in imports_in(text):
            self._want(answer.url, script)
        if (inline := inline_source_map(text)) is not None:
            place = f"{self._place(answer.url)} (source map within)"
            self._findings += self._search.findings(inline, place, most=self._bounds.file_findings)
        if (named := source_map_of(text) or answer.source_map) is not None:
            self._want(answer.url, named, is_map=True)

    def _looked_through(self, answer: Resource) -> str:
        self._files += 1
        self._findings += self._search.findings(
            answer.content, self._place(answer.url), most=self._bounds.file_findings
        )
        return decoded(answer.content)[0]

    def _fetched(self, wanted: _Wanted) -> Resource | None:
        try:
            return self._fetcher.get(wanted.url, loopback=is_loopback(self._url))
        except NotFetchedError as fault:
            # A source map that is not served gives nothing away: that is as it should be.
            if not (wanted.is_map and fault.status in _NOT_PUBLISHED):
                self._notes.add(str(fault), self._place(wanted.url))
            return None

    def _want(self, base: httpx.URL, reference: str, *, is_map: bool = False) -> None:
        """Ask for it in its turn, once; a source map only where its script came from."""
        try:
            url = base.join(reference).copy_with(fragment=None)
        except (httpx.InvalidURL, ValueError):
            self._notes.add("names a script by what is no URL", self._place(base))
            return
        if url in self._met:
            return
        self._met.add(url)
        if is_map and (url.scheme, url.host, url.port) != (base.scheme, base.host, base.port):
            self._notes.add("a source map of another origin, not read", self._place(url))
            return
        self._todo.append(_Wanted(url, is_map))

    def _place(self, url: httpx.URL) -> str:
        """The URL as it may be shown: without query, where a token could stand, and without one in its path."""
        return self._search.masked(str(url.copy_with(query=None, fragment=None, userinfo=b"")))[0]
