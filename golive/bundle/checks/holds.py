"""How long sessions were held, held against the answers that began and ended them."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import unquote

from golive.bundle.manifest import doubled
from golive.evidence.model import HOLD_WATCH, Evidence, Exchange, Hold

SLACK_S: Final = 5.0
"""A run on a machine under load notes an answer later than it came."""

_STOPPED: Final = re.compile(r"/charging/stop/([^/?#]+)")
_READ: Final = re.compile(r"/charging-sessions/([^/?#]+)")


def holds(evidence: Evidence) -> list[str]:
    """Each session once, its time not longer or shorter than its exchanges allow, and who cut it short. A record of an
    earlier version has no holds, and nothing is said of it."""
    told = evidence.aftermath.holds
    return [
        *(f"the hold of session {id_} is there twice" for id_ in doubled(hold.session_id for hold in told)),
        *_missing(evidence),
        *(fault for hold in told for fault in _against(evidence, hold)),
    ]


def _missing(evidence: Evidence) -> Iterator[str]:
    told, started = {hold.session_id for hold in evidence.aftermath.holds}, evidence.aftermath.started
    yield from (f"the session {id_} was held, and the run did not start it" for id_ in told if id_ not in started)


def _against(evidence: Evidence, hold: Hold) -> Iterator[str]:
    began = next((_end(e) for e in evidence.exchanges if _is_start_of(e, hold)), None)
    ends = [e for e in evidence.exchanges if _ended(e, hold.session_id)]
    if began is None:
        return  # its answer was lost, or a check sent the start by itself
    if hold.held_s is not None and ends:
        first = min(ends, key=_end)
        least = (first.started_at - began).total_seconds() - SLACK_S
        most = (_end(first) - began).total_seconds() + SLACK_S
        if not least <= hold.held_s <= most:
            yield f"the session {hold.session_id} is said to be held for {hold.held_s:g} s, and {first.id} ended it"
    by_watch = any(e.actor == HOLD_WATCH and _STOPPED.search(e.request.url) for e in ends)
    if by_watch and not hold.cut:
        yield f"the session {hold.session_id} was stopped at its bound, and the record does not say so"


def _is_start_of(exchange: Exchange, hold: Hold) -> bool:
    is_start = exchange.operation == "users_charging_start_create" and exchange.actor == hold.actor
    return is_start and _accepted(exchange) and _body(exchange).get("id") == hold.session_id


def _ended(exchange: Exchange, session_id: str) -> bool:
    """Whether the exchange stopped the session, or showed that it had ended."""
    path = exchange.request.url.partition("?")[0]
    if not _accepted(exchange):
        return False
    if (stop := _STOPPED.search(path)) is not None:
        return unquote(stop[1]) == session_id
    read = _READ.search(path)
    return read is not None and unquote(read[1]) == session_id and _body(exchange).get("is_active") is False


def _end(exchange: Exchange) -> datetime:
    try:
        return exchange.started_at + timedelta(seconds=exchange.took_s)
    except OverflowError:  # a record that was edited; other looks say so
        return exchange.started_at


def _accepted(exchange: Exchange) -> bool:
    return exchange.response is not None and 200 <= exchange.response.status < 300


def _body(exchange: Exchange) -> dict[str, Any]:
    try:
        body = json.loads((exchange.response.body if exchange.response is not None else None) or "")
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
