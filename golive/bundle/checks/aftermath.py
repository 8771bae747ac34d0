"""What the run left on its target, derived again from its exchanges.

Only answers in the one form that needs no interpretation are held against the record: an answer that was lost or in
another form may have been read from the lists that followed.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote, unquote

from golive.bundle.manifest import doubled
from golive.evidence.exchange import PARTNER
from golive.evidence.model import Evidence, Exchange

_USER: Final = re.compile(r"/users/([^/?#]+)")
_DELETED: Final = "deleted"


def left(evidence: Evidence) -> list[str]:
    """Users and sessions that are told, against those that the answers show."""
    return [*_users(evidence), *_sessions(evidence), *_open(evidence)]


# -- users ---------------------------------------------------------------------------------------------------


def _users(evidence: Evidence) -> Iterator[str]:
    told = {user.user_id: user for user in evidence.aftermath.users}
    yield from (f"the user {id_} is there twice" for id_ in doubled(u.user_id for u in evidence.aftermath.users))
    made = _made(evidence)
    if evidence.run.complete:  # a run may be broken off between an answer and its being noted
        yield from (
            f"{exchange} created the user {id_}, which is not told" for id_, exchange in made.items() if id_ not in told
        )
    seen = _seen(evidence)
    removed = {
        id_: e
        for e in evidence.exchanges
        if e.operation == "users_destroy" and (id_ := _user_of(e)) and _was_removed(e)
    }
    for id_, user in told.items():
        if not _occurs(id_, seen):
            yield f"the user {id_} was created by no exchange"
        elif user.fate == _DELETED and id_ not in removed:
            yield f"the user {id_} is said to be deleted, and no exchange shows it"
        elif user.fate != _DELETED and id_ in removed and _accepted(removed[id_]):
            yield f"the user {id_} is said to be {user.fate}, but {removed[id_].id} deleted it"


def _made(evidence: Evidence) -> dict[str, str]:
    """By user: the exchange that created it."""
    made: dict[str, str] = {}
    for exchange in evidence.exchanges:
        if exchange.actor == PARTNER:  # whom the partner's own backend makes users for is the partner's
            continue
        if exchange.operation == "users_create" and exchange.response is not None and exchange.response.status == 201:
            id_ = _body(exchange).get("id")
            if isinstance(id_, str) and id_:
                made.setdefault(id_, exchange.id)
    return made


def _was_removed(exchange: Exchange) -> bool:
    """Also where it was not there any more."""
    return _accepted(exchange) or (exchange.response is not None and exchange.response.status == 404)


# -- sessions ------------------------------------------------------------------------------------------------


def _sessions(evidence: Evidence) -> Iterator[str]:
    started = evidence.aftermath.started
    yield from (f"the session {id_} is there twice" for id_ in doubled(started))
    for exchange in evidence.exchanges:
        # A start that a check sent by itself, and that should be refused, is looked for in the user's sessions.
        if exchange.operation != "users_charging_start_create" or exchange.test is not None:
            continue
        id_ = _body(exchange).get("id")
        if evidence.run.complete and _accepted(exchange) and isinstance(id_, str) and id_ and id_ not in started:
            yield f"{exchange.id} started the session {id_}, which is not told"
    seen = _seen(evidence)
    yield from (f"the session {id_} was started by no exchange" for id_ in started if not _occurs(id_, seen))


def _open(evidence: Evidence) -> Iterator[str]:
    """A session of this run that the last list of its user shows as active is told as open, unless something was asked
    of it later. Where something could not be removed or seen at the end, the record's own sentences say so."""
    if evidence.aftermath.left_behind:
        return
    last: dict[str, tuple[str, str]] = {}
    for exchange in evidence.exchanges:
        if exchange.operation == "users_charging_sessions_list" and _accepted(exchange):
            found = _body(exchange).get("results")
            for session in found if isinstance(found, list) else ():
                if isinstance(session, dict) and isinstance(session.get("is_active"), bool):
                    last[str(session.get("id"))] = (exchange.id, "active" if session["is_active"] else "ended")
        else:
            path = exchange.request.url.partition("?")[0]
            for id_ in [id_ for id_ in last if f"/{quote(id_, safe='')}" in path]:
                del last[id_]
    told = evidence.aftermath
    for id_ in told.started:
        if last.get(id_, ("", ""))[1] == "active" and id_ not in told.open_after:
            yield f"{last[id_][0]} shows the session {id_} as active, and it is not told as open"


# -- answers -------------------------------------------------------------------------------------------------


def _seen(evidence: Evidence) -> str:
    """All that was answered."""
    return "\n".join(e.response.body for e in evidence.exchanges if e.response is not None and e.response.body)


def _occurs(id_: str, seen: str) -> bool:
    """As it is, or as JSON writes it."""
    return id_ in seen or json.dumps(id_)[1:-1] in seen


def _user_of(exchange: Exchange) -> str:
    found = _USER.search(exchange.request.url)
    return unquote(found[1]) if found else ""


def _accepted(exchange: Exchange) -> bool:
    return exchange.response is not None and 200 <= exchange.response.status < 300


def _body(exchange: Exchange) -> dict[str, Any]:
    if exchange.response is None or exchange.response.truncated:
        return {}
    try:
        body = json.loads(exchange.response.body or "")
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
