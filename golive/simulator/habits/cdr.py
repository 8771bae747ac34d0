"""CDRs and invoices: when they come, how amounts are worked out and which parts are given."""

from datetime import datetime, timedelta
from decimal import ROUND_UP, Decimal

from golive.simulator.atlas.stations import Station
from golive.simulator.habits import habit
from golive.simulator.money.bill import Bill, Part, bill_for
from golive.simulator.money.rounding import cents, money_text
from golive.simulator.money.tariffs import Price, Tariff
from golive.simulator.services.base import Context, Json
from golive.simulator.services.invoices import Invoices
from golive.simulator.services.prices import Prices
from golive.simulator.services.sessions import Sessions
from golive.simulator.services.tiles import Tiles
from golive.simulator.state.entities import Session

habit.by_options("late-cdr", "cdr", "The CDR comes a while after the end of charging.", cdr_delay=1.0)
habit.by_options("invoice-after-a-day", "invoices", "The invoice comes a day after the CDR.", invoice_delay=86_400.0)


@habit("invoice-without-session", "invoices")
class InvoiceWithoutSession(Invoices):
    """An invoice does not say which session it is for, which the contract lets it leave open."""

    def render(self, session: Session, context: Context) -> Json:
        return super().render(session, context) | {"charging_session_id": None}


@habit("inactive-before-the-cdr", "cdr")
class InactiveBeforeTheCdr(Sessions):
    """After its end a session is inactive at once; the fields of the CDR follow later."""

    def is_active(self, session: Session, context: Context) -> bool:
        return context.now < self.dev.vcps.ended_at(session)


class CostsAfterTheCdr(Sessions):
    """End, duration and energy come with the CDR; the costs, null until then, a moment later."""

    def render_cost(self, session: Session, context: Context) -> Json:
        earlier = Context(context.now - timedelta(seconds=self.options.tick), context.base_url)
        return super().render_cost(session, earlier)


@habit("cost-parts-zero", "cdr")
class CostPartsZero(Prices):
    """A part of the cost that the tariff does not have is 0.00, not null."""

    def gross(self, part: Part | None) -> str | None:
        return super().gross(part) or "0.00"


@habit("zero-costs-before-the-costs", "cdr")
class ZeroCostsBeforeTheCosts(CostsAfterTheCdr):
    """The costs come a moment after the rest of the CDR; until then every part is 0.00."""


@habit("zero-costs-before-the-costs", "cdr")
class ZeroParts(CostPartsZero):
    """The cost parts of that habit."""


@habit("price-parts-zero", "cdr")
class PricePartsZero(Prices):
    """A price that is not charged is 0.00 in the session, not null."""

    def user_facing(self, price: Price | None) -> str | None:
        return super().user_facing(price) or "0.00"


@habit("blocking-fee-in-words", "cdr")
class BlockingFeeInWords(Prices):
    """The blocking fee of a session is told in words, with its grace period."""

    def render_session_prices(self, tariff: Tariff) -> Json:
        shown = super().render_session_prices(tariff)
        fee = shown["blocking_fee"]
        words = None if fee is None else f"{fee} {tariff.currency}/min after {tariff.grace_minutes} min"
        return shown | {"blocking_fee": words}


# -- amounts ---------------------------------------------------------------------------------------------------------


def _gross(price: Price | None, quantity: Decimal) -> Part | None:
    """A part computed from the price that users see; the net amount is what is left without VAT."""
    if price is None:
        return None
    gross = cents(price.user_facing * quantity)
    return Part(cents(gross * 100 / (100 + price.vat)), gross)


@habit("costs-from-user-prices", "cdr")
class CostsFromUserPrices(Sessions):
    """Costs are computed from the prices that users see, not through the net prices; a minute begun counts whole."""

    def bill(self, session: Session) -> Bill:
        tariff, vcps, one = session.tariff, self.dev.vcps, Decimal(1)
        minutes = (Decimal(vcps.duration_s(session)) / 60).to_integral_value(ROUND_UP)
        return Bill(
            tariff.currency,
            _gross(tariff.kwh, vcps.final_kwh(session)),
            _gross(tariff.time, minutes),
            _gross(tariff.session_fee, one),
            _gross(tariff.starting_fee, one),
            None,
        )


class Reduced(Sessions):
    """What a driver pays is less than what the parts make."""

    credits = discount = Decimal("0.00")

    def bill(self, session: Session) -> Bill:
        vcps = self.dev.vcps
        bill = bill_for(session.tariff, vcps.final_kwh(session), vcps.duration_s(session))
        return Bill(**{**vars(bill), "credits": self.credits, "discount": self.discount})


@habit("credits-applied", "cdr")
class CreditsApplied(Reduced):
    """A credit lowers the total; the VAT stays that of the parts."""

    credits = Decimal("-0.50")


@habit("discount-in-credits", "cdr")
class DiscountInCredits(Reduced):
    """A discount is in the credits, with a negative sign, and told again by itself."""

    credits = Decimal("-0.50")


@habit("discount-in-credits", "cdr")
class DiscountTold(Prices):
    """The discount of that habit."""

    def render_bill(self, bill: Bill, link: str | None) -> Json:
        return super().render_bill(bill, link) | {"invoice_discount": money_text(-bill.credits)}


@habit("discount-applied", "cdr")
class DiscountApplied(Reduced):
    """A discount lowers the total, and the VAT with it."""

    discount = Decimal("-0.60")


@habit("discount-applied", "cdr")
class DiscountUnsigned(Prices):
    """The discount of that habit comes without a sign, and the VAT is what the total has in it."""

    def render_bill(self, bill: Bill, link: str | None) -> Json:
        shown = super().render_bill(bill, link)
        if not bill.parts:
            return shown
        gross = sum((part.gross for part in bill.parts), Decimal(0))
        vat = cents(bill.vat * bill.summary / gross)
        return shown | {"invoice_discount": money_text(-bill.discount), "invoice_vat": money_text(vat)}


# -- free charging ---------------------------------------------------------------------------------------------------


class Free(Prices):
    """No connector charges anything."""

    def free(self, tariff: Tariff) -> Tariff:
        return Tariff(tariff.currency, tariff.vat, pre_authorization=Decimal("0.00"))

    def at_start(self, evse: object, started_at: datetime) -> Tariff:
        return self.free(super().at_start(evse, started_at))  # type: ignore[arg-type]

    def render_group(self, connector: str, power: int, tariff: Tariff, evse_ids: list[str], context: Context) -> Json:
        return super().render_group(connector, power, self.free(tariff), evse_ids, context)


class FreeTiles(Tiles):
    """A map tile without prices."""

    def render_price(self, station: Station) -> Json | None:
        return None


@habit("free-charging-without-prices", "cdr")
class FreeWithoutPrices(Free):
    """Charging is free everywhere: no price is given."""


@habit("free-charging-without-prices", "cdr")
class TilesWithoutPrices(FreeTiles):
    """The tiles of that habit."""


@habit("free-charging-at-zero", "cdr")
class FreeAtZero(Free):
    """Charging is free everywhere: every price is 0.00."""

    def free(self, tariff: Tariff) -> Tariff:
        nothing, per_minute = Price(Decimal(0), tariff.vat), Price(Decimal(0), tariff.vat, hourly=True)
        return Tariff(
            tariff.currency,
            tariff.vat,
            kwh=nothing,
            time=per_minute,
            session_fee=nothing,
            starting_fee=nothing,
            pre_authorization=Decimal("0.00"),
        )


@habit("free-charging-at-zero", "cdr")
class TilesAtZero(FreeTiles):
    """The tiles of that habit."""
