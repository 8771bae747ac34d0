"""The recorded exchanges, each with its request, its answer, its timing and a command that repeats it.

A page that opens at once matters more than every byte of every body: bodies share a budget, the longest are cut
first, and what was cut says its size. evidence.json always has the whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from golive.evidence.model import Evidence, Exchange
from golive.report.curl import caveat, command
from golive.report.marks import Tone
from golive.report.text import duration, indented, instant, size, time_of_day
from golive.report.views.links import Anchors, Links

BUDGET = 3_000_000
"""Characters for the bodies of all exchanges together."""
LONGEST = 8_000
SHORTEST = 300
_URL = 160


@dataclass(frozen=True)
class Body:
    """A body as far as it is shown; `note` says what was left out."""

    text: str
    note: str | None


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
    curl: str
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
    base = evidence.run.target.rstrip("/")
    cited: dict[str, list[str]] = {}
    for check in evidence.tests:
        for identifier in check.exchanges:
            cited.setdefault(identifier, []).append(check.nodeid)
    for exchange in evidence.exchanges:
        yield _view(exchange, cited.get(exchange.id, ()), base, limit, anchors)


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


def _view(exchange: Exchange, cited: Sequence[str], base: str, limit: int, anchors: Anchors) -> ExchangeView:
    request, response = exchange.request, exchange.response
    status, tone = _status(exchange)
    path = request.url.removeprefix(base)
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
        curl=command(request),
        caveat=caveat(request),
        request_headers=tuple(request.headers.items()),
        request_body=_body(request.body, limit, truncated=False),
        response_headers=tuple(response.headers.items()) if response else (),
        response_body=_body(response.body, limit, truncated=response.truncated) if response else None,
        fault=f"{exchange.error.kind}: {exchange.error.message}" if exchange.error else None,
        provoked=exchange.provoked,
    )


def _status(exchange: Exchange) -> tuple[str, Tone]:
    if exchange.response is None:
        return "no answer", "bad"
    status = exchange.response.status
    return str(status), "good" if status < 300 else "bad" if status >= 500 else "warn"


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
