"""Bodies on the way to and from the record: read up to a bound, decompressed up to a bound, shown as text."""

import codecs
import re
import zlib
from collections.abc import Iterable
from typing import Final

import httpx

DEFAULT_MAX_BODY: Final = 10_000_000
"""Bytes of a body that are read and recorded, after decompression."""

_CHARSET: Final = re.compile(r"charset\s*=\s*\"?([\w.:-]+)", re.IGNORECASE)
_READ_CHARSETS: Final = frozenset({"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252"})
_NOTE: Final = re.compile(r"\[(\d{1,9}) bytes of [^\[\]]{1,60}, not text\]")
_UNDECODABLE: Final = re.compile(rb"(?<!\\)\\x([89a-f][0-9a-f])")
_PIECE: Final = 65_536


class BodyTooLarge(httpx.DecodingError):
    """The answer's body is larger than the bound, as sent or once decompressed."""


class BodyUndecodable(httpx.DecodingError):
    """The answer's body is compressed in a way that cannot be undone."""


class Inflater:
    """Undoes one content coding piece by piece and never holds more than it was asked for."""

    def __init__(self, coding: str) -> None:
        self._coding = coding.strip().lower()
        self._stream: zlib._Decompress | None = None
        if self._coding in ("gzip", "x-gzip"):
            self._stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
        elif self._coding not in ("", "identity", "deflate"):
            raise BodyUndecodable(f"the answer is compressed as {self._coding[:20]!r}, which was not asked for")

    def pieces(self, data: bytes) -> Iterable[bytes]:
        """The decompressed form of `data`, in pieces of bounded size."""
        if self._coding in ("", "identity"):
            yield data
            return
        if self._stream is None:
            # "deflate" is a zlib stream by the book, and a bare one from some servers.
            self._stream = zlib.decompressobj(zlib.MAX_WBITS if data[:1] == b"\x78" else -zlib.MAX_WBITS)
        try:
            while data:
                yield self._stream.decompress(data, _PIECE)
                data = self._stream.unconsumed_tail
        except zlib.error:
            raise BodyUndecodable(f"the answer says it is compressed as {self._coding}, and it is not") from None

    def finish(self) -> None:
        """Raises `BodyUndecodable` where the compressed data end too soon."""
        if self._stream is not None and not self._stream.eof:
            raise BodyUndecodable(f"the answer's {self._coding} data end too soon")


def body_text(data: bytes, content_type: str | None = None) -> str | None:
    """A body as the record shows it: text, a note where it is binary, None where there is none."""
    if not data:
        return None
    kind = (content_type or "").partition(";")[0].strip().lower()
    try:
        text = data.decode(_charset(kind, content_type))
    except (UnicodeError, ValueError):
        if not (kind.startswith("text/") or "json" in kind or "xml" in kind or "form-urlencoded" in kind):
            return _binary(data, kind)
        text = data.decode("utf-8", "backslashreplace")
    return _binary(data, kind) if "\0" in text else text


def text_body(text: str | None, content_type: str | None = None) -> bytes:
    """The reverse of `body_text`: bytes that it shows as `text`. Where that was a note on a binary body they are not
    the original ones, which no record holds, but as many."""
    if text is None:
        return b""
    kind = (content_type or "").partition(";")[0].strip().lower()
    if (note := _NOTE.fullmatch(text)) is not None:
        rest = b"\0" * (min(int(note[1]), DEFAULT_MAX_BODY) - 1)
        candidates = [b"\xff" + rest, b"\0" + rest]
    else:
        plain = text.encode(_charset(kind, content_type), "replace")
        # what is no text was shown as \xNN, which JSON itself never has
        undecodable = _UNDECODABLE.sub(lambda at: bytes.fromhex(at[1].decode("ascii")), text.encode("utf-8", "replace"))
        candidates = [plain, undecodable] if undecodable == plain else [undecodable, plain]
    return next((data for data in candidates if body_text(data, content_type) == text), text.encode("utf-8", "replace"))


def _charset(kind: str, content_type: str | None) -> str:
    """JSON is UTF-8 whatever is declared (RFC 8259, 8.1); an unknown or non-text charset counts as UTF-8 too."""
    declared = None if "json" in kind else _CHARSET.search(content_type or "")
    try:
        known = codecs.lookup(declared[1]) if declared else None
    except LookupError:
        known = None
    return known.name if known and known.name in _READ_CHARSETS else "utf-8"


def _binary(data: bytes, kind: str) -> str:
    shown = kind if re.fullmatch(r"[\w.+/-]{1,60}", kind) else "unknown type"
    return f"[{len(data)} bytes of {shown}, not text]"
