"""The circuit breaker: a target that answers nothing any more is left alone, but for clean-up.

Pure: time is given, nothing waits here. What counts stands in docs/traffic.md.
"""

import json
import math
from dataclasses import dataclass
from enum import Enum
from typing import Final

import httpx

IN_A_ROW: Final = 5
"""Requests of all actors that came to nothing, without one between them that was answered: of at least two operations,
or without a connection. One operation that is broken is a finding, and no outage."""

IN_A_ROW_OF_ONE: Final = 20
"""The same, where all were of one operation."""

PROBES: Final = 3
"""Single requests that are let through, each after a pause, before the target is given up."""

DELETIONS: Final = 3
"""Deletions that may fail after that before no more are tried. Stops, and looking for sessions, always are."""

_NO_ANSWER: Final = frozenset({429, 502, 503, 504})
_OUR_OWN: Final = (httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.LocalProtocolError)
_NO_CONNECTION: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError)


class State(Enum):
    """`OPEN`: as in a circuit, nothing flows."""

    CLOSED = "closed"
    OPEN = "open"
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A request that came to nothing. `connected`: it may have reached the target."""

    what: str
    connected: bool = True


def trouble_of_fault(fault: httpx.TransportError) -> Trouble | None:
    """None where the fault is this side's own, and so says nothing of the target."""
    if isinstance(fault, _OUR_OWN):
        return None
    return Trouble(type(fault).__name__, not isinstance(fault, _NO_CONNECTION))


def trouble_of_answer(status: int, content: bytes, *, provoked: bool) -> Trouble | None:
    """None where the API itself answered. A 500 with an error's body is the API's answer; without one it is none,
    unless the request was meant to provoke."""
    if status in _NO_ANSWER:
        return Trouble(str(status))
    if status == httpx.codes.INTERNAL_SERVER_ERROR and not provoked and not _is_error_body(content):
        return Trouble("500 without a word of the API")
    return None


def _is_error_body(content: bytes) -> bool:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(body, dict) and ("error" in body or "detail" in body)


class Breaker:
    """Of one origin. `pause` is the seconds before the first probe; it doubles from probe to probe."""

    def __init__(self, *, pause: float) -> None:
        self._pause = pause
        self.state = State.CLOSED
        self.in_a_row = 0
        self.last = ""
        self._operations: set[str] = set()
        self._unconnected = False
        self._probes = 0
        self._probing = False
        self._until = -math.inf
        self._held_until = -math.inf
        self._failed_deletions = 0

    def wait(self, now: float) -> float:
        """Seconds until a request that is no clean-up may be sent; infinite while a probe is under way."""
        if self.state is State.OPEN:
            return math.inf if self._probing else max(0.0, self._until - now)
        return max(0.0, self._held_until - now)

    def gives_up(self, *, clean_up: bool, removes: bool) -> bool:
        """Whether such a request is not to be sent at all."""
        if self.state is not State.GIVEN_UP:
            return False
        return not clean_up or (removes and self._failed_deletions >= DELETIONS)

    def begin(self, *, clean_up: bool) -> bool:
        """A request is sent, which `wait` let pass; whether it is the probe."""
        is_probe = self.state is State.OPEN and not clean_up
        self._probing |= is_probe
        return is_probe

    def hold(self, until: float) -> None:
        """The target asked for silence until then (Retry-After)."""
        self._held_until = max(self._held_until, until)

    def answered(self, *, probe: bool) -> None:
        """A request was answered by the API: the row is broken."""
        self._release(probe)
        if self.state is not State.GIVEN_UP:
            self.state = State.CLOSED
            self.in_a_row = self._probes = 0
            self._operations.clear()
            self._unconnected = False

    def failed(self, trouble: Trouble, operation: str, now: float, *, probe: bool, removes: bool = False) -> bool:
        """A request came to nothing. Returns whether the state is another one now."""
        self._release(probe)
        self.in_a_row += 1
        self.last = trouble.what
        self._operations.add(operation)
        self._unconnected |= not trouble.connected
        if self.state is State.GIVEN_UP:
            self._failed_deletions += removes
        elif self.state is State.CLOSED and self._is_an_outage():
            return self._open(now)
        elif self.state is State.OPEN and probe:
            self._probes += 1
            if self._probes < PROBES:
                self._until = now + self._pause * 2**self._probes
                return False
            self.state = State.GIVEN_UP
            return True
        return False

    def dropped(self, *, probe: bool) -> None:
        """A request ended in a way that says nothing of the target."""
        self._release(probe)

    def _release(self, probe: bool) -> None:
        if probe:
            self._probing = False

    def _is_an_outage(self) -> bool:
        several = len(self._operations) > 1 or self._unconnected
        return self.in_a_row >= (IN_A_ROW if several else IN_A_ROW_OF_ONE)

    def _open(self, now: float) -> bool:
        self.state = State.OPEN
        self._until = max(now + self._pause, self._held_until)
        self._probes = 0
        return True
