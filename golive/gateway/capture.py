"""A body as it passes: whole on the wire, bounded in the record."""

from collections.abc import Iterable
from typing import Final

from golive.gateway.headers import Header, first
from golive.recording import BodyUndecodable, body_text
from golive.recording.bodies import Inflater

MOST_RECORDED: Final = 1_000_000
"""Bytes of a body that are recorded, also after decompression."""


class Capture:
    """Collects the beginning of a body that passes in pieces."""

    def __init__(self, limit: int = MOST_RECORDED) -> None:
        self._limit = limit
        self._kept = bytearray()
        self.size = 0

    def add(self, piece: bytes) -> None:
        self.size += len(piece)
        if (room := self._limit - len(self._kept)) > 0:
            self._kept += piece[:room]

    def decoded(self, headers: Iterable[Header]) -> tuple[bytes, bool]:
        """The body with its content coding undone, and whether more of it passed. Raises `BodyUndecodable`."""
        return _undone(bytes(self._kept), first(headers, b"content-encoding"), self._limit, self.size > self._limit)

    def shown(self, headers: Iterable[Header]) -> tuple[str | None, bool]:
        """The body as the record shows it, and whether it is cut."""
        headers = list(headers)
        kind = first(headers, b"content-type")
        try:
            data, cut = self.decoded(headers)
        except BodyUndecodable as fault:
            return f"[{self.size} bytes: {fault}]", False
        return body_text(data, kind), cut


def undone(data: bytes, coding: str, limit: int) -> bytes | None:
    """A whole body with its content coding undone; None where it is larger than `limit` bytes. Raises
    `BodyUndecodable`."""
    plain, cut = _undone(data, coding, limit, False)
    return None if cut else plain


def _undone(data: bytes, coding: str, limit: int, cut: bool) -> tuple[bytes, bool]:
    inflater = Inflater(coding)
    plain = bytearray()
    for piece in inflater.pieces(data) if data else ():
        plain += piece
        if len(plain) > limit:
            return bytes(plain[:limit]), True
    if data and not cut:
        inflater.finish()
    return bytes(plain), cut
