"""Debts: settled sessions whose final charge was declined."""

from golive.simulator.money.rounding import money_text
from golive.simulator.services.base import Context, Json, Service
from golive.simulator.state.entities import IntentStatus, PaymentIntent, Session, User


class Debts(Service):
    """A session's debt exists from its CDR until its payment intent is confirmed at the card processor."""

    def outstanding(self, user: User, context: Context) -> list[Session]:
        """Oldest first. A session in debt has no invoice, so only the open ones have to be looked at."""
        return [s for s in user.open_sessions if self.is_owed(s, context)]

    def is_owed(self, session: Session, context: Context) -> bool:
        return self.is_unpaid(session) and self.dev.sessions.is_settled(session, context)

    def is_unpaid(self, session: Session) -> bool:
        return session.debt_intent is not None and (
            self.world.payment_intents[session.debt_intent].status is not IntentStatus.SUCCEEDED
        )

    def on_start(self, session: Session) -> None:
        """With the option `unpaid`, every session's final charge will be declined."""
        if self.options.unpaid:
            self.world.decline_final_charge(session.id)

    def intent_of(self, session: Session) -> PaymentIntent:
        """The payment intent that pays the debt, with the amount as it stands."""
        if session.debt_intent is None:
            raise LookupError(f"session {session.id} has no declined charge")
        intent = self.world.payment_intents[session.debt_intent]
        intent.amount_cents = int(self.dev.sessions.bill(session).summary * 100)
        return intent

    def render(self, session: Session) -> Json:
        intent = self.intent_of(session)
        return {
            "session_id": session.id,
            "payment_intent_client_secret": intent.client_secret,
            "amount": money_text(self.dev.sessions.bill(session).summary),
            "currency": intent.currency,
        }
