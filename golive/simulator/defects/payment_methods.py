"""What DEV can do wrong with payment methods: give no secret, show the wrong card, mix up defaults and owners."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from golive.simulator.defects import defect
from golive.simulator.habits.payment_methods import AsksAtSetup, WithoutFundsAtSetup
from golive.simulator.services.base import Context, Json
from golive.simulator.services.payment_methods import PaymentMethods
from golive.simulator.state.entities import IntentStatus, PaymentMethod, SetupIntent, User
from golive.simulator.stripe.cards import AtSetup, TestCard
from golive.simulator.stripe.faults import StripeFault
from golive.simulator.stripe.testmode import Form, StripeTestMode

if TYPE_CHECKING:
    from golive.simulator.dev import Dev


def _is_business(user: User) -> bool:
    return user.billing.account_type == "business"


# -- set up ----------------------------------------------------------------------------------------------------


@defect("business-gets-an-empty-secret", "payment methods")
class EmptySecret(PaymentMethods):
    """A business customer's setup intent comes with an empty client secret."""

    def render_setup_intent(self, intent: SetupIntent) -> Json:
        secret = "" if _is_business(self.world.users[intent.user_id]) else intent.client_secret
        return {"setup_intent_client_secret": secret}


@defect("business-gets-no-secret", "payment methods")
class NoSecret(PaymentMethods):
    """A business customer's setup intent comes without its client secret."""

    def render_setup_intent(self, intent: SetupIntent) -> Json:
        if _is_business(self.world.users[intent.user_id]):
            return {"setup_intent": intent.id}
        return super().render_setup_intent(intent)


@defect("declined-card-appears", "payment methods")
class AttachesAnyway(StripeTestMode):
    """A card that is declined at set-up appears in the user's payment methods all the same."""

    def setup_declined(self, intent: SetupIntent, card: TestCard) -> StripeFault:
        self.dev.payment_methods.attach(self.world.users[intent.user_id], card, Context(self.clock.now(), ""))
        return super().setup_declined(intent, card)


@defect("card-without-funds-declined-and-listed", "payment methods")
class ListsWithoutFunds(WithoutFundsAtSetup):
    """A card without funds is declined at its set-up, and appears in the user's payment methods all the same."""

    def setup_declined(self, intent: SetupIntent, card: TestCard) -> StripeFault:
        if card.decline_code == "insufficient_funds":
            self.dev.payment_methods.attach(self.world.users[intent.user_id], card, Context(self.clock.now(), ""))
        return super().setup_declined(intent, card)


@defect("card-listed-before-it-is-authenticated", "payment methods")
class ListsUnauthenticated(AsksAtSetup):
    """A card that asks for its holder at its set-up appears in the user's payment methods before it was answered."""

    def confirm_setup(self, intent_id: str, form: Form, context: Context) -> SetupIntent:
        intent = super().confirm_setup(intent_id, form, context)
        if intent.status is IntentStatus.REQUIRES_ACTION and intent.card is not None:
            self.dev.payment_methods.attach(self.world.users[intent.user_id], intent.card, context)
        return intent


@defect("declined-card-accepted", "payment methods")
class DeclinesNothing(StripeTestMode):
    """A test card that must be declined at set-up is confirmed and attached."""

    def card(self, form: Form) -> TestCard:
        return replace(super().card(form), at_setup=AtSetup.ATTACHES)


@defect("second-card-replaces-the-first", "payment methods")
class OneCardOnly(PaymentMethods):
    """A second card takes the place of the first."""

    def attach(self, user: User, card: TestCard, context: Context, holder: str | None = None) -> PaymentMethod:
        user.methods.clear()
        user.default_method = None
        return super().attach(user, card, context, holder)


# -- shown -----------------------------------------------------------------------------------------------------


@defect("card-shows-its-first-four", "payment methods")
class FirstFour(PaymentMethods):
    """A card shows the first four digits of its number as its last four."""

    def render_card(self, method: PaymentMethod) -> Json:
        return {**super().render_card(method), "last4": "4000"}


@defect("card-of-another-brand", "payment methods")
class AnotherBrand(PaymentMethods):
    """Every Visa card is shown as a Visa Electron."""

    def render_card(self, method: PaymentMethod) -> Json:
        card = super().render_card(method)
        return {**card, "brand": "visa electron" if card["brand"] == "visa" else card["brand"]}


@defect("first-card-without-its-data", "payment methods")
class NoCard(PaymentMethods):
    """A user's first payment method is listed without its card."""

    def render(self, method: PaymentMethod, user: User) -> Json:
        rendered = super().render(method, user)
        if method.id == next(iter(user.methods)):
            rendered["card"] = None
        return rendered


@defect("card-shown-as-apple-pay", "payment methods")
class EverythingIsApplePay(PaymentMethods):
    """A card that was set up as a card is listed as Apple Pay."""

    def render(self, method: PaymentMethod, user: User) -> Json:
        return {**super().render(method, user), "type": "apple_pay"}


@defect("another-users-cards-listed", "payment methods")
class EverybodysCards(PaymentMethods):
    """A business customer sees the cards of all users of the partner."""

    def visible(self, user: User, context: Context) -> list[PaymentMethod]:
        everybody = [user] if not _is_business(user) else list(self.world.users.values())
        return [method for one in everybody for method in super(EverybodysCards, self).visible(one, context)]


# -- the default -----------------------------------------------------------------------------------------------


@defect("two-defaults-after-a-change", "payment methods")
class FormerDefaultsStay(PaymentMethods):
    """A new default leaves the former one a default as well."""

    def __init__(self, dev: Dev) -> None:
        super().__init__(dev)
        self._former: set[str | None] = set()

    def make_default(self, user: User, method: PaymentMethod) -> None:
        self._former.add(user.default_method)
        super().make_default(user, method)

    def render(self, method: PaymentMethod, user: User) -> Json:
        rendered = super().render(method, user)
        if method.id in self._former:
            rendered["default"] = True
        return rendered


@defect("default-stays-with-the-first", "payment methods")
class FirstIsDefault(PaymentMethods):
    """A choice of another default is accepted, and the first card stays the default."""

    def make_default(self, user: User, method: PaymentMethod) -> None:  # noqa: ARG002
        super().make_default(user, next(iter(user.methods.values())))


@defect("default-does-not-change-back", "payment methods")
class ChangesOnce(PaymentMethods):
    """The default can be changed to a newer card, but not back to an older one."""

    def make_default(self, user: User, method: PaymentMethod) -> None:
        order = list(user.methods)
        if user.default_method is None or order.index(method.id) > order.index(user.default_method):
            super().make_default(user, method)


@defect("no-default-after-a-change", "payment methods")
class DefaultLost(PaymentMethods):
    """After a choice of another default no card is shown as the default."""

    def make_default(self, user: User, method: PaymentMethod) -> None:  # noqa: ARG002
        user.default_method = None


# -- removed ---------------------------------------------------------------------------------------------------


@defect("deleted-card-still-listed", "payment methods")
class DeletesNothing(PaymentMethods):
    """The deletion of a card is accepted with 204, and the card stays."""

    def delete(self, user: User, method: PaymentMethod, context: Context) -> None:  # noqa: ARG002
        self.dev.users.refuse_while_unsettled(user, context)


@defect("deletion-takes-the-oldest-card", "payment methods")
class DeletesTheOldest(PaymentMethods):
    """The deletion of one of several cards takes the oldest of them too."""

    def delete(self, user: User, method: PaymentMethod, context: Context) -> None:
        super().delete(user, method, context)
        if user.methods:
            super().delete(user, next(iter(user.methods.values())), context)
