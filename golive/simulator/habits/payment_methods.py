"""Payment methods: how a card is written, when it appears, and how its deletion is refused."""

from dataclasses import replace

from golive.simulator.faults import ErrorType, Problem
from golive.simulator.habits import habit
from golive.simulator.services.base import Context, Json
from golive.simulator.services.payment_methods import PaymentMethods
from golive.simulator.services.users import Users
from golive.simulator.state.entities import PaymentMethod, User
from golive.simulator.stripe.cards import AtCharge, AtSetup, TestCard
from golive.simulator.stripe.testmode import Form, StripeTestMode

habit.by_options(
    "late-payment-method",
    "payment methods",
    "A card confirmed at the card processor is listed a moment later.",
    payment_method_delay=0.4,
)


@habit("brand-capitalised", "payment methods")
class BrandCapitalised(PaymentMethods):
    """A card's brand comes with a capital letter."""

    def render_card(self, method: PaymentMethod) -> Json:
        return super().render_card(method) | {"brand": method.card.brand.capitalize()}


@habit("deletion-refused-as-400", "payment methods")
class MethodDeletionRefusedAs400(PaymentMethods):
    """A deletion that a charge forbids is refused with 400: a payment method's, and a user's."""

    def delete(self, user: User, method: PaymentMethod, context: Context) -> None:
        try:
            super().delete(user, method, context)
        except Problem as refused:
            raise Problem(400, ErrorType.PAYMENT_METHOD, refused.details) from None


@habit("deletion-refused-as-400", "payment methods")
class UserDeletionRefusedAs400(Users):
    """The user's deletion in that habit."""

    def delete(self, user: User, context: Context) -> None:
        try:
            super().delete(user, context)
        except Problem as refused:
            raise Problem(400, ErrorType.VALIDATION, refused.details) from None


@habit("card-without-funds-declined-at-setup", "payment methods")
class WithoutFundsAtSetup(StripeTestMode):
    """The card processor declines a card without funds already when it is set up."""

    def card(self, form: Form) -> TestCard:
        card = super().card(form)
        return replace(card, at_setup=AtSetup.DECLINED) if card.decline_code == "insufficient_funds" else card


@habit("authentication-asked-for-at-setup", "payment methods")
class AsksAtSetup(StripeTestMode):
    """A card that wants authentication on every payment wants it already when it is set up."""

    def card(self, form: Form) -> TestCard:
        card = super().card(form)
        return replace(card, at_setup=AtSetup.WANTS_ACTION) if card.at_charge is AtCharge.WANTS_ACTION else card
