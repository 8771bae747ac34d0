"""Links in the answers that lead back to the API: who follows `next` to DEV itself would pass the gateway by.

DEV writes absolute URLs with its own host into the `next` and `previous` of a page and into a `Location`. Those that
lead to the API get the gateway's address; the record keeps what DEV wrote. Any other link (an invoice, a logo) is for a
driver's browser and stays.
"""

import gzip
import re
import zlib
from typing import Final

import httpx

from golive.connect.operations import API_PREFIX, Operation

PAGES: Final = frozenset(
    {
        "users_list",
        "users_payment_methods_list",
        "stations_around_list",
        "users_charging_sessions_list",
        "users_charging_debts_list",
        "users_invoices_list",
    }
)
"""The operations that answer with a page."""

_SLASH: Final = rb"(?:\\)?/"  # JSON may escape it


class Links:
    """Rewrites what leads to the API at `base` (its origin, with a prefix if there is one)."""

    def __init__(self, base: str) -> None:
        url = httpx.URL(base)
        self._prefix = url.path.rstrip("/")
        given = rb":%d" % url.port if url.port else rb"(?::(?:80|443))?"
        host = b"[%s]" % url.raw_host if b":" in url.raw_host else url.raw_host
        path = re.escape((self._prefix + API_PREFIX).encode()).replace(b"/", _SLASH)
        self._inner = re.compile(
            rb'(?i:"https?:' + _SLASH * 2 + re.escape(host) + given + rb")" + path + rb"(?=" + _SLASH + rb")"
        )
        self._location = re.compile(
            rf"(?i:https?://{re.escape(host.decode())}{given.decode()})?{re.escape(self._prefix)}(?={API_PREFIX}/)"
        )

    def concern(self, operation: Operation | None, status: int) -> bool:
        """Whether the answer is a page."""
        return operation is not None and operation.name in PAGES and 200 <= status < 300

    def in_body(self, body: bytes, origin: str) -> bytes:
        """A JSON text with its links to the API changed to `origin`."""

        def changed(found: re.Match[bytes]) -> bytes:
            link = f'"{origin}{API_PREFIX}'.encode()
            return link.replace(b"/", rb"\/") if b"\\" in found[0] else link

        return self._inner.sub(changed, body)

    def in_location(self, value: bytes, origin: str) -> bytes:
        """A `Location`, absolute or relative, that leads to the API, as one that leads through `origin`."""
        text = value.decode("latin-1")
        found = self._location.match(text)
        if found is None:
            return value
        return f"{origin if '://' in found[0] else ''}{text[found.end() :]}".encode("latin-1")


def packed(body: bytes, coding: str) -> bytes:
    """`body` in a content coding that can be undone here."""
    match coding.strip().lower():
        case "gzip" | "x-gzip":
            return gzip.compress(body, 6, mtime=0)
        case "deflate":
            return zlib.compress(body)
    return body
