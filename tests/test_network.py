"""The way over the network, for whoever uses it: an answer's head has an end, and a refused address is not asked."""

import contextlib
import socket
import threading
import time

import httpx
import pytest

from golive.network import Network
from golive.scanning.fetch import Fetcher, NotFetchedError
from tests.connect.loopback import Script, answer, loopback, say


def endless(gone: threading.Event) -> Script:
    def script(connection: socket.socket, _request: bytes) -> None:
        with contextlib.suppress(OSError):
            while not gone.wait(0.02):
                connection.sendall(b"HTTP/1.1 102 Processing\r\n\r\n")

    return script


def test_a_page_whose_head_never_ends_is_not_waited_for() -> None:
    gone = threading.Event()
    with loopback(endless(gone)) as server, Fetcher(seconds=0.3, most=1000) as fetcher:
        with pytest.raises(NotFetchedError, match="ReadTimeout"):
            fetcher.get(httpx.URL(server.url), loopback=True)
        gone.set()


def test_the_time_for_a_head_is_no_time_for_the_next_one() -> None:
    """Each request begins anew; and nothing is bounded where no time-out is set."""

    def slowly(connection: socket.socket, _request: bytes) -> None:
        threading.Event().wait(0.8)
        connection.sendall(answer(b"{}"))

    with loopback(slowly, slowly, say(answer(b"{}"))) as server, httpx.Client(transport=Network()) as client:
        began = time.monotonic()
        assert client.get(server.url, timeout=1.5).status_code == 200
        assert client.get(server.url, timeout=1.5).status_code == 200
        assert time.monotonic() - began > 1.5
        assert client.get(server.url, timeout=None).status_code == 200
