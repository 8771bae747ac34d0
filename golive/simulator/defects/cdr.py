"""Defects of the section on the CDR: whether it arrives, and what it says of times, energy and later changes.

What it says of money is in `costs.py`.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from golive.simulator.atlas.stations import VcpType
from golive.simulator.defects import defect
from golive.simulator.defects.charging import is_on
from golive.simulator.defects.stations import (
    BERLIN,
    DRESDEN,
    INNSBRUCK,
    KARLSRUHE,
    LUDWIGSHAFEN,
    MILANO,
    MUENCHEN,
    WIEN,
)
from golive.simulator.money.rounding import energy_text, money_text
from golive.simulator.services.base import Context, Json
from golive.simulator.services.sessions import Sessions
from golive.simulator.services.vcps import Vcps
from golive.simulator.state.entities import Session

if TYPE_CHECKING:
    from golive.simulator.dev import Dev

NEVER = timedelta(days=1)

# -- whether it arrives ------------------------------------------------------------------------------------------


class Settled(Sessions):
    """Sessions whose CDR says something else than it should."""

    def said(self, session: Session) -> Json:  # noqa: ARG002 - for those that need it
        """What is wrong in the CDR of this session: nothing, here."""
        return {}

    def render(self, session: Session, context: Context) -> Json:
        shown = super().render(session, context)
        return shown | self.said(session) if self.is_settled(session, context) else shown


@defect("cdr-never-comes-on-shared-vcps", "cdr")
class SharedNeverSettle(Vcps):
    """On the shared VCPs no CDR follows the stop: the session stays active for ever."""

    def settled_at(self, session: Session) -> datetime:
        settled = super().settled_at(session)
        return settled + NEVER if session.evse.vcp_type is VcpType.SHARED else settled


@defect("one-evse-never-settles", "cdr")
class OneNeverSettles(Vcps):
    """On one VCP of eight the CDR never arrives."""

    def settled_at(self, session: Session) -> datetime:
        settled = super().settled_at(session)
        return settled + NEVER if is_on(session, INNSBRUCK) else settled


@defect("unstopped-session-never-settles", "cdr")
class UnstoppedNeverSettles(Vcps):
    """A session on a VCP with progress gets its CDR only if it was stopped."""

    def settled_at(self, session: Session) -> datetime:
        settled = super().settled_at(session)
        if session.evse.vcp_type is VcpType.PROGRESS and session.stopped_at is None:
            return settled + NEVER
        return settled


@defect("unstopped-session-consumes-nothing", "cdr")
class UnstoppedConsumesNothing(Vcps):
    """The CDR of a session that nobody stopped says that nothing was consumed."""

    def final_kwh(self, session: Session) -> Decimal:
        if session.evse.vcp_type is VcpType.PROGRESS and session.stopped_at is None:
            return Decimal(0)
        return super().final_kwh(session)


@defect("cdr-without-end-time", "cdr")
class WithoutEnd(Settled):
    """A session turns inactive, but never gets an end time."""

    def said(self, session: Session) -> Json:  # noqa: ARG002 - whichever it is
        return {"end_time": None}


@defect("cdr-without-duration", "cdr")
class WithoutDuration(Settled):
    """On one VCP of eight the CDR has no duration."""

    def said(self, session: Session) -> Json:
        return {"duration": None} if is_on(session, KARLSRUHE) else {}


@defect("cdr-without-energy", "cdr")
class WithoutEnergy(Settled):
    """On one shared VCP the CDR has no energy, which it alone could confirm."""

    def said(self, session: Session) -> Json:
        return {"consumed_energy": None} if is_on(session, BERLIN) else {}


@defect("cdr-without-cost", "cdr")
class WithoutCost(Settled):
    """On one VCP of eight the session ends, but its cost stays at the zeros that it had while charging."""

    def said(self, session: Session) -> Json:
        return {"session_cost": self.dev.prices.render_no_bill("EUR")} if is_on(session, MILANO) else {}


@defect("cdr-without-prices", "cdr")
class WithoutPrices(Settled):
    """On one VCP of eight the session loses its prices with the CDR."""

    def said(self, session: Session) -> Json:
        return {"user_facing_session_prices": None} if is_on(session, DRESDEN) else {}


@defect("cdr-names-another-evse", "cdr")
class NamesAnotherEvse(Settled):
    """The CDR of one VCP with progress names the connector beside it."""

    def said(self, session: Session) -> Json:
        return {"evse_id": session.station.evses[-1].evse_id} if is_on(session, LUDWIGSHAFEN) else {}


@defect("shared-cdr-names-another-evse", "cdr")
class SharedNamesAnotherEvse(Settled):
    """The CDR of one shared VCP names the EVSE of another town."""

    def said(self, session: Session) -> Json:
        return {"evse_id": BERLIN} if is_on(session, MILANO) else {}


# -- its times ---------------------------------------------------------------------------------------------------


@defect("cdr-ends-before-it-starts", "cdr")
class EndsBeforeItStarts(Settled):
    """The CDR has its start and its end the wrong way round, a minute apart."""

    def said(self, session: Session) -> Json:
        return {"end_time": self.dev.wire.timestamp(session.started_at - timedelta(minutes=1)), "duration": 60}


@defect("cdr-duration-in-milliseconds", "cdr")
class Milliseconds(Settled):
    """The CDR of a VCP with progress gives its duration in milliseconds."""

    def said(self, session: Session) -> Json:
        if session.evse.vcp_type is not VcpType.PROGRESS:
            return {}
        lasted = self.dev.vcps.ended_at(session) - session.started_at
        return {"duration": int(lasted / timedelta(milliseconds=1))}


@defect("cdr-end-in-local-time", "cdr")
class LocalEnd(Settled):
    """On one VCP of eight the end is local time, said to be UTC."""

    def said(self, session: Session) -> Json:
        if not is_on(session, WIEN):
            return {}
        return {"end_time": self.dev.wire.timestamp(self.dev.vcps.ended_at(session) + timedelta(hours=1))}


# -- its energy --------------------------------------------------------------------------------------------------


@defect("cdr-energy-below-progress", "cdr")
class LessThanProgress(Vcps):
    """The CDR, and what is billed, is over the energy of the first progress message, not of the last."""

    def final_kwh(self, session: Session) -> Decimal:
        return self.message_kwh(session, 1) if self.message_count(session) else super().final_kwh(session)


@defect("cdr-energy-negative", "cdr")
class NegativeEnergy(Vcps):
    """On one shared VCP the meter runs backwards: energy and cost are below zero."""

    def final_kwh(self, session: Session) -> Decimal:
        kwh = super().final_kwh(session)
        return -kwh if is_on(session, MUENCHEN) else kwh


@defect("cdr-energy-in-watt-hours", "cdr")
class WattHours(Settled):
    """The CDR gives its energy in watt-hours."""

    def said(self, session: Session) -> Json:
        return {"consumed_energy": energy_text(self.dev.vcps.final_kwh(session) * 1000)}


# -- whether it stays --------------------------------------------------------------------------------------------


class Later(Sessions):
    """Sessions whose details say something else from the second look after the CDR on."""

    def __init__(self, dev: Dev) -> None:
        super().__init__(dev)
        self._looks: Counter[str] = Counter()

    def said_later(self, session: Session) -> Json:  # noqa: ARG002 - for those that need it
        """What the details say then: nothing else, here."""
        return {}

    def render_details(self, session: Session, context: Context) -> Json:
        shown = super().render_details(session, context)
        if not self.is_settled(session, context):
            return shown
        self._looks[session.id] += 1
        return shown | self.said_later(session) if self._looks[session.id] > 1 else shown


@defect("cdr-energy-changes-later", "cdr")
class ChangesLater(Later):
    """Some time after the CDR the session's energy is ten per cent higher."""

    def said_later(self, session: Session) -> Json:
        return {"consumed_energy": energy_text(self.dev.vcps.final_kwh(session) * Decimal("1.1"))}


@defect("settled-session-turns-active-again", "cdr")
class ActiveLater(Later):
    """On one VCP of eight a session with its CDR is shown as active again some time later."""

    def said_later(self, session: Session) -> Json:
        return {"is_active": True} if is_on(session, KARLSRUHE) else {}


@defect("settled-session-is-corrected-later", "cdr")
class CorrectedLater(Later):
    """Some time after the CDR one session's end is later, another's duration longer, a third's total higher."""

    def said_later(self, session: Session) -> Json:
        if is_on(session, BERLIN):
            return {"end_time": self.dev.wire.timestamp(self.dev.vcps.ended_at(session) + timedelta(minutes=1))}
        if is_on(session, DRESDEN):
            return {"duration": self.dev.vcps.duration_s(session) + 60}
        if is_on(session, MILANO):
            bill = self.bill(session)
            shown = self.dev.prices.render_bill(bill, None)
            return {"session_cost": shown | {"invoice_summary": money_text(bill.summary + 1)}}
        return {}
