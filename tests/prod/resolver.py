"""The production host's name leads to a server on loopback, and no other name leads anywhere."""

import ipaddress
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

PROD: Final = "connect.cariqa.com"
PORT: Final = "PROD_STANDS_AT"
"""In the environment of a child: the port of the server that counts."""
LOOKUPS: Final = "PROD_LOOKED_UP_IN"
"""The same: the file that gets a character for each time that the name was looked up."""

GetAddrInfo = Callable[..., list[tuple[Any, ...]]]

SITECUSTOMIZE: Final = "from tests.prod.resolver import install\n\ninstall()\n"


def resolver(port: int, looked_up: Callable[[], object], *, real: GetAddrInfo = socket.getaddrinfo) -> GetAddrInfo:
    """In place of `socket.getaddrinfo`: the production host is at `port` of this machine, whatever port was asked."""

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> list[tuple[Any, ...]]:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
        if name.rstrip(".").lower() == PROD:
            looked_up()
            return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", port))]
        if not _is_here(name):
            raise socket.gaierror(socket.EAI_NONAME, "no name but this machine's is known to this test")
        return real(host, *args, **kwargs)

    return getaddrinfo


def install() -> None:
    """In this process, from now on; where the environment asks for it."""
    if PORT in os.environ:
        file = Path(os.environ[LOOKUPS])

        def note() -> None:
            with file.open("a", encoding="ascii") as lookups:
                lookups.write("x")

        socket.getaddrinfo = resolver(int(os.environ[PORT]), note)


def _is_here(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name in ("", "localhost")
