"""A pytest plugin that forbids the network: whoever opens a connection ends the process, whatever would catch it."""

import os
import socket
from typing import Any, Final, NoReturn

STATUS: Final = 99


def _forbidden(*_args: Any, **_kwargs: Any) -> NoReturn:
    os.write(2, b"a connection was opened\n")
    os._exit(STATUS)


def pytest_configure() -> None:
    """Only where this is a plugin: a test that imports it keeps its network."""
    for name in ("connect", "connect_ex", "bind", "sendto"):
        setattr(socket.socket, name, _forbidden)
    for name in ("create_connection", "getaddrinfo", "gethostbyname"):
        setattr(socket, name, _forbidden)
