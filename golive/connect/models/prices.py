"""Advertised prices: per component and weekday, within times of day and dates."""

from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Final

from golive.connect.models.base import ApiModel

WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_DAY: Final = 24 * 60


class Component(StrEnum):
    """What is priced; the value is the field's name."""

    KWH_PRICE = "kwh_price"
    TIME_PRICE = "time_price"
    BLOCKING_FEE = "blocking_fee"
    SESSION_FEE = "session_fee"
    STARTING_FEE = "starting_fee"


class PriceItem(ApiModel):
    """One price. `user_facing_price` includes VAT and is per kWh, per minute or per session; `gross_price` is
    net, for TIME per hour; `tax` is the VAT rate in percent (spec, TimePriceItem).
    """

    spec_required: ClassVar = frozenset(
        {
            "blocking_cap",
            "date_from",
            "date_to",
            "grace_period_minutes",
            "gross_price",
            "tax",
            "time_from",
            "time_to",
            "user_facing_price",
        }
    )
    spec_nullable: ClassVar = frozenset({"blocking_cap", "grace_period_minutes"})
    spec_numbers: ClassVar = frozenset({"tax", "grace_period_minutes"})

    time_from: str | None = None
    time_to: str | None = None
    date_from: str | None = None
    date_to: str | None = None
    gross_price: Decimal | None = None
    user_facing_price: Decimal | None = None
    grace_period_minutes: Decimal | None = None
    tax: Decimal | None = None
    blocking_cap: Decimal | None = None

    def holds_at(self, local: datetime) -> bool:
        """Whether it is valid at this local time: from inclusive, to exclusive; dates both inclusive.

        A bound that is absent or cannot be read is none; a window from 22:00 to 06:00 goes past midnight.
        """
        first, last = _date(self.date_from), _date(self.date_to)
        if (first is not None and local.date() < first) or (last is not None and local.date() > last):
            return False
        minute = local.hour * 60 + local.minute
        begin, end = _minutes(self.time_from) or 0, _minutes(self.time_to) or _DAY
        if end == _DAY - 1:
            end = _DAY  # 23:59 is how the end of the day is often written
        return begin <= minute < end if begin < end else (minute >= begin or minute < end)


class Prices(ApiModel):
    """Items by weekday for each component; None where there is no such price."""

    spec_nullable: ClassVar = frozenset(Component)

    time_price: dict[str, tuple[PriceItem, ...]] | None = None
    kwh_price: dict[str, tuple[PriceItem, ...]] | None = None
    blocking_fee: dict[str, tuple[PriceItem, ...]] | None = None
    session_fee: dict[str, tuple[PriceItem, ...]] | None = None
    starting_fee: dict[str, tuple[PriceItem, ...]] | None = None

    def items(self, component: Component) -> dict[str, tuple[PriceItem, ...]]:
        """The items of a component by weekday in upper case; empty where it is not priced."""
        by_day: dict[str, tuple[PriceItem, ...]] = getattr(self, component.value) or {}
        return {day.upper(): items for day, items in by_day.items()}


class PriceGroup(ApiModel):
    """The prices of some EVSEs of a station, in `currency`; `power` in kW."""

    spec_required: ClassVar = frozenset(
        {"currency", "evse_ids", "local_datetime", "power", "pre_authorization_amount", "prices", "type"}
    )
    spec_numbers: ClassVar = frozenset({"power"})
    local_times: ClassVar = frozenset({"local_datetime"})

    type: str | None = None
    power: Decimal | None = None
    evse_ids: tuple[str, ...] = ()
    prices: Prices | None = None
    local_datetime: datetime | None = None
    currency: str | None = None
    pre_authorization_amount: Decimal | None = None
    is_fallback: bool = False

    def price_at(self, component: Component, local: datetime) -> PriceItem | None:
        """The item of a component that holds at a local time, None where there is none.

        `local` is the wall-clock time at the station. Items of the weekday come before those of ALL.
        """
        if self.prices is None:
            return None
        by_day = self.prices.items(component)
        for day in (WEEKDAYS[local.weekday()], "ALL"):
            for item in by_day.get(day, ()):
                if item.holds_at(local):
                    return item
        return None


def _minutes(text: str | None) -> int | None:
    """Minutes since midnight of hh:mm, also 24:00; None for what cannot be read."""
    try:
        hour, minute = (int(part) for part in (text or "").strip().split(":")[:2])
    except ValueError:
        return None
    if (hour, minute) == (24, 0):
        return _DAY
    try:
        time(hour, minute)
    except ValueError:
        return None
    return hour * 60 + minute


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "").strip()[:10])
    except ValueError:
        return None
