"""What one session costs.

The whole model, once: each part is net price x quantity, rounded to the cent, then VAT added and rounded again. So the
parts include VAT; `vat` is the VAT contained in them; `summary` is their sum with credits and discount.
"""

from dataclasses import dataclass
from decimal import Decimal

from golive.simulator.money.rounding import cents, with_vat
from golive.simulator.money.tariffs import Price, Tariff

ZERO = Decimal("0.00")
SECONDS_PER_HOUR = 3600
SECONDS_PER_MINUTE = 60


@dataclass(frozen=True)
class Part:
    """One part of a bill; both amounts to the cent."""

    net: Decimal
    gross: Decimal

    @property
    def vat(self) -> Decimal:
        return self.gross - self.net


def part(price: Price | None, quantity: Decimal) -> Part | None:
    """`quantity` in kWh, hours, or 1; None where the tariff has no such price."""
    if price is None:
        return None
    net = cents(price.net * quantity)
    return Part(net, with_vat(net, price.vat))


@dataclass(frozen=True)
class Bill:
    """The cost of one session, each part with VAT; `None`: the tariff has no such part."""

    currency: str
    kwh: Part | None
    time: Part | None
    session_fee: Part | None
    starting_fee: Part | None
    blocking: Part | None
    credits: Decimal = ZERO
    discount: Decimal = ZERO

    @property
    def parts(self) -> tuple[Part, ...]:
        all_parts = (self.kwh, self.time, self.session_fee, self.starting_fee, self.blocking)
        return tuple(p for p in all_parts if p is not None)

    @property
    def vat(self) -> Decimal:
        return sum((p.vat for p in self.parts), ZERO)

    @property
    def summary(self) -> Decimal:
        return sum((p.gross for p in self.parts), ZERO) + self.credits + self.discount


def blocking_part(tariff: Tariff, seconds: int) -> Part | None:
    """The fee for standing longer than the grace period, never above the cap."""
    if tariff.blocking is None:
        return None
    beyond = max(0, seconds - (tariff.grace_minutes or 0) * SECONDS_PER_MINUTE)
    fee = part(tariff.blocking, Decimal(beyond) / SECONDS_PER_HOUR)
    if fee is not None and tariff.blocking_cap is not None and fee.gross > tariff.blocking_cap:
        cap = tariff.blocking_cap
        return Part(cents(cap * 100 / (100 + tariff.vat)), cap)
    return fee


def bill_for(tariff: Tariff, kwh: Decimal, seconds: int) -> Bill:
    """The bill for `kwh` taken in `seconds` at the tariff that held at the start."""
    one = Decimal(1)
    return Bill(
        currency=tariff.currency,
        kwh=part(tariff.kwh, kwh),
        time=part(tariff.time, Decimal(seconds) / SECONDS_PER_HOUR),
        session_fee=part(tariff.session_fee, one),
        starting_fee=part(tariff.starting_fee, one),
        blocking=blocking_part(tariff, seconds),
    )
