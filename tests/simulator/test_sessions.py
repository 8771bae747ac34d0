"""From the start to the CDR and the invoice."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.simulator.bench import FULL_BILLING, TICK, TYPE_1, TYPE_2, Bench, problem, refusal

ALL = TYPE_1 + TYPE_2
COST_PARTS = ("kwh_cost", "time_cost", "session_fee_cost", "blocking_fee_cost", "starting_fee_cost")
PRICES = ("kwh_price", "time_price", "session_fee", "blocking_fee", "starting_fee")


def _final(dev: Bench, evse: str, *, seconds: float = 61.5) -> tuple[str, Any]:
    """A driver's session on that EVSE, charged for `seconds`, stopped and settled."""
    user, method = dev.driver()
    session = dev.start(user, method, evse)
    dev.clock.advance(seconds)
    dev.stop(user, session)
    dev.settle()
    return user, dev.session(user, session)


@pytest.mark.parametrize("evse", TYPE_1)
def test_a_shared_vcp_shows_no_energy_until_its_cdr(dev: Bench, evse: str) -> None:
    user, method = dev.driver()
    session = dev.start(user, method, evse)
    for _ in range(20):
        dev.clock.advance(TICK)
        shown = dev.session(user, session)
        assert (shown["consumed_energy"], shown["is_active"], shown["end_time"]) == (None, True, None)
    assert dev.stop(user, session).status_code == 204
    assert dev.session(user, session)["is_active"]
    dev.clock.advance(TICK)
    shown = dev.session(user, session)
    assert not shown["is_active"]
    assert shown["duration"] == 40
    assert Decimal(shown["consumed_energy"]) > 0


@pytest.mark.parametrize("stopped", [True, False], ids=["stopped", "not stopped"])
@pytest.mark.parametrize("evse", TYPE_2)
def test_a_progress_vcp_sends_ten_rising_messages_and_its_cdr_by_itself(dev: Bench, evse: str, stopped: bool) -> None:
    user, method = dev.driver()
    session = dev.start(user, method, evse)
    seen = [dev.session(user, session)["consumed_energy"]]
    if stopped:
        assert dev.stop(user, session).status_code == 204
    for _ in range(10):
        dev.clock.advance(TICK)
        shown = dev.session(user, session)
        assert shown["is_active"]
        seen.append(shown["consumed_energy"])
    kwh = [Decimal(text) for text in seen]
    assert kwh == sorted(set(kwh))
    dev.clock.advance(TICK)
    final = dev.session(user, session)
    assert (final["is_active"], final["consumed_energy"], final["duration"]) == (False, seen[-1], 20)
    assert problem(dev.stop(user, session)) == (409, "already_stopped")


@pytest.mark.parametrize("messages", [0, 1, 3])
def test_fewer_progress_messages_end_earlier(messages: int) -> None:
    dev = Bench(progress_messages=messages)
    user, method = dev.driver()
    session = dev.start(user, method, TYPE_2[0])
    dev.clock.advance(max(1, messages) * TICK)
    assert dev.session(user, session)["is_active"]
    dev.clock.advance(TICK)
    assert dev.session(user, session)["consumed_energy"] == "10.000"


def test_a_shared_session_that_nobody_stops_ends_at_the_limit() -> None:
    dev = Bench(session_limit=600)
    (user, method), (other, card) = dev.driver(), dev.driver()
    session = dev.start(user, method, TYPE_1[0])
    dev.clock.advance(600)
    assert problem(dev.stop(user, session)) == (409, "already_stopped")
    dev.start(other, card, TYPE_1[0])
    dev.clock.advance(TICK)
    assert dev.session(user, session)["duration"] == 600


def test_cdr_and_invoice_come_as_late_as_told() -> None:
    dev = Bench(cdr_delay=30, invoice_delay=60)
    user, method = dev.driver()
    session = dev.start(user, method, TYPE_1[0])
    dev.stop(user, session)
    dev.clock.advance(29)
    assert dev.session(user, session)["is_active"]
    assert problem(dev.try_start(user, method, TYPE_1[0])) == (409, "already_charging")
    dev.clock.advance(1)
    settled = dev.session(user, session)
    assert (settled["is_active"], settled["session_cost"]["invoice_download"]) == (False, None)
    assert dev.get(f"/users/{user}/invoices/")["count"] == 0
    dev.clock.advance(60)
    invoice = dev.get(f"/users/{user}/invoices/")["results"][0]
    assert dev.session(user, session)["session_cost"]["invoice_download"] == invoice["link"]
    assert datetime.fromisoformat(invoice["date"]) == dev.clock.now()


@pytest.mark.parametrize("evse", ALL)
def test_the_parts_of_a_final_session_agree(dev: Bench, evse: str) -> None:
    user, session = _final(dev, evse)
    start, end = (datetime.fromisoformat(session[name]) for name in ("start_time", "end_time"))
    assert int((end - start).total_seconds()) == session["duration"]
    prices, cost = session["user_facing_session_prices"], session["session_cost"]
    assert prices["currency"] == cost["currency"] == "EUR"
    for price, part in zip(PRICES, COST_PARTS, strict=True):
        assert (prices[price] is None) == (cost[part] is None)
    parts = sum(Decimal(cost[part]) for part in COST_PARTS if cost[part] is not None)
    assert Decimal(cost["invoice_summary"]) == parts > Decimal(cost["invoice_vat"]) > 0
    by_price = Decimal(prices["kwh_price"]) * Decimal(session["consumed_energy"])
    assert abs(Decimal(cost["kwh_cost"]) - by_price) <= Decimal("0.02")
    invoice = dev.get(f"/users/{user}/invoices/")["results"][0]
    assert (invoice["charging_session_id"], invoice["total"]) == (session["id"], cost["invoice_summary"])
    assert (invoice["currency"], invoice["refund"]) == ("EUR", False)


@pytest.mark.parametrize("evse", ALL)
def test_a_session_keeps_the_prices_its_station_advertised(dev: Bench, evse: str) -> None:
    station = dev.get("/stations/details/", id=evse, type="evse_id")
    prices = next(group["prices"] for group in station["price_groups"] if evse in group["evse_ids"])
    _, session = _final(dev, evse)
    for price in PRICES:
        advertised = prices[price] and prices[price]["MONDAY"][0]["user_facing_price"]
        assert session["user_facing_session_prices"][price] == advertised


def test_a_weekend_has_its_own_price(dev: Bench) -> None:
    vienna = TYPE_1[3]
    _, monday = _final(dev, vienna)
    dev.clock.advance(5 * 24 * 3600)
    _, saturday = _final(dev, vienna)
    prices = [s["user_facing_session_prices"]["kwh_price"] for s in (monday, saturday)]
    assert prices == ["0.59", "0.45"]


def test_the_guides_worked_example_is_billed_to_the_cent(dev: Bench) -> None:
    """10.000 kWh at 0.54: 5.39, of which VAT 0.86."""
    _, session = _final(dev, TYPE_2[0])
    assert (session["consumed_energy"], session["user_facing_session_prices"]["kwh_price"]) == ("10.000", "0.54")
    assert (session["session_cost"]["kwh_cost"], session["session_cost"]["invoice_vat"]) == ("5.39", "0.86")


def test_the_tariffs_of_the_vcps_differ(dev: Bench) -> None:
    charged = set()
    for evse in ALL:
        _, session = _final(dev, evse)
        charged.add(tuple(part for part in COST_PARTS if session["session_cost"][part] is not None))
    assert {part for parts in charged for part in parts} == set(COST_PARTS)
    assert len(charged) >= 5


def test_before_the_cdr_a_session_costs_nothing(dev: Bench) -> None:
    user, method = dev.driver()
    cost = dev.session(user, dev.start(user, method, TYPE_2[0]))["session_cost"]
    assert [cost[part] for part in COST_PARTS] == [None] * 5
    assert (cost["invoice_summary"], cost["invoice_vat"], cost["invoice_download"]) == ("0.00", "0.00", None)


def test_history_is_newest_first_and_paged(dev: Bench) -> None:
    user, method = dev.driver()
    made = []
    for _ in range(5):
        made.append(dev.start(user, method, TYPE_2[1]))
        dev.settle()
    assert [s["id"] for s in dev.sessions(user)] == made[::-1]
    page = dev.get(f"/users/{user}/charging-sessions/", page=2, page_size=2)
    assert [s["id"] for s in page["results"]] == [made[2], made[1]]
    invoices = dev.get(f"/users/{user}/invoices/")["results"]
    assert [i["charging_session_id"] for i in invoices] == made[::-1]


def test_another_users_session_is_not_found(dev: Bench) -> None:
    (owner, method), other = dev.driver(), dev.user()
    session = dev.start(owner, method, TYPE_1[0])
    assert refusal(dev.send("GET", f"/api/v1/users/{other}/charging-sessions/{session}/")) == 404
    assert refusal(dev.stop(other, session)) == 404
    assert refusal(dev.stop(owner, "unknown")) == 404
    assert dev.sessions(other) == []
    assert dev.session(owner, session)["is_active"]


def test_a_second_stop_says_so(dev: Bench) -> None:
    user, method = dev.driver()
    session = dev.start(user, method, TYPE_1[0])
    assert dev.stop(user, session).status_code == 204
    assert problem(dev.stop(user, session)) == (409, "already_stopped")
    dev.settle()
    assert problem(dev.stop(user, session)) == (409, "already_stopped")


@pytest.mark.parametrize(
    ("rates", "status"),
    [(1, 200), (5, 200), (None, 200), (0, 400), (6, 400), (True, 400), ("3", 400), (2.5, 400), (10**30, 400)],
)
def test_a_session_is_rated_from_one_to_five(dev: Bench, rates: object, status: int) -> None:
    user, session = _final(dev, TYPE_1[0])
    path = f"/api/v1/users/{user}/charging-sessions/{session['id']}/"
    answer = dev.send("PATCH", path, json={"rates": rates, "is_active": True})
    assert answer.status_code == status
    shown = dev.session(user, session["id"])
    assert shown == session | {"rates": rates if status == 200 else None}


@pytest.mark.parametrize(
    ("details", "customer"),
    [
        (FULL_BILLING, "Ada Muster"),
        (
            FULL_BILLING | {"account_type": "business", "company_name": "Muster GmbH", "vat_id": "DE1"},
            "Muster GmbH\nDE1",
        ),
    ],
    ids=["personal", "business"],
)
def test_an_invoice_can_be_fetched_and_names_the_customer(dev: Bench, details: dict[str, str], customer: str) -> None:
    user, session = _final(dev, TYPE_2[0])
    dev.put_billing(user, **details)
    document = dev.raw("GET", session["session_cost"]["invoice_download"])
    assert document.status_code == 200
    assert customer in document.text
    assert "Total 5.39 EUR, of which VAT 0.86" in document.text
    assert refusal(dev.raw("GET", "/media/invoices/unknown.txt")) == 404


# -- debts ---------------------------------------------------------------------------------------------------------


def _indebted() -> tuple[Bench, str, str, str]:
    dev = Bench(unpaid=True)
    user, method = dev.driver()
    session = dev.start(user, method, TYPE_2[0])
    assert dev.get(f"/users/{user}/charging/debts/")["count"] == 0
    dev.settle()
    return dev, user, method, session


def test_a_declined_final_charge_is_a_debt_that_blocks_the_user() -> None:
    dev, user, method, session = _indebted()
    debts = dev.get(f"/users/{user}/charging/debts/")["results"]
    secret = debts[0]["payment_intent_client_secret"]
    assert debts == [
        {"session_id": session, "payment_intent_client_secret": secret, "amount": "5.39", "currency": "EUR"}
    ]
    assert dev.get(f"/users/{user}/invoices/")["count"] == 0
    for answer in (
        dev.try_start(user, method, TYPE_2[0]),
        dev.delete(f"/users/{user}/"),
        dev.delete(f"/users/{user}/payment-methods/{method}/"),
    ):
        assert problem(answer) == (402, "payment_error")


def test_paying_the_debt_settles_it() -> None:
    dev, user, method, session = _indebted()
    secret = dev.get(f"/users/{user}/charging/debts/")["results"][0]["payment_intent_client_secret"]
    refused = dev.confirm_payment(secret, payment_method="pm_card_chargeCustomerFail")
    assert (refused.status_code, refused.json()["error"]["code"]) == (402, "card_declined")
    paid = dev.confirm_payment(secret, payment_method=method).json()
    assert (paid["status"], paid["amount"]) == ("succeeded", 539)
    assert dev.get(f"/users/{user}/charging/debts/")["count"] == 0
    assert dev.get(f"/users/{user}/invoices/")["results"][0]["charging_session_id"] == session
    assert dev.delete(f"/users/{user}/").status_code == 204


def test_one_session_can_be_told_to_leave_a_debt(dev: Bench) -> None:
    (user, method), (other, card) = dev.driver(), dev.driver()
    session = dev.start(user, method, TYPE_2[0])
    dev.start(other, card, TYPE_2[0])
    dev.world.decline_final_charge(session)
    dev.settle()
    assert dev.get(f"/users/{user}/charging/debts/")["count"] == 1
    assert dev.get(f"/users/{other}/charging/debts/")["count"] == 0
