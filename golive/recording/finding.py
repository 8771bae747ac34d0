"""Looks through whole files for secrets, fast enough to do so at the end of every run.

The files of a run repeat each other: each exchange stands in the record, in the page and beside the checks. So the
distinct pieces between blanks are looked at, once, with their escapes undone up to three times.
"""

import re
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Final

from golive.recording.secret_forms import LAYERS, Needle, undone

_WORD: Final = re.compile(r"[A-Za-z0-9+/_=\-]+")
_STREAM: Final = re.compile(rb"stream\r?\n")
_LONGEST_STREAM: Final = 4 * 2**20
_UNKNOWN: Final = (
    (re.compile(r"(?<![A-Za-z0-9])(?:seti|pi|src|cs)_\w{1,100}?_secret_[A-Za-z0-9]{8,}"), "a client secret"),
    (re.compile(r"(?<![A-Za-z0-9])(?:sk|rk)_(?:test|live)_[A-Za-z0-9]{10,}"), "a secret key of Stripe"),
)


def find_in(contents: Iterable[bytes], needles: Sequence[tuple[Needle, str]]) -> str | None:
    """What the first secret is called that stands in one of these files; None where none does.

    Text is read as UTF-8; anything else byte by byte, and again without zero bytes (UTF-16). The
    compressed streams of a PDF are opened.
    """
    pieces: set[str] = set()
    with_blanks = [(needle, name) for needle, name in needles if needle.text.split() != [needle.text]]
    for content in set(contents):
        for text in _texts(content):
            pieces.update(text.split())
            for needle, name in with_blanks:
                if needle.text in text:
                    return name
    for _ in range(LAYERS + 1):
        if (found := _found("\n".join(pieces), needles)) is not None:
            return found
        pieces = {above for piece in pieces if (above := undone(piece)) != piece}
    return None


def _found(text: str, needles: Sequence[tuple[Needle, str]]) -> str | None:
    words = "\n".join(set(_WORD.findall(text)))
    for needle, name in needles:
        if needle.text in (words if _WORD.fullmatch(needle.text) else text):
            return name
    for shape, name in _UNKNOWN:
        if shape.search(words):
            return name
    return None


def _texts(content: bytes) -> Iterable[str]:
    try:
        yield content.decode("utf-8")
    except UnicodeDecodeError:
        yield content.decode("latin-1")
    if b"\0" in content:
        yield content.replace(b"\0", b"").decode("latin-1")
    if content.startswith(b"%PDF"):
        for begin in _STREAM.finditer(content):
            with suppress(zlib.error):
                yield zlib.decompressobj().decompress(content[begin.end() :], _LONGEST_STREAM).decode("latin-1")
