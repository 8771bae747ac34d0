"""A server on loopback that answers a connection with the very bytes a test gives it."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Script = Callable[[socket.socket, bytes], None]


class Loopback:
    """Each connection takes the next script; the last one goes on. `requests` are the bytes that came in."""

    def __init__(self, *scripts: Script) -> None:
        self.requests: list[bytes] = []
        self._scripts = list(scripts)
        self._server = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        self._acceptor = threading.Thread(target=self._accept)
        self._acceptor.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
            thread = threading.Thread(target=self._serve, args=(connection, script))
            self._threads.append(thread)
            self._open.append(connection)
            thread.start()

    def _serve(self, connection: socket.socket, script: Script) -> None:
        with connection:
            try:
                while request := _request(connection):
                    self.requests.append(request)
                    script(connection, request)
            except OSError:
                return

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._acceptor.join()
        for connection in self._open:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        for thread in self._threads:
            thread.join()


def _request(connection: socket.socket) -> bytes:
    """Head and body of the next request, empty when the other side has gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            while len(body) < int(line.split(b":")[1]):
                body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def loopback(*scripts: Script) -> Iterator[Loopback]:
    server = Loopback(*scripts)
    try:
        yield server
    finally:
        server.close()


def say(data: bytes, *, then: Callable[[socket.socket], None] | None = None) -> Script:
    def script(connection: socket.socket, request: bytes) -> None:
        connection.sendall(data)
        if then:
            then(connection)

    return script


def reset(connection: socket.socket, request: bytes = b"") -> None:
    """Break the connection off hard (RST)."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def hang_up(connection: socket.socket, request: bytes = b"") -> None:
    """Close the connection in good order."""
    connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def answer(body: bytes, *, status: str = "200 OK", headers: bytes = b"", length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n".encode()
    return head + headers + b"\r\n" + body
