"""A TCP proxy on loopback between a run and its simulator, which loses, breaks and spoils what passes.

    with Proxy(sim.url, Rule(reset_after, r"POST .*/charging/start/$", times=1)) as proxy:
        ...                      # the run's target is proxy.url
        proxy.cut(for_s=3)       # connections are reset and refused; they are taken again by themselves

It ends by itself with its block: no thread and no connection is left.
"""

import contextlib
import errno
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from tests.faults.passing import Passing, Rule

LOOPBACK = "127.0.0.1"
LOOPBACK_6 = "::1"
PATIENCE_S = 60.0
"""No end is waited for any longer: a proxy never outlives the test that it serves."""

_RST = struct.pack("ii", 1, 0)


class Proxy:
    """Passes requests on to `upstream`, one at a time per connection; the first rule that strikes decides.

    `tls`: what clients get to see; the simulator behind is spoken to plainly. `requests` are the lines
    `METHOD /path` that came in, in order; `refused` whether the network is cut at the moment.
    """

    def __init__(
        self, upstream: str, *rules: Rule, tls: ssl.SSLContext | None = None, host: str = LOOPBACK, port: int = 0
    ) -> None:
        parts = urlsplit(upstream)
        self._upstream = (parts.hostname or LOOPBACK, parts.port or 80)
        self.rules = list(rules)
        self.requests: list[str] = []
        self._tls = tls
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()
        self._family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # Bound for as long as the proxy lives and never listening: while the network is cut, nobody else gets the port.
        self._reserved = self._bound(host, port)
        self._address = self._reserved.getsockname()
        shown = f"[{host}]" if ":" in host else host
        self.url = f"{'https' if tls else 'http'}://{shown}:{self._address[1]}"
        self._server: socket.socket | None = None
        self._listen()

    # -- the network -----------------------------------------------------------------------------------------

    def cut(self, for_s: float | None = None) -> None:
        """Reset what is open and refuse what comes, for `for_s` seconds or until `mend`."""
        with self._lock:
            server, self._server = self._server, None
            lost, self._open = self._open, set()
        if server is not None:
            _close(server)
        for connection in lost:
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST)
            _close(connection)
        if for_s is not None:
            self._start(partial(self._mend_after, for_s))

    def mend(self) -> None:
        """Take connections again."""
        with self._lock:
            mended = self._server is not None or self._ended.is_set()
        if not mended:
            self._listen()

    def _mend_after(self, seconds: float) -> None:
        if not self._ended.wait(seconds):
            self.mend()

    @contextmanager
    def being_cut(self) -> Iterator[None]:
        """The network is cut within."""
        self.cut()
        try:
            yield
        finally:
            self.mend()

    @property
    def refused(self) -> bool:
        with self._lock:
            return self._server is None

    # -- its life --------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Return once every thread has ended."""
        self._ended.set()
        self.cut()
        for thread in list(self._threads):
            thread.join(PATIENCE_S)
            assert not thread.is_alive(), f"{thread.name} of the proxy does not end"
        self._reserved.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _bound(self, host: str, port: int) -> socket.socket:
        sock = socket.socket(self._family, socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        return sock

    def _listen(self) -> None:
        server = self._bound(self._address[0], self._address[1])
        server.listen(128)
        with self._lock:
            self._server = server
        self._start(partial(self._accept, server))

    def _start(self, target: Callable[[], object]) -> None:
        thread = threading.Thread(target=target, name="faulty proxy", daemon=True)
        with self._lock:
            self._threads = [t for t in self._threads if t.is_alive() or t.ident is None]
            self._threads.append(thread)
        thread.start()

    def _accept(self, server: socket.socket) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError as gone:
                if gone.errno in (errno.EBADF, errno.EINVAL):
                    return
                continue  # the client has gone before it was taken
            self._start(partial(self._serve, connection))

    # -- what passes -----------------------------------------------------------------------------------------

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE_S)
        try:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
        except OSError:  # the client does not trust what it sees
            connection.close()
            return
        with self._lock:
            self._open.add(connection)
            cut = self._server is None
        if cut:
            _close(connection)
        try:
            with connection:
                while not self._ended.is_set() and (request := _request(connection)):
                    self._pass(request, connection)
        except (OSError, ValueError):
            return  # one of the two ends has gone
        finally:
            with self._lock:
                self._open.discard(connection)

    def _pass(self, request: bytes, connection: socket.socket) -> None:
        passing = Passing(request, connection, lambda: self._forward(request), self._ended)
        with self._lock:
            self.requests.append(passing.line)
            rule = next((rule for rule in self.rules if rule.strikes(passing.line)), None)
        if rule is None:
            passing.answer(passing.forward())
        else:
            rule.fault(passing)

    def _forward(self, request: bytes) -> bytes:
        """The server's whole answer; it is asked to close its connection, which the client does not get to see."""
        head, gap, body = request.partition(b"\r\n\r\n")
        head = re.sub(rb"(?im)^connection:[^\r\n]*(?:\r\n)?", b"", head).rstrip(b"\r\n")
        with socket.create_connection(self._upstream, PATIENCE_S) as server:
            server.sendall(head + b"\r\nConnection: close" + gap + body)
            pieces = []
            while piece := server.recv(65536):
                pieces.append(piece)
        head, gap, body = b"".join(pieces).partition(b"\r\n\r\n")
        head = re.sub(rb"(?im)^connection:[^\r\n]*(?:\r\n)?", b"", head).rstrip(b"\r\n")
        return head + gap + body


def _request(connection: socket.socket) -> bytes:
    """Head and body of the next request, empty when the other side has gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (piece := connection.recv(65536)):
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?im)^content-length:\s*(\d+)", head)
    wanted = int(length[1]) if length else 0
    while len(body) < wanted:
        if not (piece := connection.recv(65536)):
            return b""
        body += piece
    return head + b"\r\n\r\n" + body


def _close(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
    sock.close()
