"""The card processor's public test cards, under their payment method names and as tokens.

Each card is one of a few behaviours: what happens when it is set up, and what happens when it is charged.
"""

from dataclasses import dataclass
from enum import StrEnum


class AtSetup(StrEnum):
    ATTACHES = "attaches"
    WANTS_ACTION = "wants_action"
    DECLINED = "declined"


class AtCharge(StrEnum):
    PAYS = "pays"
    WANTS_ACTION = "wants_action"
    DECLINED = "declined"


@dataclass(frozen=True)
class TestCard:
    """One test card; `code` and `decline_code` are those of its refusal, where it refuses."""

    __test__ = False  # pytest: a noun, not a test class

    name: str
    brand: str
    last4: str
    at_setup: AtSetup = AtSetup.ATTACHES
    at_charge: AtCharge = AtCharge.PAYS
    code: str = "card_declined"
    decline_code: str | None = None
    message: str = "Your card was declined."
    country: str = "US"


def _declined_at_setup(name: str, last4: str, decline_code: str, **more: str) -> TestCard:
    return TestCard(name, "visa", last4, AtSetup.DECLINED, AtCharge.DECLINED, decline_code=decline_code, **more)


_INSUFFICIENT = "Your card has insufficient funds."

_CARDS = (
    TestCard("visa", "visa", "4242"),
    TestCard("visa_debit", "visa", "5556"),
    TestCard("mastercard", "mastercard", "4444"),
    TestCard("mastercard_debit", "mastercard", "8210"),
    TestCard("mastercard_prepaid", "mastercard", "5100"),
    TestCard("amex", "amex", "8431"),
    TestCard("discover", "discover", "9424"),
    TestCard("diners", "diners", "0004"),
    TestCard("jcb", "jcb", "0505"),
    TestCard("unionpay", "unionpay", "0005"),
    TestCard("de", "visa", "0016", country="DE"),
    TestCard("at", "visa", "0008", country="AT"),
    TestCard("it", "visa", "0008", country="IT"),
    _declined_at_setup("chargeDeclined", "0002", "generic_decline"),
    _declined_at_setup("chargeDeclinedLostCard", "9987", "lost_card"),
    _declined_at_setup("chargeDeclinedStolenCard", "9979", "stolen_card"),
    _declined_at_setup("chargeDeclinedFraudulent", "0019", "fraudulent"),
    _declined_at_setup("chargeDeclinedExpiredCard", "0069", "", code="expired_card", message="Your card has expired."),
    _declined_at_setup(
        "chargeDeclinedIncorrectCvc",
        "0127",
        "",
        code="incorrect_cvc",
        message="Your card's security code is incorrect.",
    ),
    _declined_at_setup(
        "chargeDeclinedProcessingError",
        "0119",
        "",
        code="processing_error",
        message="An error occurred while processing your card. Try again in a little bit.",
    ),
    TestCard("chargeCustomerFail", "visa", "0341", at_charge=AtCharge.DECLINED, decline_code="generic_decline"),
    TestCard(
        "visa_chargeDeclinedInsufficientFunds",
        "visa",
        "9995",
        at_charge=AtCharge.DECLINED,
        decline_code="insufficient_funds",
        message=_INSUFFICIENT,
    ),
    TestCard(
        "authenticationRequired",
        "visa",
        "3184",
        at_charge=AtCharge.WANTS_ACTION,
        code="authentication_required",
        decline_code="authentication_required",
        message="Your card was declined. This transaction requires authentication.",
    ),
    TestCard("authenticationRequiredOnSetup", "visa", "3155", at_setup=AtSetup.WANTS_ACTION),
)

_ALIASES = {"chargeDeclinedInsufficientFunds": "visa_chargeDeclinedInsufficientFunds"}

CARDS = {card.name: card for card in _CARDS}


def card_named(reference: str) -> TestCard | None:
    """The card behind `pm_card_visa` or `tok_visa`; None for anything else."""
    for prefix in ("pm_card_", "tok_"):
        if reference.startswith(prefix):
            name = reference.removeprefix(prefix)
            return CARDS.get(_ALIASES.get(name, name))
    return None
