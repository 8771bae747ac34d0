"""What a run that was killed had begun on its target, as far as its exchanges tell.

Only answers in the one form that needs no interpretation are read. Who finishes what is open (the run's guardian, or
`python -m golive release`) does so after this record ends, so all that was not seen to end is told as left.
"""

import json
import re
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import unquote

from golive.evidence.model import Aftermath, Exchange, TestUser

_USER: Final = re.compile(r"/users/([^/?#]+)")
_STOPPED: Final = re.compile(r"/charging/stop/([^/?#]+)")
_ENDED_ALREADY: Final = 409


def aftermath_of(before: Aftermath, exchanges: Iterable[Exchange]) -> Aftermath:
    """What was begun and not seen to end, beside what was known before."""
    users: dict[str, TestUser] = {}
    active: dict[str, bool] = {}
    for exchange in exchanges:
        match exchange.operation:
            case "users_create" if (id_ := _text(_body(exchange), "id")) and _status(exchange) == 201:
                users[id_] = TestUser(
                    user_id=id_,
                    actor=exchange.actor,
                    external_id=_external_id(exchange),
                    made_at=exchange.started_at,
                    fate="left",
                )
            case "users_destroy" if _status(exchange) in (204, 404):
                if (id_ := _in_url(_USER, exchange)) in users:
                    users[id_] = users[id_].model_copy(update={"fate": "deleted"})
            case "users_charging_start_create" if (id_ := _text(_body(exchange), "id")) and _status(exchange) == 201:
                active[id_] = True
            case "users_charging_stop_create" if _status(exchange) in (204, _ENDED_ALREADY):
                _ends(active, _in_url(_STOPPED, exchange))
            case "users_charging_sessions_retrieve" if _body(exchange).get("is_active") is False:
                _ends(active, _text(_body(exchange), "id"))
            case _:
                continue
    still = tuple(id_ for id_, is_active in active.items() if is_active)
    left = [f"session {id_} was not seen to end before the run was killed" for id_ in still]
    left += [f"user {id_} was there when the run was killed" for id_, user in users.items() if user.fate == "left"]
    return before.model_copy(
        update={
            "started": tuple(active),
            "open_after": still,
            "users": tuple(users.values()),
            "left_behind": (*before.left_behind, *left),
        }
    )


def _ends(active: dict[str, bool], session_id: str) -> None:
    if session_id in active:
        active[session_id] = False


def _status(exchange: Exchange) -> int | None:
    return None if exchange.response is None else exchange.response.status


def _in_url(pattern: re.Pattern[str], exchange: Exchange) -> str:
    found = pattern.search(exchange.request.url)
    return unquote(found[1]) if found else ""


def _external_id(exchange: Exchange) -> str | None:
    kept = _parsed(exchange.request.body).get("custom_properties")
    return (_text(kept, "external_id") or None) if isinstance(kept, dict) else None


def _body(exchange: Exchange) -> dict[str, Any]:
    if exchange.response is None or exchange.response.truncated:
        return {}
    return _parsed(exchange.response.body)


def _parsed(text: str | None) -> dict[str, Any]:
    try:
        value = json.loads(text or "")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _text(value: dict[str, Any], name: str) -> str:
    found = value.get(name)
    return found if isinstance(found, str) else ""
