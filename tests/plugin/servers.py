"""Small servers for what a simulator does not do: wrong times, HTML, and counting who comes by."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from golive.serving import LOOPBACK


@dataclass
class Counting:
    """A server, the requests that it got, and the connections, whatever was said on them."""

    url: str
    hits: list[str] = field(default_factory=list)
    connections: int = 0


Respond = Callable[[str], tuple[int, dict[str, str], bytes]]
"""From the path to status, headers and body."""


@contextmanager
def serving(respond: Respond) -> Iterator[Counting]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            counting.hits.append(f"{self.command} {self.path}")
            status, headers, body = respond(self.path)
            self.send_response_only(status)
            for name, value in (headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_DELETE = do_PUT = do_GET  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
            pass

    class Server(ThreadingHTTPServer):
        def get_request(self) -> tuple[Any, Any]:
            counting.connections += 1
            return super().get_request()

    server = Server((LOOPBACK, 0), Handler)
    counting = Counting(f"http://{LOOPBACK}:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield counting
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def html(_path: str) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "text/html"}, b"<!doctype html><title>Welcome</title><p>Nothing to see here."


def empty_list(date: str) -> Respond:
    def respond(_path: str) -> tuple[int, dict[str, str], bytes]:
        body = b'{"count": 0, "next": null, "previous": null, "results": []}'
        return 200, {"Content-Type": "application/json", "Date": date}, body

    return respond
