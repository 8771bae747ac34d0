"""What drivers are shown after an error: words for people, and different words for different things to do."""

import json
from typing import Any

import pytest

from golive.connect.advice import ErrorType
from golive.connect.error_table import AUTHENTICATE, ERROR_TABLE
from golive.evidence.integration import ProvokedError, RuleStatus, Shown
from golive.traffic import judge_shown, judge_told_apart
from golive.traffic.needs import Need, need_of
from tests.traffic.bench import BEGIN, CODE, STATUS, Trace, refusal

DETAILS = "The customer has no default payment source attached."
OWN = "This card cannot be used. Please choose another one."


def shown(*messages: str | None, state: str | None = None) -> tuple[Shown, ...]:
    return tuple(Shown(at=BEGIN, state=state, message=message) for message in messages)


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        (json.dumps(refusal("payment_method_error")), "JSON"),
        ('Error: {"detail": "Refused."}', "JSON"),
        ("{'detail': 'Refused.'}", "JSON"),
        ("[object Object]", "JSON"),
        ("[1, 2]", "JSON"),
        ('Traceback (most recent call last):\n  File "app.py", line 3, in start', "stack trace"),
        ("TypeError: x\n    at start (/srv/app.js:10:5)", "stack trace"),
        ("httpx.HTTPStatusError: Client error '409 Conflict'", "exception of the program"),
        ("<html><body><h1>502 Bad Gateway</h1></body></html>", "HTML"),
        ("Sorry<br/>", "HTML"),
        ("undefined", "empty value"),
        ("null", "empty value"),
        ("payment_method_error", "the error's type"),
        ("Start failed: payment_method_error", "the error's type"),
        (DETAILS, "the API's own words"),
        (f"Sorry! {DETAILS.upper()}", "the API's own words"),
        ("Refused.", "the API's own words"),
        (f"Your session {CODE} failed", "an id"),
        ("The card pm_1NqXyz2eZv was declined", "an id"),
        ("Please confirm pi_3MtwBwLkdIwHu7ix28", "an id"),
        ("User 1048576 is not known", "an id"),
        ("Call with $CONNECT_API_KEY failed", "a secret"),
        ("pi_1_secret_[redacted-2] is to be confirmed", "a secret"),
        ("The key open-sesame is wrong", "a secret"),
    ],
)
def test_what_is_not_for_drivers_is_named_and_not_repeated(message: str, fault: str) -> None:
    result = judge_shown(
        shown("One moment, please.", message),
        error_type="payment_method_error",
        details=DETAILS,
        detail="Refused.",
        ids=("1048576",),
        secrets=("open-sesame",),
        exchanges=("x0007",),
    )
    assert (result.status, result.exchanges) == (RuleStatus.BROKEN, ("x0007",))
    assert fault in result.message
    if fault in ("an id", "a secret"):
        assert message not in result.message


@pytest.mark.parametrize(
    "message",
    [
        OWN,
        "Error: this card was refused. Please use another one.",
        "This didn't work (error 409). Please wait a moment.",
        "Please wait 1048 seconds, or choose station 7 (12 < 20 kW).",
        "At 10:30 your bank asked you to confirm: please open its app.",
        "at 10:30 your session ended",
        "Your payment method [Visa ending in 4242] was refused.",
        "Refused. Please use another card.",
        "Zahlung abgelehnt: bitte andere Karte wählen {Visa, Mastercard}.",
        "The customer has no luck today: please use another card.",
        "Terror: no. Mirror: yes (sorry).",
        "Please wait 42 seconds.",
        "…!",
    ],
)
def test_words_for_people_are_not_accused(message: str) -> None:
    result = judge_shown(
        shown(message),
        error_type="payment_method_error",
        details=DETAILS,
        detail="Refused.",
        ids=("42", "1048576"),
        secrets=("",),
    )
    assert result.status is RuleStatus.KEPT, result.message
    assert message in result.message


def test_where_the_answer_had_no_words_none_are_repeated() -> None:
    assert judge_shown(shown("…!"), error_type="payment_error").status is RuleStatus.KEPT


def test_a_support_code_may_be_quoted_but_no_other_id() -> None:
    details = f"Please contact support with {CODE}"
    other = CODE.replace("5f", "6f")

    def status(message: str) -> RuleStatus:
        return judge_shown(shown(message), error_type="unexpected_error", details=details).status

    assert status(f"Something went wrong. Code for our support: {CODE}") is RuleStatus.KEPT
    assert status(f"Something went wrong. Code for our support: {other}") is RuleStatus.BROKEN


@pytest.mark.parametrize("type_", [t for t in STATUS if t != "already_stopped"])
def test_saying_nothing_is_not_enough_after_an_error(type_: str) -> None:
    result = judge_shown(shown(None, "  ", state="Charging"), error_type=type_)
    assert result.status is RuleStatus.BROKEN
    assert "no message" in result.message


@pytest.mark.parametrize("type_", [None, "already_stopped"])
def test_the_state_is_enough_where_nothing_is_to_be_done(type_: str | None) -> None:
    assert judge_shown(shown(None, state="Finished"), error_type=type_).status is RuleStatus.KEPT
    assert judge_shown(shown(None), error_type=type_).status is RuleStatus.BROKEN


def test_what_was_not_seen_is_not_shown() -> None:
    assert judge_shown((), error_type="payment_error").status is RuleStatus.NOT_SHOWN


@pytest.mark.parametrize("type_", ErrorType)
def test_the_advice_of_this_suite_would_do(type_: ErrorType) -> None:
    message = ERROR_TABLE[type_].advice.driver_message
    assert judge_shown(shown(message), error_type=type_, details=DETAILS).status is RuleStatus.KEPT


def provoked(name: str, type_: str, message: str | None, *, answered: str = "", met: bool = True) -> ProvokedError:
    return ProvokedError(
        name=name,
        title=name,
        error_type=type_,
        status=STATUS[type_],
        met=met,
        answered=(answered,) if answered else (),
        shown=shown(message),
    )


def test_one_message_for_everything_is_found() -> None:
    errors = [
        provoked("billing", "billing_data_required", "Something went wrong (1)."),
        provoked("card", "payment_method_error", "something  went wrong (2)"),
    ]
    result = judge_told_apart(errors, ())
    assert result.status is RuleStatus.BROKEN
    assert "billing (the driver has to complete the billing data)" in result.message
    assert "card (the driver has to use another payment method)" in result.message


def test_different_words_for_different_things_are_kept() -> None:
    errors = [
        provoked("billing", "billing_data_required", "Please complete your address.", answered="x0001"),
        provoked("card", "payment_method_error", OWN, answered="x0002"),
        provoked("card again", "pre_authorization_failed", OWN),
        provoked("busy", "station_availability_issue", "Not available. Please wait or choose another station."),
        provoked("provider", "charging_provider_error", "Not available. Please wait or choose another station."),
        provoked("stopped", "already_stopped", OWN),
        provoked("invalid", "validation_error", OWN),
    ]
    result = judge_told_apart(errors, ())
    assert (result.status, result.exchanges) == (RuleStatus.KEPT, ("x0001", "x0002"))
    assert result.message.startswith("3 different things to do")


def test_one_thing_to_do_shows_no_difference() -> None:
    errors = [
        provoked("card", "payment_method_error", OWN),
        provoked("not met", "billing_data_required", OWN, met=False),
        provoked("silent", "payment_error", None),
    ]
    assert judge_told_apart(errors, ()).status is RuleStatus.NOT_SHOWN


@pytest.mark.parametrize(
    ("more", "status"),
    [({}, RuleStatus.KEPT), ({"payment_intent_client_secret": "pi_1_secret_[redacted-1]"}, RuleStatus.BROKEN)],
)
def test_confirming_at_the_bank_is_another_thing_than_another_card(more: dict[str, Any], status: RuleStatus) -> None:
    answer = refusal("pre_authorization_failed", **more)
    (exchange,) = Trace().refused_start("u1", "pre_authorization_failed", answer=answer).exchanges
    errors = [
        provoked("sca", "pre_authorization_failed", OWN, answered=exchange.id),
        provoked("card", "payment_method_error", OWN),
        provoked("billing", "billing_data_required", "Please complete your address."),
    ]
    assert judge_told_apart(errors, [exchange]).status is status


def test_every_error_type_has_its_need() -> None:
    """The needs agree with the advice that this suite's own client gives."""
    same: dict[Need, set[str]] = {}
    for type_, row in ERROR_TABLE.items():
        need = need_of(type_)
        if type_ is ErrorType.VALIDATION_ERROR:
            assert need is None  # it depends on the request
        else:
            assert need is not None
            same.setdefault(need, set()).add(row.advice.retry)
    assert need_of("pre_authorization_failed", authentication=True) is Need.AUTHENTICATE
    ways = [retry for need, retries in same.items() for retry in retries]
    assert len(ways) == len(set(ways)), same
    assert AUTHENTICATE.retry not in ways
