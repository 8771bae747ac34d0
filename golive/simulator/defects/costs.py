"""Defects of the section on the CDR, as far as its money goes: prices, parts, total, VAT, currency."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from golive.simulator.atlas.stations import Evse
from golive.simulator.defects import defect
from golive.simulator.defects.charging import is_on
from golive.simulator.defects.stations import DRESDEN, INNSBRUCK, KARLSRUHE, LUDWIGSHAFEN, MILANO, WIEN
from golive.simulator.habits.times import BegunEarlier, PricedEarlier, ShownEarlier
from golive.simulator.money.bill import Bill, Part, part
from golive.simulator.money.rounding import cents, money_text, net_of
from golive.simulator.money.tariffs import Tariff
from golive.simulator.services.base import Context, Json
from golive.simulator.services.prices import Prices
from golive.simulator.services.sessions import Sessions
from golive.simulator.state.entities import Session

MINUTES_PER_HOUR = 60


def times(whole: Part, factor: Decimal) -> Part:
    """The part multiplied, to the cent."""
    return Part(cents(whole.net * factor), cents(whole.gross * factor))


# -- prices and currencies ---------------------------------------------------------------------------------------


@defect("session-price-above-the-advertised", "cdr")
class DearerAtStart(Prices):
    """A session gets, and is billed, a price per kWh five cents above the one that its station advertises."""

    def at_start(self, evse: Evse, started_at: datetime) -> Tariff:
        tariff = super().at_start(evse, started_at)
        if tariff.kwh is None:
            return tariff
        dearer = net_of(tariff.kwh.user_facing + Decimal("0.05"), tariff.kwh.vat)
        return replace(tariff, kwh=replace(tariff.kwh, net=dearer))


@defect("starting-fee-not-advertised", "cdr")
class HiddenFee(Prices):
    """One station of eight does not advertise the starting fee that its sessions have and are billed."""

    def render_group(self, connector: str, power: int, tariff: Tariff, evse_ids: list[str], context: Context) -> Json:
        if DRESDEN in evse_ids:
            hidden = replace(tariff, starting_fee=None)
            return super().render_group(connector, power, hidden, evse_ids, context)
        return super().render_group(connector, power, tariff, evse_ids, context)


@defect("session-prices-in-another-currency", "cdr")
class PricesInDollars(Prices):
    """A session's prices are in another currency than its station's prices and its costs."""

    def render_session_prices(self, tariff: Tariff) -> Json:
        return super().render_session_prices(tariff) | {"currency": "USD"}


@defect("costs-in-another-currency", "cdr")
class CostsInFrancs(Sessions):
    """The costs of one VCP's sessions are in another currency than their prices and their invoice."""

    def render_cost(self, session: Session, context: Context) -> Json:
        cost = super().render_cost(session, context)
        return cost | {"currency": "CHF"} if is_on(session, MILANO) else cost


@defect("costs-without-currency", "cdr")
class CostsInNothing(Sessions):
    """The costs of one VCP's sessions name no currency."""

    def render_cost(self, session: Session, context: Context) -> Json:
        cost = super().render_cost(session, context)
        return {name: value for name, value in cost.items() if name != "currency" or not is_on(session, WIEN)}


# -- parts -------------------------------------------------------------------------------------------------------


@defect("energy-billed-ten-percent-high", "cdr")
class EnergyDearer(Sessions):
    """The energy is billed ten per cent above the session's own price; all sums are right."""

    def bill(self, session: Session) -> Bill:
        bill = super().bill(session)
        return bill if bill.kwh is None else replace(bill, kwh=times(bill.kwh, Decimal("1.1")))


@defect("energy-billed-without-vat", "cdr")
class EnergyNet(Sessions):
    """On one VCP of eight the energy is billed at the net price, without VAT."""

    def bill(self, session: Session) -> Bill:
        bill = super().bill(session)
        if bill.kwh is None or not is_on(session, LUDWIGSHAFEN):
            return bill
        return replace(bill, kwh=Part(bill.kwh.net, bill.kwh.net))


@defect("session-fee-billed-twice", "cdr")
class SessionFeeTwice(Sessions):
    """The session fee is billed twice."""

    def bill(self, session: Session) -> Bill:
        bill = super().bill(session)
        return bill if bill.session_fee is None else replace(bill, session_fee=times(bill.session_fee, Decimal(2)))


@defect("starting-fee-not-billed", "cdr")
class StartingFeeForgotten(Sessions):
    """On one VCP of eight the starting fee, which the driver was told of, is not billed."""

    def bill(self, session: Session) -> Bill:
        bill = super().bill(session)
        return replace(bill, starting_fee=None) if is_on(session, KARLSRUHE) else bill


@defect("starting-fee-billed-as-session-fee", "cdr")
class FeesUnderOneName(Sessions):
    """Where a session has both fees, the starting fee is billed within the session fee."""

    def bill(self, session: Session) -> Bill:
        bill = super().bill(session)
        if bill.session_fee is None or bill.starting_fee is None:
            return bill
        both = Part(bill.session_fee.net + bill.starting_fee.net, bill.session_fee.gross + bill.starting_fee.gross)
        return replace(bill, session_fee=both, starting_fee=None)


@defect("blocking-fee-within-the-grace-period", "cdr")
class BlockingAtOnce(Sessions):
    """One VCP's sessions are billed ten minutes of blocking, though they end within the grace period."""

    def bill(self, session: Session) -> Bill:
        bill = super().bill(session)
        fee = part(session.tariff.blocking, Decimal(10) / MINUTES_PER_HOUR)
        return replace(bill, blocking=fee) if is_on(session, INNSBRUCK) else bill


@defect("blocking-fee-not-advertised", "cdr")
class BlockingOutOfNothing(Sessions):
    """One VCP's sessions are billed half a euro of blocking, for which their station advertises no price."""

    def bill(self, session: Session) -> Bill:
        bill = super().bill(session)
        gross = Decimal("0.50")
        fee = Part(cents(gross * 100 / (100 + session.tariff.vat)), gross)
        return replace(bill, blocking=fee) if is_on(session, DRESDEN) else bill


# -- parts that follow from the time: sessions of seconds cost nothing, so these charges began long ago -------------


@defect("time-billed-per-hour", "cdr")
class HourlyPriceEachMinute(ShownEarlier):
    """Each minute is billed at the price of an hour."""

    def bill(self, session: Session) -> Bill:
        bill = super().bill(session)
        return bill if bill.time is None else replace(bill, time=times(bill.time, Decimal(MINUTES_PER_HOUR)))


@defect("time-not-billed", "cdr")
class TimeForgotten(ShownEarlier):
    """Where a session has a price per minute, the time is not billed."""

    def bill(self, session: Session) -> Bill:
        return replace(super().bill(session), time=None)


@defect("time-billed-ten-percent-high", "cdr")
class TimeDearer(ShownEarlier):
    """The time is billed ten per cent above the session's own price per minute."""

    def bill(self, session: Session) -> Bill:
        bill = super().bill(session)
        return bill if bill.time is None else replace(bill, time=times(bill.time, Decimal("1.1")))


for _name in ("time-billed-per-hour", "time-not-billed", "time-billed-ten-percent-high"):
    defect(_name, "cdr")(BegunEarlier)
    defect(_name, "cdr")(PricedEarlier)


@defect("blocking-fee-above-the-cap", "cdr")
class CapForgotten(ShownEarlier):
    """The blocking fee of a charge of ten hours is billed without its cap."""

    def bill(self, session: Session) -> Bill:
        tariff = session.tariff
        uncapped = replace(session, tariff=replace(tariff, blocking_cap=None))
        return super().bill(uncapped)


@defect("blocking-fee-above-the-cap", "cdr")
class BegunTenHoursEarlier(BegunEarlier):
    """Charges began ten hours before the start."""

    EARLIER: ClassVar = timedelta(hours=10)


defect("blocking-fee-above-the-cap", "cdr")(PricedEarlier)


# -- total and VAT -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Misadded(Bill):
    """A bill whose total is off by `surplus`."""

    surplus: Decimal = Decimal(0)

    @property
    def summary(self) -> Decimal:
        return super().summary + self.surplus


def misadded(bill: Bill, surplus: Decimal) -> Misadded:
    """The bill with a wrong total."""
    return Misadded(**{**vars(bill), "surplus": surplus})


@defect("total-has-a-hidden-part", "cdr")
class ServiceCharge(Sessions):
    """The total, and the invoice, is half a euro above the sum of the parts."""

    def bill(self, session: Session) -> Bill:
        return misadded(super().bill(session), Decimal("0.50"))


@defect("total-leaves-out-the-starting-fee", "cdr")
class FeeOutsideTheTotal(Sessions):
    """On one VCP of eight the total leaves out the starting fee, which is among the parts."""

    def bill(self, session: Session) -> Bill:
        bill = super().bill(session)
        if not is_on(session, WIEN) or bill.starting_fee is None:
            return bill
        return misadded(bill, -bill.starting_fee.gross)


@defect("vat-at-another-rate", "cdr")
class ReducedVat(Sessions):
    """On one VCP of eight the VAT is the one at ten per cent, not at the advertised rate."""

    def render_cost(self, session: Session, context: Context) -> Json:
        cost = super().render_cost(session, context)
        if not is_on(session, MILANO) or not self.is_settled(session, context):
            return cost
        return cost | {"invoice_vat": money_text(self.bill(session).summary * 10 / 110)}


@defect("vat-on-top-of-the-total", "cdr")
class VatOnTop(Sessions):
    """The VAT is computed on the total that includes it already."""

    def render_cost(self, session: Session, context: Context) -> Json:
        cost = super().render_cost(session, context)
        if not self.is_settled(session, context):
            return cost
        return cost | {"invoice_vat": money_text(self.bill(session).summary * session.tariff.vat / 100)}
