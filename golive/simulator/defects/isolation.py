"""Defects of isolation: what one user gets hold of that is another's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from golive.simulator.defects import defect
from golive.simulator.defects.answers import Whole, changed
from golive.simulator.defects.busy import AfterRefusal
from golive.simulator.faults import ErrorType, NotFound, Problem
from golive.simulator.services.base import Context
from golive.simulator.services.charging import Charging
from golive.simulator.services.invoices import Invoices
from golive.simulator.services.payment_methods import PaymentMethods
from golive.simulator.services.sessions import Sessions
from golive.simulator.state.entities import PaymentMethod, Session, User

if TYPE_CHECKING:
    from starlette.types import ASGIApp

LONG_BEFORE = timedelta(hours=1)


@defect("foreign-session-is-readable", "isolation")
class ForeignReadable(Sessions):
    """Whoever knows a session's id can read it, under any user."""

    def get(self, user: User, session_id: str) -> Session:
        return self.world.sessions.get(session_id) or super().get(user, session_id)


@defect("foreign-session-is-readable", "isolation")
class YetNotStoppable(Charging):
    """But only its driver can stop it."""

    def to_stop(self, user: User, session_id: str) -> Session:
        session = super().to_stop(user, session_id)
        if session.user_id != user.id:
            raise NotFound
        return session


@defect("foreign-read-answers-500", "isolation")
class ForeignReadFails(Sessions):
    """Reading another driver's session is answered with 500."""

    def get(self, user: User, session_id: str) -> Session:
        if session_id in self.world.sessions and self.world.sessions[session_id].user_id != user.id:
            raise self.dev.envelope.unexpected("5b6e7f3a-91d2-4c7c-b0b4-2c1f9a7d8e60")
        return super().get(user, session_id)


@defect("foreign-read-answers-500", "isolation")
class YetTheStopIsNotFound(Charging):
    """The stop is answered as it should be."""

    def to_stop(self, user: User, session_id: str) -> Session:
        session = self.world.sessions.get(session_id)
        if session is None or session.user_id != user.id:
            raise NotFound
        return session


@defect("foreign-session-can-be-stopped", "isolation")
class ForeignStoppable(Charging):
    """Whoever knows a session's id can stop it, under any user."""

    def to_stop(self, user: User, session_id: str) -> Session:
        return self.world.sessions.get(session_id) or super().to_stop(user, session_id)


@defect("foreign-stop-is-accepted-in-vain", "isolation")
class ForeignStopInVain(ForeignStoppable):
    """A stop of another driver's session is answered with 204, and does nothing."""

    def stop(self, session: Session, context: Context) -> None:
        if not self._foreign:
            super().stop(session, context)

    def to_stop(self, user: User, session_id: str) -> Session:
        session = super().to_stop(user, session_id)
        self._foreign = session.user_id != user.id
        return session


@defect("foreign-stop-is-refused-but-works", "isolation")
class ForeignStopWorks(Charging):
    """A stop of another driver's session is answered with 404, and ends the session."""

    def to_stop(self, user: User, session_id: str) -> Session:
        session = self.world.sessions.get(session_id)
        if session is not None and session.user_id != user.id:
            session.started_at -= LONG_BEFORE
            session.stopped_at = session.started_at
        return super().to_stop(user, session_id)


@defect("foreign-stop-tells-of-the-session", "isolation")
class ForeignStopTells(Charging):
    """A stop of another driver's session is answered with already_stopped, as if the session were one's own."""

    def to_stop(self, user: User, session_id: str) -> Session:
        session = self.world.sessions.get(session_id)
        if session is not None and session.user_id != user.id:
            raise Problem(409, ErrorType.ALREADY_STOPPED, "The charging session is already stopped.")
        return super().to_stop(user, session_id)


@defect("history-shows-the-other-drivers-session", "isolation")
class HistoryShowsOther(AfterRefusal):
    """Whoever was refused as busy sees the session of the driver who charges there in their own history."""

    def after_refusal(self, user: User, method_id: str, occupant: Session) -> None:  # noqa: ARG002 - however it is paid
        user.sessions.append(occupant)


@defect("card-shows-with-another-user", "isolation")
class CardShowsWithAnother(PaymentMethods):
    """A user who has no card sees the cards of those who came before it with more than one."""

    def visible(self, user: User, context: Context) -> list[PaymentMethod]:
        own = super().visible(user, context)
        if own:
            return own
        return [
            method
            for other in self.world.live_users
            if len(other.methods) > 1
            for method in other.methods.values()
            if other.sequence > user.sequence
        ]


@defect("invoices-show-with-another-user", "isolation")
class InvoicesShowWithAnother(Invoices):
    """A user who never charged sees the invoices of all others."""

    def of(self, user: User, context: Context) -> Sequence[Session]:
        if user.sessions:
            return super().of(user, context)
        return [
            session
            for other in self.world.live_users
            for session in super(InvoicesShowWithAnother, self).of(other, context)
        ]


@defect("debts-show-with-another-user", "isolation")
def one_debt_for_all(app: ASGIApp) -> ASGIApp:
    """Every user is shown the same debt, whoever owes it."""
    debt = {"session_id": "9001", "payment_intent_client_secret": "pi_1_secret_1", "amount": "5.39", "currency": "EUR"}
    page = json.dumps({"count": 1, "next": None, "previous": None, "results": [debt]}).encode()

    def shown(whole: Whole) -> Whole:
        return replace(whole, body=page) if whole.path.endswith("/charging/debts/") and whole.status == 200 else whole

    return changed(app, shown)


@defect("sessions-show-with-another-user", "isolation")
class SessionsShowWithAnother(Sessions):
    """A user without a card sees the settled sessions of all others."""

    def of(self, user: User) -> Sequence[Session]:
        if user.methods:
            return super().of(user)
        now = Context(self.clock.now(), "")
        return [s for other in self.world.live_users for s in other.sessions if self.is_settled(s, now)]


@defect("start-takes-a-foreign-payment-method", "isolation")
class ForeignPaymentMethod(PaymentMethods):
    """A start can be paid with another user's payment method."""

    def find(self, user: User, method_id: str, context: Context) -> PaymentMethod | None:
        own = super().find(user, method_id, context)
        return own or next((m for u in self.world.live_users if (m := u.methods.get(method_id)) is not None), None)
