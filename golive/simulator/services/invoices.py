"""Invoices: one per settled and paid session, some time after its CDR."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from golive.simulator.faults import NotFound
from golive.simulator.money.rounding import money_text
from golive.simulator.services.base import Context, Json, Service
from golive.simulator.state.entities import Session, User
from golive.simulator.state.newest import Newest

PATH = "/media/invoices"


class Invoices(Service):
    def of(self, user: User, context: Context) -> Sequence[Session]:
        """The sessions with an invoice, newest invoice first."""
        self.collect(user, context)
        return Newest(user.invoiced)

    def collect(self, user: User, context: Context) -> None:
        """Moves sessions whose invoice has come from the open ones to the invoiced ones."""
        due = [s for s in user.open_sessions if self.is_due(s, context)]
        if due:
            due.sort(key=self.date)
            user.invoiced.extend(due)
            user.open_sessions = [s for s in user.open_sessions if s not in due]

    def is_due(self, session: Session, context: Context) -> bool:
        return context.now >= self.date(session) and not self.dev.debts.is_owed(session, context)

    def date(self, session: Session) -> datetime:
        return self.dev.vcps.settled_at(session) + timedelta(seconds=self.options.seconds_to_invoice)

    def link(self, session: Session, context: Context) -> str:
        return f"{context.base_url}{PATH}/{session.id}.txt"

    def render(self, session: Session, context: Context) -> Json:
        return {
            "link": self.link(session, context),
            "total": money_text(self.dev.sessions.bill(session).summary),
            "date": self.dev.wire.timestamp(self.date(session)),
            "refund": False,
            "charging_session_id": session.id,
            "currency": session.tariff.currency,
        }

    def document(self, session_id: str, context: Context) -> str:
        """What the link leads to. Personal accounts show the person's name, business accounts company and VAT id."""
        session = self.world.sessions.get(session_id)
        if session is None or not self.is_due(session, context):
            raise NotFound
        details = self.world.users[session.user_id].billing
        if details.account_type == "business":
            customer = [details.company_name, details.vat_id]
        else:
            customer = [" ".join(filter(None, (details.first_name, details.last_name))), details.tax_id]
        bill = self.dev.sessions.bill(session)
        lines = [
            "INVOICE (simulated: nothing was charged)",
            *filter(None, (*customer, details.line1, details.postal_code, details.city, details.country)),
            f"Charging session {session.id} at {session.evse.evse_id}",
            f"Date {self.dev.wire.timestamp(self.date(session))}",
            f"Total {money_text(bill.summary)} {bill.currency}, of which VAT {money_text(bill.vat)}",
        ]
        return "\n".join(lines) + "\n"
