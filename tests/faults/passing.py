"""What can befall one request on its way through the proxy. Each fault is a function of the `Passing` request."""

import contextlib
import gzip
import re
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

Fault = Callable[["Passing"], None]

_LENGTH = re.compile(rb"(?im)^content-length:[^\r\n]*\r\n")
_DATE = re.compile(rb"(?im)^date:[^\r\n]*\r\n")


@dataclass
class Passing:
    """One request that has reached the proxy whole, and the two ends it stands between."""

    raw: bytes
    client: socket.socket
    forward: Callable[[], bytes]
    """Hands the request to the server, which acts on it; returns the whole answer."""
    ended: threading.Event
    """Set when the proxy ends: whoever waits, waits no longer."""

    @property
    def line(self) -> str:
        """`METHOD /path?query`."""
        return b" ".join(self.raw.split(b"\r\n", 1)[0].split(b" ")[:2]).decode("ascii", "replace")

    def answer(self, data: bytes) -> None:
        self.client.sendall(data)

    def reset(self) -> None:
        """Break the connection off hard (RST)."""
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.client.close()

    def hang_up(self) -> None:
        """Close the connection in good order."""
        with contextlib.suppress(OSError):  # the other side may have gone before
            self.client.shutdown(socket.SHUT_RDWR)
        self.client.close()


@dataclass
class Rule:
    """Which requests a fault befalls: those whose `METHOD /path` matches `where`, from the first after `skip` on,
    `times` of them (None: all)."""

    fault: Fault
    where: str = ""
    skip: int = 0
    times: int | None = None
    seen: int = 0
    struck: list[str] = field(default_factory=list)
    """The requests that it befell."""

    def strikes(self, line: str) -> bool:
        """Called with the proxy's lock held."""
        if re.search(self.where, line) is None:
            return False
        self.seen += 1
        if self.seen <= self.skip or (self.times is not None and len(self.struck) >= self.times):
            return False
        self.struck.append(line)
        return True


def made(status: str, body: bytes = b"", *headers: str, content_type: str = "application/json") -> bytes:
    """The bytes of an answer."""
    head = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(head).encode() + body


def parts(answer: bytes) -> tuple[bytes, bytes]:
    """Head (with the empty line) and body."""
    head, gap, body = answer.partition(b"\r\n\r\n")
    return head + gap, body


# -- the connection ------------------------------------------------------------------------------------------


def reset_before(passing: Passing) -> None:
    """The server never sees the request."""
    passing.reset()


def reset_after(passing: Passing) -> None:
    """The server has acted, its answer is lost."""
    passing.forward()
    passing.reset()


def closed_after(passing: Passing) -> None:
    """As `reset_after`, in good order."""
    passing.forward()
    passing.hang_up()


def silence(passing: Passing) -> None:
    """The server has acted; nothing comes back, and the connection stays open."""
    passing.forward()
    passing.ended.wait(60)
    passing.hang_up()


def half_body(passing: Passing) -> None:
    """Half of the body, then the end of the connection."""
    head, body = parts(passing.forward())
    passing.answer(head + body[: len(body) // 2])
    passing.hang_up()


def half_head(passing: Passing) -> None:
    """The answer breaks off within its headers."""
    passing.answer(passing.forward()[:25])
    passing.reset()


def junk(passing: Passing) -> None:
    """What comes back is no HTTP."""
    passing.forward()
    passing.answer(b"\x00\x01\xfe\xffgarbage\r\n\r\n" * 8)
    passing.hang_up()


def trickle(pause_s: float) -> Fault:
    """A byte of the body every `pause_s` seconds, for as long as somebody listens."""

    def fault(passing: Passing) -> None:
        head, _ = parts(passing.forward())
        passing.answer(_with_length(head, 1_000_000))
        while not passing.ended.wait(pause_s):
            passing.answer(b" ")

    return fault


def trickling_head(pause_s: float) -> Fault:
    """An interim answer (1xx) every `pause_s` seconds, for as long as somebody listens, and never the answer."""

    def fault(passing: Passing) -> None:
        passing.forward()
        while not passing.ended.wait(pause_s):
            passing.answer(b"HTTP/1.1 102 Processing\r\n\r\n")

    return fault


# -- the answer ----------------------------------------------------------------------------------------------


def length_off_by(difference: int) -> Fault:
    """The header says this many bytes more (or fewer) than there are; then the connection is closed."""

    def fault(passing: Passing) -> None:
        head, body = parts(passing.forward())
        passing.answer(_with_length(head, max(0, len(body) + difference)) + body)
        passing.hang_up()

    return fault


def answered(answer: bytes) -> Fault:
    """This answer in the server's place, which is not asked."""

    def fault(passing: Passing) -> None:
        passing.answer(answer)

    return fault


def acted_but_answered(answer: bytes) -> Fault:
    """The server has acted, this comes back in place of its answer."""

    def fault(passing: Passing) -> None:
        passing.forward()
        passing.answer(answer)

    return fault


def with_body(body: bytes, *headers: str) -> Fault:
    """The server's own answer with another body."""

    def fault(passing: Passing) -> None:
        head, _ = parts(passing.forward())
        extra = "".join(f"{header}\r\n" for header in headers).encode()
        passing.answer(_with_length(head, len(body))[:-2] + extra + b"\r\n" + body)

    return fault


def bomb(size: int) -> Fault:
    """A small body that is `size` bytes of blanks once it is decompressed."""
    return with_body(gzip.compress(b" " * size), "Content-Encoding: gzip")


def after_informational(*answers: bytes) -> Fault:
    """These (1xx) before the server's answer, which follows unchanged."""

    def fault(passing: Passing) -> None:
        passing.answer(b"".join(answers) + passing.forward())

    return fault


def dated(date: str) -> Fault:
    """The server's answer with another Date."""

    def fault(passing: Passing) -> None:
        head, body = parts(passing.forward())
        passing.answer(_DATE.sub(b"", head)[:-2] + f"Date: {date}\r\n\r\n".encode() + body)

    return fault


def in_turn(*faults: Fault) -> Fault:
    """One after the other, from request to request; the last one goes on."""
    lock, waiting = threading.Lock(), list(faults)

    def fault(passing: Passing) -> None:
        with lock:
            this = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        this(passing)

    return fault


def every(nth: int, fault: Fault) -> Fault:
    """Each `nth` request of those that ask for the same, beginning with the first; the others pass."""
    lock, counts = threading.Lock(), Counter[str]()

    def perhaps(passing: Passing) -> None:
        with lock:
            number = counts[passing.line]
            counts[passing.line] += 1
        if number % nth:
            passing.answer(passing.forward())
        else:
            fault(passing)

    return perhaps


def _with_length(head: bytes, length: int) -> bytes:
    return _LENGTH.sub(b"", head)[:-2] + f"Content-Length: {length}\r\n\r\n".encode()
