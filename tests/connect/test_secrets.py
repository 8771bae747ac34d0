"""No secret comes out of the client: not by an exception, a value, a repr, a log or the record."""

import base64
import logging
import traceback
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from golive.connect import ConnectClient, SetupIntent
from golive.connect.errors import ConnectError
from tests.connect.bench import KEY, PUBLISHABLE, Bench, ok, page, session, user

INTENT = "seti_1Abc_secret_Canary0123456789"
PAYMENT = "pi_1Abc_secret_Canary9876543210"

ECHOES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "url": lambda s: quote(s, safe=""),
    "unicode": lambda s: "".join(f"\\u{ord(c):04x}" for c in s),
    "base64": lambda s: base64.b64encode(f"xy{s}z".encode()).decode(),
}
CALLS: dict[str, Callable[[ConnectClient], Any]] = {
    "user": lambda c: c.get_user("u1"),
    "users": lambda c: list(c.list_users()),
    "start": lambda c: c.start_charging("u1", evse_id="DE*1", payment_method_id="pm_1"),
    "stop": lambda c: c.stop_charging("u1", "s1"),
    "intent": lambda c: c.get_setup_intent("u1"),
    "raw": lambda c: c.send("GET", "/users/"),
    "station": lambda c: c.get_station(evse_id="DE*1"),
}


def everything(bench: Bench, act: Callable[[ConnectClient], Any]) -> str:
    """All that can be seen of a call: value or traceback with its causes, client, record."""
    try:
        value = act(bench.client)
        seen = f"{value!r} {value}"
        if hasattr(value, "model_dump_json"):
            seen += value.model_dump_json()
    except ConnectError as fault:
        seen = "".join(traceback.format_exception(fault)) + repr(vars(fault)) + repr(fault)
    recorder = bench.recorder
    seen += "".join(x.model_dump_json() for x in (*recorder.exchanges, *recorder.observations))
    return seen + repr(bench.client) + repr(recorder) + repr(recorder.redactor) + repr(bench.stripe)


@pytest.mark.parametrize("form", ECHOES)
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("status", [200, 302, 400, 500])
def test_an_echoed_key_is_seen_nowhere(call: str, form: str, status: int) -> None:
    echo = ECHOES[form](KEY)
    body = f'{{"id": "{echo}", "{echo}": "{echo}", "detail": "{echo}", "is_active": "{echo}", "count": "{echo}"}}'
    for text in (body, f"<html>{echo}</html>"):
        answer = httpx.Response(status, text=text, headers={"X-Echo": echo, "Location": f"/{echo}?{echo}"})
        seen = everything(Bench(answer), CALLS[call])
        assert KEY not in seen
        assert echo not in seen


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(max_size=40),
    cut=st.integers(0, 60),
    call=st.sampled_from(sorted(CALLS)),
    status=st.sampled_from([200, 201, 400, 409, 500]),
)
def test_a_key_in_any_answer_is_seen_nowhere(text: str, cut: int, call: str, status: int) -> None:
    content = f"{text}{KEY}{text}".encode("utf-8", "replace")[: max(cut, len(KEY))]
    assert KEY not in everything(Bench(httpx.Response(status, content=content)), CALLS[call])


@pytest.mark.parametrize("fault", [httpx.ReadError, httpx.ConnectError, httpx.RemoteProtocolError, httpx.DecodingError])
def test_a_key_in_the_words_of_a_fault_is_seen_nowhere(fault: type[httpx.RequestError]) -> None:
    for call in CALLS.values():
        assert KEY not in everything(Bench(fault(f"illegal header: {KEY}")), call)


def test_client_secrets_are_masked_and_usable() -> None:
    bench = Bench(ok({"setup_intent_client_secret": INTENT}))
    intent = bench.client.get_setup_intent("u1")
    assert intent.client_secret.get_secret_value() == INTENT
    assert (intent.id, str(intent.client_secret)) == ("seti_1Abc", "**********")
    assert "Canary" not in everything(bench, lambda _: intent)
    debts = Bench(
        page([{"session_id": "s", "payment_intent_client_secret": PAYMENT, "amount": "1", "currency": "EUR"}])
    )
    (debt,) = debts.client.list_debts("u1")
    assert debt.payment_intent_client_secret is not None
    assert debt.payment_intent_client_secret.get_secret_value() == PAYMENT
    assert "Canary" not in everything(debts, lambda _: debt)


def test_a_client_secret_in_a_place_of_its_own_is_masked() -> None:
    body = {**user(), "client_secret": INTENT, "nested": [{"secret": "canary-opaque"}], "note": f"see {PAYMENT}"}
    seen = everything(Bench(ok(body)), CALLS["user"])
    assert "Canary" not in seen
    assert "canary-opaque" not in seen


def test_a_client_secret_learnt_from_one_answer_is_masked_in_the_next() -> None:
    bench = Bench(ok({"client_secret": INTENT}), ok(session(station_info={"station_name": "Canary0123456789"})))
    bench.client.get_setup_intent("u1")
    assert "Canary" not in everything(bench, lambda c: c.get_session("u1", "s1"))


def test_an_altered_key_is_seen_nowhere() -> None:
    altered = f"{KEY[:-1]}X"
    bench = Bench(httpx.Response(403, json={"detail": f"Invalid token {altered}"}))
    seen = everything(bench, lambda c: c.send("GET", "/users/", authorization=f"Bearer {altered}"))
    assert KEY[:-1] not in seen


def test_stripe_is_sent_its_secrets_and_shows_none() -> None:
    bench = Bench(ok({"status": "succeeded", "payment_method": "pm_1", "client_secret": INTENT}))
    intent = SetupIntent(client_secret=SecretStr(INTENT))
    bench.stripe.confirm_setup_intent(intent, payment_method="pm_card_visa")
    bench.stripe.get_setup_intent(intent.id, intent.client_secret)
    assert f"client_secret={INTENT}" in bench.sent[0].content.decode()
    assert f"key={PUBLISHABLE}" in bench.sent[0].content.decode()
    seen = everything(bench, lambda _: intent)
    assert "Canary" not in seen
    assert PUBLISHABLE not in seen
    assert base64.b64encode(f"{PUBLISHABLE}:".encode()).decode() not in seen
    assert "key=$STRIPE_PUBLISHABLE_KEY" in seen
    assert "Basic $STRIPE_PUBLISHABLE_KEY" in seen
    assert PUBLISHABLE not in str(bench.sent[1].url)


def test_the_libraries_log_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bench = Bench(ok({"status": "succeeded"}))
    bench.stripe.get_setup_intent("seti_1Abc", SecretStr(INTENT))
    assert caplog.text == ""
