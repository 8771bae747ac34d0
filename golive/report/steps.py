"""What went to and fro, step by step: requests and what the driver was shown, alike ones in a row as one step."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from urllib.parse import parse_qsl, urlsplit

from golive.evidence.exchange import Exchange, error_type_of
from golive.evidence.integration import Shown
from golive.report.text import duration, one_line

PARTNER = "partner"
"""The actor of what came from the partner's own backend."""
_OF_A_USER = re.compile(r"/users/([^/?#]+)/")
_HAS_IDS_BELOW = ("users", "charging-sessions", "stop", "payment-methods")
_API = "/api/v1/"
_PAGING = ("page", "page_size")


@dataclass(frozen=True)
class Request:
    """One request, or several alike in a row; `at` and `last` are when the first and the last of them began."""

    at: datetime
    last: datetime
    what: str
    answer: str
    went_well: bool
    took_s: float
    provoked: str | None
    exchanges: tuple[str, ...]

    @property
    def every_s(self) -> float:
        """Seconds from one to the next, on the average; 0 for a single one."""
        return (self.last - self.at).total_seconds() / max(len(self.exchanges) - 1, 1)

    @property
    def answered(self) -> str:
        """What came back and when, in words."""
        if len(self.exchanges) == 1:
            return f"{self.answer}, {duration(self.took_s)}"
        return f"{self.answer} each, {duration(self.every_s)} apart"


@dataclass(frozen=True)
class Screen:
    """What the driver was shown, from `at` to when it was last seen so, `count` times."""

    at: datetime
    last: datetime
    count: int
    shown: Shown

    @property
    def words(self) -> str:
        """State and energy on one line, empty where the app showed neither."""
        return " ".join(part for part in (one_line(self.shown.state or ""), energy(self.shown) or "") if part)


Step = Request | Screen


def energy(shown: Shown) -> str | None:
    """With its unit, which some apps show with the number."""
    if shown.kwh is None:
        return None
    told = one_line(shown.kwh)
    return told if told[-1:].isalpha() else f"{told} kWh"


def steps(exchanges: Iterable[Exchange], shown: Sequence[Shown] = ()) -> tuple[Step, ...]:
    """Both in the order of their times; a screen that came in between keeps alike requests apart."""
    found: list[Step] = [*(_request(exchange) for exchange in exchanges), *screens(shown)]
    joined: list[Step] = []
    for _, group in groupby(enumerate(sorted(found, key=lambda step: step.at)), key=_alike):
        alike = [step for _, step in group]
        first, requests = alike[0], [step for step in alike if isinstance(step, Request)]
        if isinstance(first, Request) and len(alike) > 1:
            first = replace(
                first,
                last=requests[-1].at,
                took_s=max(each.took_s for each in requests),
                exchanges=tuple(id_ for each in requests for id_ in each.exchanges),
            )
        joined.append(first)
    return tuple(joined)


def screens(shown: Sequence[Shown]) -> tuple[Screen, ...]:
    """`shown` with what stayed as it was told once."""
    told: list[Screen] = []
    for each in sorted(shown, key=lambda each: each.at):
        if told and _same(told[-1].shown, each):
            told[-1] = replace(told[-1], last=each.at, count=told[-1].count + 1)
        else:
            told.append(Screen(each.at, each.at, 1, each))
    return tuple(told)


def user_of(exchange: Exchange) -> str | None:
    """The user that the path of the request names."""
    found = _OF_A_USER.search(re.split("[?#]", exchange.request.url, maxsplit=1)[0])
    return found[1] if found else None


def what(exchange: Exchange) -> str:
    """Method and path without its ids, such as `POST charging/stop/…`; of a query the names but those of paging."""
    try:
        parts = urlsplit(exchange.request.url)
    except ValueError:
        return one_line(f"{exchange.request.method} {exchange.request.url}")
    path = parts.path.partition(_API)[2] or parts.path
    words: list[str] = []
    for word in path.strip("/").split("/"):
        words.append("…" if words and words[-1] in _HAS_IDS_BELOW else word)
    if len(words) > 2 and words[:2] == ["users", "…"]:
        words = words[2:]
    named = dict.fromkeys(name for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    query = "&".join(name for name in named if name not in _PAGING)
    return one_line(f"{exchange.request.method} {'/'.join(words)}{'?' + query if query else ''}")


def answer(exchange: Exchange) -> str:
    """Status and error type, or that there was no answer."""
    if exchange.response is None:
        return "no answer"
    return one_line(f"{exchange.response.status} {error_type_of(exchange) or ''}")


def _request(exchange: Exchange) -> Request:
    return Request(
        at=exchange.started_at,
        last=exchange.started_at,
        what=what(exchange),
        answer=answer(exchange),
        went_well=exchange.response is not None and exchange.response.status < 400,
        took_s=exchange.took_s,
        provoked=exchange.provoked,
        exchanges=(exchange.id,),
    )


def _alike(placed: tuple[int, Step]) -> tuple[object, ...]:
    """The same for requests that are told as one; a screen is like no other."""
    place, step = placed
    return (place,) if isinstance(step, Screen) else (step.what, step.answer, step.provoked)


def _same(one: Shown, other: Shown) -> bool:
    return one.model_copy(update={"at": other.at}) == other
