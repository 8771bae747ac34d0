"""One text looked through: in windows, so that neither memory nor time run away with a bundle of one endless line."""

import codecs
import re
from collections.abc import Iterator
from typing import Final

from golive.evidence.statements import ScanFinding
from golive.recording.secret_forms import LAYERS, layers, undone
from golive.scanning.key import KeyForms
from golive.scanning.kinds import GRAVITY, PLAIN, Hit, Kind
from golive.scanning.shapes import LONGEST, shapes_in

WINDOW: Final = 262_144
_BEFORE: Final = 1_024
"""Characters before a window that are read with it, so that an escape or a word is not taken apart."""
_WIDEST_ESCAPE: Final = 16
"""Characters that one character may take when it is escaped thrice over."""

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LOOKED_AT: Final = 8_192
"""Bytes at the beginning of a file that decide whether it is text."""

REDACTED: Final = "[redacted]"


class Search:
    """What is looked for: secrets by their shape, and the key in use where there is one."""

    def __init__(self, key: str | None = None) -> None:
        self._key = KeyForms(key) if key else None
        self._beyond = max(LONGEST, _WIDEST_ESCAPE * self._key.length if self._key else 0)

    def __repr__(self) -> str:
        return f"Search(key={'**********' if self._key else None})"

    def findings(self, data: bytes, place: str, *, most: int) -> tuple[ScanFinding, ...]:
        """What lies in a file's bytes, at most one of a kind and form for each line, and `most` in all.

        A file that is not text has no lines: what is found in it has line 0.
        """
        text, is_text = decoded(data)
        found: dict[ScanFinding, None] = {}
        if not is_text and self._key is not None and self._key.within(data):
            found[ScanFinding(place=place, line=0, kind=Kind.KEY, form="UTF-16")] = None
        line, counted = 1, 0
        for hit in self.hits(text):
            line += text.count("\n", counted, hit.begin)
            counted = hit.begin
            found[ScanFinding(place=place, line=line if is_text else 0, kind=hit.kind, form=hit.form)] = None
            if len(found) >= most:
                break
        return tuple(found)

    def masked(self, text: str) -> tuple[str, bool]:
        """`text`, such as a file's name, with every secret in it replaced, and whether there was one."""
        hits = list(self.hits(text))
        for hit in reversed(hits):
            text = text[: hit.begin] + REDACTED + text[hit.end :]
        return text, bool(hits)

    def hits(self, text: str) -> Iterator[Hit]:
        """Every secret of the text once, in its order; of rules that overlap the gravest."""
        pending: list[Hit] = []
        for hit in self._in_order(text):
            if pending and hit.begin >= max(other.end for other in pending):
                yield _gravest(pending)
                pending = []
            pending.append(hit)
        if pending:
            yield _gravest(pending)

    def _in_order(self, text: str) -> Iterator[Hit]:
        for start in range(0, len(text), WINDOW):
            first = max(0, start - _BEFORE)
            piece = text[first : start + WINDOW + self._beyond]
            hits = {hit for hit in self._in_piece(piece) if start <= first + hit.begin < start + WINDOW}
            for hit in sorted(hits, key=lambda hit: (hit.begin, hit.end, GRAVITY[hit.kind], hit.form)):
                yield Hit(first + hit.begin, first + hit.end, hit.kind, hit.form)

    def _in_piece(self, text: str) -> Iterator[Hit]:
        """In the text as it stands and with its escapes undone; what is plain in one layer is so in the next."""
        if not self._holds_anything(text):
            return
        known: set[tuple[int, int, Kind]] = set()
        for layer in layers(text):
            for begin, end, kind, form in self._found(layer.text):
                span = layer.original(begin, end)
                if (*span, kind) not in known:
                    known.add((*span, kind))
                    yield Hit(*span, kind, _with_escapes(form, text[slice(*span)]))

    def _holds_anything(self, text: str) -> bool:
        """The quick answer for the great majority of texts: where in them a secret would stand is not asked yet."""
        for _ in range(LAYERS):
            if any(True for _ in self._found(text)):
                return True
            text, below = undone(text), text
            if text == below:
                return False
        return any(True for _ in self._found(text))

    def _found(self, text: str) -> Iterator[tuple[int, int, Kind, str]]:
        yield from ((*span, PLAIN) for span in shapes_in(text))
        if self._key is not None:
            yield from ((begin, end, Kind.KEY, form) for begin, end, form in self._key.spans(text))


def decoded(data: bytes) -> tuple[str, bool]:
    """The text of a file and True; for a file that is not text its bytes one by one, and False."""
    for bom, coding in _BOMS:
        if data.startswith(bom):
            return _unix(data[len(bom) :].decode(coding, "replace")), True
    if b"\0" in data[:_LOOKED_AT]:
        return data.decode("latin-1"), False
    return _unix(data.decode("utf-8", "replace")), True


def _unix(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text) if "\r" in text else text


def _gravest(hits: list[Hit]) -> Hit:
    begin, end = hits[0].begin, max(hit.end for hit in hits)
    gravest = min(hits, key=lambda hit: (GRAVITY[hit.kind], hit.form != PLAIN))
    return Hit(begin, end, gravest.kind, gravest.form)


def _with_escapes(form: str, written: str) -> str:
    """The form's name, from how it is written in the file."""
    escapes = [
        name
        for name, pattern in (
            ("URL-encoded", r"%[0-9a-fA-F]{2}"),
            ("JSON-escaped", r"\\[ux/\"'\\]"),
            ("HTML-escaped", r"&#?\w+;"),
        )
        if re.search(pattern, written)
    ]
    if not escapes:
        return form
    return ", ".join(escapes if form == PLAIN else [form, *escapes])
