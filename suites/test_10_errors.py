"""Errors: each refusal that a partner can provoke in DEV, in the documented form."""

from collections.abc import Callable

import pytest

from fixtures.charging import Refusals, RefusedStarts, describe
from fixtures.fuzzing import Fuzzer, is_documented_refusal
from fixtures.marks import provokes, requirement
from fixtures.nonsense import (
    INVALID_USERS,
    MALFORMED_SEARCHES,
    UNKNOWN,
    malformed_coordinates,
    malformed_ids,
    malformed_users,
    unknown_pages,
)
from fixtures.people import Guest
from golive.connect import Answer, ConnectClient
from golive.connect.errors import AlreadyCharging, AlreadyStopped, BillingDataRequired, PreAuthorizationFailed


@requirement("BE-6", "DEV-USERS")
@provokes("validation_error")
@pytest.mark.parametrize("body", INVALID_USERS.values(), ids=INVALID_USERS.keys())
def test_an_invalid_user_is_refused(connect: ConnectClient, body: dict[str, object]) -> None:
    """A user with an invalid e-mail address, locale or external id is refused as a validation error."""
    answer = connect.send("POST", "/users/", json=body)
    assert answer.status == 400, f"answered with {answer.status}"
    assert answer.envelope is not None, "the refusal carries no envelope"
    assert answer.envelope.type == "validation_error", f"refused as {answer.envelope.type or 'an error without a type'}"


@requirement("BE-6", "DEV-STATIONS")
@provokes("validation_error")
@pytest.mark.parametrize("params", MALFORMED_SEARCHES.values(), ids=MALFORMED_SEARCHES.keys())
def test_a_malformed_station_search_is_refused(connect: ConnectClient, params: dict[str, str]) -> None:
    """A search around a point that is missing or no point is refused as a validation error."""
    answer = connect.send("GET", "/stations/around/", params=params)
    assert answer.status == 400, f"answered with {answer.status}"
    assert answer.envelope is not None, "the refusal carries no envelope"
    assert answer.envelope.type == "validation_error", f"refused as {answer.envelope.type or 'an error without a type'}"


@requirement("BE-6")
@pytest.mark.parametrize("path", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_what_does_not_exist_is_not_found(connect: ConnectClient, guest: Guest, path: str) -> None:
    """An unknown user, session, EVSE or payment method is answered with 404 and a detail."""
    method, template = path.split(" ")
    answer = connect.send(method, template.format(user_id=guest.user.id))
    assert answer.status == 404, f"answered with {answer.status}"
    assert answer.envelope is not None, "the refusal carries no detail"
    assert answer.envelope.detail, "the detail is empty"


@requirement("BE-6", "DEV-CHARGING")
def test_a_start_on_an_unknown_evse_is_refused(start_raw: Callable[..., Answer], guest: Guest) -> None:
    """A start on an EVSE that does not exist, with a payment method that does not exist, is refused."""
    answer = start_raw(guest.user.id, evse_id="DE*NIL*EDOESNOTEXIST*1", payment_method_id="pm_does_not_exist")
    assert answer.status in (400, 402, 404, 409, 424), f"answered with {answer.status}"
    assert answer.envelope is not None, "the refusal carries no detail"


@requirement("BE-6", "REV-6")
@provokes("billing_data_required")
def test_a_start_without_billing_data_is_refused(refused_starts: RefusedStarts) -> None:
    """A driver without billing data is asked for it: billing_data_required."""
    attempt = refused_starts["no-billing"].attempt()
    assert attempt.was_refused, "the start was accepted without billing data"
    assert isinstance(attempt.error, BillingDataRequired), f"refused with {describe(attempt.error)}"
    assert attempt.status == 409, f"answered with {attempt.status}"


@requirement("BE-6", "DEV-PAYMENT")
@provokes("pre_authorization_failed")
@pytest.mark.parametrize("card", ["charge-fails", "insufficient-funds"])
def test_a_start_with_a_declined_card_is_refused(refused_starts: RefusedStarts, card: str) -> None:
    """A card that declines the pre-authorization is refused, with nothing to authenticate; or it was not set up."""
    attempt = refused_starts[card].attempt()
    if attempt.met_at_setup:
        assert attempt.met_at_setup.listed == (), f"the card '{card}' is declined at its set-up, and listed"
        return
    assert attempt.was_refused, f"the start was accepted with the card '{card}'"
    assert isinstance(attempt.error, PreAuthorizationFailed), f"refused with {describe(attempt.error)}"
    assert attempt.status == 402, f"answered with {attempt.status}"
    assert attempt.error.payment_intent_client_secret is None, "a declined card cannot be authenticated"


@requirement("BE-6", "DEV-PAYMENT")
@provokes("pre_authorization_failed")
def test_a_start_with_a_card_that_wants_authentication_is_refused(refused_starts: RefusedStarts) -> None:
    """A card that wants authentication is refused with the client secret for it; or it was not set up without it."""
    attempt = refused_starts["sca-always"].attempt()
    if attempt.met_at_setup:
        assert attempt.met_at_setup.listed == (), "the card is listed before the cardholder authenticated its set-up"
        return
    assert attempt.was_refused, "the start was accepted without the cardholder's authentication"
    assert isinstance(attempt.error, PreAuthorizationFailed), f"refused with {describe(attempt.error)}"
    assert attempt.status == 402, f"answered with {attempt.status}"
    assert attempt.error.payment_intent_client_secret is not None, "the client secret is missing"


@requirement("BE-6", "DEV-CHARGING")
@provokes("already_charging")
def test_a_second_start_of_the_same_driver_is_refused(refusals: Refusals) -> None:
    """A driver who is charging cannot start again: already_charging."""
    attempt = refusals.denials().second_start
    assert attempt.was_refused, "a second start of the same driver was accepted"
    assert isinstance(attempt.error, AlreadyCharging), f"refused with {describe(attempt.error)}"
    assert attempt.status == 409, f"answered with {attempt.status}"


@requirement("BE-6", "DEV-CHARGING")
@provokes("already_stopped")
def test_a_second_stop_is_refused(refusals: Refusals) -> None:
    """A session that was stopped cannot be stopped again: already_stopped."""
    attempt = refusals.second_stop()
    assert attempt.was_refused, "a second stop was accepted"
    assert isinstance(attempt.error, AlreadyStopped), f"refused with {describe(attempt.error)}"
    assert attempt.status == 409, f"answered with {attempt.status}"


@requirement("BE-6", "DEV-PAYMENT")
@provokes("payment_error", "payment_method_error")
def test_the_payment_method_of_a_charge_cannot_be_deleted(refusals: Refusals) -> None:
    """While charging, the payment method that the charge will be paid with cannot be deleted."""
    attempt = refusals.denials().payment_method_deletion
    assert attempt.was_refused, "the payment method was deleted during the charge"
    assert attempt.status in (400, 402), f"answered with {attempt.status}"


@requirement("BE-6", "DEV-USERS")
@provokes("payment_error")
def test_a_charging_user_cannot_be_deleted(refusals: Refusals) -> None:
    """While charging, the user cannot be deleted."""
    attempt = refusals.denials().user_deletion
    assert attempt.was_refused, "the user was deleted during the charge"
    assert attempt.status in (400, 402), f"answered with {attempt.status}"


@requirement("BE-6")
def test_nonsense_in_a_station_search_is_refused(connect: ConnectClient, fuzzer: Fuzzer) -> None:
    """Whatever is sent as coordinates that are none, the answer is a documented refusal."""

    def judge(params: dict[str, str]) -> None:
        answer = connect.send("GET", "/stations/around/", params=params)
        assert is_documented_refusal(answer, {400, 404}), f"{params} was answered with {answer.status}"

    fuzzer.try_all(malformed_coordinates(), judge)


@requirement("BE-6")
def test_nonsense_as_an_evse_id_is_refused(connect: ConnectClient, fuzzer: Fuzzer) -> None:
    """Whatever is asked for as an EVSE that does not exist, the answer is a documented refusal."""

    def judge(evse_id: str) -> None:
        answer = connect.send("GET", "/stations/details/", params={"type": "evse_id", "id": evse_id})
        assert is_documented_refusal(answer, {400, 404}), f"{evse_id!r} was answered with {answer.status}"

    fuzzer.try_all(malformed_ids(), judge)


@requirement("BE-6")
def test_nonsense_as_a_user_id_is_refused(connect: ConnectClient, fuzzer: Fuzzer) -> None:
    """Whatever is asked for as a user that does not exist, the answer is a documented refusal."""

    def judge(user_id: str) -> None:
        answer = connect.send("GET", f"/users/{user_id}/")
        assert is_documented_refusal(answer, {403, 404}), f"{user_id!r} was answered with {answer.status}"

    fuzzer.try_all(malformed_ids(), judge)


@requirement("BE-6")
def test_nonsense_as_a_user_is_refused(
    connect: ConnectClient, fuzzer: Fuzzer, keep_track: Callable[[Answer], None]
) -> None:
    """Whatever is sent as a user that is none, the answer is a documented refusal and no user is made."""

    def judge(body: dict[str, object]) -> None:
        answer = connect.send("POST", "/users/", json=body)
        keep_track(answer)
        assert is_documented_refusal(answer, {400}), f"{body} was answered with {answer.status}"

    fuzzer.try_all(malformed_users(), judge)


@requirement("BE-6")
def test_nonsense_as_a_page_is_refused(connect: ConnectClient, fuzzer: Fuzzer) -> None:
    """Whatever is asked for as a page that does not exist, the answer is a documented refusal."""

    def judge(page: str) -> None:
        answer = connect.send("GET", "/users/", params={"page": page})
        assert is_documented_refusal(answer, {400, 404}), f"page {page!r} was answered with {answer.status}"

    fuzzer.try_all(unknown_pages(), judge)
