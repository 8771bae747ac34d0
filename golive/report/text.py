"""How values are written for a reader: instants, durations, sizes, and hostile text made visible.

What a server answered goes into a page that a reviewer trusts, so nothing in it may hide or rearrange the
text beside it: control, bidirectional and invisible characters are shown as escapes.
"""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

_NEVER_PLAIN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and line feed, DEL, C1: NUL, ANSI escapes
    "\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"  # bidi, invisible, line separators
    "\ud800-\udfff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"  # lone surrogates, annotations, tags
)
_JSON_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_LARGEST_PARSED = 400_000
_DEEPEST = 60
"""Levels of indentation: deeper than this it helps no reader, and would grow with the square of the depth."""
_MOST_DIGITS = 16
"""Of an amount or energy: beyond it a value is no amount, and arithmetic with it could overflow."""


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def visible(text: str) -> str:
    """`text` with every character that could hide or reorder others written as an escape such as `\\u202e`."""
    if text.isascii() and text.isprintable():  # most are, and it is much faster to ask
        return text
    return _NEVER_PLAIN.sub(_escape, text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """`text` made visible and folded into one line."""
    return " ".join(visible(text).split())


def plural(count: int, noun: str, many: str | None = None) -> str:
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def instant(at: datetime | None) -> str:
    """UTC in ISO 8601, to the second; the record's rare naive time is said to be one."""
    if at is None:
        return "not given"
    if at.tzinfo is None:
        return at.isoformat(timespec="seconds") + " (no zone)"
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def time_of_day(at: datetime) -> str:
    """UTC, to the millisecond: what is looked for in a server's log."""
    return at.astimezone(UTC).time().isoformat(timespec="milliseconds")


def duration(seconds: float | None) -> str:
    """`seconds` for a reader: 43 ms, 3.2 s, 4 min 05 s, 1 h 02 min."""
    if seconds is None:
        return "not measured"
    if seconds < 0:
        return "-" + duration(-seconds)
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    if seconds < 3599.5:
        return f"{round(seconds) // 60} min {round(seconds) % 60:02d} s"
    return f"{round(seconds / 60) // 60} h {round(seconds / 60) % 60:02d} min"


def since(at: datetime, begun: datetime) -> str:
    """How long after `begun`, or before it: after 3.2 s."""
    seconds = (at - begun).total_seconds()
    return f"after {duration(seconds)}" if seconds >= 0 else f"{duration(-seconds)} before"


def size(text: str) -> str:
    """The size of `text` in bytes of UTF-8, for a reader."""
    return bytes_in_words(len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass")))


def bytes_in_words(count: int) -> str:
    """`count` bytes for a reader: 12 bytes, 1.5 kB, 5.0 MB."""
    if count < 1_000:
        return plural(count, "byte")
    return f"{count / 1_000:.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def decimal(text: str | None) -> Decimal | None:
    """The number in `text`, or nothing where there is none that money or energy could be."""
    try:
        number = Decimal(text) if text is not None else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() and abs(number.adjusted()) < _MOST_DIGITS else None


def indented(body: str, limit: int) -> tuple[str, bool]:
    """At most `limit` characters of `body`, JSON indented, and whether something was cut.

    Only white space is changed: no number is rounded, no repeated name dropped, as a parse and a dump would.
    """
    if not _is_json_container(body):
        return body[:limit], len(body) > limit
    parts: list[str] = []
    depth, pad, opened = 0, "\n", False
    for piece in _JSON_PIECE.findall(body[: limit + 1]):
        if piece == ",":
            parts.append(piece + pad)
        elif piece == ":":
            parts.append(": ")
        elif piece in ("}", "]"):
            depth -= 1
            pad = "\n" + "  " * depth
            parts.append(piece if opened else pad + piece)
            opened = False
        else:
            parts.append(pad + piece if opened else piece)
            opened = piece in ("{", "[")
            if opened:
                depth += 1
                pad = "\n" + "  " * depth
                if depth > _DEEPEST:
                    return body[:limit], len(body) > limit
    text = "".join(parts)
    return text[:limit], len(text) > limit or len(body) > limit


def _is_json_container(body: str) -> bool:
    if len(body) > _LARGEST_PARSED or body.lstrip()[:1] not in ("{", "["):
        return False
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
