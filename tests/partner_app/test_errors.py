"""Each row of the API's table of errors: what the driver is told, what the log keeps, what is sent next."""

import re

import pytest

from golive.integration.adapter import AppError
from tests.partner_app.bench import (
    ITALY,
    SESSIONS,
    SHARED,
    START,
    STOP,
    SUPPORT_CODE,
    Answer,
    Bench,
    error,
    until,
)

SECRET = "pi_1_secret_2"
ROWS = {
    # status, error.type, more of it -> what the driver is told, and what can be done about it
    "validation": (400, error("validation_error"), "on our side", "support"),
    "payment-method": (400, error("payment_method_error"), "add another card", "another-card"),
    "payment": (402, error("payment_error"), "not paid yet", "settle"),
    "declined": (402, error("pre_authorization_failed"), "declined the payment", "another-card"),
    "sca": (
        402,
        error("pre_authorization_failed", payment_intent_client_secret=SECRET),
        "bank wants you to confirm",
        "authenticate",
    ),
    "already": (409, error("already_charging"), "charging already", "wait"),
    "billing": (409, error("billing_data_required"), "billing address", "billing-data"),
    "out-of-order": (409, error("station_availability_issue"), "out of order", "another-station"),
    "no-data": (424, error("station_availability_issue"), "does not answer", "another-station"),
    "provider": (424, error("charging_provider_error"), "did not take our request", "wait"),
    "provider-409": (409, error("charging_provider_error"), "did not take our request", "wait"),
    "locked": (423, error("temporary_locked"), "not available for a moment", "wait"),
    "unexpected": (500, error("unexpected_error", f"Support code: {SUPPORT_CODE}"), "say [A-Z2-7]{6}", "support"),
    "unexpected-bare": (500, error("unexpected_error"), "on our side", "support"),
    "key-missing": (401, {"detail": "no credentials"}, "on our side", "support"),
    "key-refused": (403, {"detail": "expired token"}, "on our side", "support"),
    "unknown": (404, {"detail": "Not found."}, "do not know this station", "another-station"),
    "too-many": (429, {"detail": "slow down"}, "lot going on", "wait"),
    "new-one": (418, error("never_heard_of"), "cannot reach our charging partner", "wait"),
}


@pytest.mark.parametrize("row", ROWS)
def test_a_refused_start_is_told_in_the_drivers_words(dev: Bench, row: str) -> None:
    status, body, text, act = ROWS[row]
    dev.between.answers.append(Answer(START, status, body))
    with dev.app() as app:
        driver = dev.driver(app)
        with pytest.raises(AppError) as caught:
            app.start(driver, SHARED)
        shown = str(caught.value)
        charge = app.browser(driver).get("/api/me").json()["charge"]
        assert re.search(text, shown)
        assert charge["notice"]["act"] == act
        assert "error" not in shown
        for hidden in ("internal words", "user 77", SUPPORT_CODE, SECRET, "{", "Not found", "token"):
            assert hidden not in shown
        log = app._log.read_text(encoding="utf-8")
        assert f"status={status}" in log
        assert SECRET not in log
    assert dev.between.count(START) == 1


def test_texts_differ_where_the_driver_has_to_do_something_different() -> None:
    texts = {text: act for _, _, text, act in ROWS.values() if act != "support"}
    assert len({*texts.values()}) == 6


def test_the_support_code_is_in_the_log_beside_the_code_that_the_driver_was_told(dev: Bench) -> None:
    status, body, *_ = ROWS["unexpected"]
    dev.between.answers.append(Answer(START, status, body))
    with dev.app() as app:
        driver = dev.driver(app)
        with pytest.raises(AppError) as caught:
            app.start(driver, SHARED)
        line = app.log_line(SUPPORT_CODE)
        assert line is not None
        told = re.search(r"say (\w{6})\.", str(caught.value))
        assert told is not None
        assert told[1] in line
        assert app.log_line("another code") is None


def test_no_key_and_no_client_secret_is_ever_in_the_log(dev: Bench) -> None:
    dev.between.answers += [
        Answer(START, 500, error("unexpected_error", f"token {dev.sim.options.key} and seti_9_secret_8")),
    ]
    with dev.app() as app:
        driver = dev.driver(app)
        with pytest.raises(AppError):
            app.start(driver, SHARED)
        log = app._log.read_text(encoding="utf-8")
        assert "[removed]" in log
        assert dev.sim.options.key not in log
        assert "_secret_" not in log


def test_without_billing_data_no_second_start_is_sent(dev: Bench) -> None:
    with dev.app() as app:
        app.sign_up("driver-a")
        app.add_payment_method("driver-a", "pm_card_visa")
        for _ in range(3):
            with pytest.raises(AppError, match="billing address"):
                app.start("driver-a", ITALY)
        assert dev.between.count(START) == 1
        app.give_billing_data("driver-a")
        app.start("driver-a", ITALY)
        assert dev.between.count(START) == 2
        app.stop("driver-a")
        until(lambda: app.receipt("driver-a"), "a receipt")


def test_a_declined_card_is_not_tried_again(dev: Bench) -> None:
    with dev.app() as app:
        driver = dev.driver(app, card="pm_card_chargeCustomerFail")
        for _ in range(3):
            with pytest.raises(AppError, match="declined"):
                app.start(driver, SHARED)
        assert dev.between.count(START) == 1
        app.add_payment_method(driver, "pm_card_visa")
        app.start(driver, SHARED)
        app.stop(driver)
        until(lambda: app.receipt(driver), "a receipt")


def test_a_debt_is_settled_before_the_next_start_is_sent(dev: Bench) -> None:
    with dev.app() as app:
        driver = dev.driver(app)
        app.start(driver, SHARED)
        (session,) = dev.sim.world.sessions.values()
        dev.sim.world.decline_final_charge(session.id)
        app.stop(driver)
        until(lambda: app.receipt(driver), "a receipt")
        for _ in range(2):
            with pytest.raises(AppError, match="pay it first"):
                app.start(driver, SHARED)
        assert dev.between.count(START) == 2
        (payment,) = app.browser(driver).get("/api/payments").json()["payments"]
        _pay(dev, payment["client_secret"])
        app.start(driver, SHARED)
        app.stop(driver)
        until(lambda: app.receipt(driver), "a receipt")


def test_a_payment_that_the_bank_wants_confirmed_is_confirmed_and_then_started(dev: Bench) -> None:
    with dev.app() as app:
        driver = dev.driver(app, card="pm_card_authenticationRequired")
        for _ in range(2):
            with pytest.raises(AppError, match="confirm"):
                app.start(driver, SHARED)
        assert dev.between.count(START) == 1
        (payment,) = app.browser(driver).get("/api/payments").json()["payments"]
        _pay(dev, payment["client_secret"])
        app.browser(driver).post("/api/payments", json={})
        app.start(driver, SHARED)
        assert dev.between.count(START) == 2
        app.stop(driver)
        until(lambda: app.receipt(driver), "a receipt")


def test_already_charging_is_answered_by_reading_and_a_wait(dev: Bench) -> None:
    dev.between.answers.append(Answer(START, 409, error("already_charging")))
    with dev.app() as app:
        driver = dev.driver(app)
        for _ in range(2):
            with pytest.raises(AppError, match="charging already"):
                app.start(driver, SHARED)
        assert dev.between.count(START) == 1
        assert all(re.match(SESSIONS, line) for line in dev.between.after(START))


def test_a_stop_that_failed_on_their_side_gives_the_driver_a_code(dev: Bench) -> None:
    dev.between.answers.append(Answer(STOP, 500, error("unexpected_error", f"Support code: {SUPPORT_CODE}")))
    with dev.app() as app:
        driver = dev.driver(app)
        app.start(driver, SHARED)
        app.stop(driver)
        until(lambda: app.shown(driver).message, "a message")
        assert re.search("say [A-Z2-7]{6}", str(app.shown(driver).message))
        assert app.log_line(SUPPORT_CODE)


def _pay(dev: Bench, secret: str) -> None:
    import httpx

    form = {"client_secret": secret, "key": dev.sim.options.publishable_key}
    url = f"{dev.sim.url}/v1/payment_intents/{secret.split('_secret_')[0]}/confirm"
    if (
        httpx.post(url, data={**form, "payment_method": "pm_card_visa"}, trust_env=False).json()["status"]
        == "requires_action"
    ):
        httpx.post(url, data=form, trust_env=False)
