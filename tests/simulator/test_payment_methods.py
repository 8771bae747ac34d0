"""Payment methods and the card processor's test mode."""

import base64

import pytest

from tests.simulator.bench import TYPE_1, TYPE_2, Bench, problem, refusal


def _methods(dev: Bench, user: str) -> list[tuple[str, str, bool]]:
    page = dev.get(f"/users/{user}/payment-methods/")
    return [(method["id"], method["card"]["last4"], method["default"]) for method in page["results"]]


def test_a_confirmed_card_appears_and_is_the_default(dev: Bench) -> None:
    user = dev.user()
    method = dev.card(user)
    assert method.startswith("pm_")
    shown = dev.get(f"/users/{user}/payment-methods/")["results"]
    assert [(m["id"], m["type"], m["default"]) for m in shown] == [(method, "card", True)]
    assert shown[0]["card"] == {
        "brand": "visa",
        "last4": "4242",
        "expiration_date": "03/30",
        "cardholder_name": None,
    }


def test_a_second_card_becomes_the_only_default(dev: Bench) -> None:
    user = dev.user()
    first, second = dev.card(user), dev.card(user, "pm_card_mastercard")
    assert _methods(dev, user) == [(second, "4444", False), (first, "4242", True)]
    assert dev.post(f"/users/{user}/payment-methods/{second}/default/").status_code == 204
    assert _methods(dev, user) == [(second, "4444", True), (first, "4242", False)]
    assert dev.delete(f"/users/{user}/payment-methods/{second}/").status_code == 204
    assert _methods(dev, user) == [(first, "4242", True)]
    assert refusal(dev.delete(f"/users/{user}/payment-methods/{second}/")) == 404


def test_another_user_neither_sees_nor_touches_a_card(dev: Bench) -> None:
    owner, other = dev.user(), dev.user()
    method = dev.card(owner)
    assert _methods(dev, other) == []
    assert refusal(dev.post(f"/users/{other}/payment-methods/{method}/default/")) == 404
    assert refusal(dev.delete(f"/users/{other}/payment-methods/{method}/")) == 404


def test_a_late_payment_method_appears_after_its_delay() -> None:
    dev = Bench(payment_method_delay=3)
    user = dev.user()
    dev.put_billing(user, line1="Weg 1", postal_code="1")
    method = dev.card(user)
    assert _methods(dev, user) == []
    assert problem(dev.try_start(user, method, TYPE_2[0])) == (400, "payment_method_error")
    dev.clock.advance(3)
    assert _methods(dev, user) == [(method, "4242", True)]


def test_the_setup_intent_takes_cards_only(dev: Bench) -> None:
    path = f"/api/v1/users/{dev.user()}/setup-intents/"
    assert dev.send("GET", path, params={"pm_type": "card"}).status_code == 200
    for kind in ("paypal", "", "CARD"):
        assert problem(dev.send("GET", path, params={"pm_type": kind})) == (400, "validation_error")


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("tok_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
    ],
)
def test_a_card_declined_at_set_up_never_appears(dev: Bench, card: str, code: str, decline_code: str | None) -> None:
    user = dev.user()
    secret = dev.client_secret(user)
    answer = dev.confirm_setup(secret, card)
    error = answer.json()["error"]
    assert (answer.status_code, error["type"], error["code"]) == (402, "card_error", code)
    assert error.get("decline_code") == decline_code
    assert error["setup_intent"]["status"] == "requires_payment_method"
    assert _methods(dev, user) == []
    assert dev.confirm_setup(secret, "pm_card_visa").json()["status"] == "succeeded"


def test_a_card_that_wants_authentication_at_set_up_attaches_once_it_is_given(dev: Bench) -> None:
    user = dev.user()
    secret = dev.client_secret(user)
    asked = dev.confirm_setup(secret, "pm_card_authenticationRequiredOnSetup").json()
    assert (asked["status"], asked["payment_method"]) == ("requires_action", None)
    assert asked["next_action"]["type"] == "use_stripe_sdk"
    assert _methods(dev, user) == []
    done = dev.confirm_setup(secret, "pm_card_authenticationRequiredOnSetup").json()
    assert (done["status"], done["next_action"]) == ("succeeded", None)
    assert [last4 for _, last4, _ in _methods(dev, user)] == ["3155"]


def test_a_token_in_payment_method_data_serves_like_a_payment_method(dev: Bench) -> None:
    user = dev.user()
    secret = dev.client_secret(user)
    form = {
        "payment_method_data[type]": "card",
        "payment_method_data[card][token]": "tok_visa",
        "payment_method_data[billing_details][name]": "Ada Muster",
    }
    intent = secret.partition("_secret_")[0]
    answer = dev.stripe("POST", f"setup_intents/{intent}/confirm", client_secret=secret, **form)
    assert answer.json()["status"] == "succeeded"
    assert dev.get(f"/users/{user}/payment-methods/")["results"][0]["card"]["cardholder_name"] == "Ada Muster"


def test_a_setup_intent_reads_back_and_is_confirmed_once(dev: Bench) -> None:
    user = dev.user()
    secret = dev.client_secret(user)
    intent = secret.partition("_secret_")[0]
    fresh = dev.stripe("GET", f"setup_intents/{intent}", client_secret=secret).json()
    assert (fresh["id"], fresh["object"], fresh["status"]) == (intent, "setup_intent", "requires_payment_method")
    dev.confirm_setup(secret)
    again = dev.confirm_setup(secret)
    assert (again.status_code, again.json()["error"]["code"]) == (400, "setup_intent_unexpected_state")
    assert len(_methods(dev, user)) == 1


def test_the_card_processor_refuses_wrong_keys_secrets_and_intents(dev: Bench) -> None:
    secret = dev.client_secret(dev.user())
    intent = f"setup_intents/{secret.partition('_secret_')[0]}"
    made_up = dev.stripe("GET", "setup_intents/seti_made_up", client_secret="seti_made_up_secret_x")
    cases = {
        "key": (dev.stripe("GET", intent, client_secret=secret, key="pk_test_wrong"), 401, None),
        "no key": (dev.raw("GET", f"/v1/{intent}", params={"client_secret": secret}), 401, None),
        "unknown": (made_up, 404, "resource_missing"),
        "secret": (dev.stripe("GET", intent, client_secret=f"{secret}x"), 400, None),
        "no secret": (dev.stripe("GET", intent), 400, "parameter_missing"),
        "no card": (dev.stripe("POST", f"{intent}/confirm", client_secret=secret), 400, "parameter_missing"),
        "card": (dev.confirm_setup(secret, "pm_card_nonsense"), 400, "resource_missing"),
    }
    for name, (answer, status, code) in cases.items():
        error = answer.json()["error"]
        assert (name, answer.status_code, error["type"]) == (name, status, "invalid_request_error")
        assert error.get("code") == code
        assert "pk_test_wrong" not in answer.text


def test_card_numbers_are_refused(dev: Bench) -> None:
    secret = dev.client_secret(dev.user())
    form = {"payment_method_data[card][number]": "4242424242424242"}
    answer = dev.stripe(
        "POST", f"setup_intents/{secret.partition('_secret_')[0]}/confirm", client_secret=secret, **form
    )
    assert answer.status_code == 402
    assert "pm_card_visa" in answer.json()["error"]["message"]


@pytest.mark.parametrize("how", ["bearer", "basic"])
def test_the_publishable_key_is_taken_from_a_header_too(dev: Bench, how: str) -> None:
    secret = dev.client_secret(dev.user())
    key = dev.options.publishable_key
    header = f"Bearer {key}" if how == "bearer" else f"Basic {base64.b64encode(f'{key}:'.encode()).decode()}"
    answer = dev.raw(
        "POST",
        f"/v1/setup_intents/{secret.partition('_secret_')[0]}/confirm",
        headers={"Authorization": header},
        data={"client_secret": secret, "payment_method": "pm_card_visa"},
    )
    assert answer.json()["status"] == "succeeded"


@pytest.mark.parametrize("evse", [TYPE_1[0], TYPE_2[0]])
def test_nothing_is_deleted_while_charging_or_before_the_cdr(dev: Bench, evse: str) -> None:
    user, method = dev.driver()
    session = dev.start(user, method, evse)
    for moment in ("charging", "stopped"):
        assert (moment, problem(dev.delete(f"/users/{user}/"))) == (moment, (402, "payment_error"))
        assert problem(dev.delete(f"/users/{user}/payment-methods/{method}/")) == (402, "payment_error")
        dev.stop(user, session)
    dev.settle()
    assert dev.delete(f"/users/{user}/payment-methods/{method}/").status_code == 204
    assert dev.delete(f"/users/{user}/").status_code == 204
