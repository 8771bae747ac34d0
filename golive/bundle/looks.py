"""What `verify` says of one thing that it looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_NAMED = 3


class Result(StrEnum):
    """Whether a bundle can be trusted in one respect; `not compared` says why it could not be looked at, `in part`
    what was looked at instead."""

    AGREES = "agrees"
    IN_PART = "in part"
    DIFFERS = "differs"
    NOT_COMPARED = "not compared"


@dataclass(frozen=True)
class Look:
    """One thing looked at: its name, a sentence on what was found, and what an agreement in part leaves open."""

    name: str
    result: Result
    said: str
    reservation: str = ""


def look(name: str, problems: Sequence[str], otherwise: str) -> Look:
    """`differs` with the first problems, or `agrees` with what was found instead."""
    if not problems:
        return Look(name, Result.AGREES, otherwise)
    more = f"; and {len(problems) - MOST_NAMED} more" if len(problems) > MOST_NAMED else ""
    return Look(name, Result.DIFFERS, "; ".join(problems[:MOST_NAMED]) + more)


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """`1 file`, `2 files`."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
