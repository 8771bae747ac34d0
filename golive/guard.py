"""Where no request may go: the production host, in any spelling, and whatever cannot be told apart from it.

The rule is the vendor's own ("Production Environment": do not use production for exploratory testing). It is
applied when the settings are read and again to every single request, before a byte is sent. The guard is
stricter than a URL parser: a spelling on which two parsers could disagree about the host is refused, not
interpreted.
"""

import ipaddress
import re
import socket
import unicodedata
from functools import lru_cache
from urllib.parse import unquote

import httpx

DEV_HOST = "dev.connect.cariqa.com"
DEV_URL = f"https://{DEV_HOST}"
PROD_HOST = "connect.cariqa.com"

_DOTS = re.compile("[\u3002\uff0e\uff61\u2024\ufe52]")  # what IDNA, or a sloppy parser, takes for a full stop
_UNSEEN = re.compile("[\\s\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff\x00-\x1f\x7f-\x9f]")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*")


class ForbiddenTarget(Exception):  # noqa: N818 - a refusal, not a fault of the program
    """The URL must not be used; the message is one line that says why and what to do. It never shows a path,
    query or userinfo, where a secret could stand."""


def check_url(url: str | httpx.URL, *, what: str = "URL") -> httpx.URL:
    """The URL, parsed and normalised (lower-case host without trailing dot), if requests may be sent to it.

    `what` names the URL in the message, such as ``--target``. Raises `ForbiddenTarget` for the PROD host in
    any spelling, for userinfo, for plain http that is not loopback, for other schemes, for a missing host and
    for text that is not an unambiguous URL.
    """
    return _check_text(url, what) if isinstance(url, str) else _check_parsed(url, what)


def check_request(request: httpx.Request) -> None:
    """Raise `ForbiddenTarget` for a request that must not be sent: by its URL, or because it tells the other end,
    in its Host header or while TLS is set up, that another host is meant. One address may serve both DEV and PROD.
    """
    check_url(request.url)
    host, netloc = request.url.host.lower(), request.url.netloc.decode("ascii", "replace").lower()
    told = request.headers.get("host", netloc).lower()
    tls = request.extensions.get("sni_hostname") or host
    tls = tls.decode("ascii", "replace") if isinstance(tls, bytes) else str(tls)
    if told != netloc or tls.lower() != host:
        raise ForbiddenTarget("URL: the request names another host than its URL; leave out what names it")


def refuse_prod_address(url: str | httpx.URL, *, what: str = "URL") -> None:
    """Raise `ForbiddenTarget` where the URL's host is an address that the production host has, as far as it is known.

    PROD's name is looked up once, and only for a URL with an address that is not of this machine. A name is not
    compared by its addresses: DEV may share them, and over TLS no other name passes for PROD's.
    """
    address = _address(_parsed(url).host)
    if address is None or is_loopback(url):
        return
    if _plain_address(address) in _prod_addresses():
        raise _prod(what, "is an address of")


@lru_cache(maxsize=1)
def _prod_addresses() -> frozenset[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    try:
        found = socket.getaddrinfo(PROD_HOST, 443, type=socket.SOCK_STREAM)
    except OSError:
        return frozenset()  # not to be known here
    addresses = (_address(str(sockaddr[0])) for *_, sockaddr in found)
    return frozenset(_plain_address(address) for address in addresses if address is not None)


def _plain_address(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The IPv4 address that an IPv6 address stands for, where it stands for one."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def _parsed(url: str | httpx.URL) -> httpx.URL:
    return check_url(url) if isinstance(url, str) else url


def is_loopback(url: str | httpx.URL) -> bool:
    """Whether the URL's host is this very machine: 127.0.0.0/8, ::1 or localhost."""
    try:
        host = (httpx.URL(url) if isinstance(url, str) else url).raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError):
        return False
    return _is_loopback_host(host.lower().rstrip("."))


@lru_cache(maxsize=512)
def _check_text(text: str, what: str) -> httpx.URL:
    if names_prod(text):
        raise _prod(what)
    if _UNSEEN.search(text) or "\\" in text:
        raise ForbiddenTarget(
            f"{what}: contains white space, a backslash or an invisible character; write it as https://HOST"
        )
    try:
        parsed = httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise ForbiddenTarget(f"{what}: is not a valid URL; write it as https://HOST") from None
    if not text.isascii() and not _authority(text).isascii():
        raise ForbiddenTarget(f"{what}: the host has characters outside ASCII; write it in its xn-- form")
    return _check_parsed(parsed, what)


def _check_parsed(url: httpx.URL, what: str) -> httpx.URL:
    host = _check_origin(url.scheme, url.userinfo, url.raw_host, what)
    if url.port is not None and not 0 < url.port < 65536:
        raise ForbiddenTarget(f"{what}: there is no such port; write it as https://HOST:PORT with 1 to 65535")
    return url if host == url.host else url.copy_with(host=host)


@lru_cache(maxsize=256)
def _check_origin(scheme: str, userinfo: bytes, raw_host: bytes, what: str) -> str:
    """The host without its trailing dot; raises `ForbiddenTarget`. Cached: it is asked on every request."""
    host = raw_host.decode("ascii", "replace").lower()
    if _fold(host) == PROD_HOST:
        raise _prod(what)
    if scheme not in ("http", "https"):
        raise ForbiddenTarget(f"{what}: the scheme must be https (http on loopback); write it as https://HOST")
    if not host:
        raise ForbiddenTarget(f"{what}: names no host; write it as https://HOST")
    if userinfo:
        raise ForbiddenTarget(
            f"{what}: carries a user name or password before the host; leave out everything up to the @"
        )
    if host.endswith("."):
        host = host[:-1]
    if not _is_plain_host(host):
        raise ForbiddenTarget(f"{what}: the host is not spelled plainly; write its full name or address")
    if scheme == "http" and not _is_loopback_host(host):
        raise ForbiddenTarget(f"{what}: plain http is allowed on loopback only; write https://{host}")
    return host


def _prod(what: str, how: str = "names") -> ForbiddenTarget:
    return ForbiddenTarget(
        f"{what}: {how} the production host {PROD_HOST}, where nothing may be tried out; use {DEV_URL}"
    )


def _is_plain_host(host: str) -> bool:
    if ":" in host:
        # A zone (fe80::1%eth0) is refused with the rest: it says through which card, never where to.
        return "%" not in host and _address(host) is not None
    if not _HOST.fullmatch(host) or len(host) > 253 or any(len(label) > 63 for label in host.split(".")):
        return False
    # 127.1, 0x7f000001 and 2130706433 are addresses to some resolvers and names to others.
    last = host.rpartition(".")[2]
    return _address(host) is not None or not re.fullmatch(r"\d+|0x[0-9a-f]*", last)


def _is_loopback_host(host: str) -> bool:
    address = _address(host)
    if address is None:
        return host == "localhost"
    return address in _LOOPBACK_4 if address.version == 4 else address == _LOOPBACK_6


_LOOPBACK_4 = ipaddress.IPv4Network("127.0.0.0/8")
_LOOPBACK_6 = ipaddress.IPv6Address("::1")


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


# -- the production host in disguise -------------------------------------------------------------------------


def names_prod(text: str) -> bool:
    """Whether any reading of the text, by whatever parser, has the production host as its host."""
    readings = {text, _decode(text)}
    return any(_fold(host) == PROD_HOST for reading in readings for host in _hosts(reading))


def _hosts(text: str) -> set[str]:
    """All that some parser could take for the host: some end the authority at a backslash, some do not, and
    both sides of each @ are suspect."""
    seen = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    after_scheme = re.sub(r"^(?:[A-Za-z][A-Za-z0-9+.-]*:)?[/\\]*", "", seen)
    authorities = {re.split(r"[/?#]", after_scheme)[0], re.split(r"[/\\?#]", after_scheme)[0]}
    parts = {part for authority in authorities for part in re.split(r"[@\\]", authority)}
    return {re.sub(r":\d*$", "", part) for part in parts}


def _fold(host: str) -> str:
    """The host as the most forgiving reader sees it: decoded, letters merged, nothing invisible."""
    merged = unicodedata.normalize("NFKC", _decode(host))
    return _UNSEEN.sub("", _DOTS.sub(".", merged)).casefold().strip(".")


def _decode(text: str) -> str:
    """Without percent-encoding, however often it was applied (within reason)."""
    for _ in range(4):
        text, before = unquote(text), text
        if text == before:
            break
    return text


def _authority(text: str) -> str:
    return re.split(r"[/?#]", text.partition("//")[2])[0]
