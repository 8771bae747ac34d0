"""Which users, sessions and invoices the exchanges of a run speak of, and when what was done to them."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import unquote

from golive.evidence.model import Exchange

LOST = "no answer: it may exist"
UNREADABLE = "unreadable answer: it may exist"
_Key = TypeVar("_Key")
_OF_USERS = re.compile(r"/users(?:/([^/]+))?(?:/(.+?))?/?$")


@dataclass
class Found:
    """What is known of one id so far."""

    id: str
    actor: str
    requested: datetime | None = None
    made: bool = False
    """Whether this run made it, rather than found it there."""
    user_id: str = ""
    evse_id: str = ""
    external_id: str = ""
    begun: str = ""
    ended: str = ""
    closed: datetime | None = None
    state: str = ""
    related: dict[str, None] = field(default_factory=dict)
    exchanges: list[str] = field(default_factory=list)

    def seen_in(self, exchange: Exchange) -> None:
        if self.exchanges[-1:] != [exchange.id]:
            self.exchanges.append(exchange.id)


class Ids:
    """The ids met so far, each kind in the order in which its first request was sent."""

    def __init__(self) -> None:
        self.users: dict[str, Found] = {}
        self.sessions: dict[str, Found] = {}
        self.invoices: dict[tuple[str, str, str], Found] = {}
        self.unknown: list[tuple[str, Found]] = []
        """Kind and circumstances of what may have been made under an id that nobody here has seen."""

    def read(self, exchanges: Iterable[Exchange]) -> None:
        """Take in `exchanges`, which are in the order in which they began.

        What a gateway answered in the API's place says nothing of the API: where that request was sent on all the
        same, this is an exchange of the gateway's own.
        """
        for exchange in exchanges:
            if exchange.provoked is not None:
                continue
            place = _OF_USERS.search(re.split("[?#]", exchange.request.url, maxsplit=1)[0])
            if place is None:
                continue
            user_id, rest = unquote(place.group(1) or ""), place.group(2) or ""
            if not user_id:
                if exchange.request.method == "POST":
                    self._user_made(exchange)
                continue
            if user_id in self.users or _accepted(exchange):
                self.user(user_id, exchange).seen_in(exchange)
            self._of_user(exchange, user_id, rest)

    def user(self, user_id: str, exchange: Exchange | None = None, actor: str = "") -> Found:
        return _entry(self.users, user_id, Found(user_id, actor), exchange)

    def session(self, session_id: str, exchange: Exchange | None = None, actor: str = "") -> Found:
        return _entry(self.sessions, session_id, Found(session_id, actor), exchange)

    # -- what a request says --------------------------------------------------------------------------------

    def _user_made(self, exchange: Exchange) -> None:
        asked, told = _object(exchange.request.body), _object(_answer(exchange))
        user_id = _text(told.get("id")) if _accepted(exchange) else ""
        if user_id:
            found = self.user(user_id, exchange)
            found.made = True
            found.seen_in(exchange)
        elif exchange.response is None or _accepted(exchange):
            found = self._unknown("user", exchange)
        else:
            return
        found.external_id = _external_id(told) or _external_id(asked)

    def _of_user(self, exchange: Exchange, user_id: str, rest: str) -> None:
        method, ok = exchange.request.method, _accepted(exchange)
        part, _, last = rest.rpartition("/")
        if rest == "charging/start" and method == "POST":
            self._started(exchange, user_id)
        elif part == "charging/stop" and method == "POST":
            self._stopped(exchange, user_id, unquote(last))
        elif part == "charging-sessions":
            session_id = unquote(last)
            if ok:
                self._told(exchange, user_id, _object(_answer(exchange)), session_id)
            elif session_id in self.sessions:
                self.sessions[session_id].seen_in(exchange)
        elif not ok:
            return
        elif rest == "charging-sessions":
            for told in _results(exchange):
                session_id = _text(told.get("id"))
                if session_id in self.sessions or self.users[user_id].made:
                    self._told(exchange, user_id, told, session_id)
        elif rest == "invoices":
            for told in _results(exchange):
                self._invoiced(exchange, user_id, told)
        elif rest == "":
            self._user_told(exchange, user_id)

    def _user_told(self, exchange: Exchange, user_id: str) -> None:
        found = self.users[user_id]
        if exchange.request.method == "DELETE":
            found.closed, found.state = exchange.started_at, "deleted"
        else:
            found.external_id = _external_id(_object(_answer(exchange))) or found.external_id

    def _started(self, exchange: Exchange, user_id: str) -> None:
        asked, told = _object(exchange.request.body), _object(_answer(exchange))
        method = _text(asked.get("payment_method_id"))
        session_id = _text(told.get("id")) if _accepted(exchange) else ""
        if session_id:
            self._told(exchange, user_id, told, session_id)
            found = self.sessions[session_id]
            found.made = True
        elif exchange.response is None or _accepted(exchange):
            found = self._unknown("session", exchange)
            found.user_id = user_id
        else:
            return
        found.evse_id = found.evse_id or _text(asked.get("evse_id"))
        if method:
            found.related[method] = None
            if user_id in self.users:
                self.users[user_id].related[method] = None

    def _stopped(self, exchange: Exchange, user_id: str, session_id: str) -> None:
        if session_id not in self.sessions and not _accepted(exchange):
            return
        found = self.session(session_id, exchange)
        found.seen_in(exchange)
        found.user_id = found.user_id or user_id
        if _accepted(exchange) and found.closed is None:
            found.closed = exchange.started_at

    def _told(self, exchange: Exchange, user_id: str, told: dict[str, Any], session_id: str) -> None:
        if not session_id:
            return
        found = self.session(session_id, exchange)
        found.seen_in(exchange)
        found.user_id = found.user_id or user_id
        found.evse_id = _text(told.get("evse_id")) or found.evse_id
        found.begun = _text(told.get("start_time")) or found.begun
        found.ended = _text(told.get("end_time")) or found.ended

    def _invoiced(self, exchange: Exchange, user_id: str, told: dict[str, Any]) -> None:
        session_id, link = _text(told.get("charging_session_id")), _text(told.get("link"))
        if session_id not in self.sessions and not self.users[user_id].made:
            return  # an older one of a user that the partner prepared
        refund = told.get("refund") is True
        # The API gives an invoice no id: the name of its document stands for it.
        name = _text(told.get("id")) or unquote(re.split("[?#]", link, maxsplit=1)[0].rstrip("/").rpartition("/")[2])
        key = (user_id, name or session_id, str(refund))
        found = _entry(self.invoices, key, Found(name, exchange.actor), exchange)
        found.seen_in(exchange)
        found.user_id, found.begun = user_id, _text(told.get("date")) or found.begun
        amount = f"{_text(told.get('total'))} {_text(told.get('currency'))}".strip()
        found.state = f"{amount} refunded" if refund else amount
        if session_id:
            found.related[session_id] = None
            if session_id in self.sessions:
                found.evse_id = self.sessions[session_id].evse_id
                self.sessions[session_id].related[name or "invoice"] = None

    def _unknown(self, kind: str, exchange: Exchange) -> Found:
        state = LOST if exchange.response is None else UNREADABLE
        found = Found("", exchange.actor, exchange.started_at, made=True, state=state)
        found.seen_in(exchange)
        self.unknown.append((kind, found))
        return found


def _entry(entries: dict[_Key, Found], key: _Key, fresh: Found, exchange: Exchange | None) -> Found:
    found = entries.setdefault(key, fresh)
    if found is fresh and exchange is not None:
        fresh.actor, fresh.requested = exchange.actor, exchange.started_at
    return found


def _accepted(exchange: Exchange) -> bool:
    return exchange.response is not None and 200 <= exchange.response.status < 300


def _answer(exchange: Exchange) -> str | None:
    return exchange.response.body if exchange.response else None


def _object(body: str | None) -> dict[str, Any]:
    """The JSON object in `body`; an empty one where there is none."""
    try:
        found = json.loads(body or "")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _results(exchange: Exchange) -> list[dict[str, Any]]:
    found = _object(_answer(exchange)).get("results")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _external_id(told: dict[str, Any]) -> str:
    kept = told.get("custom_properties")
    return _text(kept.get("external_id") if isinstance(kept, dict) else told.get("external_id"))


def _text(value: Any) -> str:
    """An id, time or amount as text; nothing for what can be none of these."""
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
