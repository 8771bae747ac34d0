"""Typed reading of a TOML file's fields; each fault is one line with its place and its remedy, all are collected."""

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from golive.dossier.lines import Lines, Path
from golive.evidence.words import says_something

SHORT: Final = 200
"""Characters of a name, a role, a channel."""
LONG: Final = 4000
"""Characters of a statement, a reason, a text to review."""

_SHOWN: Final = 24
"""A longer value is not repeated in a message: it could be a key in the wrong place."""
_UNSEEN: Final = frozenset({"Cf", "Zl", "Zp"})
"""Format characters (zero-width, direction marks, soft hyphens) and separators: two names could look the same."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class Fault:
    """What cannot be used: where it stands, and a sentence with the remedy."""

    path: Path
    line: int
    text: str


class Faults:
    """The faults of one file."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self.found: list[Fault] = []

    def add(self, path: Path, where: str, problem: str) -> None:
        """Put down a fault of the value at `path`; `where` names it for the reader."""
        self.found.append(Fault(path, self._lines.of(path), f"{where}: {problem}"))

    def drop(self, path: Path) -> None:
        """Forget what was put down of `path`: another fault explains it."""
        self.found = [fault for fault in self.found if fault.path != path]


class Table:
    """A table of the file. Each method reads one key, and puts down a fault and returns an empty value where it
    cannot be used; `close` puts down the keys that nobody asked for."""

    def __init__(self, values: Mapping[str, Any], path: Path, where: str, faults: Faults) -> None:
        self._values = values
        self._path = path
        self._where = where
        self._faults = faults
        self._asked: list[str] = []

    def speaks_of(self, name: str) -> None:
        """Messages about this table say so from now on."""
        self._where = f"{self._where} ({name})"

    def has(self, key: str) -> bool:
        """Whether the key is there at all."""
        return key in self._values

    def filled(self, key: str) -> bool:
        """Whether anything stands under the key, usable or not."""
        return bool(self._values.get(key))

    def fault(self, key: str | None, problem: str, *below: int) -> None:
        """Put down what is wrong with a key's value, with an item of it, or with the table itself."""
        path = self._path if key is None else (*self._path, key, *below)
        item = f" {below[0] + 1}" if below else ""
        where = ", ".join(part for part in (self._where, f"{key}{item}" if key else "") if part)
        self._faults.add(path, where, problem)

    def close(self) -> None:
        """Put down what nobody asked for; where that is a slip of the pen, nothing else is missing."""
        for key in self._values:
            if key in self._asked:
                continue
            near = next(iter(difflib.get_close_matches(key, self._asked, n=1)), None)
            if near is not None and near not in self._values:
                self._faults.drop((*self._path, near))
            name = key if len(key) <= _SHOWN and key.isprintable() else "a key"
            remedy = f"did you mean {near}?" if near else f"take it out; known are {', '.join(self._asked)}"
            where = f"{self._where}, {name}" if self._where else name
            self._faults.add((*self._path, key), where, f"is not known; {remedy}")

    def text(self, key: str, *, required: bool = True, longest: int = SHORT, remedy: str = "") -> str:
        """A text without space around it; line breaks only in a long one."""
        value = self._get(key)
        if value is None or (isinstance(value, str) and not value.strip()):
            if required:
                self.fault(key, f"is {'missing' if value is None else 'empty'}; {remedy or 'fill it in, in quotes'}")
            return ""
        if not isinstance(value, str):
            self.fault(key, 'is no text; write it in quotes, as in "…"')
            return ""
        if (problem := unusable(value, longest)) is not None:
            self.fault(key, problem)
            return ""
        return value.strip()

    def whole(self, key: str, low: int, high: int, default: int) -> int:
        """A whole number in a range."""
        value = self._get(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.fault(key, f"is no whole number from {low} to {high}; write one, without quotes")
            return default
        return value

    def day(self, key: str, *, required: bool) -> date | None:
        """A date without a time."""
        value = self._get(key)
        if value is None:
            if required:
                self.fault(key, "is missing; write the day without quotes, as in 2026-03-02")
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            self.fault(key, "is no date; write the day without quotes and without a time, as in 2026-03-02")
            return None
        return value

    def texts(self, key: str, *, remedy: str) -> list[tuple[int, str]]:
        """The texts of an array that can be used, each with its number from 0."""
        found: list[tuple[int, str]] = []
        for number, value in enumerate(self._array(key, remedy)):
            if not isinstance(value, str) or not value.strip():
                self.fault(key, f"is {'empty' if isinstance(value, str) else 'no text'}; {remedy}", number)
            elif (problem := unusable(value, SHORT)) is not None:
                self.fault(key, problem, number)
            else:
                found.append((number, value))
        return found

    def tables(self, key: str) -> Iterator["Table"]:
        """The tables of an array of tables."""
        for number, value in enumerate(self._array(key, f"write [[{key}]] above its lines")):
            if isinstance(value, Mapping):
                yield Table(value, (*self._path, key, number), f"{key} {number + 1}", self._faults)
            else:
                self.fault(key, f"is no table; write [[{key}]] above its lines", number)

    def table(self, key: str) -> "Table":
        """The table under a key, an empty one where there is none."""
        value = self._get(key)
        if value is not None and not isinstance(value, Mapping):
            self.fault(key, f"is no table; write [{key}] above its lines")
            value = None
        return Table(value or {}, (*self._path, key), key, self._faults)

    def _array(self, key: str, remedy: str) -> Sequence[Any]:
        value = self._get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.fault(key, f"is no array; {remedy}")
            return ()
        return value

    def _get(self, key: str) -> Any:
        self._asked.append(key)
        return self._values.get(key)


def unusable(text: str, longest: int) -> str | None:
    """What is wrong with a text, with the remedy; None where it can be used."""
    if len(text) > longest:
        return f"has {len(text)} characters; write at most {longest}"
    if _CONTROL.search(text) or (longest <= SHORT and "\n" in text):
        breaks = "" if longest > SHORT else " or a line break"
        return f"has a control character{breaks} in it; take it out"
    if longest <= SHORT and (unseen := next((c for c in text if unicodedata.category(c) in _UNSEEN), None)):
        return f"has a character in it that nobody can see (U+{ord(unseen):04X}); write it anew by hand"
    if not says_something(text):
        return "has neither a letter nor a digit in it; write it in words"
    return None


def shown(value: str) -> str:
    """A short value, quoted, for a message; otherwise words in its place."""
    return repr(value) if len(value) <= _SHOWN and value.isprintable() else "this value"
