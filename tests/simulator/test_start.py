"""The checks of a start, and their order."""

import math
from typing import Any

import pytest

from golive.simulator.faults import ErrorType, Problem
from tests.simulator.bench import FULL_BILLING, MILAN, TYPE_1, TYPE_2, Bench, problem, refusal

ITALIAN = FULL_BILLING | {"country": "it", "city": "Milano", "tax_id": "RSSMRA80A01H501U"}
ITALIAN_BUSINESS = {
    "country": "IT",
    "account_type": "business",
    "company_name": "Prova S.r.l.",
    "vat_id": "IT12345670017",
    "line1": "Via Roma 1",
    "postal_code": "20100",
    "city": "Milano",
}


def _evse_with(dev: Bench, status: str) -> str:
    return next(
        e.evse_id for s in dev.world.atlas.stations for e in s.evses if e.status == status and e.vcp_type is None
    )


@pytest.mark.parametrize("evse", TYPE_1 + TYPE_2)
def test_a_start_opens_an_active_session_on_that_evse(dev: Bench, evse: str) -> None:
    user, method = dev.driver()
    answer = dev.try_start(user, method, evse)
    session = answer.json()
    assert (answer.status_code, session["is_active"], session["evse_id"]) == (201, True, evse)
    assert dev.session(user, session["id"]) == session
    assert dev.sessions(user) == [session]


@pytest.mark.parametrize("evse", TYPE_1 + TYPE_2)
def test_a_start_takes_the_evse_id_in_another_spelling(dev: Bench, evse: str) -> None:
    user, method = dev.driver()
    answer = dev.try_start(user, method, evse.replace("*", "").lower())
    assert answer.json()["evse_id"] == evse


def test_the_checks_come_in_the_documented_order(dev: Bench) -> None:
    """One start with everything wrong, mended step by step: each answer is that of the next check."""
    user = dev.user()
    declined, good = dev.card(user, "pm_card_chargeCustomerFail"), dev.card(user)
    dev.world.hold(TYPE_1[0])
    assert problem(dev.try_start(user, "", "")) == (400, "validation_error")
    assert refusal(dev.try_start(user, "pm_unknown", "DE*XX*E1")) == 404
    assert problem(dev.try_start(user, "pm_unknown", TYPE_1[0])) == (409, "billing_data_required")
    dev.put_billing(user, **FULL_BILLING)
    assert problem(dev.try_start(user, "pm_unknown", TYPE_1[0])) == (400, "payment_method_error")
    assert problem(dev.try_start(user, declined, TYPE_1[0])) == (402, "pre_authorization_failed")
    assert problem(dev.try_start(user, good, TYPE_1[0])) == (424, "charging_provider_error")
    assert dev.sessions(user) == []
    dev.world.release(TYPE_1[0])
    session = dev.start(user, good, TYPE_1[0])
    for evse in ("DE*XX*E1", TYPE_1[0], TYPE_2[0]):
        assert problem(dev.try_start(user, "pm_unknown", evse)) == (409, "already_charging")
    assert [s["id"] for s in dev.sessions(user)] == [session]


def test_connectors_out_of_order_or_without_data_are_refused(dev: Bench) -> None:
    user, method = dev.driver()
    dev.world.put_out_of_order(TYPE_2[0])
    assert problem(dev.try_start(user, method, TYPE_2[0])) == (409, "station_availability_issue")
    dev.world.repair(TYPE_2[0])
    dev.start(user, method, TYPE_2[0])
    other, card = dev.driver()
    for status, answer in (
        ("OUTOFORDER", (409, "station_availability_issue")),
        ("UNKNOWN", (424, "station_availability_issue")),
        ("AVAILABLE", (424, "charging_provider_error")),
    ):
        assert problem(dev.try_start(other, card, _evse_with(dev, status))) == answer


@pytest.mark.parametrize(
    ("complete", "needed"),
    [(ITALIAN, ["city", "first_name", "last_name", "tax_id"]), (ITALIAN_BUSINESS, ["city", "company_name", "vat_id"])],
    ids=["personal", "business"],
)
@pytest.mark.parametrize("evse", [MILAN, TYPE_2[0]])
def test_a_customer_from_italy_needs_every_field(
    dev: Bench, complete: dict[str, str], needed: list[str], evse: str
) -> None:
    user, method = dev.driver()
    for name in needed:
        assert dev.put_billing(user, **{k: v for k, v in complete.items() if k != name}).status_code == 200
        refused = dev.try_start(user, method, evse)
        assert problem(refused) == (409, "billing_data_required")
        assert name in refused.json()["error"]["details"]
    dev.put_billing(user, **complete)
    dev.start(user, method, evse)


def test_a_customer_from_elsewhere_needs_names_only_in_italy(dev: Bench) -> None:
    user, method = dev.driver()
    dev.put_billing(user, country="de", line1="Weg 1", postal_code="10115", city="Berlin")
    assert problem(dev.try_start(user, method, MILAN)) == (409, "billing_data_required")
    dev.put_billing(
        user, country="de", line1="Weg 1", postal_code="1", city="Berlin", account_type="business", company_name="X"
    )
    dev.start(user, method, MILAN)
    other, card = dev.driver()
    dev.put_billing(other, line1="Weg 1", postal_code="10115")
    dev.start(other, card, TYPE_2[0])


@pytest.mark.parametrize("card", ["pm_card_chargeCustomerFail", "pm_card_visa_chargeDeclinedInsufficientFunds"])
def test_a_declined_card_fails_pre_authorization_without_a_secret(dev: Bench, card: str) -> None:
    user, method = dev.driver(card)
    refused = dev.try_start(user, method, TYPE_1[0])
    assert problem(refused) == (402, "pre_authorization_failed")
    assert "payment_intent_client_secret" not in refused.json()["error"]
    assert dev.sessions(user) == []


def test_a_card_that_wants_authentication_starts_once_after_it_is_given(dev: Bench) -> None:
    user, method = dev.driver("pm_card_authenticationRequired")
    for _ in range(2):
        refused = dev.try_start(user, method, TYPE_2[0])
        assert problem(refused) == (402, "pre_authorization_failed")
        secret = refused.json()["error"]["payment_intent_client_secret"]
        intent = secret.partition("_secret_")[0]
        waiting = dev.stripe("GET", f"payment_intents/{intent}", client_secret=secret).json()
        assert (waiting["status"], waiting["amount"], waiting["currency"]) == ("requires_action", 5000, "eur")
        assert dev.confirm_payment(secret).json()["status"] == "requires_capture"
        assert dev.confirm_payment(secret).json()["error"]["code"] == "payment_intent_unexpected_state"
        dev.start(user, method, TYPE_2[0])
        dev.settle()


@pytest.mark.parametrize(
    ("busy_as", "answer"),
    [
        ("charging_provider_error", (424, "charging_provider_error")),
        ("station_availability_issue_409", (409, "station_availability_issue")),
        ("station_availability_issue_424", (424, "station_availability_issue")),
    ],
)
@pytest.mark.parametrize("evse", TYPE_1)
def test_a_shared_vcp_is_busy_for_a_second_driver_until_the_stop(
    busy_as: str, answer: tuple[int, str], evse: str
) -> None:
    dev = Bench(busy_as=busy_as)
    (a, card_a), (b, card_b) = dev.driver(), dev.driver()
    session = dev.start(a, card_a, evse)
    before = dev.session(a, session)
    assert problem(dev.try_start(b, card_b, evse)) == answer
    assert dev.sessions(b) == []
    assert dev.session(a, session) == before
    dev.stop(a, session)
    dev.start(b, card_b, evse)


def test_a_progress_vcp_is_never_busy(dev: Bench) -> None:
    for evse in TYPE_2:
        for _ in range(3):
            user, method = dev.driver()
            dev.start(user, method, evse)


def test_another_party_holds_a_vcp_as_long_as_told() -> None:
    dev = Bench(held={"DECIQEWBNHHLM82TLA1": 5, TYPE_1[1]: math.inf})
    user, method = dev.driver()
    assert problem(dev.try_start(user, method, TYPE_1[0])) == (424, "charging_provider_error")
    dev.clock.advance(5)
    dev.stop(user, dev.start(user, method, TYPE_1[0]))
    dev.settle()
    assert problem(dev.try_start(user, method, TYPE_1[1])) == (424, "charging_provider_error")


def test_the_provider_can_be_told_to_refuse(dev: Bench) -> None:
    user, method = dev.driver()
    fault = Problem(500, ErrorType.UNEXPECTED, "Unexpected error. Support code: 0f8f")
    dev.world.provider_refuses(TYPE_2[0], fault)
    assert problem(dev.try_start(user, method, TYPE_2[0])) == (500, "unexpected_error")
    dev.world.provider_refuses(TYPE_2[0], None)
    dev.start(user, method, TYPE_2[0])


def test_a_slow_start_counts_from_its_end_and_blocks_others_from_its_beginning() -> None:
    meanwhile: dict[str, Any] = {}
    dev = Bench(start_delay=30)
    (a, card_a), (b, card_b) = dev.driver(), dev.driver()
    began = dev.clock.now()
    advance = dev.clock.advance

    def advance_and_look(seconds: float) -> None:
        dev.clock.advance = advance  # type: ignore[method-assign]
        meanwhile["same user"] = problem(dev.try_start(a, card_a, TYPE_2[0]))
        meanwhile["other user"] = problem(dev.try_start(b, card_b, TYPE_1[0]))
        meanwhile["deletion"] = problem(dev.delete(f"/users/{a}/"))
        advance(seconds)

    dev.clock.advance = advance_and_look  # type: ignore[method-assign]
    session = dev.session(a, dev.start(a, card_a, TYPE_1[0]))
    assert meanwhile == {
        "same user": (409, "already_charging"),
        "other user": (424, "charging_provider_error"),
        "deletion": (402, "payment_error"),
    }
    assert session["start_time"] > began.isoformat()
    assert session["is_active"]


def test_a_refused_start_leaves_nothing_behind(dev: Bench) -> None:
    user, method = dev.driver()
    dev.world.hold(TYPE_1[0])
    for _ in range(2):
        assert problem(dev.try_start(user, method, TYPE_1[0]))[0] == 424
    dev.world.release(TYPE_1[0])
    dev.start(user, method, TYPE_1[0])
    assert len(dev.sessions(user)) == 1
