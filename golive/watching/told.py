"""What the terminal shows: a line for each request, and what came of it all."""

import re
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Final
from urllib.parse import urlsplit

from golive.connect.operations import API_PREFIX
from golive.evidence.exchange import PARTNER, Exchange
from golive.evidence.integration import RuleResult, RuleStatus
from golive.evidence.model import Evidence

WIDTH: Final = 80
_ID: Final = re.compile(r"/[^/?]*\d[^/?]{12,}(?=[/?])")
"""A long segment with a figure in it: its beginning tells it from others."""


def line(exchange: Exchange) -> str:
    """One request in at most `WIDTH` columns: when, which, its answer, how long it took, and what it asked for."""
    status = "---" if exchange.error is not None or exchange.response is None else str(exchange.response.status)
    took = f"{exchange.took_s * 1000:.0f} ms" if exchange.took_s < 10 else f"{exchange.took_s:.0f} s"
    at = f"{exchange.started_at:%H:%M:%S}"
    head = f"{at} {exchange.id} {status} {took:>7} {exchange.request.method:<6} "
    note = f" << {exchange.provoked}" if exchange.provoked else ""
    if exchange.error is not None and not note:
        note = f" << {exchange.error.kind}"
    return head + _cut(_path(exchange.request.url), WIDTH - len(head) - len(note)) + note


def summary(evidence: Evidence) -> list[str]:
    """What came of it all."""
    sent = sum(exchange.actor == PARTNER for exchange in evidence.exchanges)
    integration = evidence.integration
    lines = ["", f"{_count(sent, 'request')}, {_count(len(evidence.aftermath.started), 'charge')}"]
    for one in integration.provoked if integration else ():
        broken = ", ".join(result.rule for result in one.rules if result.status is RuleStatus.BROKEN)
        came = f"then broken: {broken}" if broken else "no rule broken after it"
        lines.append(f"{one.name}: {f'{len(one.answered)} answered, {came}' if one.met else 'not met'}")
    lines += rules(integration.rules if integration else ())
    return [*lines, *(f"LEFT: {left}" for left in evidence.aftermath.left_behind)]


def rules(results: Sequence[RuleResult]) -> list[str]:
    """What the traffic rules came to: those that are broken with what broke them, the others counted."""
    counted = {status: sum(result.status is status for result in results) for status in RuleStatus}
    said = (f"{counted[status]} {status.value.replace('_', ' ')}" for status in RuleStatus)
    return [*_broken(results), f"Traffic rules: {', '.join(said)}"]


def _broken(results: Sequence[RuleResult]) -> Iterator[str]:
    for result in results:
        if result.status is RuleStatus.BROKEN:
            yield from wrap(f"BROKEN {result.rule}: {result.title}", WIDTH, subsequent_indent="  ")
            yield from wrap(result.message, WIDTH, initial_indent="  ", subsequent_indent="  ")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _path(url: str) -> str:
    parts = urlsplit(url)
    _, prefix, below = parts.path.partition(API_PREFIX)
    path = below if prefix else parts.path
    shown = f"{path}?{parts.query}" if parts.query else path
    shown = _ID.sub(lambda found: f"{found[0][:9]}..", shown)
    return "".join(c if c.isprintable() else "?" for c in shown)


def _cut(text: str, width: int) -> str:
    """`text` with its middle left out where it is longer: both ends tell what it is."""
    if len(text) <= width:
        return text
    if width < 5:
        return text[: max(0, width)]
    front = (width - 2) // 2
    return f"{text[:front]}..{text[len(text) - (width - 2 - front) :]}"
