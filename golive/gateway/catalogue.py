"""Every error that can be provoked: each row of the API's error table with the statuses and forms it is documented
with, and what can happen to an answer on its way.

Sources: the published OpenAPI (types and statuses), the vendor's guide (where each is met). The words in `details` are
this suite's own, so that an app that shows them to a driver can be told by them.
"""

import time
from typing import Final

from golive.connect.advice import ErrorType
from golive.connect.operations import OPERATIONS
from golive.gateway.acts import CutOff, Delay, EndsByItself, Lose, NoProgress, StillActive, failing, refusing, saying
from golive.gateway.asked import LIST, READ, START, STOP
from golive.gateway.provocations import Act, Pace, Provocation

_ANY: Final = frozenset(OPERATIONS)
_START: Final = frozenset({START})
_STOP: Final = frozenset({STOP})
_READS: Final = frozenset({READ, LIST})
_CHECKED: Final = frozenset(name for name, operation in OPERATIONS.items() if 400 in operation.errors) | _START
"""Operations whose input is checked."""
_PAGE: Final = (
    "<!doctype html><html><head><title>Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
)


def _error(
    name: str,
    title: str,
    operations: frozenset[str],
    status: int,
    type_: ErrorType,
    details: str,
    *,
    secret: bool = False,
    forwarding: bool = False,
) -> Provocation:
    act = failing(status, type_.value, details, secret=secret, forwarding=forwarding)
    return Provocation(name, title, operations, act, type_.value, status)


_ERRORS: Final = (
    _error(
        "validation-error",
        "The request is not accepted as it is",
        _CHECKED,
        400,
        ErrorType.VALIDATION_ERROR,
        "provoked: one of the fields has a value outside its domain",
    ),
    _error(
        "payment-method-error",
        "The payment method cannot be used",
        frozenset({START, "users_payment_methods_destroy"}),
        400,
        ErrorType.PAYMENT_METHOD_ERROR,
        "provoked: the payment method is not chargeable any more",
    ),
    _error(
        "payment-error",
        "A former session has not been paid",
        frozenset({START, "users_destroy", "users_payment_methods_destroy"}),
        402,
        ErrorType.PAYMENT_ERROR,
        "provoked: an outstanding amount of a former session",
    ),
    _error(
        "payment-error-with-secret",
        "A former session has not been paid, and can be with the client secret",
        _START,
        402,
        ErrorType.PAYMENT_ERROR,
        "provoked: an outstanding amount awaits its confirmation",
        secret=True,
    ),
    _error(
        "pre-authorization-failed",
        "The card's issuer refuses the pre-authorization",
        _START,
        402,
        ErrorType.PRE_AUTHORIZATION_FAILED,
        "provoked: the issuer declined to hold the amount",
    ),
    _error(
        "pre-authorization-failed-with-secret",
        "The card's issuer wants the driver to authenticate",
        _START,
        402,
        ErrorType.PRE_AUTHORIZATION_FAILED,
        "provoked: the issuer asks for strong customer authentication",
        secret=True,
    ),
    _error(
        "already-charging",
        "The user has a session, or one is just beginning",
        _START,
        409,
        ErrorType.ALREADY_CHARGING,
        "provoked: another session of this user is in progress",
    ),
    _error(
        "billing-data-required",
        "Billing data are missing",
        _START,
        409,
        ErrorType.BILLING_DATA_REQUIRED,
        "provoked: the billing details lack what this country asks for",
    ),
    _error(
        "connector-out-of-order",
        "The connector is out of order",
        _START,
        409,
        ErrorType.STATION_AVAILABILITY_ISSUE,
        "provoked: the connector has been reported as defective",
    ),
    _error(
        "station-data-unavailable",
        "The station's data cannot be had",
        _START,
        424,
        ErrorType.STATION_AVAILABILITY_ISSUE,
        "provoked: the operator delivers no data for this location",
    ),
    _error(
        "provider-error-on-start",
        "The charging provider does not carry out the start",
        _START,
        424,
        ErrorType.CHARGING_PROVIDER_ERROR,
        "provoked: remote start rejected upstream",
    ),
    _error(
        "provider-error-on-stop",
        "The charging provider does not carry out the stop",
        _STOP,
        424,
        ErrorType.CHARGING_PROVIDER_ERROR,
        "provoked: remote stop rejected upstream",
    ),
    _error(
        "provider-error-on-stop-409",
        "The charging provider does not carry out the stop, in the form of the guide's page",
        _STOP,
        409,
        ErrorType.CHARGING_PROVIDER_ERROR,
        "provoked: remote stop refused by the operator",
    ),
    _error(
        "already-stopped",
        "The session has been stopped before; the stop itself is passed on, so that it has",
        _STOP,
        409,
        ErrorType.ALREADY_STOPPED,
        "provoked: the transaction was closed earlier",
        forwarding=True,
    ),
    _error(
        "temporary-locked",
        "The list of partners is locked for a moment",
        frozenset({"stations_partners_list"}),
        423,
        ErrorType.TEMPORARY_LOCKED,
        "provoked: the resource is being rebuilt",
    ),
    _error(
        "unexpected-error-on-start",
        "Something goes wrong within the API at a start; a support code is given",
        _START,
        500,
        ErrorType.UNEXPECTED_ERROR,
        "provoked: unexpected error, support code {code}",
    ),
    _error(
        "unexpected-error-on-stop",
        "Something goes wrong within the API at a stop; a support code is given",
        _STOP,
        500,
        ErrorType.UNEXPECTED_ERROR,
        "provoked: unexpected error, support code {code}",
    ),
)

_REFUSALS: Final = (
    Provocation(
        "unauthorized",
        "The token is not there or malformed",
        _ANY,
        refusing(401, "provoked: authentication credentials were not provided"),
        status=401,
    ),
    Provocation(
        "forbidden",
        "The token is refused",
        _ANY,
        refusing(403, "provoked: the token is not accepted here"),
        status=403,
    ),
    Provocation(
        "not-found",
        "What is named does not exist, or not for this user",
        frozenset(name for name, operation in OPERATIONS.items() if 404 in operation.errors),
        refusing(404, "provoked: no such object"),
        status=404,
    ),
)

_ON_THE_WAY: Final = (
    Provocation("lost-start", "A start is lost before it reaches DEV", _START, lambda _: Lose(forwarding=False)),
    Provocation("lost-start-answer", "A start is carried out, and its answer lost", _START, lambda _: Lose(True)),
    Provocation("lost-stop", "A stop is lost before it reaches DEV", _STOP, lambda _: Lose(forwarding=False)),
    Provocation("lost-stop-answer", "A stop is carried out, and its answer lost", _STOP, lambda _: Lose(True)),
    Provocation("lost-read-answer", "The answer to a look at the session is lost", _READS, lambda _: Lose(True)),
    Provocation("slow-start", "A start takes long to be answered", _START, lambda pace: Delay(pace.slow_s)),
    Provocation("slow-answer", "A look at the session takes long", _READS, lambda pace: Delay(pace.slow_s)),
    Provocation("malformed-start", "A start is carried out, its answer ends in the middle", _START, lambda _: CutOff()),
    Provocation("malformed-answer", "The session's JSON ends in the middle", _READS, lambda _: CutOff()),
    Provocation(
        "html-502-on-start",
        "Something in front of DEV answers a start with a web page",
        _START,
        saying(502, "text/html", _PAGE),
        status=502,
    ),
    Provocation(
        "html-502-on-stop",
        "Something in front of DEV answers a stop with a web page",
        _STOP,
        saying(502, "text/html", _PAGE),
        status=502,
    ),
    Provocation(
        "html-502",
        "Something in front of DEV answers a look at the session with a web page",
        _READS,
        saying(502, "text/html", _PAGE),
        status=502,
    ),
    Provocation(
        "too-many-requests",
        "Fewer requests are asked for, with the seconds to wait",
        _ANY,
        saying(429, "application/json", '{"detail": "provoked: request was throttled"}', (b"retry-after", b"3")),
        status=429,
    ),
)


def _after_stop(name: str, title: str, *, rising: bool) -> Provocation:
    """A session that is shown as active though it was stopped."""

    def act(pace: Pace) -> Act:
        return StillActive(pace.hold_s, rising=rising, now=time.monotonic)

    return Provocation(name, title, _READS | _STOP, act, times=None)


_SESSIONS: Final = (
    Provocation(
        "no-progress",
        "A session sends no progress: its energy stays at zero until it has ended",
        _READS,
        lambda _: NoProgress(),
        times=None,
    ),
    _after_stop("late-cdr", "The CDR comes late: the session stays active for a while after its stop", rising=False),
    _after_stop(
        "progress-after-stop",
        "Progress goes on after the stop: energy rises for a while, then the CDR comes",
        rising=True,
    ),
    Provocation(
        "cdr-without-stop",
        "A session ends though its driver has stopped nothing",
        frozenset({READ}),
        lambda _: EndsByItself(),
    ),
)

CATALOGUE: Final = {one.name: one for one in (*_ERRORS, *_REFUSALS, *_ON_THE_WAY, *_SESSIONS)}
"""All of them by name."""
