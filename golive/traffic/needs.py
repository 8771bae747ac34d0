"""What a driver has to do after an error: the same words must not stand for different things to do.

Source: the guide's advice on each error type.
"""

from enum import StrEnum
from typing import Final

from golive.traffic.calls import (
    ALREADY_CHARGING,
    ALREADY_STOPPED,
    BILLING_DATA_REQUIRED,
    CHARGING_PROVIDER_ERROR,
    PAYMENT_ERROR,
    PAYMENT_METHOD_ERROR,
    PRE_AUTHORIZATION_FAILED,
    STATION_AVAILABILITY_ISSUE,
    TEMPORARY_LOCKED,
    UNEXPECTED_ERROR,
)


class Need(StrEnum):
    """What the driver has to do; the value completes "the driver has to …"."""

    CARD = "use another payment method"
    AUTHENTICATE = "confirm the payment at the bank"
    SETTLE = "settle a former session"
    BILLING = "complete the billing data"
    WAIT = "wait, or choose another station"
    NOTHING = "do nothing"


_OF_TYPE: Final = {
    PAYMENT_METHOD_ERROR: Need.CARD,
    PRE_AUTHORIZATION_FAILED: Need.CARD,
    PAYMENT_ERROR: Need.SETTLE,
    BILLING_DATA_REQUIRED: Need.BILLING,
    STATION_AVAILABILITY_ISSUE: Need.WAIT,
    CHARGING_PROVIDER_ERROR: Need.WAIT,
    ALREADY_CHARGING: Need.WAIT,
    TEMPORARY_LOCKED: Need.WAIT,
    UNEXPECTED_ERROR: Need.WAIT,
    ALREADY_STOPPED: Need.NOTHING,
}


def need_of(error_type: str | None, *, authentication: bool = False) -> Need | None:
    """What an error asks of the driver; None for one without a type, and where it depends on the request.

    `authentication`: it came with a payment intent client secret.
    """
    if error_type == PRE_AUTHORIZATION_FAILED and authentication:
        return Need.AUTHENTICATE
    return _OF_TYPE.get(error_type or "")
