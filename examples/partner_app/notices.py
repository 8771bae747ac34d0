"""What a driver is told. A driver can do something about most errors, so each notice names that act, and the page puts
the button for it beside the text. What Connect wrote (`error.details`) is for the log: it may hold ids, and it is not
written for drivers."""

import base64
import hashlib
from dataclasses import dataclass
from enum import StrEnum

from examples.partner_app.connect import ConnectError


class Act(StrEnum):
    """What the driver can do now."""

    NOTHING = "nothing"
    CARD = "another-card"
    BILLING = "billing-data"
    SETTLE = "settle"
    AUTHENTICATE = "authenticate"
    WAIT = "wait"
    STATION = "another-station"
    SUPPORT = "support"


@dataclass(frozen=True)
class Notice:
    """A text for the driver; `reference` is the short code to read out to support."""

    text: str
    act: Act
    reference: str | None = None


class Told(Exception):  # noqa: N818 - an answer to the driver, not a fault
    """Something that the driver asked for is not done; the notice says why, in the driver's words."""

    def __init__(self, notice: Notice) -> None:
        super().__init__(notice.text)
        self.notice = notice


PROVIDER = Notice(
    "The station did not take our request. Check that the plug is in, then try again in a minute, or use another one.",
    Act.WAIT,
)
NOT_BEGUN = Notice("We could not reach the station and you are not charging. Please try again.", Act.WAIT)
CHECKING = Notice("This takes longer than usual. We are checking whether your charge began.", Act.WAIT)
STILL_STARTING = Notice("Your charge is just starting. Please wait a moment before you stop it.", Act.WAIT)
STOP_UNSURE = Notice(
    "We are not sure that the stop reached the station. If your car still charges in a minute, stop once more.",
    Act.WAIT,
)
NO_NEWS = Notice("We have no news from the station at the moment. Your charge goes on; we keep asking.", Act.NOTHING)
ALREADY = Notice("You were already charging here, so nothing was started again.", Act.NOTHING)
NO_CARD = Notice("Please add a card first.", Act.CARD)
NO_CHARGE = Notice("Nothing is charging at the moment.", Act.NOTHING)
GIVEN_UP = Notice("The station never sent the final figures. Our support will look into it.", Act.SUPPORT)

_BY_TYPE = {
    "payment_method_error": Notice("This card cannot be used. Please choose or add another card.", Act.CARD),
    "payment_error": Notice("An earlier charge is not paid yet. Please pay it first, then start again.", Act.SETTLE),
    "already_charging": Notice("You seem to be charging already. Please wait a moment and look again.", Act.WAIT),
    "billing_data_required": Notice("We need your billing address before you can charge here.", Act.BILLING),
    "temporary_locked": Notice("This is not available for a moment. Please try again shortly.", Act.WAIT),
    "charging_provider_error": PROVIDER,
}
_AUTHENTICATE = Notice("Your bank wants you to confirm this payment.", Act.AUTHENTICATE)
_DECLINED = Notice("Your bank declined the payment. Please choose or add another card.", Act.CARD)
_OUT_OF_ORDER = Notice("This connector is out of order. Please choose another one.", Act.STATION)
_NO_DATA = Notice("This station does not answer at the moment. Choose another one, or try again later.", Act.STATION)
_UNKNOWN_PLACE = Notice("We do not know this station. Please check the number on it.", Act.STATION)
_BUSY = Notice("There is a lot going on right now. Please try again in a minute.", Act.WAIT)
_UNREACHABLE = Notice("We cannot reach our charging partner at the moment. Please try again in a minute.", Act.WAIT)


def notice_for(error: ConnectError) -> Notice:
    """One row for each row of the API's table of errors; the last lines are for whatever is in no table."""
    if error.type == "pre_authorization_failed":
        return _AUTHENTICATE if error.client_secret else _DECLINED
    if error.type == "station_availability_issue":
        return _NO_DATA if error.status == 424 else _OUT_OF_ORDER
    if error.type in _BY_TYPE:
        return _BY_TYPE[error.type]
    if error.status == 404:
        return _UNKNOWN_PLACE
    if error.status == 429:
        return _BUSY
    if error.type == "unexpected_error" or error.status in (400, 401, 403):
        # A fault of ours or of the API's: nothing that a driver could put right.
        text = "Something went wrong on our side. Please try again later, or call our support"
        code = reference(error)
        return Notice(f"{text} and say {code}." if code else f"{text}.", Act.SUPPORT, code)
    return _UNREACHABLE


def reference(error: ConnectError) -> str | None:
    """Six letters and digits that a driver can read out on the telephone. The log has them beside the support code of
    the API, which is an id of 36 characters and not for drivers."""
    if error.support_code is None:
        return None
    digest = hashlib.sha256(error.support_code.encode()).digest()
    return base64.b32encode(digest).decode()[:6]
