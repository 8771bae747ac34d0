"""What a bad habit is: a part of the example app that does one thing otherwise, and where that shows.

@habit("stop-sent-twice", scenario="charge")
class Twice(Charges):
    \"\"\"The stop is sent again after it was accepted.\"\"\"
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from examples.partner_app.backend import Parts

Piece = TypeVar("Piece", bound=type)
Page = Callable[[Path], None]


@dataclass(frozen=True)
class Habit:
    """One bad habit: `pieces` take the place of the parts that they are subclasses of; `page` changes a copy of the
    page's folder. `scenario` is where it shows (scenarios.py)."""

    name: str
    sentence: str
    scenario: str
    pieces: tuple[type, ...] = ()
    page: Page | None = None

    def parts(self, page: Path) -> Parts:
        """The app's parts with the habit; `page` is a copy of the page, to be changed."""
        if self.page is not None:
            self.page(page)
        pieces: dict[str, Any] = {_part_of(piece): piece for piece in self.pieces}
        return Parts(page=page, **pieces)


HABITS: dict[str, Habit] = {}


def habit(name: str, scenario: str) -> Callable[[Piece], Piece]:
    """Enter a subclass of a part. Two under one name make one habit, whose sentence is the first one's."""

    def enter(piece: Piece) -> Piece:
        _enter(Habit(name, _sentence(piece), scenario, (piece,)))
        return piece

    return enter


def page_habit(name: str, scenario: str) -> Callable[[Page], Page]:
    """Enter a change of the page."""

    def enter(change: Page) -> Page:
        _enter(Habit(name, _sentence(change), scenario, page=change))
        return change

    return enter


def _enter(new: Habit) -> None:
    old = HABITS.get(new.name)
    assert new.sentence or old is not None, f"the habit {new.name} has no sentence"
    HABITS[new.name] = new if old is None else replace(old, pieces=old.pieces + new.pieces)


def _sentence(piece: object) -> str:
    return " ".join((piece.__doc__ or "").split())


def _part_of(piece: type) -> str:
    for part in fields(Parts):
        if isinstance(part.default, type) and issubclass(piece, part.default):
            return part.name
    raise TypeError(f"{piece.__name__} is no subclass of a part of the app")


def load() -> dict[str, Habit]:
    """All habits, by name."""
    from tests.partner_habits import habits

    for module in pkgutil.iter_modules(habits.__path__):
        importlib.import_module(f"{habits.__name__}.{module.name}")
    return HABITS
