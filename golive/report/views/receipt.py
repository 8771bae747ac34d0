"""A receipt's arithmetic, recomputed in the open: parts, VAT, total, and price times energy."""

from dataclasses import dataclass
from decimal import Decimal

from golive.evidence.model import Receipt
from golive.report.text import decimal, duration, instant

_CENT = Decimal("0.02")
"""A billed amount may differ by this much: prices are rounded through net ("worked example" of the guide)."""
_PARTS = (
    ("kwh_cost", "energy"),
    ("time_cost", "time"),
    ("session_fee_cost", "session fee"),
    ("starting_fee_cost", "starting fee"),
    ("blocking_fee_cost", "blocking fee"),
)
_LESS = (("invoice_discount", "discount"), ("invoice_credits", "credits"))


@dataclass(frozen=True)
class Line:
    """One line of the sum; `basis` says how the amount comes about."""

    name: str
    basis: str
    amount: str


@dataclass(frozen=True)
class Sum:
    """A comparison: what was computed here, what was billed, and whether they agree within rounding."""

    name: str
    computed: str
    billed: str
    agrees: bool | None
    said: str


@dataclass(frozen=True)
class ReceiptView:
    session_id: str
    evse_id: str
    window: str
    energy: str
    currency: str
    lines: tuple[Line, ...]
    sums: tuple[Sum, ...]
    vat: str
    exchange: str


def receipt(found: Receipt) -> ReceiptView:
    """The arithmetic of `found`; what its fields do not allow to be computed is said."""
    costs = {name: decimal(amount) for name, amount in found.costs.items()}
    return ReceiptView(
        session_id=found.session_id,
        evse_id=found.evse_id,
        window=f"{instant(found.start_time)} to {instant(found.end_time)}, {duration(found.duration_s)}",
        energy=f"{found.energy_kwh} kWh" if found.energy_kwh is not None else "no energy given",
        currency=(found.currency or "no currency given").upper(),
        lines=tuple(_lines(found, costs)),
        sums=(_total(costs), *_products(found, costs)),
        vat=_vat(costs),
        exchange=found.exchange,
    )


def _lines(found: Receipt, costs: dict[str, Decimal | None]) -> list[Line]:
    lines = [
        Line(words, _basis(name, found), found.costs.get(name) or "not given")
        for name, words in _PARTS
        if found.costs.get(name) is not None
    ]
    return lines + [
        Line(words, "subtracted", f"−{amount}")
        for name, words in _LESS
        if (amount := costs.get(name)) is not None and amount != 0
    ]


def _basis(part: str, found: Receipt) -> str:
    price = found.prices.get({"kwh_cost": "kwh_price", "time_cost": "time_price"}.get(part, ""))
    if price is None:
        return ""
    if part == "kwh_cost":
        return f"{found.energy_kwh or '?'} kWh × {price} per kWh"
    return f"{found.duration_s if found.duration_s is not None else '?'} s × {price} per minute"


def _total(costs: dict[str, Decimal | None]) -> Sum:
    parts = [amount for name, _ in _PARTS if (amount := costs.get(name)) is not None]
    less = [amount for name, _ in _LESS if (amount := costs.get(name)) is not None]
    if not parts:
        return Sum("sum of the parts", "no part given", _money(costs.get("invoice_summary")), None, "cannot be told")
    return _compare("sum of the parts", sum(parts, Decimal(0)) - sum(less, Decimal(0)), costs.get("invoice_summary"))


def _products(found: Receipt, costs: dict[str, Decimal | None]) -> list[Sum]:
    sums = []
    price, energy = decimal(found.prices.get("kwh_price")), decimal(found.energy_kwh)
    if price is not None and energy is not None:
        sums.append(_compare("price × energy", price * energy, costs.get("kwh_cost")))
    per_minute = decimal(found.prices.get("time_price"))
    if per_minute is not None and found.duration_s is not None:
        sums.append(_compare("price × time", per_minute * found.duration_s / 60, costs.get("time_cost")))
    return sums


def _compare(name: str, computed: Decimal, billed: Decimal | None) -> Sum:
    rounded = computed.quantize(Decimal("0.01")) if abs(computed) < Decimal(10) ** 20 else computed
    if billed is None:
        return Sum(name, str(rounded), "not given", None, "cannot be told")
    difference = billed - rounded
    if difference == 0:
        return Sum(name, str(rounded), str(billed), True, "agrees")
    if abs(difference) <= _CENT:
        return Sum(name, str(rounded), str(billed), True, f"agrees within rounding ({difference:+})")
    return Sum(name, str(rounded), str(billed), False, f"differs by {difference:+}")


def _vat(costs: dict[str, Decimal | None]) -> str:
    vat, total = costs.get("invoice_vat"), costs.get("invoice_summary")
    if vat is None:
        return "not given"
    if total is None or not vat < total:
        return str(vat)
    return f"{vat} contained, {vat / (total - vat) * 100:.1f} % of the net {total - vat}"


def _money(amount: Decimal | None) -> str:
    return "not given" if amount is None else str(amount)
