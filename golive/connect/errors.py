"""What can go wrong with a call.

ConnectError                     `.message` (no secret in it), `.exchanges`
├── ApiError                     the API refused: `.status`, `.type`, `.detail`, `.details`, `.advice`, …
│   ├── ValidationFailed         400 validation_error
│   ├── PaymentMethodError       400 payment_method_error
│   ├── PaymentError             402 payment_error
│   ├── PreAuthorizationFailed   402 pre_authorization_failed
│   ├── AlreadyCharging          409 already_charging
│   ├── BillingDataRequired      409 billing_data_required
│   ├── StationAvailabilityIssue 409, 424 station_availability_issue
│   ├── ChargingProviderError    424 charging_provider_error
│   ├── AlreadyStopped           409 already_stopped
│   ├── TemporaryLocked          423 temporary_locked
│   ├── UnexpectedError          500 unexpected_error
│   ├── Unauthorized             401
│   ├── Forbidden                403
│   ├── NotFound                 404
│   └── OtherApiError            any other refusal
├── Unreadable                   an answer outside the published contract that cannot be read
│   └── PagingLoop               a list without an end
├── RedirectRefused              a redirect, which is never followed
├── Unreachable                  no answer; `.sent` tells whether the request may have been acted on
│   ├── HeldBack                 this suite itself did not send it
│   ├── ServerUnavailable        502, 503, 504
│   └── Throttled                429
├── StartUnknown                 a start's answer was lost and no session was found
└── StopUnknown                  a stop's answer was lost and the session has not ended
"""

# ruff: noqa: N818 - each is named after what happened, as the API's own error types are
from collections.abc import Iterable
from typing import Final

from pydantic import SecretStr

from golive.connect.advice import Advice, ErrorType, Retry

__all__ = [
    "Advice",
    "AlreadyCharging",
    "AlreadyStopped",
    "ApiError",
    "BillingDataRequired",
    "ChargingProviderError",
    "ConnectError",
    "ErrorType",
    "Forbidden",
    "HeldBack",
    "NotFound",
    "OtherApiError",
    "PagingLoop",
    "PaymentError",
    "PaymentMethodError",
    "PreAuthorizationFailed",
    "RedirectRefused",
    "Retry",
    "ServerUnavailable",
    "StartUnknown",
    "StationAvailabilityIssue",
    "StopUnknown",
    "TemporaryLocked",
    "Throttled",
    "Unauthorized",
    "UnexpectedError",
    "Unreachable",
    "Unreadable",
    "ValidationFailed",
    "error_class",
]


class ConnectError(Exception):
    """A call did not come to its end; `exchanges` are the ids of the requests that were made for it."""

    def __init__(self, message: str, *, exchanges: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.exchanges = tuple(exchanges)


class ApiError(ConnectError):
    """The API refused. `detail` and `details` are its words with secrets replaced; decide by `type`."""

    def __init__(
        self,
        message: str,
        *,
        status: int,
        advice: Advice,
        exchanges: Iterable[str] = (),
        detail: str = "",
        type: ErrorType | None = None,  # noqa: A002 - the name that the API gives it
        details: str | None = None,
        payment_intent_client_secret: SecretStr | None = None,
        support_code: str | None = None,
    ) -> None:
        super().__init__(message, exchanges=exchanges)
        self.status = status
        self.detail = detail
        self.type = type
        self.details = details
        self.payment_intent_client_secret = payment_intent_client_secret
        self.support_code = support_code
        self.advice = advice


class ValidationFailed(ApiError):
    """400 validation_error: correct the request."""


class PaymentMethodError(ApiError):
    """400 payment_method_error: another payment method is needed."""


class PaymentError(ApiError):
    """402 payment_error: an outstanding session is to be settled first."""


class PreAuthorizationFailed(ApiError):
    """402 pre_authorization_failed: authenticate where a client secret is given, else another payment method."""


class AlreadyCharging(ApiError):
    """409 already_charging: the user has a session, or a start is in flight."""


class BillingDataRequired(ApiError):
    """409 billing_data_required: billing data are to be completed first."""


class StationAvailabilityIssue(ApiError):
    """409 or 424 station_availability_issue: connector out of order, or station data unavailable."""


class ChargingProviderError(ApiError):
    """424 (or 409 on stop) charging_provider_error: the state of the session is not known, read it."""


class AlreadyStopped(ApiError):
    """409 already_stopped: as good as stopped."""


class TemporaryLocked(ApiError):
    """423 temporary_locked: wait and ask again."""


class UnexpectedError(ApiError):
    """500 unexpected_error: `support_code` is the UUID in its details, where there is one."""


class Unauthorized(ApiError):
    """401: the Authorization header is missing or malformed."""


class Forbidden(ApiError):
    """403: the token is invalid, expired or of the other environment."""


class NotFound(ApiError):
    """404: it does not exist, or not for this user."""


class OtherApiError(ApiError):
    """A refusal that none of the others describes."""


class Unreadable(ConnectError):
    """An answer outside the published contract that cannot be read; the message has a short excerpt of it."""


class PagingLoop(Unreadable):
    """The next links of a list lead in a circle, or further than any list may go."""


class RedirectRefused(ConnectError):
    """The API answered with a redirect. None is followed: it could lead to another environment."""


class Unreachable(ConnectError):
    """There was no whole answer, for a GET also after a bounded number of tries.

    `sent` is False where not a byte left this machine; otherwise the request may have been acted on. `status` is that
    of an answer in the API's place.
    """

    def __init__(
        self, message: str, *, exchanges: Iterable[str] = (), sent: bool = True, status: int | None = None
    ) -> None:
        super().__init__(message, exchanges=exchanges)
        self.sent = sent
        self.status = status


class HeldBack(Unreachable):
    """This suite itself did not send it: golive.politeness.faults has the reasons."""


class ServerUnavailable(Unreachable):
    """502, 503 or 504: something in front of the API answered in its place."""


class Throttled(Unreachable):
    """429: too many requests."""


class StartUnknown(ConnectError):
    """The answer to a start was lost, and no session of it was found: it may still begin. Never start again on this."""


class StopUnknown(ConnectError):
    """The answer to a stop was lost, and the session had not ended when it was last read."""


_BY_TYPE: Final[dict[ErrorType, type[ApiError]]] = {
    ErrorType.VALIDATION_ERROR: ValidationFailed,
    ErrorType.PAYMENT_METHOD_ERROR: PaymentMethodError,
    ErrorType.PAYMENT_ERROR: PaymentError,
    ErrorType.PRE_AUTHORIZATION_FAILED: PreAuthorizationFailed,
    ErrorType.ALREADY_CHARGING: AlreadyCharging,
    ErrorType.BILLING_DATA_REQUIRED: BillingDataRequired,
    ErrorType.STATION_AVAILABILITY_ISSUE: StationAvailabilityIssue,
    ErrorType.CHARGING_PROVIDER_ERROR: ChargingProviderError,
    ErrorType.ALREADY_STOPPED: AlreadyStopped,
    ErrorType.TEMPORARY_LOCKED: TemporaryLocked,
    ErrorType.UNEXPECTED_ERROR: UnexpectedError,
}
_BY_STATUS: Final[dict[int, type[ApiError]]] = {401: Unauthorized, 403: Forbidden, 404: NotFound}


def error_class(status: int, type_: ErrorType | None) -> type[ApiError]:
    """The class of a refusal: by its type, and only where there is none by its status."""
    if type_ is not None:
        return _BY_TYPE[type_]
    return _BY_STATUS.get(status, OtherApiError)
