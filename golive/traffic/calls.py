"""One exchange of the partner's backend, read as far as it can be: whose it is, what was asked, what came of it.

Nothing in here raises, whatever a record holds: a body that is no JSON, an answer cut off, an address that is none.
"""

import json
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from golive.evidence.exchange import Exchange, error_type_of

CREATE_USER: Final = "users_create"
LIST_USERS: Final = "users_list"
GET_USER: Final = "users_retrieve"
CHANGE_USER: Final = "users_partial_update"
DELETE_USER: Final = "users_destroy"
PUT_BILLING: Final = "users_billing_details_update"
SETUP_INTENT: Final = "users_setup_intents_retrieve"
LIST_METHODS: Final = "users_payment_methods_list"
DEFAULT_METHOD: Final = "users_payment_methods_default_create"
DELETE_METHOD: Final = "users_payment_methods_destroy"
AROUND: Final = "stations_around_list"
STATION: Final = "stations_details_retrieve"
START: Final = "users_charging_start_create"
STOP: Final = "users_charging_stop_create"
LIST_SESSIONS: Final = "users_charging_sessions_list"
GET_SESSION: Final = "users_charging_sessions_retrieve"
LIST_DEBTS: Final = "users_charging_debts_list"

ALREADY_CHARGING: Final = "already_charging"
ALREADY_STOPPED: Final = "already_stopped"
BILLING_DATA_REQUIRED: Final = "billing_data_required"
CHARGING_PROVIDER_ERROR: Final = "charging_provider_error"
PAYMENT_ERROR: Final = "payment_error"
PAYMENT_METHOD_ERROR: Final = "payment_method_error"
PRE_AUTHORIZATION_FAILED: Final = "pre_authorization_failed"
STATION_AVAILABILITY_ISSUE: Final = "station_availability_issue"
TEMPORARY_LOCKED: Final = "temporary_locked"
UNEXPECTED_ERROR: Final = "unexpected_error"

IN_FRONT: Final = frozenset({502, 503, 504})
"""Answers of something in front of the API: whether the request reached it is not known."""

_USER: Final = re.compile(r"/users/([^/]+)(?:/|$)")
_SESSION: Final = re.compile(r"/charging/stop/([^/]+)/?$|/charging-sessions/([^/]+)/?$")
_WENT_AWAY: Final = "ClientGone"
"""Kind of the fault where the backend had closed the connection before the answer came."""
_NO_URL: Final = SplitResult("", "", "", "", "")


@dataclass(frozen=True, eq=False)
class Call:
    """One request of the partner's backend with what became of it; `at` and `ended` are seconds since 1970."""

    exchange: Exchange
    at: float
    ended: float

    @classmethod
    def of(cls, exchange: Exchange) -> "Call":
        at = seconds(exchange.started_at)
        took = exchange.took_s if math.isfinite(exchange.took_s) else 0.0
        if exchange.error is not None and exchange.error.kind == _WENT_AWAY:
            took = 0.0  # the record has when the answer came, not when the backend had given up waiting for it
        return cls(exchange, at, at + max(0.0, took))

    @property
    def id(self) -> str:
        return self.exchange.id

    @property
    def place(self) -> tuple[float, int, str]:
        """Where it stands in the order in which requests began."""
        return self.at, len(self.id), self.id

    @property
    def operation(self) -> str | None:
        return self.exchange.operation

    @property
    def is_get(self) -> bool:
        return self.exchange.request.method.upper() == "GET"

    @cached_property
    def url(self) -> SplitResult:
        return split(self.exchange.request.url)

    @cached_property
    def query(self) -> tuple[tuple[str, str], ...]:
        try:
            return tuple(parse_qsl(self.url.query, keep_blank_values=True))
        except ValueError:
            return ()

    @cached_property
    def user(self) -> str | None:
        """The user in the path."""
        found = _USER.search(self.url.path)
        return unquote(found[1]) if found else None

    @cached_property
    def session(self) -> str | None:
        """The session in the path or, of a start, in the answer."""
        if self.operation == START:
            return text_in(self.answer, "id") if self.accepted else None
        found = _SESSION.search(self.url.path)
        return unquote(found[1] or found[2]) if found else None

    @cached_property
    def sent(self) -> Any:
        """The request's body: what JSON says, or a form as a mapping; None where it is neither."""
        body = self.exchange.request.body
        parsed = parsed_json(body)
        kind = self.exchange.request.headers.get("content-type", "")
        if parsed is None and body and "form-urlencoded" in kind:
            try:
                return dict(parse_qsl(body, keep_blank_values=True))
            except ValueError:
                return None
        return parsed

    @cached_property
    def answer(self) -> Any:
        """What JSON the backend was answered; None where there was none, or none that can be read."""
        response = self.exchange.response
        return None if response is None or self.lost else parsed_json(response.body)

    @cached_property
    def lost(self) -> bool:
        """No whole answer reached the backend."""
        return self.exchange.error is not None or self.exchange.response is None

    @property
    def status(self) -> int | None:
        """Of the answer; None where it was lost."""
        return None if self.lost or self.exchange.response is None else self.exchange.response.status

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def redirected(self) -> bool:
        """Told to ask elsewhere, as for a path without the slash at its end: what was asked for is in the next call."""
        return self.status is not None and 300 <= self.status < 400

    @property
    def failed(self) -> bool:
        """Refused or lost."""
        return self.status is None or self.status >= 400

    @cached_property
    def error_type(self) -> str | None:
        return None if self.lost else error_type_of(self.exchange)

    @cached_property
    def open_state(self) -> bool:
        """Whether the backend cannot know from the answer what its request did: lost, answered by something in front
        of the API, or accepted without saying which session was started."""
        if self.lost or self.status in IN_FRONT:
            return True
        return self.operation == START and self.accepted and self.session is None

    @cached_property
    def has_client_secret(self) -> bool:
        """Whether a refusal lets the driver authenticate or pay: it came with a payment intent's secret."""
        error = self.answer.get("error") if isinstance(self.answer, dict) else None
        return isinstance(error, dict) and bool(error.get("payment_intent_client_secret"))

    @property
    def evse(self) -> str | None:
        """Of a start: where."""
        return text_in(self.sent, "evse_id")

    @property
    def at_evse(self) -> str | None:
        """The same, in one spelling for all."""
        return bare(self.evse)

    @property
    def method(self) -> str | None:
        """Of a start: the payment method."""
        return text_in(self.sent, "payment_method_id")

    @cached_property
    def same(self) -> tuple[str, str, str | None]:
        """Equal for two requests that are the same request."""
        request = self.exchange.request
        return request.method.upper(), request.url, request.body

    @property
    def said(self) -> str:
        """What came of it, in a word or two."""
        if self.lost:
            return "a lost answer"
        if self.operation == START and self.accepted and self.session is None:
            return f"an unreadable {self.status}"
        return self.error_type or f"status {self.status}"


def parsed_json(body: str | None) -> Any:
    if not body:
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def text_in(value: object, name: str) -> str | None:
    """The member `name` of a JSON object where it is a text or, as some ids are, a number; None for an empty one."""
    found = value.get(name) if isinstance(value, dict) else None
    if isinstance(found, bool) or not isinstance(found, (str, int)):
        return None
    return str(found).strip() or None


def bare(evse: str | None) -> str | None:
    """An EVSE ID without what separates its parts, which is written or left out (`DE*CIQ*E1`, `DECIQE1`)."""
    return None if evse is None else re.sub(r"[\W_]", "", evse).upper()


def results_in(answer: object) -> list[dict[str, Any]]:
    """The objects of a page, or of a bare list."""
    found = answer.get("results") if isinstance(answer, dict) else answer
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.hostname, parts.port  # noqa: B018 - they are read when asked for, and may raise
    except ValueError:
        return _NO_URL
    return parts


def seconds(moment: datetime) -> float:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
