"""A partner's integration for the sample records: charges, rules of every status, and errors provoked."""

import json
from typing import Any

from golive.evidence.integration import (
    Charge,
    Integration,
    Meeting,
    ProvokedError,
    RuleResult,
    RuleStatus,
    Shown,
)
from golive.evidence.model import Assurance, CheckResult
from golive.outcomes import Outcome, Owner
from tests.report.people import picture
from tests.report.record import Record, at

PARTNER = "partner"
PROGRESS, SHARED = "DE*PWA*EALP22541X01617*01", "DEQRMEF7GRC21"
SCREEN = "exhibits/s01-card-declined.png"
FILES = {SCREEN: picture(120, 200, (134, 80, 0))}
"""What manual driving left beside the record."""
RAW = '{"detail": "Failed.", "error": {"type": "charging_provider_error", "details": "EVSE rejected: 0x7F"}}'


def shown(seconds: float, state: str | None = None, kwh: str | None = None, message: str | None = None) -> Shown:
    return Shown(at=at(seconds), state=state, kwh=kwh, message=message)


def rule(name: str, title: str, ids: tuple[str, ...], status: RuleStatus, message: str, *exchanges: str) -> RuleResult:
    return RuleResult(rule=name, title=title, requirement_ids=ids, status=status, message=message, exchanges=exchanges)


def envelope(type_: str, details: str, **more: str) -> dict[str, Any]:
    return {"detail": "Failed.", "error": {"type": type_, "details": details, **more}}


def session(id_: str, evse_id: str, kwh: str, *, active: bool = True) -> dict[str, Any]:
    return {
        "id": id_,
        "is_active": active,
        "evse_id": evse_id,
        "start_time": "2026-03-01T10:15:12Z",
        "end_time": None if active else "2026-03-01T10:15:30Z",
        "consumed_energy": kwh,
    }


class Driven:
    """One driver in the partner's app; each method adds what the partner's backend sends for it."""

    def __init__(self, record: Record, user_id: str, seconds: float) -> None:
        self._record = record
        self._user = user_id
        self.now = seconds
        self.sent: list[str] = []

    def send(self, method: str, path: str, body: Any, status: int | None, answer: Any, **more: Any) -> str:
        sent = self._record.add(PARTNER, method, path, body, status, answer, seconds=self.now, **more)
        self.sent.append(sent)
        self.now = round(self.now + 0.2 + more.get("took_s", 0.0), 3)
        return sent

    def sign_up(self) -> None:
        user = {"id": self._user, "custom_properties": {"external_id": f"vf-{self._user}"}}
        self.send("GET", f"/users/?search=vf-{self._user}", None, 200, {"count": 0, "results": []})
        self.send("POST", "/users/", {"custom_properties": {"external_id": f"vf-{self._user}"}}, 201, user)

    def add_card(self) -> None:
        below = f"/users/{self._user}"
        self.send(
            "GET", f"{below}/setup-intents/?pm_type=card", None, 200, {"setup_intent_client_secret": "[redacted]"}
        )
        self.send("GET", f"{below}/payment-methods/", None, 200, {"count": 1, "results": [{"id": "pm_7"}]})

    def start(self, evse_id: str, status: int | None, answer: Any, **more: Any) -> str:
        body = {"evse_id": evse_id, "payment_method_id": "pm_7"}
        return self.send("POST", f"/users/{self._user}/charging/start/", body, status, answer, took_s=0.64, **more)

    def read(self, session_id: str, evse_id: str, kwh: str, *, active: bool = True, **more: Any) -> str:
        path = f"/users/{self._user}/charging-sessions/{session_id}/"
        return self.send("GET", path, None, 200, session(session_id, evse_id, kwh, active=active), **more)

    def stop(self, session_id: str, status: int = 204, answer: Any = "", **more: Any) -> str:
        return self.send("POST", f"/users/{self._user}/charging/stop/{session_id}/", None, status, answer, **more)


def charge(record: Record) -> Charge:
    """From sign-up to receipt on a VCP with progress."""
    driven = Driven(record, "501", 40.0)
    seen = []
    driven.sign_up()
    driven.add_card()
    driven.send("GET", f"/stations/details/?id={PROGRESS}&type=evse_id", None, 200, {"id": "81", "name": "Ladepark"})
    driven.start(PROGRESS, 201, session("5e55a1", PROGRESS, "0.000"))
    for n in range(12):
        kwh = f"{n // 3 * 1.5:.3f}"
        driven.read("5e55a1", PROGRESS, kwh)
        seen.append(shown(driven.now, "charging", kwh))
        driven.now = round(driven.now + 1.8, 3)
    driven.stop("5e55a1")
    seen.append(shown(driven.now, "stopping", "4.500"))
    driven.read("5e55a1", PROGRESS, "4.500")
    driven.now += 2
    driven.read("5e55a1", PROGRESS, "6.000", active=False)
    seen.append(shown(driven.now, "finished", "6.000", "Thank you for charging with Voltfahrt."))
    return Charge(
        driver="golive 7f3a on DE*PWA",
        evse_id=PROGRESS,
        user_id="501",
        session_id="5e55a1",
        shown=tuple(seen),
        receipt="6.000 kWh\n3.24 EUR incl. 0.52 EUR VAT",
        exchanges=tuple(driven.sent),
    )


def refused_charge(record: Record) -> Charge:
    """Another party held the shared VCP."""
    driven = Driven(record, "502", 41.0)
    driven.sign_up()
    driven.add_card()
    driven.start(SHARED, 424, envelope("charging_provider_error", "VCP busy"))
    return Charge(
        driver="golive 7f3a on DEQ",
        evse_id=SHARED,
        user_id="502",
        shown=(shown(43.0, "ready", None, "This station is in use. Please choose another one."),),
        exchanges=tuple(driven.sent),
        outcome=Outcome.INCONCLUSIVE,
        owner=Owner.ENVIRONMENT,
        message="Another party held the VCP.",
    )


def declined(record: Record) -> ProvokedError:
    """402 without a client secret: the driver is asked for another card, in words and with a picture."""
    driven = Driven(record, "503", 80.0)
    driven.sign_up()
    answered = driven.start(PROGRESS, 402, envelope("pre_authorization_failed", "Declined."), provoked="declined")
    followed = [driven.send("GET", "/users/503/payment-methods/", None, 200, {"count": 1, "results": []})]
    saw = shown(81.2, "ready", None, "Your card was declined.\nPlease add another card.")
    return ProvokedError(
        name="declined",
        title="The pre-authorisation fails, and only another card helps",
        error_type="pre_authorization_failed",
        status=402,
        met=True,
        answered=(answered,),
        followed=tuple(followed),
        shown=(saw.model_copy(update={"attachment": SCREEN}), shown(83.2, "ready", None, saw.message)),
        rules=(
            rule(
                "no-start-without-the-driver",
                "No start is repeated before the driver has done something",
                ("BE-4", "BE-6"),
                RuleStatus.KEPT,
                "1 start was answered so, and no other was sent.",
                answered,
            ),
            rule(
                "words-for-drivers",
                "The driver is shown words that are fit for a driver",
                ("BE-6",),
                RuleStatus.KEPT,
                "The driver is told to use another card.",
            ),
        ),
    )


def storm(record: Record) -> ProvokedError:
    """A lost answer, whereupon the start is sent again and again, and the raw error is shown."""
    driven = Driven(record, "504", 90.0)
    driven.sign_up()
    path = "/users/504/charging/start/"
    body = {"evse_id": PROGRESS, "payment_method_id": "pm_7"}
    answered = driven.send("POST", path, body, None, "the answer was dropped", provoked="lost-answer", took_s=5.0)
    busy = json.loads(RAW)
    followed = [driven.send("POST", path, body, 409, envelope("already_charging", "Has a session.")) for _ in range(7)]
    followed.append(driven.send("POST", path, body, 424, busy))
    return ProvokedError(
        name="lost-answer",
        title="A start is carried out, and its answer lost",
        met=True,
        answered=(answered,),
        followed=tuple(followed),
        shown=(shown(97.0, "error", None, RAW),),
        rules=(
            rule(
                "state-before-anything",
                "After a lost answer the state is read before anything is sent again",
                ("BE-4", "BE-6"),
                RuleStatus.BROKEN,
                "The start was sent again 0.2 s after its answer was lost; the sessions were not read.",
                *followed[:1],
            ),
            rule(
                "words-for-drivers",
                "The driver is shown words that are fit for a driver",
                ("BE-6",),
                RuleStatus.BROKEN,
                "The message is JSON.",
            ),
        ),
    )


def meeting(record: Record) -> Meeting:
    """The second driver is refused, and told something that is not for drivers."""
    driven = Driven(record, "507", 110.0)
    answered = driven.start(SHARED, 424, envelope("charging_provider_error", "Connector occupied."))
    followed = driven.send("GET", "/users/507/charging-sessions/", None, 200, {"count": 0, "results": []})
    active = {"count": 1, "results": [session("5e55b2", SHARED, "0.000")]}
    looked = [
        record.add("gateway", "GET", f"/users/{user}/charging-sessions/", None, 200, answer, seconds=112.0)
        for user, answer in (("507", {"count": 0, "results": []}), ("506", active))
    ]
    return Meeting(
        evse_id=SHARED,
        first="golive 7f3a first",
        first_user_id="506",
        first_session_id="5e55b2",
        second="golive 7f3a second",
        second_user_id="507",
        told_it_began=False,
        answered=(answered,),
        followed=(followed,),
        looked=tuple(looked),
        shown=(shown(112.5, "error", None, "Connector occupied."),),
        rules=(
            rule(
                "driver-told",
                "After an error the driver is shown a message for people",
                ("FE-5",),
                RuleStatus.BROKEN,
                "The driver was shown the API's own words.",
                answered,
            ),
            rule(
                "no-start-unasked",
                "Once a driver was told that the station is busy, no start is sent unasked",
                ("BE-4", "BE-6"),
                RuleStatus.KEPT,
                "None was sent.",
                answered,
            ),
        ),
    )


def not_met() -> ProvokedError:
    return ProvokedError(
        name="partners-locked",
        title="The list of partners is locked for a while",
        error_type="temporary_locked",
        status=423,
        met=False,
        problem="The app asks for no list of partners.",
    )


def unseen(record: Record) -> ProvokedError:
    """Met, but the app tells nobody what it shows, and nothing was sent after it."""
    driven = Driven(record, "505", 99.0)
    error = envelope("unexpected_error", "Support code 0b7c.")
    answered = driven.stop("77", 500, error, provoked="unexpected-error")
    return ProvokedError(
        name="unexpected-error",
        title="Something unexpected goes wrong, with a support code",
        error_type="unexpected_error",
        status=500,
        met=True,
        answered=(answered,),
        rules=(
            rule(
                "support-code-kept",
                "The support code of a 500 is kept",
                ("BE-6",),
                RuleStatus.NOT_SHOWN,
                "The adapter does not offer log_line.",
                answered,
            ),
        ),
    )


def integration(record: Record) -> Integration:
    """An integration with something of everything; its exchanges are added to `record`."""
    whole, refused = charge(record), refused_charge(record)
    provoked = (declined(record), unseen(record), not_met(), storm(record))
    met = meeting(record)
    sent = [x.id for x in record.exchanges if x.actor == PARTNER]
    rules = (
        rule(
            "bearer-token",
            "Each request carries the right Bearer token",
            ("BE-2",),
            RuleStatus.KEPT,
            f"All {len(sent)} requests carry it, and none has it in its URL or body.",
            *sent,
        ),
        rule(
            "lookup-before-create",
            "A user is looked up before being created",
            ("BE-3",),
            RuleStatus.KEPT,
            "4 users were looked up by their external id and then created once.",
            *whole.exchanges[:2],
        ),
        rule(
            "stop-once",
            "A stop is sent once",
            ("BE-4",),
            RuleStatus.KEPT,
            "1 session was stopped with 1 request.",
            whole.exchanges[-3],
        ),
        rule(
            "bounded-polling",
            "Polling keeps within bounds and ends when the session is final",
            ("BE-4", "BE-5"),
            RuleStatus.KEPT,
            "14 polls of 1 session, 2.0 s apart on the average (1.8 s to 2.2 s); none after it was final.",
            *whole.exchanges[6:],
        ),
        rule(
            "billing-retry",
            "No start is repeated after billing_data_required without the driver's act",
            ("BE-6",),
            RuleStatus.NOT_SHOWN,
            "No start was answered so.",
        ),
        rule(
            "no-storm",
            "Nothing is retried aggressively",
            ("BE-6",),
            RuleStatus.BROKEN,
            "8 starts within 1.6 s.",
            *provoked[-1].followed,
        ),
    )
    return Integration(
        kind="adapter",
        name="voltfahrt.golive:make",
        offered=("sign_up", "add_payment_method", "find_station", "start", "shown", "stop", "receipt"),
        not_offered=("give_billing_data", "log_line"),
        charges=(whole.model_copy(update={"stops": False}), refused),
        meeting=met,
        rules=rules,
        provoked=provoked,
    )


def checks(seen: Integration) -> list[CheckResult]:
    """What the suite concludes from it, as far as the samples need it."""
    done, storm_ = seen.charges[0], seen.provoked[-1]
    base = {"section": "integration", "duration_s": 0.1, "shows": Assurance.OBSERVED}
    return [
        CheckResult(
            nodeid=f"suites/test_12_integration.py::test_a_driver_charges_through_the_integration[{done.evse_id}]",
            title="A driver charges through the partner's own app.",
            requirement_ids=("BE-3", "BE-4", "BE-5"),
            outcome=Outcome.PASSED,
            exchanges=done.exchanges,
            **base,
        ),
        CheckResult(
            nodeid="suites/test_12_integration.py::test_the_integration_copes_with_the_error[lost-answer]",
            title="After the provoked error nothing unsafe is sent.",
            requirement_ids=("BE-6",),
            outcome=Outcome.FAILED,
            owner=Owner.PARTNER,
            message="The start was sent again 0.2 s after its answer was lost; the message is JSON.",
            exchanges=(*storm_.answered, *storm_.followed),
            **base,
        ),
    ]
