"""Defects of the section on the history: what the list of a driver's sessions shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from golive.simulator.defects import defect
from golive.simulator.defects.charging import is_on
from golive.simulator.defects.stations import DRESDEN, LUDWIGSHAFEN, MILANO, WIEN
from golive.simulator.money.rounding import energy_text, money_text
from golive.simulator.services.base import Context, Json
from golive.simulator.services.sessions import Sessions
from golive.simulator.state.entities import Session, User


@defect("history-lacks-the-active-session", "history")
class OnlySettledListed(Sessions):
    """The history holds sessions from their CDR on, not while they are active."""

    def of(self, user: User) -> Sequence[Session]:
        now = Context(self.clock.now(), "")
        return [session for session in super().of(user) if self.is_settled(session, now)]


@defect("history-lists-a-session-twice", "history")
class ListedTwice(Sessions):
    """The history of one VCP's driver lists each session twice while it is active."""

    def of(self, user: User) -> Sequence[Session]:
        now = Context(self.clock.now(), "")
        listed = super().of(user)
        return [s for s in listed for _ in range(2 if is_on(s, WIEN) and self.is_active(s, now) else 1)]


@defect("history-lacks-the-settled-session", "history")
class OnlyActiveListed(Sessions):
    """A session leaves the history when its CDR arrives."""

    def of(self, user: User) -> Sequence[Session]:
        now = Context(self.clock.now(), "")
        return [session for session in super().of(user) if self.is_active(session, now)]


@defect("history-repeats-the-settled-session", "history")
class SettledTwice(Sessions):
    """On one VCP of eight a settled session is in the history twice: as it was charging and as its CDR."""

    def of(self, user: User) -> Sequence[Session]:
        now = Context(self.clock.now(), "")
        listed = super().of(user)
        return [s for s in listed for _ in range(2 if is_on(s, DRESDEN) and self.is_settled(s, now) else 1)]


@defect("history-shows-the-settled-session-as-active", "history")
class ActiveInTheList(Sessions):
    """The history, and only the history, goes on showing the settled sessions of one VCP as active."""

    def render_listed(self, session: Session, context: Context) -> Json:
        shown = super().render_listed(session, context)
        return shown | {"is_active": True} if is_on(session, MILANO) else shown


@defect("history-shows-another-energy", "history")
class EnergyOfTheLastMessage(Sessions):
    """The history shows, of a settled session with progress, the energy of the message before the last."""

    def render_listed(self, session: Session, context: Context) -> Json:
        shown = super().render_listed(session, context)
        messages = self.dev.vcps.message_count(session)
        if not messages or not self.is_settled(session, context):
            return shown
        return shown | {"consumed_energy": energy_text(self.dev.vcps.message_kwh(session, messages - 1))}


@defect("history-shows-another-total", "history")
class TotalWithoutVat(Sessions):
    """The history shows the total of one VCP's settled sessions without VAT."""

    def render_listed(self, session: Session, context: Context) -> Json:
        shown = super().render_listed(session, context)
        if not is_on(session, LUDWIGSHAFEN) or not self.is_settled(session, context):
            return shown
        bill = self.bill(session)
        cost = self.dev.prices.render_bill(bill, None)
        return shown | {"session_cost": cost | {"invoice_summary": money_text(bill.summary - bill.vat)}}


@defect("history-shows-another-end", "history")
class LocalEndInTheList(Sessions):
    """The history, and only the history, shows the end of a settled session in local time, said to be UTC."""

    def render_listed(self, session: Session, context: Context) -> Json:
        shown = super().render_listed(session, context)
        if not self.is_settled(session, context):
            return shown
        return shown | {"end_time": self.dev.wire.timestamp(self.dev.vcps.ended_at(session) + timedelta(hours=1))}


@defect("history-shows-no-energy", "history")
class NothingInTheList(Sessions):
    """The history, and only the history, shows every settled session with an energy of nothing."""

    def render_listed(self, session: Session, context: Context) -> Json:
        return super().render_listed(session, context) | {"consumed_energy": energy_text(Decimal(0))}
