"""A small web server on loopback with the pages of a test; it remembers what it was asked."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOOPBACK = "127.0.0.1"


@dataclass
class Answer:
    """`held`: the body stops half-way until the server ends."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    held: bool = False


@dataclass
class Site:
    url: str
    answers: dict[str, Answer]
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


def html(*lines: str) -> Answer:
    return Answer("\n".join(lines).encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def script(text: str) -> Answer:
    return Answer(text.encode(), headers={"Content-Type": "text/javascript"})


@contextmanager
def serving(answers: Mapping[str, Answer]) -> Iterator[Site]:
    released = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append(self.path)
            site.headers.append({name.lower(): value for name, value in self.headers.items()})
            answer = site.answers.get(self.path.partition("?")[0], Answer(b"not here", 404))
            self.send_response_only(answer.status)
            for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if answer.held:
                self.wfile.write(answer.body[:1])
                self.wfile.flush()
                released.wait()
            else:
                self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
            pass

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                self.close_connection = True  # whoever asked has had enough

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    site = Site(f"http://{LOOPBACK}:{server.server_address[1]}", dict(answers))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        released.set()
        server.shutdown()
        thread.join()
        server.server_close()
