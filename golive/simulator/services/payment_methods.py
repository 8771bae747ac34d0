"""Payment methods: set up at the card processor, listed, made default, removed."""

from datetime import timedelta

from golive.simulator.faults import NotFound
from golive.simulator.services.base import Context, Json, Service
from golive.simulator.state.entities import PaymentMethod, SetupIntent, User
from golive.simulator.stripe.cards import TestCard

VALID_YEARS = 4


class PaymentMethods(Service):
    def setup_intent(self, user: User) -> SetupIntent:
        return self.world.new_setup_intent(user)

    def attach(self, user: User, card: TestCard, context: Context, holder: str | None = None) -> PaymentMethod:
        """A new method of the user's, listed after the option `payment_method_delay`; the first one is the default."""
        method = PaymentMethod(
            id=self.world.ids.prefixed("pm"),
            user_id=user.id,
            card=card,
            attached_at=context.now,
            visible_at=context.now + timedelta(seconds=self.options.payment_method_delay),
            cardholder_name=holder,
        )
        user.methods[method.id] = method
        if user.default_method is None:
            user.default_method = method.id
        return method

    def visible(self, user: User, context: Context) -> list[PaymentMethod]:
        """Newest first; a user has a handful."""
        return [m for m in reversed(user.methods.values()) if m.visible_at <= context.now]

    def find(self, user: User, method_id: str, context: Context) -> PaymentMethod | None:
        method = user.methods.get(method_id)
        return method if method is not None and method.visible_at <= context.now else None

    def get(self, user: User, method_id: str, context: Context) -> PaymentMethod:
        """Raises `NotFound` for another user's method too."""
        method = self.find(user, method_id, context)
        if method is None:
            raise NotFound
        return method

    def make_default(self, user: User, method: PaymentMethod) -> None:
        user.default_method = method.id

    def delete(self, user: User, method: PaymentMethod, context: Context) -> None:
        """Raises a 402 problem while a session is unsettled: charging is post-paid. The newest that remains becomes
        the default in place of a deleted default."""
        self.dev.users.refuse_while_unsettled(user, context)
        del user.methods[method.id]
        if user.default_method == method.id:
            user.default_method = next(reversed(user.methods), None)

    def render_setup_intent(self, intent: SetupIntent) -> Json:
        return {"setup_intent_client_secret": intent.client_secret}

    def render(self, method: PaymentMethod, user: User) -> Json:
        return {
            "id": method.id,
            "default": user.default_method == method.id,
            "type": "card",
            "card": self.render_card(method),
            "created_at": self.dev.wire.timestamp(method.attached_at),
        }

    def render_card(self, method: PaymentMethod) -> Json:
        return {
            "brand": method.card.brand,
            "last4": method.card.last4,
            "expiration_date": self.expiration_date(method),
            "cardholder_name": method.cardholder_name,
        }

    def expiration_date(self, method: PaymentMethod) -> str:
        return f"{method.attached_at.month:02}/{(method.attached_at.year + VALID_YEARS) % 100:02}"
