"""What to do about an error: for the program, the driver and the integrator."""

from dataclasses import dataclass
from enum import StrEnum


class ErrorType(StrEnum):
    """`error.type` of the published contract: the field that programs decide by."""

    VALIDATION_ERROR = "validation_error"
    PAYMENT_METHOD_ERROR = "payment_method_error"
    PAYMENT_ERROR = "payment_error"
    PRE_AUTHORIZATION_FAILED = "pre_authorization_failed"
    ALREADY_CHARGING = "already_charging"
    BILLING_DATA_REQUIRED = "billing_data_required"
    STATION_AVAILABILITY_ISSUE = "station_availability_issue"
    CHARGING_PROVIDER_ERROR = "charging_provider_error"
    ALREADY_STOPPED = "already_stopped"
    TEMPORARY_LOCKED = "temporary_locked"
    UNEXPECTED_ERROR = "unexpected_error"


class Retry(StrEnum):
    """Whether the same request may be sent again, and after what."""

    NEVER = "never"
    AFTER_REFRESH = "after_refresh"
    AFTER_DELAY = "after_delay"
    AFTER_REFRESH_AND_DELAY = "after_refresh_and_delay"
    ONCE_AFTER_WAIT = "once_after_wait"
    AFTER_CORRECTION = "after_correction"
    AFTER_SETTLING = "after_settling"
    AFTER_AUTHENTICATION = "after_authentication"
    WITH_ANOTHER_PAYMENT_METHOD = "with_another_payment_method"


@dataclass(frozen=True, slots=True)
class Advice:
    """`driver_message` can be shown to a driver as it is; `integrator` says what the backend should do."""

    retry: Retry
    driver_message: str
    integrator: str
