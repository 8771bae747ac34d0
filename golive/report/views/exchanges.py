"""The recorded exchanges, each with its request, its answer, its timing and, of this suite's own, a command for it.

A page that opens at once matters more than every byte of every body: bodies share a budget, the longest are cut
first, and what was cut says its size. evidence.json always has the whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from golive.evidence.exchange import GATEWAY, PARTNER
from golive.evidence.model import Evidence, Exchange
from golive.report.curl import caveat, command
from golive.report.marks import Tone
from golive.report.text import duration, indented, instant, size, time_of_day
from golive.report.views.links import Anchors, Link, Links

BUDGET = 3_000_000
"""Characters for the bodies of all exchanges together."""
LONGEST = 4_000
SHORTEST = 300
MOST_NAMED = 50
"""A check that stands on more exchanges than this is not named at each of them: it says the same of all."""
WORTH_A_LINK = 200
"""Characters from which on an answer that came before is not shown again: reads of a session repeat each other."""
_URL = 160


@dataclass(frozen=True)
class Body:
    """A body as far as it is shown; `note` says what was left out. One that an earlier exchange was answered with to
    the byte is shown there: `same_as` leads there, and the text is empty."""

    text: str
    note: str | None = None
    same_as: Link | None = None


@dataclass(frozen=True)
class ExchangeView:
    id: str
    anchor: str | None
    time: str
    at: str
    actor: str
    method: str
    path: str
    url: str
    status: str
    tone: Tone
    took: str
    operation: str | None
    check: Links
    cited: Links
    curl: str | None
    caveat: str | None
    request_headers: tuple[tuple[str, str], ...]
    request_body: Body | None
    response_headers: tuple[tuple[str, str], ...]
    response_body: Body | None
    fault: str | None
    provoked: str | None


def exchanges(evidence: Evidence, anchors: Anchors) -> Iterable[ExchangeView]:
    """The exchanges of `evidence` in their order, one at a time."""
    limit = body_limit(evidence.exchanges)
    shown: dict[str, str] = {}
    base = evidence.run.target.rstrip("/")
    cited: dict[str, list[str]] = {}
    for check in evidence.tests:
        for identifier in check.exchanges if len(check.exchanges) <= MOST_NAMED else ():
            cited.setdefault(identifier, []).append(check.nodeid)
    for exchange in evidence.exchanges:
        yield _view(exchange, cited.get(exchange.id, ()), base, limit, anchors, shown)


def body_limit(recorded: Sequence[Exchange]) -> int:
    """The length at which bodies are cut so that together they keep to the budget, as high as that allows."""
    lengths = sorted(len(body) for x in recorded for body in (x.request.body, x.response and x.response.body) if body)
    left = BUDGET
    for position, length in enumerate(lengths):
        share = left // (len(lengths) - position)
        if length > share:
            return max(SHORTEST, min(LONGEST, share))
        left -= length
    return LONGEST


def named_apart(evidence: Evidence) -> int:
    """How many checks stand on so many exchanges that these do not name them."""
    return sum(len(check.exchanges) > MOST_NAMED for check in evidence.tests)


def _view(
    exchange: Exchange, cited: Sequence[str], base: str, limit: int, anchors: Anchors, shown: dict[str, str]
) -> ExchangeView:
    """`shown` has the answers that were shown before, with the exchange that each was shown at."""
    request, response = exchange.request, exchange.response
    status, tone = _status(exchange)
    path = request.url.removeprefix(base)
    repeatable = exchange.actor not in (PARTNER, GATEWAY)  # what another party sent is read, not repeated
    return ExchangeView(
        id=exchange.id,
        anchor=anchors.exchange(exchange.id),
        time=time_of_day(exchange.started_at),
        at=instant(exchange.started_at),
        actor=exchange.actor,
        method=request.method,
        path=path if len(path) <= _URL else path[:_URL] + "…",
        url=request.url,
        status=status,
        tone=tone,
        took=duration(exchange.took_s),
        operation=exchange.operation,
        check=anchors.checks([exchange.test] if exchange.test else []),
        cited=anchors.checks(nodeid for nodeid in cited if nodeid != exchange.test),
        curl=command(request) if repeatable else None,
        caveat=caveat(request) if repeatable else None,
        request_headers=tuple(request.headers.items()),
        request_body=_body(request.body, limit, truncated=False),
        response_headers=tuple(response.headers.items()) if response else (),
        response_body=_answer(exchange, limit, anchors, shown),
        fault=f"{exchange.error.kind}: {exchange.error.message}" if exchange.error else None,
        provoked=exchange.provoked,
    )


def _status(exchange: Exchange) -> tuple[str, Tone]:
    if exchange.response is None:
        return "no answer", "bad"
    status = exchange.response.status
    return str(status), "good" if status < 300 else "bad" if status >= 500 else "warn"


def _answer(exchange: Exchange, limit: int, anchors: Anchors, shown: dict[str, str]) -> Body | None:
    response = exchange.response
    if response is None:
        return None
    body = response.body or ""
    is_worth_it = len(body) >= WORTH_A_LINK and not response.truncated
    if is_worth_it and (before := shown.setdefault(body, exchange.id)) != exchange.id:
        return Body("", same_as=anchors.exchanges([before]).shown[0])
    return _body(body, limit, truncated=response.truncated)


def _body(body: str | None, limit: int, *, truncated: bool) -> Body | None:
    if not body:
        return None
    text, cut = indented(body, limit)
    notes = []
    if cut:
        notes.append(f"cut for this page; the whole, {size(body)}, is in evidence.json")
    if truncated:
        notes.append("already cut when it was recorded: the answer was longer than the recorder keeps")
    return Body(text, "; ".join(notes) or None)
