"""The forms in which a secret can be met: escaped in layers, and as base64 or hex.

A text is looked at as it stands and with its escapes undone, once, twice and three times over: percent
encoding, JSON escapes, HTML references. Each layer knows where its characters stood in the text below, so that
a secret found in any of them is replaced in the original.
"""

import base64
import html
import json
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

LAYERS: Final = 3

_ESCAPE: Final = re.compile(
    r"%(?P<percent>[0-9a-fA-F]{2})"
    r"|\\u(?P<unicode>[0-9a-fA-F]{4})"
    r"|\\x(?P<hex>[0-9a-fA-F]{2})"
    r"|\\(?P<short>[/\"'\\bfnrt])"
    r"|&#[xX](?P<html>[0-9a-fA-F]{1,5});"
    r"|&#(?P<decimal>[0-9]{1,6});"
    r"|&(?P<entity>amp|quot|apos|lt|gt);"
)
_SHORT: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_ENTITY: Final = {"amp": "&", "quot": '"', "apos": "'", "lt": "<", "gt": ">"}
_BASE64: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_")

_SHORTEST_ENCODED: Final = 8
"""Shorter encoded pieces are met in ordinary text by chance."""


class Layer:
    """A text with its escapes undone once; `lower` is the text it was made from, None for the original."""

    def __init__(self, text: str, lower: "Layer | None" = None, escapes: tuple[list[int], ...] = ()) -> None:
        self.text = text
        self._lower = lower
        self._escapes = escapes

    def above(self) -> "Layer | None":
        """The next layer, or None where nothing is escaped."""
        if not any(sign in self.text for sign in "%\\&"):
            return None
        pieces: list[str] = []
        at: list[int] = []
        begins: list[int] = []
        ends: list[int] = []
        done = length = 0
        for match in _ESCAPE.finditer(self.text):
            plain = self.text[done : match.start()]
            pieces += (plain, _undone(match))
            at.append(length + len(plain))
            begins.append(match.start())
            ends.append(match.end())
            length += len(plain) + 1
            done = match.end()
        if not at:
            return None
        pieces.append(self.text[done:])
        return Layer("".join(pieces), self, (at, begins, ends))

    def original(self, begin: int, end: int) -> tuple[int, int]:
        """Where the characters `begin` up to `end` of this layer stand in the original text."""
        if self._lower is None:
            return begin, end
        return self._lower.original(self._below(begin)[0], self._below(end - 1)[1])

    def _below(self, position: int) -> tuple[int, int]:
        at, begins, ends = self._escapes
        index = bisect_right(at, position) - 1
        if index < 0:
            return position, position + 1
        if at[index] == position:
            return begins[index], ends[index]
        start = ends[index] + position - at[index] - 1
        return start, start + 1


def layers(text: str) -> list[Layer]:
    """The text itself and, where it has escapes, the text with them undone up to `LAYERS` times."""
    found = [Layer(text)]
    while len(found) <= LAYERS and (above := found[-1].above()) is not None:
        found.append(above)
    return found


def undone(text: str) -> str:
    """The text with its escapes undone once, where nobody asks for the places any more."""
    return _ESCAPE.sub(_looked_up, text) if "\\" in text or "&" in text or "%" in text else text


_UNDONE: dict[str, str] = {}


def _looked_up(match: re.Match[str]) -> str:
    """As `_undone`, for texts in which the same few escapes stand a hundred thousand times."""
    if (character := _UNDONE.get(match[0])) is None:
        character = _UNDONE[match[0]] = _undone(match)
    return character


def _undone(match: re.Match[str]) -> str:
    if (code := match["percent"] or match["unicode"] or match["hex"] or match["html"]) is not None:
        return chr(int(code, 16))
    if (code := match["decimal"]) is not None:
        return chr(int(code))
    if (name := match["entity"]) is not None:
        return _ENTITY[name]
    short = match["short"]
    return _SHORT.get(short, short)


@dataclass(frozen=True, slots=True)
class Needle:
    """One form of a secret, as a plain piece of text to look for in each layer."""

    text: str
    before: bool = False  # the character before it holds bits of the secret
    after: bool = False  # so does the one after it

    def __repr__(self) -> str:
        return "Needle(**********)"

    def spans(self, text: str) -> list[tuple[int, int]]:
        """All places in `text`, with the characters beside them that hold bits of the secret."""
        found: list[tuple[int, int]] = []
        at = text.find(self.text)
        while at >= 0:
            end = at + len(self.text)
            begin = at - 1 if self.before and at > 0 and text[at - 1] in _BASE64 else at
            if self.after and end < len(text) and text[end] in _BASE64:
                end += 1
            found.append((begin, end))
            at = text.find(self.text, end)
        return found

    def cut_off(self, text: str, shortest: int) -> int | None:
        """Where the form begins when `text` breaks off in the middle of it; at least `shortest` characters."""
        for length in range(min(len(self.text) - 1, len(text)), shortest - 1, -1):
            if text.endswith(self.text[:length]):
                return len(text) - length
        return None

    def cut_on(self, text: str, shortest: int) -> int | None:
        """Where the form ends when `text` sets in in the middle of it; at least `shortest` characters."""
        for length in range(min(len(self.text) - 1, len(text)), shortest - 1, -1):
            if text.startswith(self.text[-length:]):
                return length
        return None


def needles(secret: str) -> tuple[Needle, ...]:
    """The forms of `secret` that undoing escapes does not bring back, and the secret itself."""
    raw = secret.encode("utf-8", "surrogatepass")
    plain = {
        secret,
        secret.replace(" ", "+"),  # a space in a form
        raw.decode("latin-1"),  # percent encoding of what is not ASCII, byte by byte
        _code_units(secret),  # JSON escapes of what is not in the basic plane
    }
    if undone(secret) != secret:
        plain |= _escaped(secret)
    found = [Needle(form) for form in plain]
    encoded = {Needle(form) for form in (raw.hex(), raw.hex().upper())}
    for skipped in range(3):
        text = base64.b64encode(b"\0" * skipped + raw).decode("ascii")
        first, last = -(-8 * skipped // 6), 8 * (skipped + len(raw)) // 6
        core, partial = text[first:last], 8 * (skipped + len(raw)) % 6 != 0
        encoded.add(Needle(core, skipped > 0, partial))
        encoded.add(Needle(core.replace("+", "-").replace("/", "_"), skipped > 0, partial))
    found += [needle for needle in encoded if len(needle.text) >= _SHORTEST_ENCODED]
    return tuple(sorted(found, key=lambda needle: (-len(needle.text), needle.text)))


def _escaped(secret: str) -> set[str]:
    """A secret that looks escaped itself, in the forms that leave this look as it is: undoing them undoes it too."""
    once = json.dumps(secret)[1:-1]
    twice = json.dumps(once)[1:-1]
    readable = json.dumps(secret, ensure_ascii=False)[1:-1]
    slashed = {form.replace("/", "\\/") for form in (once, readable)}
    return {once, twice, readable, json.dumps(readable, ensure_ascii=False)[1:-1], html.escape(secret), *slashed}


def _code_units(text: str) -> str:
    units = text.encode("utf-16-be", "surrogatepass")
    return "".join(chr(int.from_bytes(units[i : i + 2], "big")) for i in range(0, len(units), 2))
