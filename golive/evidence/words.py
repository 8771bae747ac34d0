"""Whether a text that a person wrote says anything at all."""

from typing import Final

_BLANK_LETTERS: Final = frozenset("\u115f\u1160\u3164\uffa0")
"""Fillers of Korean script: letters by their class, and nothing to be seen."""


def says_something(text: str) -> bool:
    """Whether a letter or a digit of any script is in it: dots, dashes and what nobody can see are no word."""
    return any(sign.isalnum() and sign not in _BLANK_LETTERS for sign in text)
