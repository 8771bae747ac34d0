"""The way over the network: to no refused address, through no proxy, and with an end to every answer's head."""

import time
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx

from golive.guard import refuse_prod_address


class _Head:
    """When the head of an answer has to be whole: so long after it was first waited for."""

    def __init__(self) -> None:
        self._until: float | None = None

    def left(self, patience_s: float) -> float:
        """Seconds. Raises `httpcore.ReadTimeout` where there are none."""
        now = time.monotonic()
        self._until = now + patience_s if self._until is None else self._until
        if self._until <= now:
            raise httpcore.ReadTimeout(f"the answer's head was not whole after {patience_s:g} s")
        return self._until - now


_HEAD: ContextVar[_Head | None] = ContextVar("head", default=None)


class Network(httpx.HTTPTransport):
    """httpx's own, which waits anew for each piece of a head: one that trickles, or an endless row of 1xx, would keep
    it for ever. Here the read time-out bounds the whole head. Raises `golive.guard.ForbiddenTarget` for a name that has
    a refused address: here alone it matters which addresses a name has.
    """

    def __init__(self, limits: httpx.Limits = httpx.Limits()) -> None:  # noqa: B008 - not altered
        context = httpx.create_ssl_context(trust_env=False)
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=_Backend(),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        refuse_prod_address(request.url)
        token = _HEAD.set(_Head())
        try:
            return super().handle_request(request)
        finally:
            _HEAD.reset(token)


class _Backend(httpcore.SyncBackend):
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        return _Stream(super().connect_tcp(host, port, timeout, local_address, socket_options))


class _Stream(httpcore.NetworkStream):
    """A connection, plain or with TLS; within a head no read is waited for any longer than the head may take."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        head = _HEAD.get()
        return self._inner.read(max_bytes, timeout if head is None or timeout is None else head.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
