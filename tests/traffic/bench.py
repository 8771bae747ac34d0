"""Traces of a partner's traffic, written in a driver's words: what was sent when, and what it was answered with.

    trace = Trace()
    trace.start("u1", EVSE)                     # answered with 201, session s1
    trace.later(5).read("u1", "s1")
    results = trace.judged()

Every call takes place at the trace's own time, which it moves on by what the answer took. `later` lets time pass.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from golive.connect.operations import API_PREFIX, OPERATIONS
from golive.evidence.exchange import Exchange, Request, Response, TransportFault
from golive.evidence.integration import RuleResult, RuleStatus
from golive.traffic import DEFAULT_BOUNDS, Bounds, judge

BASE: Final = "https://dev.connect.cariqa.com"
BEGIN: Final = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
EVSE: Final = "DE*CIQ*EWBNHHLM82TLA*1"
OTHER_EVSE: Final = "AT*VIE*E2334770022*2"
CARD: Final = "pm_visa1"
OTHER_CARD: Final = "pm_visa2"
TOKEN: Final = "Bearer $CONNECT_API_KEY"
CODE: Final = "5f0c1f7e-3c1d-4b63-9a5c-0d6f6f1f2a11"

STATUS: Final = {
    "validation_error": 400,
    "payment_method_error": 400,
    "payment_error": 402,
    "pre_authorization_failed": 402,
    "already_charging": 409,
    "billing_data_required": 409,
    "station_availability_issue": 409,
    "charging_provider_error": 424,
    "already_stopped": 409,
    "temporary_locked": 423,
    "unexpected_error": 500,
}


def refusal(type_: str, details: str = "In the API's own words.", **more: str) -> dict[str, Any]:
    """The envelope of an error."""
    return {"detail": "Refused.", "error": {"type": type_, "details": details, **more}}


def session(id_: str, *, active: bool = True, settled: bool = False, evse: str = EVSE) -> dict[str, Any]:
    """A session as the API shows it; `settled` is with its CDR."""
    return {
        "id": id_,
        "evse_id": evse,
        "is_active": active,
        "end_time": "2026-03-02T10:30:00Z" if settled else None,
        "consumed_energy": "4.200" if settled else "1.000",
        "session_cost": {"kwh_cost": "2.27", "currency": "eur"} if settled else None,
    }


class Trace:
    """The partner's exchanges, one after the other."""

    def __init__(self, *, actor: str = "partner", prefix: str = "x") -> None:
        self.exchanges: list[Exchange] = []
        self.now = 0.0
        self._actor = actor
        self._prefix = prefix

    def later(self, seconds: float) -> "Trace":
        """Let time pass; a negative number goes back, for what is sent before an answer is there."""
        self.now += seconds
        return self

    def call(
        self,
        operation: str | None,
        *,
        sent: Any = None,
        status: int = 200,
        answer: Any = None,
        took: float = 0.1,
        lost: str | None = None,
        headers: Mapping[str, str] | None = None,
        answer_headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        url: str | None = None,
        authorization: str | None = TOKEN,
        provoked: str | None = None,
        **ids: str,
    ) -> "Trace":
        """Any request. `sent` and `answer` are JSON, or a text that is sent as it stands; `lost` is the class of the
        fault that kept the answer away."""
        known = OPERATIONS.get(operation or "")
        address = url or f"{BASE}{API_PREFIX}{known.url_path(**ids) if known else '/elsewhere/'}"
        if query:
            address += f"?{urlencode(query)}"
        given = {"content-type": "application/json", **(headers or {})}
        if authorization is not None:
            given["authorization"] = authorization
        response = Response(
            status=status, headers={"content-type": "application/json", **(answer_headers or {})}, body=_body(answer)
        )
        self.exchanges.append(
            Exchange(
                id=f"{self._prefix}{len(self.exchanges) + 1:04d}",
                actor=self._actor,
                operation=operation,
                started_at=BEGIN + timedelta(seconds=self.now),
                took_s=took,
                request=Request(method=known.method if known else "GET", url=address, headers=given, body=_body(sent)),
                response=None if lost else response,
                error=TransportFault(kind=lost, message="the answer was lost") if lost else None,
                provoked=provoked,
            )
        )
        self.now += took
        return self

    # -- users -----------------------------------------------------------------------------------------------

    def create_user(self, user: str, external_id: str | None = None, **how: Any) -> "Trace":
        custom = {"external_id": external_id or f"driver of {user}"}
        sent = {"custom_properties": custom, "locale": "en"}
        usual: dict[str, Any] = {"sent": sent, "status": 201, "answer": {"id": user, "custom_properties": custom}}
        return self.call("users_create", **(usual | how))

    def look_up(self, search: str, *found: tuple[str, str], **how: Any) -> "Trace":
        """A search; `found` are pairs of user id and external id."""
        results = [{"id": id_, "custom_properties": {"external_id": external}} for id_, external in found]
        return self.call("users_list", query={"search": search}, answer=_page(results), **how)

    def get_user(self, user: str, **how: Any) -> "Trace":
        return self.call("users_retrieve", user_id=user, **({"answer": {"id": user}} | how))

    def delete_user(self, user: str, **how: Any) -> "Trace":
        return self.call("users_destroy", user_id=user, **({"status": 204} | how))

    def billing(self, user: str, **how: Any) -> "Trace":
        sent = {"country": "de", "line1": "Weg 1", "postal_code": "10115"}
        return self.call("users_billing_details_update", user_id=user, **({"sent": sent, "answer": sent} | how))

    # -- payment ---------------------------------------------------------------------------------------------

    def setup_intent(self, user: str, **how: Any) -> "Trace":
        answer = {"setup_intent_client_secret": "seti_1_secret_[redacted-1]"}
        return self.call("users_setup_intents_retrieve", user_id=user, **({"answer": answer} | how))

    def methods(self, user: str, *methods: str, **how: Any) -> "Trace":
        listed = _page([{"id": method, "type": "card", "default": True} for method in methods])
        return self.call("users_payment_methods_list", user_id=user, **({"answer": listed} | how))

    def debts(self, user: str, *sessions: str, **how: Any) -> "Trace":
        listed = _page([{"session_id": id_, "amount": "4.20", "currency": "eur"} for id_ in sessions])
        return self.call("users_charging_debts_list", user_id=user, **({"answer": listed} | how))

    # -- charging --------------------------------------------------------------------------------------------

    def station(self, evse: str = EVSE, **how: Any) -> "Trace":
        found = {"id": "station-1", "name": "Harbour", "evses": [{"evse_id": evse, "status": "AVAILABLE"}]}
        query = {"id": evse, "type": "evse_id"}
        return self.call("stations_details_retrieve", query=query, **({"answer": found} | how))

    def around(self, *evses: str, **how: Any) -> "Trace":
        found = [{"id": f"station of {evse}", "evses": [{"evse_id": evse}]} for evse in evses]
        query = {"latitude": "52.5", "longitude": "13.4"}
        return self.call("stations_around_list", query=query, **({"answer": _page(found)} | how))

    def start(self, user: str, evse: str = EVSE, card: str = CARD, id_: str = "s1", **how: Any) -> "Trace":
        sent = {"evse_id": evse, "payment_method_id": card}
        usual: dict[str, Any] = {"sent": sent, "status": 201, "answer": session(id_, evse=evse), "took": 2.0}
        return self.call("users_charging_start_create", user_id=user, **(usual | how))

    def refused_start(self, user: str, type_: str, evse: str = EVSE, card: str = CARD, **how: Any) -> "Trace":
        usual: dict[str, Any] = {"status": STATUS[type_], "answer": refusal(type_)}
        return self.start(user, evse, card, **(usual | how))

    def read(self, user: str, id_: str = "s1", *, active: bool = True, settled: bool = False, **how: Any) -> "Trace":
        answer = session(id_, active=active and not settled, settled=settled)
        return self.call("users_charging_sessions_retrieve", user_id=user, session_id=id_, **({"answer": answer} | how))

    def sessions(self, user: str, *listed: Mapping[str, Any], **how: Any) -> "Trace":
        return self.call("users_charging_sessions_list", user_id=user, **({"answer": _page(listed)} | how))

    def stop(self, user: str, id_: str = "s1", **how: Any) -> "Trace":
        return self.call("users_charging_stop_create", user_id=user, session_id=id_, **({"status": 204} | how))

    def refused_stop(self, user: str, type_: str, id_: str = "s1", **how: Any) -> "Trace":
        usual: dict[str, Any] = {"status": STATUS[type_], "answer": refusal(type_)}
        return self.stop(user, id_, **(usual | how))

    # -- whole parts of a day ----------------------------------------------------------------------------------

    def signed_up(self, user: str, *cards: str) -> "Trace":
        """A driver with an account, billing data and payment methods, as it should be."""
        self.look_up(f"driver of {user}").create_user(user).billing(user)
        for n, _ in enumerate(cards or (CARD,), start=1):
            self.setup_intent(user).methods(user, *(cards or (CARD,))[:n])
        return self

    def watched(self, user: str, id_: str = "s1", *, times: int = 4, every: float = 10.0) -> "Trace":
        for _ in range(times):
            self.later(every - 0.1).read(user, id_)
        return self

    def settled(self, user: str, id_: str = "s1", *, after: float = 10.0) -> "Trace":
        return self.later(after - 0.1).read(user, id_, settled=True)

    def charge(self, user: str, id_: str = "s1") -> "Trace":
        """A charge from the start to the CDR, as it should be."""
        self.station().start(user, id_=id_).watched(user, id_).later(5).stop(user, id_)
        return self.watched(user, id_, times=2).settled(user, id_)

    # -- judging -----------------------------------------------------------------------------------------------

    def judged(
        self,
        *,
        watched: float = 120.0,
        log_lines: Mapping[str, str | None] | None = None,
        bounds: Bounds = DEFAULT_BOUNDS,
        secrets: Sequence[str] = (),
    ) -> dict[str, RuleResult]:
        """The results by rule; the watching ended `watched` seconds after the last call."""
        until = BEGIN + timedelta(seconds=self.now + watched)
        found = judge(self.exchanges, base_url=BASE, bounds=bounds, until=until, log_lines=log_lines, secrets=secrets)
        return {result.rule: result for result in found}


def broken_in(results: Mapping[str, RuleResult]) -> set[str]:
    return {name for name, result in results.items() if result.status is RuleStatus.BROKEN}


def _page(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"count": len(results), "next": None, "previous": None, "results": [dict(one) for one in results]}


def _body(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)
