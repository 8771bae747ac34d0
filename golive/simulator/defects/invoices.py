"""Defects of the section on invoices: what is billed for a settled session."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from golive.simulator.defects import defect
from golive.simulator.defects.charging import is_on
from golive.simulator.defects.stations import BERLIN, DRESDEN, INNSBRUCK, MUENCHEN, WIEN
from golive.simulator.money.rounding import money_text
from golive.simulator.services.base import Context, Json
from golive.simulator.services.invoices import Invoices
from golive.simulator.state.entities import Session, User


@defect("invoice-over-another-total", "invoices")
class TenPercentMore(Invoices):
    """Every invoice is over ten per cent more than the CDR's total."""

    def render(self, session: Session, context: Context) -> Json:
        total = self.dev.sessions.bill(session).summary * Decimal("1.1")
        return super().render(session, context) | {"total": money_text(total)}


@defect("invoice-without-the-starting-fee", "invoices")
class WithoutStartingFee(Invoices):
    """On one VCP of eight the invoice leaves out the starting fee, which is in the CDR's total."""

    def render(self, session: Session, context: Context) -> Json:
        shown = super().render(session, context)
        bill = self.dev.sessions.bill(session)
        if not is_on(session, WIEN) or bill.starting_fee is None:
            return shown
        return shown | {"total": money_text(bill.summary - bill.starting_fee.gross)}


@defect("invoice-in-another-currency", "invoices")
class InSwissFrancs(Invoices):
    """One VCP's invoices are over the same number of another currency."""

    def render(self, session: Session, context: Context) -> Json:
        shown = super().render(session, context)
        return shown | {"currency": "CHF"} if is_on(session, INNSBRUCK) else shown


@defect("invoice-is-a-refund", "invoices")
class Refunded(Invoices):
    """The invoice of a charge is marked as a refund."""

    def render(self, session: Session, context: Context) -> Json:
        return super().render(session, context) | {"refund": True}


@defect("invoice-of-another-session", "invoices")
class OfAnotherSession(Invoices):
    """On one VCP of eight the invoice names the session of another driver."""

    def render(self, session: Session, context: Context) -> Json:
        shown = super().render(session, context)
        if not is_on(session, BERLIN):
            return shown
        other = next(other for other in self.world.sessions.values() if other.user_id != session.user_id)
        return shown | {"charging_session_id": other.id}


@defect("session-invoiced-twice", "invoices")
class InvoicedTwice(Invoices):
    """One VCP's sessions get two invoices, each over the whole total."""

    def of(self, user: User, context: Context) -> Sequence[Session]:
        return [s for s in super().of(user, context) for _ in range(2 if is_on(s, MUENCHEN) else 1)]


@defect("invoice-in-cents", "invoices")
class InCents(Invoices):
    """The invoice of one VCP gives its total in cents, everything else is in euros."""

    def render(self, session: Session, context: Context) -> Json:
        shown = super().render(session, context)
        if not is_on(session, DRESDEN):
            return shown
        return shown | {"total": str(int(self.dev.sessions.bill(session).summary * 100))}
