"""One resource of a web page, fetched as a stranger would: no key, no cookies, bounded in size and time."""

import time
from dataclasses import dataclass
from typing import Final, Self

import httpx

from golive import __version__
from golive.guard import ForbiddenTarget, check_url, is_loopback, refuse_prod_address
from golive.network import Network
from golive.recording import BodyUndecodable
from golive.recording.bodies import Inflater

USER_AGENT: Final = f"cariqa-golive/{__version__} (looks for tokens in web pages)"
_REDIRECTS: Final = 5


class NotFetchedError(Exception):
    """The resource cannot be had; the message says why and shows nothing of the URL."""

    def __init__(self, why: str, *, status: int | None = None) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True)
class Resource:
    """What was answered, and from where after redirects."""

    url: httpx.URL
    content_type: str
    source_map: str | None
    content: bytes


class Fetcher:
    """Gets resources over one set of connections. Every URL, also of a redirect, passes `golive.guard` first.

    `seconds` bounds the wait for the head of an answer and for the whole of each answer; `most` its bytes, also when
    they are decompressed. Proxies and credentials of the environment are not used.
    """

    def __init__(self, *, seconds: float, most: int) -> None:
        self._seconds = seconds
        self._most = most
        self._client = httpx.Client(
            headers={"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"},
            timeout=seconds,
            transport=Network(),
            trust_env=False,
            follow_redirects=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, url: httpx.URL, *, loopback: bool) -> Resource:
        """The resource at `url`, redirects followed. Raises `NotFetchedError`.

        `loopback`: whether this machine may be asked. A page from elsewhere must not send requests to it.
        """
        until = time.monotonic() + self._seconds
        for _ in range(_REDIRECTS + 1):
            try:
                url = check_url(url, what="its address")
                if is_loopback(url) and not loopback:
                    raise NotFetchedError("lies on this machine, which a page from elsewhere may not ask for")
                refuse_prod_address(url, what="its address")
                with self._client.stream("GET", url) as response:
                    self._client.cookies.clear()
                    if not response.has_redirect_location:
                        return self._whole(response, until)
                    url = url.join(response.headers["location"])
            except ForbiddenTarget as refusal:
                raise NotFetchedError(f"not asked for: {refusal}") from None
            except (httpx.InvalidURL, ValueError):
                raise NotFetchedError("leads to what is no URL") from None
            except httpx.HTTPError as fault:
                raise NotFetchedError(f"cannot be had ({type(fault).__name__})") from None
        raise NotFetchedError(f"redirects more than {_REDIRECTS} times")

    def _whole(self, response: httpx.Response, until: float) -> Resource:
        if response.status_code != httpx.codes.OK:
            raise NotFetchedError(f"answered with {response.status_code}", status=response.status_code)
        content = bytearray()
        try:
            inflater = Inflater(response.headers.get("content-encoding", ""))
            for raw in response.iter_raw():
                for piece in inflater.pieces(raw):
                    content += piece
                    if len(content) > self._most:
                        raise NotFetchedError(f"larger than {self._most / 1_000_000:g} MB, not read")
                if time.monotonic() > until:
                    raise NotFetchedError(f"was not whole after {self._seconds:g} s")
        except BodyUndecodable as fault:
            raise NotFetchedError(str(fault)) from None
        return Resource(
            response.url,
            response.headers.get("content-type", ""),
            response.headers.get("sourcemap") or response.headers.get("x-sourcemap"),
            bytes(content),
        )
