"""Reading the fields of a body or a query: everything wrong is collected and said at once."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal, overload

from golive.simulator.faults import Invalid

_EMAIL = re.compile(
    r"[-!#$%&'*+/=?^_`{|}~0-9A-Z]+(\.[-!#$%&'*+/=?^_`{|}~0-9A-Z]+)*"
    r"@([A-Z0-9]([A-Z0-9-]{0,61}[A-Z0-9])?\.)+[A-Z0-9-]{1,62}[A-Z0-9]",
    re.IGNORECASE | re.ASCII,
)
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?", re.ASCII)
_LONGEST_EMAIL = 254
_LONGEST_TEXT = 10_000
_LONGEST_NUMBER = 400
_TRUE = {"true", "1", "yes", "on", "t", "y"}
_FALSE = {"false", "0", "no", "off", "f", "n", ""}


class Reader:
    """Collects what is wrong; `check` raises it as one validation error."""

    def __init__(self) -> None:
        self._wrong: dict[str, str] = {}

    def wrong(self, name: str, why: str) -> None:
        self._wrong.setdefault(name, why)

    def check(self) -> None:
        """Raises `Invalid` if anything was wrong."""
        if self._wrong:
            raise Invalid(" ".join(f"{name}: {why}" for name, why in self._wrong.items()))


class BodyReader(Reader):
    """The fields of a body. In a form everything is text, and an empty text stands for null."""

    def __init__(self, data: Mapping[str, object], *, form: bool) -> None:
        super().__init__()
        self._data = data
        self._form = form

    def has(self, name: str) -> bool:
        return name in self._data

    @overload
    def text(self, name: str, *, longest: int = ..., nullable: Literal[False], required: bool = ...) -> str: ...
    @overload
    def text(
        self, name: str, *, longest: int = ..., nullable: Literal[True] = ..., required: bool = ...
    ) -> str | None: ...
    def text(
        self, name: str, *, longest: int = _LONGEST_TEXT, nullable: bool = True, required: bool = False
    ) -> str | None:
        """A text; not nullable means not blank either."""
        empty = None if nullable else ""
        if name not in self._data:
            if required:
                self.wrong(name, "This field is required.")
            return empty
        value = self._data[name]
        if value is None or (self._form and value == ""):
            if not nullable:
                self.wrong(name, "This field may not be null.")
            return empty
        why = self._why_no_text(value, longest)
        if why is None and not nullable and not str(value).strip():
            why = "This field may not be blank."
        if why is not None:
            self.wrong(name, why)
            return empty
        return str(value)

    @staticmethod
    def _why_no_text(value: object, longest: int) -> str | None:
        if not isinstance(value, str):
            return "Not a valid string."
        if "\0" in value:
            return "Null characters are not allowed."
        if any("\ud800" <= c <= "\udfff" for c in value):
            return "Surrogate characters are not allowed."
        if len(value) > longest:
            return f"Ensure this field has no more than {longest} characters."
        return None

    def email(self, name: str) -> str | None:
        value = self.text(name)
        if value is not None and (len(value) > _LONGEST_EMAIL or not _EMAIL.fullmatch(value)):
            self.wrong(name, "Enter a valid email address.")
        return value

    def choice(self, name: str, choices: Sequence[str]) -> str | None:
        """One of `choices`, or None where the field is absent; null is wrong."""
        if name not in self._data:
            return None
        value = self._data[name]
        if not isinstance(value, str) or value not in choices:
            self.wrong(name, f"Not a valid choice: expected {' or '.join(choices)}.")
            return None
        return value

    def whole_number(self, name: str, low: int, high: int) -> int | None:
        """An integer from `low` to `high`, or None for null."""
        value = self._data.get(name)
        if value is None or (self._form and value == ""):
            return None
        if self._form and isinstance(value, str) and _INTEGER.fullmatch(value):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.wrong(name, f"Expected a whole number from {low} to {high}.")
            return None
        return value

    def nested(self, name: str) -> "BodyReader | None":
        """The reader of an object inside the body; None for null, for an absent field and for what is no object.

        A form writes it as `name.field`, as `name[field]`, or as JSON.
        """
        if self._form:
            inner = self._nested_in_form(name)
            if inner:
                return _Nested(self, name, inner, form=True)
        value = self._data.get(name)
        if self._form and isinstance(value, str):
            value = self._object_text(value)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.wrong(name, "Invalid data. Expected an object.")
            return None
        return _Nested(self, name, value, form=False)

    def _nested_in_form(self, name: str) -> dict[str, object]:
        return {
            key[len(name) + 1 :].removesuffix("]"): value
            for key, value in self._data.items()
            if key.startswith((f"{name}.", f"{name}["))
        }

    @staticmethod
    def _object_text(text: str) -> object:
        try:
            return json.loads(text) if text else None
        except (ValueError, RecursionError):
            return text


class _Nested(BodyReader):
    def __init__(self, outer: BodyReader, name: str, data: Mapping[str, object], *, form: bool) -> None:
        super().__init__(data, form=form)
        self._outer = outer
        self._name = name

    def wrong(self, name: str, why: str) -> None:
        self._outer.wrong(f"{self._name}.{name}", why)


class QueryReader(Reader):
    """The parameters of a query. A list is a repeated parameter, or one with commas."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._pairs = pairs

    def get(self, name: str) -> str | None:
        """The last value, as given."""
        return next((value for key, value in reversed(self._pairs) if key == name), None)

    def needed(self, name: str) -> str:
        value = self.get(name)
        if value is None or not value.strip():
            self.wrong(name, "This field is required.")
            return ""
        return value

    def many(self, name: str) -> tuple[str, ...]:
        values = [v for key, value in self._pairs if key == name for v in value.split(",")]
        return tuple(value.strip() for value in values if value.strip())

    def some_of(self, name: str, choices: Sequence[str]) -> tuple[str, ...]:
        values = self.many(name)
        if not set(values) <= set(choices):
            self.wrong(name, "Not a valid choice.")
        return values

    def degrees(self, name: str, most: int) -> float:
        """A number from -`most` to `most`."""
        text = self.needed(name).strip()
        value = float(text) if len(text) < _LONGEST_NUMBER and _NUMBER.fullmatch(text) else math.nan
        if text and not -most <= value <= most:
            self.wrong(name, f"A number from -{most} to {most} is required.")
        return value

    def price(self, name: str) -> Decimal | None:
        text = (self.get(name) or "").strip()
        if not text:
            return None
        if len(text) >= _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
            self.wrong(name, "A valid number is required.")
            return None
        return Decimal(text)

    def whole(self, name: str, default: int) -> int:
        """Zero or more; absent: `default`."""
        text = self.get(name)
        if text is None:
            return default
        return self._whole(name, text)

    def wholes(self, name: str) -> set[int]:
        """At least one whole number, negative ones included."""
        values = self.many(name)
        if not values:
            self.wrong(name, "This field is required.")
        return {self._whole(name, text, negative=True) for text in values}

    def _whole(self, name: str, text: str, *, negative: bool = False) -> int:
        value = int(text) if _INTEGER.fullmatch(text.strip()) else None
        if value is None or (value < 0 and not negative):
            self.wrong(name, "A valid integer is required.")
            return 0
        return value

    def yes(self, name: str) -> bool:
        text = (self.get(name) or "").strip().lower()
        if text not in _TRUE | _FALSE:
            self.wrong(name, "Must be a valid boolean.")
        return text in _TRUE
