"""The way on to DEV: guarded before a byte goes out, byte for byte what came in; nothing is followed or retried."""

from __future__ import annotations

import importlib.util
import ssl
import sys
from collections.abc import AsyncIterator, Iterable
from typing import Final

import httpx

from golive.gateway.headers import Header
from golive.guard import check_url, refuse_prod_address

CONNECT_S: Final = 10.0
ANSWER_S: Final = 300.0
"""Seconds that DEV may take between two pieces of an answer: longer than any backend should wait for a start."""
_MOST_CONNECTIONS: Final = 256


def _look_for_sniffio_once() -> None:
    """httpcore asks with each lock which library runs the event loop: it imports sniffio where that is installed. Where
    it is not, each of these imports goes through all directories again, which is a third of what a request costs."""
    if importlib.util.find_spec("sniffio") is None:
        sys.modules["sniffio"] = None  # type: ignore[assignment]


class _Body(httpx.AsyncByteStream):
    def __init__(self, pieces: AsyncIterator[bytes]) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._pieces:
            yield piece


class Upstream:
    """One connection pool to the API at `base`, its origin with a prefix if there is one; used in one event loop.

    Raises `golive.guard.ForbiddenTarget` for a host that is refused.
    """

    def __init__(self, base: str) -> None:
        _look_for_sniffio_once()
        self._url = check_url(base, what="the gateway's target")
        refuse_prod_address(self._url, what="the gateway's target")  # what it looks up, it looks up here
        self.base = str(self._url).rstrip("/")
        self.host = self._url.netloc
        self._prefix = self._url.raw_path.rstrip(b"/")
        limits = httpx.Limits(max_connections=_MOST_CONNECTIONS, max_keepalive_connections=32)
        # reading the machine's certificates takes a while, and loopback needs none
        verify: ssl.SSLContext | bool = self._url.scheme == "https" or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._pool = httpx.AsyncHTTPTransport(verify=verify, limits=limits, trust_env=False, retries=0)
        timeout = httpx.Timeout(ANSWER_S, connect=CONNECT_S, pool=CONNECT_S)
        self._timeout = timeout.as_dict()

    def url_of(self, target: bytes) -> str:
        """Where a request with this target goes, as the record shows it."""
        return f"{self.base}{target.decode('latin-1')}"

    async def send(
        self, method: str, target: bytes, headers: Iterable[Header], body: AsyncIterator[bytes] | None
    ) -> httpx.Response:
        """The answer's head; its body is to be read with `pieces_of`, and the answer to be closed. Raises
        `ForbiddenTarget` before anything is sent, and what httpx raises."""
        refuse_prod_address(check_url(self._url))
        request = httpx.Request(
            method,
            self._url,
            headers=list(headers),
            stream=httpx.ByteStream(b"") if body is None else _Body(body),
            # the target as it came: a URL that is parsed and put together again may not be the same
            extensions={"timeout": self._timeout, "target": self._prefix + target},
        )
        return await self._pool.handle_async_request(request)

    async def close(self) -> None:
        await self._pool.aclose()


async def pieces_of(response: httpx.Response) -> AsyncIterator[bytes]:
    """The body as it was sent, still compressed where it was. Raises what httpx raises."""
    stream = response.stream
    if not isinstance(stream, httpx.AsyncByteStream):
        raise TypeError("the transport must answer asynchronously")
    async for piece in stream:
        yield piece
