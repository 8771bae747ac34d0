"""Card data go from the frontend to the card processor, never through the backend.

A number is a card's where it stands in a field of that name, or has a card's length, first digits and check digit
(ISO/IEC 7812-1) and does not stand where an id is meant: there only the card processor's public test numbers count. A
record does not hold the numbers of cards, but says where one stood.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from golive.traffic.calls import Call
from golive.traffic.rule import Point, Rule, Traffic, broken, counted, kept

TEST_NUMBERS: Final = frozenset(
    {
        "4242424242424242",
        "4000056655665556",
        "5555555555554444",
        "2223003122003222",
        "5200828282828210",
        "5105105105105100",
        "378282246310005",
        "371449635398431",
        "6011111111111117",
        "3056930009020004",
        "36227206271667",
        "3566002020360505",
        "6200000000000005",
        "4000000000000002",
        "4000000000000341",
        "4000000000009995",
        "4000002500003155",
        "4000002760003184",
        "4000000000009987",
        "4000000000009979",
        "4000000000000069",
        "4000000000000127",
        "4000000000000119",
    }
)
"""Stripe's public test cards."""

_HIDDEN: Final = re.compile(r"card_number_\[redacted(?:-\d+)?\]")
"""What the record shows where a card number stood."""
_RUN: Final = re.compile(r"(?<![\w.*/+-])\d(?:[ -]?\d){12,18}(?![\w.*-])")
_CARD: Final = re.compile(  # of 13 digits none is issued any more, and telephone numbers from Germany look like them
    r"4\d{15}(?:\d{3})?|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|6\d{15}"
)
_NUMBER_NAMES: Final = frozenset(
    {"number", "cardnumber", "ccnumber", "creditcardnumber", "pan", "primaryaccountnumber"}
)
_SECRET_NAMES: Final = frozenset(
    {"cvc", "cvv", "cvc2", "cvv2", "cvccode", "cvvcode", "securitycode", "cardcvc", "cardcvv"}
)
_EXPIRY_NAMES: Final = frozenset(
    {"expmonth", "expyear", "expiry", "expirymonth", "expiryyear", "expirydate"}
    | {"expirationdate", "expdate", "cardexpiry"}
)
_DEPTH: Final = 12


def _cards(traffic: Traffic) -> Iterator[Point]:
    for call in traffic.calls:
        if (what := _card_data(call)) is not None:
            yield broken(f"{call.id} ({call.operation or 'no known operation'}) had {what}", call)
    if traffic.calls:
        yield kept(
            f"{counted(len(traffic.calls), 'request')} without card number, security code or expiry date",
            *traffic.calls,
        )


def _card_data(call: Call) -> str | None:
    for segment in call.url.path.split("/"):
        if (what := _in_value("id", segment)) is not None:
            return f"{what} in its address"
    for name, value in call.query:
        if (what := _in_value(name, value)) is not None:
            return f"{what} in its address"
    if call.sent is None:
        body = call.exchange.request.body
        found = _in_text(body, test_only=False) if body else None
    else:
        found = _in_body("", call.sent, 0)
    return found and f"{found} in its body"


def _in_body(name: str, value: Any, depth: int) -> str | None:
    if depth > _DEPTH:
        return None
    if isinstance(value, dict):
        found = (_in_body(str(inner), of, depth + 1) for inner, of in value.items())
    elif isinstance(value, list):
        found = (_in_body(name, of, depth + 1) for of in value)
    else:
        return _in_value(name, value)
    return next((what for what in found if what is not None), None)


def _in_value(name: str, value: Any) -> str | None:
    if value is None or isinstance(value, (bool, float)) or value == "":
        return None
    # card[exp_month] of a form is exp_month
    plain = re.sub(r"[^a-z0-9]", "", re.split(r"[\[.]", name)[-1].lower())
    text = str(value)
    if plain in _SECRET_NAMES:
        return "a card's security code"
    if plain in _EXPIRY_NAMES:
        return "a card's expiry date"
    if plain in _NUMBER_NAMES and _is_number(re.sub(r"[ -]", "", text), test_only=False):
        return _told(text)
    is_id = plain in ("id", "search") or plain.endswith(("id", "ids"))
    return _in_text(text, test_only=is_id)


def _in_text(text: str, *, test_only: bool) -> str | None:
    if not test_only and _HIDDEN.search(text):
        return "a card number"
    for match in _RUN.finditer(text):
        if _is_number(re.sub(r"[ -]", "", match[0]), test_only=test_only):
            return _told(match[0])
    return None


def _is_number(digits: str, *, test_only: bool) -> bool:
    if test_only:
        return digits in TEST_NUMBERS
    return _CARD.fullmatch(digits) is not None and _checks(digits)


def _checks(digits: str) -> bool:
    """Luhn's check digit."""
    total = 0
    for n, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if n % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _told(number: str) -> str:
    """A card number as a record may name it: its last four digits."""
    return f"a card number ending in {re.sub(r'[ -]', '', number)[-4:]}"


RULES: Final = (
    Rule(
        "no-card-data",
        "Card number, security code and expiry date never pass through the backend",
        ("DEV-PAYMENT",),
        _cards,
        "The backend sent no request.",
    ),
)
