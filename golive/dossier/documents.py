"""PDF and plain text, taken as they are, byte for byte, or not at all."""

import re
import zlib
from collections.abc import Iterator, Sequence
from typing import Final

from golive.dossier.unusable import UnusableFile

MOST_INFLATED_BYTES: Final = 16 * 1024 * 1024
"""Of the packed objects of a PDF, before it is given up as a bomb."""

_STREAM: Final = b"stream"
_STREAM_END: Final = b"endstream"
_HEAD: Final = 400
"""Bytes before a stream in which its dictionary says what it is."""
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_END: Final = b"%%EOF"
_DELIMITER: Final = rb"(?=[\x00\t\n\x0c\r ()<>\[\]{}/%]|$)"

_ACTIVE: Final = {
    b"JavaScript": "JavaScript",
    b"JS": "JavaScript",
    b"Launch": "an action that starts a program",
    b"EmbeddedFile": "an embedded file",
    b"EmbeddedFiles": "embedded files",
    b"FileAttachment": "an attached file",
    b"RichMedia": "embedded media",
    b"XFA": "a form with a program",
    b"SubmitForm": "an action that sends a form",
    b"ImportData": "an action that reads a file",
    b"GoToE": "a jump into an embedded file",
}
_NAMES: Final = re.compile(rb"/(" + rb"|".join(_ACTIVE) + rb")" + _DELIMITER)
_CHANCE: Final = frozenset({b"JS", b"XFA"})
"""Names so short that packed data holds them by chance: they are looked for outside of it only."""

_NO_TEXT: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
"""Control characters that no text has; ESC is left in, since logs of a terminal have it."""


def check_pdf(content: bytes) -> None:
    """Raise `UnusableFile` for a PDF that can do more than be read.

    The look is a simple one. The names that stand for active content are searched in the objects, with `#xx`
    undone as readers do, and in packed object streams; the longer ones also in the other streams as they lie. An
    encrypted file cannot be looked through. Who means to hide something from this look can; the PDFs that programs
    write by themselves cannot slip through unseen.
    """
    if _END not in content:
        raise UnusableFile("is a broken PDF, without an end; print it to PDF again")
    if len(content[content.rindex(_END) + len(_END) :].strip(b"\0\r\n\t ")) > 0:
        raise UnusableFile("has data after the end of the PDF; print it to PDF again")
    streams = list(_streams(content))
    outside = b"\n".join(content[end:begin] for end, begin in _between(streams, len(content)))
    if re.search(rb"/Encrypt" + _DELIMITER, _plain(outside)):
        raise UnusableFile("is encrypted, so that nobody can look into it; save it without a password")
    for part in (outside, *_object_streams(content, streams)):
        _refuse_active(part, frozenset())
    _refuse_active(content, _CHANCE)


def _refuse_active(part: bytes, but: frozenset[bytes]) -> None:
    for match in _NAMES.finditer(_plain(part)):
        if match[1] not in but:
            raise UnusableFile(f"has {_ACTIVE[match[1]]} in it; print it to PDF again, as pages only")


def _plain(part: bytes) -> bytes:
    return _ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), part)


def _streams(content: bytes) -> Iterator[tuple[int, int]]:
    """Where the content of each stream begins and ends."""
    at = 0
    while (begin := content.find(_STREAM, at)) >= 0:
        at = begin + len(_STREAM)
        line_end = next((end for end in (b"\r\n", b"\n") if content.startswith(end, at)), None)
        if line_end is None:
            continue
        end = content.find(_STREAM_END, at)
        if end < 0:
            return
        yield at + len(line_end), end
        at = end + len(_STREAM_END)


def _between(streams: Sequence[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    """What lies outside of the streams."""
    ends, begins = [0, *(end for _, end in streams)], [*(begin for begin, _ in streams), length]
    return zip(ends, begins, strict=True)


def _object_streams(content: bytes, streams: Sequence[tuple[int, int]]) -> list[bytes]:
    """The unpacked object streams: PDF 1.5 and later keep their objects there."""
    found: list[bytes] = []
    left = MOST_INFLATED_BYTES
    for begin, end in streams:
        head = content[max(0, begin - _HEAD) : begin]
        if b"/ObjStm" not in _plain(head[max(0, head.rfind(b"obj")) :]):
            continue
        inflater = zlib.decompressobj()
        try:
            unpacked = inflater.decompress(content[begin:end], left)
        except zlib.error:
            raise UnusableFile("has objects that cannot be read; print it to PDF again") from None
        left -= len(unpacked)
        if inflater.unconsumed_tail or left <= 0:
            raise UnusableFile("unpacks to too much; print it to PDF again")
        found.append(unpacked)
    return found


def check_text(content: bytes) -> None:
    """Raise `UnusableFile` for what is no UTF-8 text."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise UnusableFile("is none of PNG, JPEG, PDF and UTF-8 text; convert it, or name a video by its URL") from None
    if not text.strip():
        raise UnusableFile("is empty; attach what shows it")
    if _NO_TEXT.search(text):
        raise UnusableFile("is none of PNG, JPEG, PDF and UTF-8 text; convert it, or name a video by its URL")
