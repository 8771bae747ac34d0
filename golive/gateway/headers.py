"""Which headers pass: all of them, in their order and as often as they came, but for those of one connection alone."""

from collections.abc import Iterable
from typing import Final

Header = tuple[bytes, bytes]

HOP_BY_HOP: Final = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
"""RFC 9110, 7.6.1: what speaks of this connection, and not of the message."""

READ_CODINGS: Final = frozenset({b"gzip", b"x-gzip", b"deflate", b"identity"})
"""Content codings that can be undone here. Others are not asked for: what cannot be read cannot be judged."""


def to_upstream(headers: Iterable[Header], host: bytes) -> list[Header]:
    """The request's headers as they are sent on: named `host`, framed as the request was."""
    given = list(headers)
    chunked = any(name == b"transfer-encoding" for name, _ in given)
    dropped = _dropped(given) | {b"host", b"expect"} | ({b"content-length"} if chunked else frozenset())
    passed = [(b"host", host), *((name, value) for name, value in given if name not in dropped)]
    passed = [(name, _narrowed(value) if name == b"accept-encoding" else value) for name, value in passed]
    return [*passed, (b"transfer-encoding", b"chunked")] if chunked else passed


def to_client(headers: Iterable[Header]) -> list[Header]:
    """The answer's headers as they are sent back."""
    given = [(name.lower(), value) for name, value in headers]
    dropped = _dropped(given)
    return [(name, value) for name, value in given if name not in dropped]


def values(headers: Iterable[Header], name: bytes) -> list[bytes]:
    """The values of a header, by its lower-case name, one for each time that it came."""
    return [value for given, value in headers if given == name]


def first(headers: Iterable[Header], name: bytes) -> str:
    """The first value of a header as text, empty where there is none."""
    found = values(headers, name)
    return found[0].decode("latin-1") if found else ""


def as_text(headers: Iterable[Header]) -> list[tuple[str, str]]:
    """Headers as the record takes them."""
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def _dropped(headers: list[Header]) -> frozenset[bytes]:
    named = (token for value in values(headers, b"connection") for token in value.split(b","))
    return HOP_BY_HOP | {token.strip().lower() for token in named}


def _narrowed(accepted: bytes) -> bytes:
    kept = [item.strip() for item in accepted.split(b",") if item.partition(b";")[0].strip().lower() in READ_CODINGS]
    return b", ".join(kept) or b"identity"
