"""Money to the cent, energy to the watt-hour. No float ever comes near either."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
WATT_HOUR = Decimal("0.001")
NET_STEP = Decimal("0.0001")


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def with_vat(net: Decimal, percent: Decimal) -> Decimal:
    """The amount including VAT, to the cent."""
    return cents(net * (100 + percent) / 100)


def net_of(gross: Decimal, percent: Decimal) -> Decimal:
    """The net price behind a price for users, to four decimals."""
    return (gross * 100 / (100 + percent)).quantize(NET_STEP, ROUND_HALF_UP)


def money_text(amount: Decimal) -> str:
    return f"{cents(amount):f}"


def price_text(price: Decimal) -> str:
    """A price without needless zeros, but with two decimals at least."""
    text = f"{price.normalize():f}"
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction.ljust(2, '0')}"


def energy_text(kwh: Decimal) -> str:
    return f"{kwh.quantize(WATT_HOUR, ROUND_HALF_UP):f}"
