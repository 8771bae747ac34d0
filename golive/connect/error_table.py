"""The API's error table as data: type, statuses, where it is met, and the documented advice.

Sources: published OpenAPI (statuses and types), the vendor's guide on errors (advice, in our words).
"""

from dataclasses import dataclass
from typing import Final

from golive.connect.advice import Advice, ErrorType, Retry


@dataclass(frozen=True, slots=True)
class ErrorForm:
    """One row: an error type with the statuses it is documented with."""

    type: ErrorType
    statuses: tuple[int, ...]
    met_on: str
    advice: Advice


_ROWS: Final = (
    ErrorForm(
        ErrorType.VALIDATION_ERROR,
        (400,),
        "many operations",
        Advice(
            Retry.AFTER_CORRECTION,
            "Something in your details does not look right. Please check them and try again.",
            "Correct the request; sending it again unchanged is refused again.",
        ),
    ),
    ErrorForm(
        ErrorType.PAYMENT_METHOD_ERROR,
        (400,),
        "payment methods, start",
        Advice(
            Retry.WITH_ANOTHER_PAYMENT_METHOD,
            "This payment method cannot be used. Please choose or add another one.",
            "Ask the driver for another payment method.",
        ),
    ),
    ErrorForm(
        ErrorType.PAYMENT_ERROR,
        (402,),
        "start, delete user, delete payment method",
        Advice(
            Retry.AFTER_SETTLING,
            "A former charging session has not been paid yet. Please settle it first.",
            "Have the outstanding session settled first (the user's debts), then try again.",
        ),
    ),
    ErrorForm(
        ErrorType.PRE_AUTHORIZATION_FAILED,
        (402,),
        "start",
        Advice(
            Retry.WITH_ANOTHER_PAYMENT_METHOD,
            "Your card could not be authorised. Please use another payment method.",
            "With a payment intent client secret: let the driver complete the card authentication, then start "
            "again. Without one: ask for another payment method.",
        ),
    ),
    ErrorForm(
        ErrorType.ALREADY_CHARGING,
        (409,),
        "start",
        Advice(
            Retry.ONCE_AFTER_WAIT,
            "You already have a charging session, or it is just starting. One moment, please.",
            "The user has a session or a start is in flight: refresh the sessions, wait briefly, try once more; "
            "never in a loop.",
        ),
    ),
    ErrorForm(
        ErrorType.BILLING_DATA_REQUIRED,
        (409,),
        "start",
        Advice(
            Retry.AFTER_CORRECTION,
            "Please complete your billing details before you charge here.",
            "Ask for the missing billing data; do not start again before they are corrected.",
        ),
    ),
    ErrorForm(
        ErrorType.STATION_AVAILABILITY_ISSUE,
        (409, 424),
        "start",
        Advice(
            Retry.AFTER_REFRESH,
            "This connector is not available at the moment. Please choose another one or try again later.",
            "409: the connector is out of order; 424: the station's data cannot be had. Refresh the station, then "
            "offer another one or a later try.",
        ),
    ),
    ErrorForm(
        ErrorType.CHARGING_PROVIDER_ERROR,
        (424,),
        "start, stop",
        Advice(
            Retry.AFTER_REFRESH_AND_DELAY,
            "The charging station does not respond as expected. We are checking your session; please wait a moment.",
            "Do not assume that the session changed its state: read it, then try again after a delay.",
        ),
    ),
    ErrorForm(
        ErrorType.ALREADY_STOPPED,
        (409,),
        "stop",
        Advice(
            Retry.NEVER,
            "Your charging session has already ended.",
            "Take the session as stopped and read it; do not send the stop again.",
        ),
    ),
    ErrorForm(
        ErrorType.TEMPORARY_LOCKED,
        (423,),
        "partners",
        Advice(
            Retry.AFTER_DELAY,
            "This is being updated at the moment. Please try again in a little while.",
            "Wait, then ask again.",
        ),
    ),
    ErrorForm(
        ErrorType.UNEXPECTED_ERROR,
        (500,),
        "start, stop",
        Advice(
            Retry.AFTER_REFRESH_AND_DELAY,
            "Something went wrong on our side. Please try again later or contact support.",
            "Read the state, try again later. `details` may hold a support code (a UUID): keep it for support.",
        ),
    ),
)

ERROR_TABLE: Final = {row.type: row for row in _ROWS}
"""The documented error types, in the order of the guide."""

AUTHENTICATE: Final = Advice(
    Retry.AFTER_AUTHENTICATION,
    "Your bank asks you to confirm this payment. Please complete the confirmation.",
    "Complete the card authentication with the payment intent client secret, then start again.",
)
"""Of `pre_authorization_failed` that comes with a payment intent client secret."""

STATUS_ADVICE: Final = {
    401: Advice(
        Retry.NEVER,
        "The service is not available at the moment. Please try again later.",
        "The Authorization header is missing or malformed: send `Bearer` and the token on every request.",
    ),
    403: Advice(
        Retry.NEVER,
        "The service is not available at the moment. Please try again later.",
        "The token is invalid, expired or of the other environment: use the one issued for this environment.",
    ),
    404: Advice(
        Retry.NEVER,
        "This could not be found. It may have been removed.",
        "What the request names does not exist, or not for this user: refresh what is stored about it.",
    ),
    429: Advice(
        Retry.AFTER_DELAY,
        "There are many requests at the moment. Please try again in a little while.",
        "Send fewer requests; wait as long as Retry-After says.",
    ),
}
"""Of answers that carry no `error.type` (the guide's pages on authentication and errors)."""

OTHER_ADVICE: Final = Advice(
    Retry.AFTER_REFRESH_AND_DELAY,
    "Something went wrong. Please try again later.",
    "An answer outside the published contract: read the state before anything is sent again, and report it.",
)


def advice_for(status: int, type_: ErrorType | None, *, authentication: bool = False) -> Advice:
    """The advice on an error; `authentication`: it came with a payment intent client secret."""
    if type_ is ErrorType.PRE_AUTHORIZATION_FAILED and authentication:
        return AUTHENTICATE
    if type_ is not None:
        return ERROR_TABLE[type_].advice
    return STATUS_ADVICE.get(status, OTHER_ADVICE)
