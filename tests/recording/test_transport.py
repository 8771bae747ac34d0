"""Guard, send, record: whatever comes of a request, it is in the record, and a body never grows past its bound."""

import gzip
import zlib
from collections.abc import Callable, Iterator

import httpx
import pytest

from golive.evidence.model import Exchange
from golive.guard import ForbiddenTarget
from golive.recording import BodyTooLarge, BodyUndecodable, Recorder, RecordingTransport, Redactor
from golive.recording.transport import KEPT_OF_A_BROKEN_BODY
from tests.recording.clock import FakeClock

KEY = "canary-key-0123456789"
BASE = "http://127.0.0.1:8400"

Handler = Callable[[httpx.Request], httpx.Response]


class Chunks(httpx.SyncByteStream):
    """A body in pieces, with what happens after the last one."""

    def __init__(self, pieces: Iterator[bytes], fault: Exception | None = None) -> None:
        self.pieces, self.fault, self.closed = pieces, fault, False

    def __iter__(self) -> Iterator[bytes]:
        yield from self.pieces
        if self.fault:
            raise self.fault

    def close(self) -> None:
        self.closed = True


class Bench:
    """A transport over a handler, and its record."""

    def __init__(self, handler: Handler, *, max_body: int = 1000, step: float = 0.0) -> None:
        self.recorder = Recorder(Redactor({"CONNECT_API_KEY": KEY}), FakeClock(step))
        self.inner = httpx.MockTransport(handler)
        self.http = httpx.Client(transport=RecordingTransport(self.inner, self.recorder, max_body=max_body))

    @property
    def only(self) -> Exchange:
        (exchange,) = self.recorder.exchanges
        return exchange


def answering(response: httpx.Response) -> Bench:
    return Bench(lambda _: response)


def test_an_exchange_holds_request_and_answer() -> None:
    bench = Bench(lambda _: httpx.Response(201, json={"id": "1"}, headers={"X-A": "b"}))
    extensions = {"golive": {"actor": "driver", "operation": "users_create"}}
    response = bench.http.post(f"{BASE}/users/", json={"email": None}, extensions=extensions)
    assert response.json() == {"id": "1"}
    assert response.extensions["golive"] == {"exchange": "x0001", "text": '{"id":"1"}'}
    exchange = bench.only
    assert (exchange.actor, exchange.operation) == ("driver", "users_create")
    assert (exchange.request.method, exchange.request.url) == ("POST", f"{BASE}/users/")
    assert exchange.request.body == '{"email":null}'
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.headers["x-a"]) == (201, "b")
    assert exchange.error is None


@pytest.mark.parametrize(
    "url",
    ["https://connect.cariqa.com/api/v1/users/", "https://CONNECT.cariqa.com./", "http://example.org/", "ftp://x/"],
)
def test_a_forbidden_target_is_refused_before_a_byte_is_sent(url: str) -> None:
    sent: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200)

    bench = Bench(handler)
    with pytest.raises(ForbiddenTarget):
        bench.http.get(url)
    assert sent == []
    assert bench.only.error is not None
    assert bench.only.error.kind == "ForbiddenTarget"
    assert bench.only.error.message.startswith("refused before a byte was sent")


def test_a_fault_of_the_connection_is_recorded_and_raised() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"no route for {KEY}")

    bench = Bench(handler)
    with pytest.raises(httpx.ConnectError):
        bench.http.get(BASE)
    assert bench.only.response is None
    assert bench.only.error is not None
    assert (bench.only.error.kind, bench.only.error.message) == ("ConnectError", "no route for $CONNECT_API_KEY")


def test_an_interruption_is_recorded_too() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    bench = Bench(handler)
    with pytest.raises(KeyboardInterrupt):
        bench.http.get(BASE)
    assert bench.only.error is not None
    assert bench.only.error.kind == "KeyboardInterrupt"


def test_half_a_body_is_kept_without_the_half_of_a_secret() -> None:
    stream = Chunks(iter([b"you sent ", KEY[:12].encode()]), httpx.ReadError("reset"))
    bench = answering(httpx.Response(200, stream=stream))
    with pytest.raises(httpx.ReadError):
        bench.http.get(BASE)
    response, error = bench.only.response, bench.only.error
    assert response is not None
    assert error is not None
    assert (response.body, response.truncated, error.kind) == ("you sent $CONNECT_API_KEY", True, "ReadError")
    assert stream.closed


def test_a_body_past_its_bound_is_not_read_to_its_end() -> None:
    taken: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(1000):
            taken.append(number)
            yield b"x" * 100

    bench = answering(httpx.Response(200, stream=Chunks(pieces())))
    with pytest.raises(BodyTooLarge):
        bench.http.get(BASE)
    assert len(taken) == 11
    assert bench.only.response is not None
    assert bench.only.response.truncated
    assert bench.only.response.body == "x" * 1000


def test_of_a_body_that_is_refused_the_record_keeps_the_beginning() -> None:
    bench = Bench(lambda _: httpx.Response(200, stream=Chunks(iter([b"x" * 3_000_000]))), max_body=2_000_000)
    with pytest.raises(BodyTooLarge):
        bench.http.get(BASE)
    assert bench.only.response is not None
    assert bench.only.response.truncated
    assert bench.only.response.body == "x" * KEPT_OF_A_BROKEN_BODY


def test_a_body_of_exactly_the_bound_is_read() -> None:
    assert len(answering(httpx.Response(200, content=b"x" * 1000)).http.get(BASE).content) == 1000


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_bomb_does_not_go_off(coding: str, pack: Callable[[bytes], bytes]) -> None:
    packed = pack(b"\0" * 20_000_000)
    bench = Bench(
        lambda _: httpx.Response(200, headers={"Content-Encoding": coding}, stream=Chunks(iter([packed]))),
        max_body=100_000,
    )
    with pytest.raises(BodyTooLarge):
        bench.http.get(BASE)
    assert bench.only.response is not None
    assert bench.only.response.truncated


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(b'{"id": 1}')),
        ("deflate", zlib.compress(b'{"id": 1}')),
        ("deflate", zlib.compress(b'{"id": 1}', wbits=-15)),
        ("identity", b'{"id": 1}'),
    ],
    ids=["gzip", "zlib", "bare-deflate", "identity"],
)
def test_a_compressed_answer_is_read_and_recorded_as_text(coding: str, packed: bytes) -> None:
    pieces = [packed[i : i + 3] for i in range(0, len(packed), 3)]
    stream = Chunks(iter(pieces))
    bench = answering(httpx.Response(200, headers={"Content-Encoding": coding}, stream=stream))
    assert bench.http.get(BASE).json() == {"id": 1}
    assert bench.only.response is not None
    assert bench.only.response.body == '{"id": 1}'
    assert bench.only.response.headers["content-encoding"] == coding


@pytest.mark.parametrize(
    ("coding", "content"),
    [("gzip", b"not compressed"), ("gzip", gzip.compress(b"x" * 500)[:-9]), ("br", b"whatever")],
    ids=["not-gzip", "cut", "not-asked-for"],
)
def test_what_cannot_be_decompressed_is_said_so(coding: str, content: bytes) -> None:
    stream = Chunks(iter([content]))
    bench = answering(httpx.Response(200, headers={"Content-Encoding": coding}, stream=stream))
    with pytest.raises(BodyUndecodable):
        bench.http.get(BASE)
    assert bench.only.error is not None
    assert bench.only.error.kind == "BodyUndecodable"


def test_a_header_may_hold_any_bytes() -> None:
    values = [b"latin \xe9", "utf-8 \u3002".encode(), b"plain"]
    bench = answering(httpx.Response(200, headers=[(b"X-Told", value) for value in values], content=b"{}"))
    assert [value for name, value in bench.http.get(BASE).headers.raw if name == b"X-Told"] == values
    assert bench.only.response is not None


def test_an_empty_answer_that_claims_to_be_compressed_is_fine() -> None:
    bench = answering(httpx.Response(204, headers={"Content-Encoding": "gzip"}, stream=Chunks(iter([]))))
    assert bench.http.get(BASE).content == b""


def test_a_trickle_ends_when_its_time_is_up() -> None:
    stream = Chunks(b"x" for _ in range(900))
    bench = Bench(lambda _: httpx.Response(200, stream=stream), step=1.0)
    with pytest.raises(httpx.ReadTimeout, match="not whole 30 s after"):
        bench.http.get(BASE, extensions={"golive": {"body_s": 30.0}})
    assert bench.only.response is not None
    assert bench.only.response.truncated


@pytest.mark.parametrize(
    ("kind", "content", "shown"),
    [
        ("application/pdf", b"%PDF-1.7 \xff\xfe", "[11 bytes of application/pdf, not text]"),
        ("", b"\xff\xfe", "[2 bytes of unknown type, not text]"),
        ("text/plain", b"a\0b", "[3 bytes of text/plain, not text]"),
        ("text/plain; charset=latin-1", b"caf\xe9", "café"),
        ("application/json; charset=latin-1", '{"a": "é"}'.encode(), '{"a": "é"}'),
        ("application/json", b'{"a": "\xff"}', '{"a": "\\xff"}'),
        ("text/plain; charset=nonsense", b"plain", "plain"),
        ("text/plain", b"", None),
    ],
)
def test_a_body_is_recorded_as_text_or_noted_as_binary(kind: str, content: bytes, shown: str | None) -> None:
    bench = answering(httpx.Response(200, headers={"Content-Type": kind} if kind else {}, content=content))
    bench.http.get(BASE)
    assert bench.only.response is not None
    assert bench.only.response.body == shown
