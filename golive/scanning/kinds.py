"""What can be found, the gravest first."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Where two rules speak of one place in a file, the first of these counts."""

    KEY = "the key in use"
    STRIPE_LIVE = "a Stripe secret or restricted key of live mode"
    STRIPE_TEST = "a Stripe secret or restricted key of test mode"
    TOKEN = "another token (JWT)"  # noqa: S105 - a name, not a token
    BEARER = "a hard-coded Authorization: Bearer"


GRAVITY = {kind: rank for rank, kind in enumerate(Kind)}

PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Hit:
    """One find: from which character of a text to which, never the characters themselves."""

    begin: int
    end: int
    kind: Kind
    form: str
