"""The card processor's test mode: what a frontend with a publishable key may do.

Confirming an intent that already stands at `requires_action` stands for the cardholder's authentication: it succeeds.
Cards are named, never numbered: raw card data is refused, as the processor does for most accounts.
"""

import hmac
from collections.abc import Mapping

from golive.simulator.services.base import Context, Json, Service
from golive.simulator.state.entities import IntentStatus, PaymentIntent, PaymentMethod, SetupIntent
from golive.simulator.stripe.cards import AtCharge, AtSetup, TestCard, card_named
from golive.simulator.stripe.faults import StripeFault, missing_parameter, no_such

Form = Mapping[str, str]


class StripeTestMode(Service):
    # -- the key and the secret --------------------------------------------------------------------------------

    def check_key(self, key: str | None) -> None:
        """Raises the 401 fault."""
        if not key:
            raise StripeFault(401, "You did not provide an API key.")
        if not hmac.compare_digest(key.encode("utf-8", "replace"), self.options.publishable_key.encode()):
            raise StripeFault(401, f"Invalid API Key provided: {'*' * 8}")

    def check_secret(self, intent: SetupIntent | PaymentIntent, form: Form, kind: str) -> None:
        """A publishable key alone is not enough: the intent's own secret goes with it."""
        secret = form.get("client_secret")
        if not secret:
            raise missing_parameter("client_secret")
        if not hmac.compare_digest(secret.encode("utf-8", "replace"), intent.client_secret.encode()):
            raise StripeFault(
                400,
                f"The client_secret provided does not match the client_secret of the {kind}.",
                code=f"{kind}_invalid_parameter" if kind == "payment_intent" else None,
                param="client_secret",
            )

    # -- setup intents -----------------------------------------------------------------------------------------

    def setup_intent(self, intent_id: str, form: Form) -> SetupIntent:
        intent = self.world.setup_intents.get(intent_id)
        if intent is None:
            raise no_such("setupintent", intent_id)
        self.check_secret(intent, form, "setup_intent")
        return intent

    def confirm_setup(self, intent_id: str, form: Form, context: Context) -> SetupIntent:
        """Raises a card error when the card refuses the set-up."""
        intent = self.setup_intent(intent_id, form)
        if intent.status is IntentStatus.SUCCEEDED:
            raise StripeFault(
                400,
                "This SetupIntent has already succeeded.",
                code="setup_intent_unexpected_state",
                setup_intent=self.render_setup_intent(intent),
            )
        if intent.status is IntentStatus.REQUIRES_ACTION and intent.card is not None:
            self.attach(intent, intent.card, form, context)
            return intent
        card = self.card(form)
        intent.card = card
        match card.at_setup:
            case AtSetup.DECLINED:
                raise self.setup_declined(intent, card)
            case AtSetup.WANTS_ACTION:
                intent.status = IntentStatus.REQUIRES_ACTION
            case _:
                self.attach(intent, card, form, context)
        return intent

    def attach(self, intent: SetupIntent, card: TestCard, form: Form, context: Context) -> None:
        user = self.world.users[intent.user_id]
        holder = form.get("payment_method_data[billing_details][name]")
        method = self.dev.payment_methods.attach(user, card, context, holder)
        intent.method_id = method.id
        intent.status = IntentStatus.SUCCEEDED
        intent.last_error = None

    def setup_declined(self, intent: SetupIntent, card: TestCard) -> StripeFault:
        intent.status = IntentStatus.REQUIRES_PAYMENT_METHOD
        intent.last_error = self.card_error(card)
        return StripeFault(
            402,
            card.message,
            error_type="card_error",
            code=card.code,
            decline_code=card.decline_code or None,
            setup_intent=self.render_setup_intent(intent),
        )

    def card(self, form: Form) -> TestCard:
        """The test card that the form names, as `payment_method` or as the token in `payment_method_data`."""
        reference = form.get("payment_method")
        if reference is None and any(name.startswith("payment_method_data[card][number]") for name in form):
            raise StripeFault(
                402,
                "Sending card numbers to this test mode is not possible: name a test card, for example pm_card_visa.",
                param="payment_method_data[card][number]",
            )
        if reference is None:
            reference = form.get("payment_method_data[card][token]")
        if reference is None:
            raise missing_parameter("payment_method")
        card = card_named(reference)
        if card is None:
            raise no_such("PaymentMethod", reference, status=400, param="payment_method")
        return card

    # -- payment intents ---------------------------------------------------------------------------------------

    def payment_intent(self, intent_id: str, form: Form) -> PaymentIntent:
        intent = self.world.payment_intents.get(intent_id)
        if intent is None:
            raise no_such("payment_intent", intent_id)
        self.check_secret(intent, form, "payment_intent")
        return intent

    def confirm_payment(self, intent_id: str, form: Form) -> PaymentIntent:
        """The driver authenticates a pre-authorization, or pays a debt (with another card, or again with the same)."""
        intent = self.payment_intent(intent_id, form)
        if intent.status in (IntentStatus.SUCCEEDED, IntentStatus.REQUIRES_CAPTURE):
            raise StripeFault(
                400,
                f"This PaymentIntent's status is {intent.status}: it cannot be confirmed again.",
                code="payment_intent_unexpected_state",
                payment_intent=self.render_payment_intent(intent),
            )
        card = self.paying_card(intent, form)
        if card.at_charge is AtCharge.DECLINED:
            raise self.payment_declined(intent, card)
        if card.at_charge is AtCharge.WANTS_ACTION and intent.status is not IntentStatus.REQUIRES_ACTION:
            intent.status = IntentStatus.REQUIRES_ACTION
            return intent
        manual = intent.capture_method == "manual"
        intent.status = IntentStatus.REQUIRES_CAPTURE if manual else IntentStatus.SUCCEEDED
        intent.last_error = None
        return intent

    def paying_card(self, intent: PaymentIntent, form: Form) -> TestCard:
        """The user's own method that the form names, else a test card, else the method that the intent already has."""
        methods = self.world.users[intent.user_id].methods
        own: PaymentMethod | None = methods.get(form.get("payment_method", intent.method_id or ""))
        if own is not None:
            intent.method_id = own.id
            return own.card
        return self.card(form)

    def payment_declined(self, intent: PaymentIntent, card: TestCard) -> StripeFault:
        intent.status = IntentStatus.REQUIRES_PAYMENT_METHOD
        intent.last_error = self.card_error(card)
        return StripeFault(
            402,
            card.message,
            error_type="card_error",
            code=card.code,
            decline_code=card.decline_code or None,
            payment_intent=self.render_payment_intent(intent),
        )

    # -- on the wire -------------------------------------------------------------------------------------------

    def card_error(self, card: TestCard) -> Json:
        return {
            "type": "card_error",
            "code": card.code,
            "message": card.message,
            **({"decline_code": card.decline_code} if card.decline_code else {}),
        }

    def render_next_action(self, status: IntentStatus) -> Json | None:
        if status is not IntentStatus.REQUIRES_ACTION:
            return None
        return {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}}

    def render_setup_intent(self, intent: SetupIntent) -> Json:
        return {
            "id": intent.id,
            "object": "setup_intent",
            "cancellation_reason": None,
            "client_secret": intent.client_secret,
            "created": int(intent.created_at.timestamp()),
            "description": None,
            "last_setup_error": intent.last_error,
            "livemode": False,
            "next_action": self.render_next_action(intent.status),
            "payment_method": intent.method_id,
            "payment_method_types": ["card"],
            "status": str(intent.status),
            "usage": "off_session",
        }

    def render_payment_intent(self, intent: PaymentIntent) -> Json:
        return {
            "id": intent.id,
            "object": "payment_intent",
            "amount": intent.amount_cents,
            "capture_method": intent.capture_method,
            "client_secret": intent.client_secret,
            "confirmation_method": "automatic",
            "created": int(intent.created_at.timestamp()),
            "currency": intent.currency.lower(),
            "last_payment_error": intent.last_error,
            "livemode": False,
            "next_action": self.render_next_action(intent.status),
            "payment_method": intent.method_id,
            "payment_method_types": ["card"],
            "status": str(intent.status),
        }
