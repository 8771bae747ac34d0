"""What an operation raises when it refuses.

    Fault                 a status and a body
    ├── Refusal           only `detail`: 401, 403, 404, 405
    │   ├── NotFound
    │   └── ...
    └── Problem           the envelope with `error.type` and `error.details`
        └── Invalid       400 validation_error

How they look on the wire is the Envelope's business (services/envelope.py).
"""

from collections.abc import Mapping
from enum import StrEnum


class ErrorType(StrEnum):
    """`error.type` of the published contract."""

    VALIDATION = "validation_error"
    PAYMENT_METHOD = "payment_method_error"
    PAYMENT = "payment_error"
    TEMPORARY_LOCKED = "temporary_locked"
    ALREADY_CHARGING = "already_charging"
    ALREADY_STOPPED = "already_stopped"
    STATION_AVAILABILITY = "station_availability_issue"
    BILLING_DATA_REQUIRED = "billing_data_required"
    PROVIDER = "charging_provider_error"
    UNEXPECTED = "unexpected_error"
    PRE_AUTHORIZATION = "pre_authorization_failed"


class Fault(Exception):  # noqa: N818 - an answer, not an error of the program
    """An operation's refusal."""

    status: int

    def __init__(self, status: int, detail: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})


class Refusal(Fault):
    """Answered with `{"detail": ...}` alone."""


class NotFound(Refusal):
    def __init__(self, detail: str = "Not found.") -> None:
        super().__init__(404, detail)


class Unauthorized(Refusal):
    def __init__(self, detail: str = "Authentication credentials were not provided.") -> None:
        super().__init__(401, detail, headers={"WWW-Authenticate": 'Bearer realm="api"'})


class Forbidden(Refusal):
    def __init__(self, detail: str = "Invalid or expired token.") -> None:
        super().__init__(403, detail)


class Problem(Fault):
    """Answered with the envelope."""

    def __init__(
        self, status: int, error_type: ErrorType, details: str, *, payment_intent_client_secret: str | None = None
    ) -> None:
        super().__init__(status, details)
        self.error_type = error_type
        self.details = details
        self.payment_intent_client_secret = payment_intent_client_secret


class Invalid(Problem):
    def __init__(self, details: str) -> None:
        super().__init__(400, ErrorType.VALIDATION, details)
