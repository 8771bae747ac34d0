"""Prices and costs as they look on the wire."""

from datetime import datetime
from decimal import Decimal

from golive.simulator.atlas.localtime import WEEKDAYS, is_weekend, local
from golive.simulator.atlas.stations import Evse, Station
from golive.simulator.money.bill import Bill, Part
from golive.simulator.money.rounding import money_text, price_text
from golive.simulator.money.tariffs import Price, Tariff
from golive.simulator.services.base import Context, Json, Service

WORKING_DAYS = WEEKDAYS[:5]
WEEKEND = WEEKDAYS[5:]


class Prices(Service):
    def at_start(self, evse: Evse, started_at: datetime) -> Tariff:
        """The tariff that a session keeps: the one of the weekday, local to the station, on which it starts."""
        return evse.tariff.on(weekend=is_weekend(started_at))

    # -- of a station ------------------------------------------------------------------------------------------

    def render_groups(self, station: Station, context: Context) -> list[Json]:
        """Connectors of one kind, power and tariff are one group."""
        groups: dict[tuple[str, int, Tariff], list[str]] = {}
        for evse in station.evses:
            groups.setdefault((evse.connector, evse.power, evse.tariff), []).append(evse.evse_id)
        return [
            self.render_group(connector, power, tariff, evse_ids, context)
            for (connector, power, tariff), evse_ids in groups.items()
        ]

    def render_group(self, connector: str, power: int, tariff: Tariff, evse_ids: list[str], context: Context) -> Json:
        return {
            "type": connector,
            "power": float(power),
            "evse_ids": evse_ids,
            "prices": self.render_prices(tariff),
            "local_datetime": local(context.now).isoformat(),
            "currency": tariff.currency,
            "pre_authorization_amount": money_text(tariff.pre_authorization),
            "is_fallback": tariff.is_fallback,
        }

    def render_prices(self, tariff: Tariff) -> Json:
        return {
            "time_price": self.by_weekday(tariff.time, None),
            "kwh_price": self.by_weekday(tariff.kwh, tariff.weekend_kwh),
            "blocking_fee": self.by_weekday(tariff.blocking, None, grace=tariff.grace_minutes, cap=tariff.blocking_cap),
            "session_fee": self.by_weekday(tariff.session_fee, None),
            "starting_fee": self.by_weekday(tariff.starting_fee, None),
        }

    def by_weekday(
        self, price: Price | None, weekend: Price | None, *, grace: int | None = None, cap: Decimal | None = None
    ) -> Json | None:
        if price is None:
            return None
        working = self.render_item(price, grace, cap)
        resting = self.render_item(weekend or price, grace, cap)
        week: Json = {day: [working] for day in WORKING_DAYS}
        return week | {day: [resting] for day in WEEKEND}

    def render_item(self, price: Price, grace: int | None, cap: Decimal | None) -> Json:
        return {
            "time_from": "00:00",
            "time_to": "23:59",
            "date_from": "2025-01-01",
            "date_to": "2099-12-31",
            "gross_price": price_text(price.net),
            "user_facing_price": price_text(price.user_facing),
            "grace_period_minutes": None if grace is None else float(grace),
            "tax": float(price.vat),
            "blocking_cap": None if cap is None else money_text(cap),
        }

    # -- of a session ------------------------------------------------------------------------------------------

    def render_session_prices(self, tariff: Tariff) -> Json:
        return {
            "kwh_price": self.user_facing(tariff.kwh),
            "time_price": self.user_facing(tariff.time),
            "session_fee": self.user_facing(tariff.session_fee),
            "blocking_fee": self.user_facing(tariff.blocking),
            "starting_fee": self.user_facing(tariff.starting_fee),
            "grace_period_minutes": tariff.grace_minutes,
            "blocking_cap": None if tariff.blocking_cap is None else money_text(tariff.blocking_cap),
            "currency": tariff.currency,
        }

    def user_facing(self, price: Price | None) -> str | None:
        return None if price is None else price_text(price.user_facing)

    def render_no_bill(self, currency: str) -> Json:
        """Before the CDR."""
        return self.render_bill(Bill(currency, None, None, None, None, None), None)

    def render_bill(self, bill: Bill, link: str | None) -> Json:
        return {
            "kwh_cost": self.gross(bill.kwh),
            "time_cost": self.gross(bill.time),
            "session_fee_cost": self.gross(bill.session_fee),
            "blocking_fee_cost": self.gross(bill.blocking),
            "starting_fee_cost": self.gross(bill.starting_fee),
            "invoice_download": link,
            "invoice_vat": money_text(bill.vat),
            "invoice_summary": money_text(bill.summary),
            "invoice_credits": money_text(bill.credits),
            "invoice_discount": money_text(bill.discount),
            "currency": bill.currency,
        }

    def gross(self, part: Part | None) -> str | None:
        return None if part is None else money_text(part.gross)
