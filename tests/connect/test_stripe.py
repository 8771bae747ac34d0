"""Confirming a setup intent at Stripe: what is sent, and what an answer means."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from pydantic import SecretStr

from golive.connect import SetupConfirmation, SetupIntent, StripeClient
from golive.connect.errors import ServerUnavailable, Unreachable, Unreadable
from golive.connect.stripe import CardDeclined, StripeAuthError, StripeError
from tests.connect.bench import PUBLISHABLE, Bench, ok

INTENT = SetupIntent(client_secret=SecretStr("seti_1Abc_secret_Xyz987654321"))
SUCCEEDED = {"object": "setup_intent", "status": "succeeded", "payment_method": "pm_1"}


def error(status: int, **fields: Any) -> httpx.Response:
    return httpx.Response(status, json={"error": fields})


UNKNOWN = error(404, type="invalid_request_error", code="resource_missing", param="payment_method", message="No such")
DECLINED = error(402, type="card_error", code="card_declined", decline_code="generic_decline", message="Declined.")


def confirm(bench: Bench, method: str = "pm_card_visa") -> SetupConfirmation:
    return bench.stripe.confirm_setup_intent(INTENT, payment_method=method)


def forms(bench: Bench) -> list[dict[str, str]]:
    return [{name: values[0] for name, values in parse_qs(r.content.decode()).items()} for r in bench.sent]


def test_an_intent_is_confirmed_with_the_key_in_the_form() -> None:
    bench = Bench(ok(SUCCEEDED))
    assert confirm(bench) == SetupConfirmation("succeeded", "pm_1")
    assert str(bench.sent[0].url) == "http://127.0.0.1:8400/v1/setup_intents/seti_1Abc/confirm"
    assert bench.sent[0].headers["content-type"] == "application/x-www-form-urlencoded"
    assert "authorization" not in bench.sent[0].headers
    secret = INTENT.client_secret.get_secret_value()
    assert forms(bench) == [{"client_secret": secret, "payment_method": "pm_card_visa", "key": PUBLISHABLE}]


def test_a_token_is_sent_as_card_data() -> None:
    bench = Bench(ok(SUCCEEDED))
    confirm(bench, "tok_visa")
    assert forms(bench)[0]["payment_method_data[type]"] == "card"
    assert forms(bench)[0]["payment_method_data[card][token]"] == "tok_visa"


def test_an_unknown_name_of_a_test_card_is_tried_under_its_others() -> None:
    bench = Bench(UNKNOWN, UNKNOWN, DECLINED)
    with pytest.raises(CardDeclined) as caught:
        confirm(bench, "pm_card_chargeDeclined")
    assert (caught.value.code, caught.value.decline_code) == ("card_declined", "generic_decline")
    named = [f.get("payment_method") or f["payment_method_data[card][token]"] for f in forms(bench)]
    assert named == ["pm_card_chargeDeclined", "pm_card_visa_chargeDeclined", "tok_chargeDeclined"]


def test_the_names_come_to_an_end() -> None:
    bench = Bench(UNKNOWN)
    with pytest.raises(StripeError, match="resource_missing"):
        confirm(bench)
    assert len(bench.sent) == 2
    with pytest.raises(StripeError):
        confirm(bench, "pm_1ofmyown")
    assert len(bench.sent) == 3


@pytest.mark.parametrize(
    "answer",
    [
        DECLINED,
        error(400, type="card_error", code="incorrect_number"),
        error(404, type="invalid_request_error", param="intent"),
        error(401, message="Invalid API Key"),
    ],
    ids=["declined", "card-error", "unknown-intent", "key"],
)
def test_any_other_refusal_is_final(answer: httpx.Response) -> None:
    bench = Bench(answer)
    with pytest.raises(StripeError):
        confirm(bench)
    assert len(bench.sent) == 1


def test_a_wish_for_sca_is_no_error() -> None:
    bench = Bench(ok({**SUCCEEDED, "status": "requires_action", "payment_method": {"id": "pm_9"}}))
    assert confirm(bench) == SetupConfirmation("requires_action", "pm_9")


def test_a_confirmation_is_never_sent_again_after_a_lost_answer() -> None:
    for trouble, kind in ((httpx.ReadTimeout("slow"), Unreachable), (httpx.Response(503), ServerUnavailable)):
        bench = Bench(trouble)
        with pytest.raises(kind):
            confirm(bench)
        assert len(bench.sent) == 1


def test_reading_an_intent_is_sent_again_and_has_the_key_in_no_url() -> None:
    bench = Bench(httpx.Response(503), ok({**SUCCEEDED, "payment_method": None}))
    read = bench.stripe.get_setup_intent("seti_1Abc", INTENT.client_secret)
    assert read == SetupConfirmation("succeeded", None)
    assert bench.sent[1].headers["authorization"].startswith("Basic ")
    assert PUBLISHABLE not in str(bench.sent[1].url)


@pytest.mark.parametrize("status", [400, 404])
def test_a_key_is_good_if_stripe_looks_for_the_intent(status: int) -> None:
    bench = Bench(error(status, type="invalid_request_error", message="No such setupintent"))
    bench.stripe.check_key()
    assert len(bench.sent) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_told(status: int) -> None:
    with pytest.raises(StripeAuthError, match="Invalid API Key"):
        Bench(error(status, message="Invalid API Key provided")).stripe.check_key()


def test_whoever_knows_an_intent_that_cannot_exist_is_not_stripe() -> None:
    with pytest.raises(StripeError, match="is this Stripe"):
        Bench(ok(SUCCEEDED)).stripe.check_key()


@pytest.mark.parametrize(
    "act",
    [confirm, lambda b: b.stripe.check_key(), lambda b: b.stripe.get_setup_intent("s", INTENT.client_secret)],
    ids=["confirm", "check", "read"],
)
@pytest.mark.parametrize(
    "answer", [httpx.Response(200, text="<html>"), httpx.Response(200, json={"status": 1})], ids=["html", "status"]
)
def test_an_answer_of_another_kind_cannot_be_read(act: Callable[[Bench], Any], answer: httpx.Response) -> None:
    with pytest.raises(Unreadable):
        act(Bench(answer))


@pytest.mark.parametrize("base", ["http://127.0.0.1:8400/v1", "http://127.0.0.1:8400/v1/"])
def test_the_base_url_may_have_the_version(base: str) -> None:
    bench = Bench(ok(SUCCEEDED), base=base)
    assert isinstance(bench.stripe, StripeClient)
    confirm(bench)
    assert bench.sent[0].url.path == "/v1/setup_intents/seti_1Abc/confirm"
    assert bench.stripe.acting_as("B").actor == "B"
