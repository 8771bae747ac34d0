"""Card numbers are replaced wherever an answer repeats one; what only looks like one stays."""

import pytest

from golive.recording import Redactor

PUBLIC = [
    "4242424242424242",
    "4000000000000002",
    "4000056655665556",
    "5555555555554444",
    "2223003122003222",
    "378282246310005",
    "6011111111111117",
    "3056930009020004",
    "36227206271667",
    "3566002020360505",
    "6200000000000005",
]
"""Stripe's public test cards."""


def grouped(number: str, sign: str) -> str:
    sizes = {16: (4, 4, 4, 4), 15: (4, 6, 5), 14: (4, 6, 4)}[len(number)]
    parts, at = [], 0
    for size in sizes:
        parts.append(number[at : at + size])
        at += size
    return sign.join(parts)


@pytest.mark.parametrize("number", PUBLIC)
@pytest.mark.parametrize("around", ["{}", '"number": "{}"', "card={}&cvc=1", "was {}.", "({})", "%22{}%22"])
def test_a_card_number_is_replaced(number: str, around: str) -> None:
    for form in (number, grouped(number, " "), grouped(number, "-"), grouped(number, "%20")):
        seen = Redactor({}).text(around.format(form))
        assert number[6:] not in seen.replace(" ", "").replace("-", "").replace("%20", "")
        assert seen == around.format("card_number_[redacted-1]")


def test_one_card_has_one_number_in_whatever_form_and_encoding() -> None:
    redactor = Redactor({})
    shown = "card_number_[redacted-1]"
    assert redactor.text("4242424242424242 or 4242 4242 4242 4242") == f"{shown} or {shown}"
    assert redactor.text("NDI0MjQyNDI0MjQyNDI0Mg==") == f"{shown}=="
    assert redactor.text(f'{{"secret": "{shown}"}}') == f'{{"secret": "{shown}"}}'


@pytest.mark.parametrize(
    "text",
    [
        "4242424242424241",  # does not add up
        "0.4242424242424242",
        "4242424242424242.5",
        "x4242424242424242",
        "a-4242424242424242b",
        "7242424242424242",
        "1700000000000",
        "2026-03-02 2026 0302 1200",
        "4242",
        "DE*PWA*EALP22541X01617*01",
        "123e4567-e89b-12d3-a456-426614174000",
    ],
)
def test_what_is_no_card_number_stays(text: str) -> None:
    assert Redactor({}).text(text) == text
