"""What the partner's backend did on the wire, read from the exchanges that the gateway recorded."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final
from urllib.parse import unquote

from golive.connect.operations import API_PREFIX, OPERATIONS
from golive.evidence.exchange import PARTNER, error_type_of
from golive.evidence.model import Exchange

START: Final = "users_charging_start_create"
STOP: Final = "users_charging_stop_create"
SESSION: Final = "users_charging_sessions_retrieve"
HISTORY: Final = "users_charging_sessions_list"

_BUSY: Final = ("charging_provider_error", "station_availability_issue")
_ALREADY_STOPPED: Final = "already_stopped"
_TROUBLE: Final = frozenset({429, 500, 502, 503, 504})
_USER: Final = re.compile(r"/users/([^/?]+)")
_SEPARATORS: Final = re.compile(r"[\s*_.\-]")


def of_partner(exchanges: Iterable[Exchange]) -> tuple[Exchange, ...]:
    """The exchanges of the partner's backend, in their order."""
    return tuple(exchange for exchange in exchanges if exchange.actor == PARTNER)


def starts_on(exchanges: Iterable[Exchange], evse_id: str) -> list[Exchange]:
    """The starts that were sent for this EVSE, however it is spelt."""
    return [each for each in exchanges if each.operation == START and is_same_evse(sent(each).get("evse_id"), evse_id)]


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
    seen = tuple(exchanges)
    sent_stop = any(each.operation == STOP for each in about_session(seen, session_id))
    return sent_stop or has_ended(seen, session_id)


def took_its_stop(exchanges: Iterable[Exchange], session_id: str) -> bool:
    """Whether the backend was told, provoked or not, that the session is stopped."""
    stops = (each for each in about_session(exchanges, session_id) if each.operation == STOP)
    return any(
        each.response is not None
        and each.error is None
        and (each.response.status < 300 or error_type_of(each) == _ALREADY_STOPPED)
        for each in stops
    )


def has_ended(exchanges: Iterable[Exchange], session_id: str) -> bool:
    """Whether the session was read, by itself or in the history, and had ended."""
    return any(
        session.get("id") == session_id and session.get("is_active") is False
        for each in exchanges
        for session in sessions_in(each)
    )


def sessions_in(exchange: Exchange) -> list[dict[str, Any]]:
    """The sessions in the answer to a look at one of them, or at the user's."""
    if exchange.operation not in (SESSION, HISTORY) or exchange.response is None or exchange.response.status != 200:
        return []
    said = answered(exchange)
    found = said.get("results") if exchange.operation == HISTORY else [said]
    return [{**each, "id": str(each.get("id"))} for each in found or () if isinstance(each, dict)]


def is_refused_as_busy(start: Exchange) -> bool:
    """Whether the target refused the start for a reason that another party at a shared VCP may be."""
    if start.provoked is not None or start.response is None:
        return False
    return start.response.status in (409, 424) and error_type_of(start) in _BUSY


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


def _object(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def is_troubled(exchange: Exchange) -> bool:
    """Whether the target itself, or the way there, kept the request from being answered: no backend's fault."""
    if exchange.provoked is not None:
        return False
    return exchange.error is not None or (exchange.response is not None and exchange.response.status in _TROUBLE)


def is_stop_refused(exchanges: Iterable[Exchange], session_id: str) -> bool:
    """Whether the last stop was refused by the target, and the session was not seen to have ended."""
    seen = tuple(exchanges)
    stops = [each for each in about_session(seen, session_id) if each.operation == STOP and each.provoked is None]
    if not stops or has_ended(seen, session_id):
        return False
    refused = stops[-1].response is None or stops[-1].response.status >= 400
    return refused and error_type_of(stops[-1]) != _ALREADY_STOPPED


def names_station(exchange: Exchange, evse_id: str) -> bool:
    """Whether the station of this EVSE was asked for."""
    url = exchange.request.url
    return "/stations/" in url and _bare(evse_id) in _bare(unquote(url))


def is_same_evse(given: object, evse_id: str) -> bool:
    """Whether this is the EVSE ID, however it is spelt."""
    return isinstance(given, str) and _bare(given) == _bare(evse_id)


def _bare(evse_id: str) -> str:
    return _SEPARATORS.sub("", evse_id).upper()
