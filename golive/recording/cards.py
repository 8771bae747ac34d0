"""Card numbers, by their shape: nobody here ever sends one, but an answer may repeat what a frontend sent."""

import re
from collections.abc import Iterator
from typing import Final

_SHAPE: Final = re.compile(
    r"(?<![\w.])[2-6]\d{3}(?:\d{10,15}|[ -]\d{4}[ -]\d{4}[ -]\d{4}(?:[ -]\d{3})?|[ -]\d{6}[ -]\d{4,5})(?!\w|\.\d)"
)
_BEGINNINGS: Final = (
    (range(4, 5), (16, 19)),  # Visa
    (range(51, 56), (16,)),  # Mastercard
    (range(2221, 2721), (16,)),
    (range(34, 35), (15,)),  # American Express
    (range(37, 38), (15,)),
    (range(30, 31), (14, 16)),  # Diners Club
    (range(36, 37), (14,)),
    (range(38, 40), (14, 16)),
    (range(35, 36), (16,)),  # JCB
    (range(60, 61), (16,)),  # Discover
    (range(62, 63), (16, 17, 18, 19)),  # UnionPay
    (range(64, 66), (16, 19)),
)
"""First digits and how many there are, as the card schemes publish them."""


def card_numbers(text: str) -> Iterator[tuple[int, int, str]]:
    """Where a card number begins and ends, solid or in groups, and its digits."""
    for match in _SHAPE.finditer(text):
        digits = re.sub(r"[ -]", "", match[0])
        if _is_issued(digits) and _adds_up(digits):
            yield *match.span(), digits


def _is_issued(digits: str) -> bool:
    return any(
        len(digits) in lengths and int(digits[: len(str(beginnings.start))]) in beginnings
        for beginnings, lengths in _BEGINNINGS
    )


def _adds_up(digits: str) -> bool:
    """The check digit of ISO/IEC 7812-1 (Luhn)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
