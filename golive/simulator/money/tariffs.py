"""What charging costs: net prices of operators, and the VAT-inclusive prices that drivers see.

A net price is the source. The price for users is the net price with VAT, rounded to the cent; the bill is computed
through the net price (bill.py), so that it may differ from quantity x user price by a cent or two, as the guide's
worked example shows (10.000 kWh at 0.54: 5.39).
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from golive.simulator.money.rounding import net_of, with_vat

MINUTES_PER_HOUR = 60


@dataclass(frozen=True)
class Price:
    """One net price: per kWh, per hour, or once."""

    net: Decimal
    vat: Decimal
    hourly: bool = False

    @cached_property
    def user_facing(self) -> Decimal:
        """With VAT, to the cent; of an hourly price: per minute."""
        return with_vat(self.net / MINUTES_PER_HOUR if self.hourly else self.net, self.vat)


@dataclass(frozen=True)
class Tariff:
    """The prices at one connector. `None`: that part is not charged. `vat` is per cent."""

    currency: str
    vat: Decimal
    kwh: Price | None = None
    time: Price | None = None
    session_fee: Price | None = None
    starting_fee: Price | None = None
    blocking: Price | None = None
    grace_minutes: int | None = None
    """After so many minutes the blocking fee begins."""
    blocking_cap: Decimal | None = None
    """With VAT: the most that blocking may cost in one session."""
    weekend_kwh: Price | None = None
    pre_authorization: Decimal = Decimal("50.00")
    is_fallback: bool = False

    def on(self, *, weekend: bool) -> "Tariff":
        """As it holds on a working day or a weekend (Saturday, Sunday)."""
        if weekend and self.weekend_kwh is not None:
            return replace(self, kwh=self.weekend_kwh, weekend_kwh=None)
        return self


def tariff(
    vat: str,
    *,
    kwh: str | None = None,
    kwh_net: str | None = None,
    weekend_kwh: str | None = None,
    minute: str | None = None,
    session_fee: str | None = None,
    starting_fee: str | None = None,
    blocking_minute: str | None = None,
    grace_minutes: int | None = None,
    blocking_cap: str | None = None,
    pre_authorization: str = "50.00",
    is_fallback: bool = False,
) -> Tariff:
    """A tariff from the prices that users see, in EUR; `kwh_net` gives the net price itself instead."""
    percent = Decimal(vat)

    def once(user_facing: str | None) -> Price | None:
        return None if user_facing is None else Price(net_of(Decimal(user_facing), percent), percent)

    def per_minute(user_facing: str | None) -> Price | None:
        if user_facing is None:
            return None
        return Price(net_of(Decimal(user_facing) * MINUTES_PER_HOUR, percent), percent, hourly=True)

    return Tariff(
        currency="EUR",
        vat=percent,
        kwh=once(kwh) if kwh_net is None else Price(Decimal(kwh_net), percent),
        weekend_kwh=once(weekend_kwh),
        time=per_minute(minute),
        session_fee=once(session_fee),
        starting_fee=once(starting_fee),
        blocking=per_minute(blocking_minute),
        grace_minutes=grace_minutes,
        blocking_cap=None if blocking_cap is None else Decimal(blocking_cap),
        pre_authorization=Decimal(pre_authorization),
        is_fallback=is_fallback,
    )
