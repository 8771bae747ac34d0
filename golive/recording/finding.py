"""Looks through whole files for secrets, fast enough to do so at the end of every run.

The files of a run repeat each other: each exchange stands in the record, in the page and beside the checks. So the
distinct pieces between blanks are looked at, once, with their escapes undone up to three times.
"""

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Final

from golive.recording.secret_forms import LAYERS, Needle, undone

_WORD: Final = re.compile(r"[A-Za-z0-9+/_=\-]+")
_RUN: Final = re.compile(r"(?<!\S)\S++(?:[ \t]*+(?:\r\n|\r|\n)[ \t]*+\S++)+")
_ESCAPED_BREAK: Final = re.compile(r"\\[nr]|\\u000[aAdD]|&#(?:10|13|[xX]0?[aAdD]);|%0[aAdD]")
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
    distinct = set(contents)
    for content in distinct:
        for text in _texts(content):
            pieces.update(text.split())
            for needle, name in with_blanks:
                if needle.text in text:
                    return name
    if (found := _found_across_lines(distinct, needles)) is not None:
        return found
    for _ in range(LAYERS + 1):
        if (found := _found("\n".join(pieces), needles)) is not None:
            return found
        pieces = {above for piece in pieces if (above := undone(piece)) != piece}
    return None


def _found_across_lines(contents: Iterable[bytes], needles: Sequence[tuple[Needle, str]]) -> str | None:
    """A secret that is broken over lines, as base64 is wrapped in a mail: looked for without the white space.

    Only what may be a part of one is looked at: what goes on where the line before ended, as it stands or where the
    breaks are escaped.
    """
    runs: set[str] = set()
    for content in contents:
        for plain in _texts(content):
            text = plain
            runs.update(_joined_runs(text))
            for _ in range(LAYERS):
                if _ESCAPED_BREAK.search(text) is None:
                    break
                text = undone(text)
                runs.update(_joined_runs(text))
    joined = "\n".join(runs)
    return next((name for needle, name in needles if "".join(needle.text.split()) in joined), None)


def _joined_runs(text: str) -> Iterator[str]:
    return ("".join(run[0].split()) for run in _RUN.finditer(text))


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
