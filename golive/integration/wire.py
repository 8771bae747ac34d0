"""What the partner's backend did on the wire, read from the exchanges that the gateway recorded."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final
from urllib.parse import unquote

from golive.connect.operations import API_PREFIX, OPERATIONS
from golive.evidence.exchange import PARTNER
from golive.evidence.model import Exchange

START: Final = "users_charging_start_create"
STOP: Final = "users_charging_stop_create"
SESSION: Final = "users_charging_sessions_retrieve"

_BUSY: Final = ("charging_provider_error", "station_availability_issue")
_USER: Final = re.compile(r"/users/([^/?]+)")
_SEPARATORS: Final = re.compile(r"[\s*_.\-]")


def of_partner(exchanges: Iterable[Exchange]) -> tuple[Exchange, ...]:
    """The exchanges of the partner's backend, in their order."""
    return tuple(exchange for exchange in exchanges if exchange.actor == PARTNER)


def starts_on(exchanges: Iterable[Exchange], evse_id: str) -> list[Exchange]:
    """The starts that were sent for this EVSE, however it is spelt."""
    return [each for each in exchanges if each.operation == START and _same(sent(each).get("evse_id"), evse_id)]


def user_of(exchange: Exchange) -> str | None:
    """The user that the request names."""
    found = _USER.search(exchange.request.url)
    return found[1] if found else None


def ids_in(exchange: Exchange) -> list[str]:
    """What stands in the path where the operation has an id."""
    operation = OPERATIONS.get(exchange.operation or "")
    if operation is None:
        return []
    path = exchange.request.url.partition("?")[0].rpartition(API_PREFIX)[2]
    pairs = zip(operation.path.split("/"), path.split("/"), strict=False)
    return [unquote(part) for named, part in pairs if named.startswith("{") and part]


def session_of(start: Exchange) -> str | None:
    """The session that a start was answered with by the target itself."""
    if start.provoked is not None or start.response is None or start.response.status != 201:
        return None
    id_ = answered(start).get("id")
    return None if id_ is None else str(id_)


def about_session(exchanges: Iterable[Exchange], session_id: str) -> list[Exchange]:
    """The requests that name the session in their path."""
    return [each for each in exchanges if session_id in each.request.url]


def is_stopped(exchanges: Iterable[Exchange], session_id: str) -> bool:
    """Whether a stop was sent, or the session was seen to have ended."""
    return any(
        each.operation == STOP or (each.operation == SESSION and answered(each).get("is_active") is False)
        for each in about_session(exchanges, session_id)
    )


def is_refused_as_busy(start: Exchange) -> bool:
    """Whether the target refused the start for a reason that another party at a shared VCP may be."""
    if start.provoked is not None or start.response is None:
        return False
    return start.response.status in (409, 424) and _type(start) in _BUSY


def after(exchanges: Sequence[Exchange], first: Exchange | None) -> tuple[Exchange, ...]:
    """What was sent after `first`; nothing where that is None."""
    if first is None:
        return ()
    return tuple(exchanges[exchanges.index(first) + 1 :])


def sent(exchange: Exchange) -> dict[str, Any]:
    """The JSON object that was sent; empty where it was none."""
    return _object(exchange.request.body)


def answered(exchange: Exchange) -> dict[str, Any]:
    """The JSON object that came back; empty where it was none."""
    return _object(exchange.response.body if exchange.response is not None else None)


def _type(exchange: Exchange) -> object:
    error = answered(exchange).get("error")
    return error.get("type") if isinstance(error, dict) else None


def _object(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _same(given: object, evse_id: str) -> bool:
    return isinstance(given, str) and _bare(given) == _bare(evse_id)


def _bare(evse_id: str) -> str:
    return _SEPARATORS.sub("", evse_id).upper()
