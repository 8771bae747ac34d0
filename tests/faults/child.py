"""Loaded into the run under test (`-p tests.faults.child`): makes its world worse without a packet leaving the machine.

Each is asked for by a variable of the environment: patience with an answer (FAULTS_READ_S, seconds), a clock that is
wrong (FAULTS_CLOCK_S, seconds ahead), a certificate authority to trust (FAULTS_CA, a file), a disk that is
full for the record while it is made (FAULTS_FULL_DISK). Always: a resolver that
knows loopback and one made-up name only, and shorter waits between two tries.
"""

import os
import socket
import ssl
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import certifi

KNOWN_NAME = "charging.test"
"""Resolves to loopback; `.test` is reserved for this (RFC 6761)."""

_getaddrinfo = socket.getaddrinfo


def _resolve(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
    name = host.decode() if isinstance(host, bytes) else host
    if name in ("127.0.0.1", "::1", "localhost", None):
        return _getaddrinfo(host, port, *args, **kwargs)
    if name == KNOWN_NAME:
        return _getaddrinfo("127.0.0.1", port, *args, **kwargs)
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def pytest_configure() -> None:
    """After the plugins under test were imported, before they are used."""
    from golive import clock
    from golive.connect import ConnectClient, RetryPolicy, Timeouts
    from golive.plugin import run, unfinished

    socket.getaddrinfo = _resolve
    if seconds := os.environ.get("FAULTS_READ_S"):
        vars(run)["Timeouts"] = partial(Timeouts, read_s=float(seconds), connect_s=float(seconds))
    brisk = RetryPolicy(wait_s=0.05, look_wait_s=0.2)
    vars(run)["ConnectClient"] = partial(ConnectClient, retry=brisk)
    if ahead := os.environ.get("FAULTS_CLOCK_S"):
        clock.SystemClock.now = partial(_wrong, clock.SystemClock.now, float(ahead))  # type: ignore[method-assign]
    if os.environ.get("FAULTS_FULL_DISK"):
        vars(unfinished)["_opened"] = _full
    if authority := os.environ.get("FAULTS_CA"):
        certifi.where = lambda: authority
        ssl.create_default_context = partial(_trusting, ssl.create_default_context, authority)


def _full(_path: Path) -> Any:
    return Path("/dev/full").open("wb", buffering=0)


def _wrong(now: Any, ahead: float) -> datetime:
    told: datetime = now(None) + timedelta(seconds=ahead)
    return told


def _trusting(make: Any, authority: str, *args: Any, **kwargs: Any) -> ssl.SSLContext:
    made: ssl.SSLContext = make(*args, **kwargs)
    made.load_verify_locations(authority)
    return made
