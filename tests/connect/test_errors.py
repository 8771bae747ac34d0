"""A refusal becomes the error that its type names, with the documented advice."""

import inspect
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from golive.connect import ERROR_TABLE, ErrorType, Retry, errors
from golive.connect.error_table import AUTHENTICATE, STATUS_ADVICE
from golive.connect.errors import (
    ApiError,
    ChargingProviderError,
    ConnectError,
    Forbidden,
    NotFound,
    OtherApiError,
    PreAuthorizationFailed,
    RedirectRefused,
    Unauthorized,
    UnexpectedError,
    Unreadable,
    ValidationFailed,
    error_class,
)
from tests.connect.bench import KEY, Bench, refusal, user

PI = "pi_1_secret_abcdefgh12345678"


def refused(answer: httpx.Response, operation: str = "start") -> tuple[ApiError, Bench]:
    bench = Bench(answer)
    acts: dict[str, Callable[[], object]] = {
        "start": lambda: bench.client.start_charging("u1", evse_id="DE*1", payment_method_id="pm_1"),
        "stop": lambda: bench.client.stop_charging("u1", "s1"),
        "update": lambda: bench.client.update_user("u1", locale="xx"),
    }
    with pytest.raises(ApiError) as caught:
        acts[operation]()
    return caught.value, bench


def test_every_type_has_its_row_its_class_and_its_advice() -> None:
    assert set(ERROR_TABLE) == set(ErrorType)
    classes = {error_class(row.statuses[0], row.type) for row in ERROR_TABLE.values()}
    assert len(classes) == len(ErrorType)
    assert OtherApiError not in classes
    for row in ERROR_TABLE.values():
        assert row.met_on
        assert row.statuses
        assert row.advice.driver_message.endswith((".", "?"))
        assert row.advice.integrator.endswith(".")


def test_no_driver_is_shown_the_names_of_the_machine() -> None:
    messages = [row.advice.driver_message for row in ERROR_TABLE.values()]
    messages += [advice.driver_message for advice in (*STATUS_ADVICE.values(), AUTHENTICATE)]
    for message in messages:
        assert not any(word in message for word in ("_", "`", "{", "API", "HTTP", "token"))


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = inspect.getdoc(errors) or ""
    classes = [c for _, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, ConnectError)]
    assert all(c.__name__ in drawn for c in classes)
    assert all(c.__name__ in errors.__all__ for c in classes)


@pytest.mark.parametrize("row", ERROR_TABLE.values(), ids=lambda row: row.type.value)
def test_a_documented_refusal_is_read_without_a_remark(row: Any) -> None:
    operation = {"already_stopped": "stop", "validation_error": "update"}.get(row.type, "start")
    error, bench = refused(refusal(row.statuses[0], row.type), operation)
    assert type(error) is error_class(row.statuses[0], row.type)
    assert (error.status, error.type, error.detail, error.details) == (row.statuses[0], row.type, "Refused.", "why")
    assert error.advice == row.advice
    assert error.exchanges == ("x0001",)
    expected = ["UNDOCUMENTED_STATUS"] if row.type == "temporary_locked" else []
    assert bench.codes == expected


@pytest.mark.parametrize(("status", "kind"), [(401, Unauthorized), (403, Forbidden), (404, NotFound)])
def test_a_refusal_with_a_detail_only_goes_by_its_status(status: int, kind: type[ApiError]) -> None:
    error, bench = refused(refusal(status))
    assert type(error) is kind
    assert error.advice == STATUS_ADVICE[status]
    assert (error.type, error.details) == (None, None)
    assert bench.codes == []


def test_a_client_secret_changes_the_advice_and_is_masked() -> None:
    error, _ = refused(refusal(402, "pre_authorization_failed", payment_intent_client_secret=PI))
    assert isinstance(error, PreAuthorizationFailed)
    assert error.payment_intent_client_secret is not None
    assert error.payment_intent_client_secret.get_secret_value() == PI
    assert error.advice.retry is Retry.AFTER_AUTHENTICATION
    assert PI not in repr(error) + str(error) + repr(vars(error))
    without, _ = refused(refusal(402, "pre_authorization_failed"))
    assert without.payment_intent_client_secret is None
    assert without.advice.retry is Retry.WITH_ANOTHER_PAYMENT_METHOD


def test_a_support_code_is_found_in_the_details_of_a_500() -> None:
    code = "5F0c1d2e-1234-4abc-8def-0123456789ab"
    error, _ = refused(refusal(500, "unexpected_error", f"Please quote {code}."))
    assert isinstance(error, UnexpectedError)
    assert error.support_code == code.lower()
    assert refused(refusal(500, "unexpected_error", "nothing"))[0].support_code is None
    assert refused(refusal(424, "charging_provider_error", code))[0].support_code is None


def test_a_refusal_by_the_provider_under_409_is_a_known_disagreement_on_a_stop_only() -> None:
    error, bench = refused(refusal(409, "charging_provider_error"), "stop")
    assert isinstance(error, ChargingProviderError)
    assert bench.codes == ["FORM_STOP_PROVIDER_STATUS"]
    error, bench = refused(refusal(409, "charging_provider_error"), "start")
    assert isinstance(error, ChargingProviderError)
    assert bench.codes == ["UNDOCUMENTED_ERROR_FORM"]


def test_an_unknown_type_is_named() -> None:
    error, bench = refused(refusal(418, "out_of_tea"))
    assert type(error) is OtherApiError
    assert bench.codes == ["UNDOCUMENTED_STATUS", "UNDOCUMENTED_ERROR_FORM", "UNDOCUMENTED_ERROR_TYPE"]
    assert "out_of_tea" in bench.observations[-1].message


def test_field_errors_are_read() -> None:
    answer = httpx.Response(400, json={"email": ["Enter a valid address."], "locale": ["No.", "Never."]})
    error, bench = refused(answer, "update")
    assert type(error) is OtherApiError
    assert error.detail == "email: Enter a valid address.; locale: No. Never."
    assert bench.codes == ["UNDOCUMENTED_ERROR_FORM"]


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500, text="<html><h1>Server Error</h1></html>"),
        httpx.Response(500, json=[]),
        httpx.Response(500, json="x"),
        httpx.Response(500, json={"error": "x"}),
        httpx.Response(500, json={"detail": {"a": 1}, "error": {"type": 7, "details": ["x"]}}),
        httpx.Response(500, content=b"\xff\xfe\x00"),
        httpx.Response(500),
    ],
)
def test_any_other_body_is_a_refusal_too(answer: httpx.Response) -> None:
    error, bench = refused(answer)
    assert type(error) is OtherApiError
    assert error.status == 500
    assert "UNDOCUMENTED_ERROR_FORM" in bench.codes


def test_a_malformed_start_may_be_answered_400() -> None:
    error, bench = refused(refusal(400, "validation_error"))
    assert isinstance(error, ValidationFailed)
    assert bench.codes == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_refused(status: int) -> None:
    bench = Bench(httpx.Response(status, headers={"Location": f"https://example.org/x?k={KEY}"}))
    with pytest.raises(RedirectRefused, match=r"to https://example\.org; redirects are not followed") as caught:
        bench.client.get_user("u1")
    assert len(bench.sent) == 1
    assert bench.codes == ["REDIRECT"]
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    "location", ["https://connect.cariqa.com/api/v1/users/", "//CONNECT.cariqa.com./x", "https://x@connect.cariqa.com/"]
)
def test_a_redirect_to_production_is_called_by_its_name(location: str) -> None:
    bench = Bench(httpx.Response(302, headers={"Location": location}))
    with pytest.raises(RedirectRefused, match="PRODUCTION"):
        bench.client.get_user("u1")
    with pytest.raises(RedirectRefused, match="PRODUCTION"):
        bench.client.send("GET", "/users/u1/")
    assert len(bench.sent) == 2
    assert bench.codes == ["REDIRECT_TO_PROD"]


def test_a_raw_request_shows_another_redirect() -> None:
    bench = Bench(httpx.Response(302, headers={"Location": "/elsewhere/"}))
    assert bench.client.send("GET", "/users/u1").status == 302
    assert bench.codes == ["REDIRECT"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (httpx.Response(200, text="<html>hello</html>"), "not JSON"),
        (httpx.Response(200, text=""), "it is empty"),
        (httpx.Response(200, text='{"id": NaN}'), "out of range"),
        (httpx.Response(200, text='{"id": 1e999999999}'), "out of range"),
        (httpx.Response(200, content=b'{"id": "\xff"}'), "not UTF-8"),
        (httpx.Response(200, text="[" * 100_000 + "]" * 100_000), "nested too deeply"),
        (httpx.Response(200, text='{"a":' * 150 + "1" + "}" * 150), "nested too deeply"),
        (httpx.Response(200, json=[user()]), "User"),
        (httpx.Response(200, json={}), "User.id"),
        (httpx.Response(200, json={"id": {"a": KEY}}), "User.id"),
        (httpx.Response(200, json={"id": None}), "User.id"),
    ],
)
def test_an_answer_that_cannot_be_read_says_why(answer: httpx.Response, reason: str) -> None:
    bench = Bench(answer)
    with pytest.raises(Unreadable) as caught:
        bench.client.get_user("u1")
    assert reason in caught.value.message
    assert caught.value.exchanges == ("x0001",)
    assert len(caught.value.message) < 400
    assert "\n" not in caught.value.message
    assert KEY not in caught.value.message


def test_an_excerpt_steers_no_terminal() -> None:
    bench = Bench(httpx.Response(200, text="\x1b[31mred\u202e\x00"))
    with pytest.raises(Unreadable) as caught:
        bench.client.get_user("u1")
    assert caught.value.message.isprintable()


def test_json_under_another_content_type_is_read_and_noted() -> None:
    bench = Bench(httpx.Response(200, text='\ufeff{"id": "u1"}', headers={"Content-Type": "text/html"}))
    assert bench.client.get_user("u1").id == "u1"
    assert bench.codes == ["CONTENT_TYPE"]
