"""JSON as it comes off the wire: strict about being JSON, without a float, with secrets kept apart."""

import json
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, Final

DEEPEST: Final = 100
"""Nesting of objects and arrays that is still read."""

EXCERPT: Final = 160
"""Characters of an unreadable answer that a message shows."""

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_HALF_PAIR: Final = re.compile(r"\\u[dD][89a-fA-F]")


class NotJson(ValueError):  # noqa: N818 - says what the text is not
    """The text is no JSON that can be read; the message says why and shows none of it."""


def parse_json(text: str) -> Any:
    """The JSON value of `text` with every fraction as Decimal; raises NotJson. A leading BOM is passed over, half
    a surrogate pair becomes U+FFFD, since no text can hold it.
    """
    try:
        value = json.loads(text.removeprefix("\ufeff"), parse_float=_decimal, parse_constant=_refuse)
    except RecursionError:
        raise NotJson("it is nested too deeply") from None
    except (ValueError, InvalidOperation) as fault:
        reason = fault.msg if isinstance(fault, json.JSONDecodeError) else "a number is out of range"
        raise NotJson(f"it is not JSON ({reason})") from None
    if _too_deep(value):
        raise NotJson("it is nested too deeply")
    return _well_formed(value) if _HALF_PAIR.search(text) else value


def with_secrets(redacted: Any, raw: Any, names: frozenset[str]) -> Any:
    """`redacted` with the strings of the fields named `names` put back from `raw`, the same value unredacted."""
    if isinstance(redacted, dict) and isinstance(raw, dict) and len(redacted) == len(raw):
        return {
            name: (raw_item if name in names and isinstance(raw_item, str) else with_secrets(item, raw_item, names))
            for (name, item), raw_item in zip(redacted.items(), raw.values(), strict=True)
        }
    if isinstance(redacted, list) and isinstance(raw, list) and len(redacted) == len(raw):
        return [with_secrets(item, raw_item, names) for item, raw_item in zip(redacted, raw, strict=True)]
    return redacted


def one_line(text: str, longest: int = EXCERPT) -> str:
    """`text` fit for a message: one line, nothing that steers a terminal, cut at `longest` characters."""
    line = _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", " ".join(text.split()))
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _decimal(digits: str) -> Decimal:
    value = Decimal(digits)
    if not value.is_finite() or abs(value.adjusted()) > 400:
        raise InvalidOperation
    return value


def _refuse(name: str) -> Callable[[], None]:
    raise ValueError(f"{name} is not JSON")


def _well_formed(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_well_formed(item) for item in value]
    if isinstance(value, dict):
        return {_well_formed(name): _well_formed(item) for name, item in value.items()}
    return value


def _too_deep(value: Any) -> bool:
    depth, level = 0, [value]
    while level:
        depth += 1
        if depth > DEEPEST:
            return True
        containers = [item for item in level if isinstance(item, (dict, list))]
        level = [inner for item in containers for inner in (item.values() if isinstance(item, dict) else item)]
    return False
