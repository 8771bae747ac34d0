"""Sending: one request through the recording transport, and the bounded retrying of those that change nothing."""

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from json import dumps
from typing import Any, Final
from urllib.parse import quote, urljoin

import httpx

from golive.clock import Clock
from golive.connect.answer import Reply
from golive.connect.errors import (
    HeldBack,
    RedirectRefused,
    ServerUnavailable,
    Throttled,
    Unreachable,
    Unreadable,
)
from golive.connect.forms import observe
from golive.connect.operations import Operation
from golive.connect.policy import RETRIED_STATUSES, TOO_MANY, Again, RetryPolicy, Timeouts, again
from golive.connect.reading import one_line
from golive.connect.sender import on_behalf_of
from golive.guard import check_url, names_prod
from golive.politeness.faults import NotSent
from golive.politeness.retry_after import retry_after
from golive.recording import EXTENSION, Recorder, RecordingTransport

Params = Iterable[tuple[str, str]]
Authorize = Callable[[httpx.Request], None]

_NEVER_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_NOT_IN_A_PATH: Final = re.compile("[\x00-\x20\x7f\ud800-\udfff]")


class Wire:
    """One connection pool to one base URL; safe to use from several threads.

    Raises, besides what each method names, `golive.guard.ForbiddenTarget` before a byte is sent.
    """

    def __init__(
        self,
        base_url: str,
        *,
        what: str,
        transport: httpx.BaseTransport,
        recorder: Recorder,
        clock: Clock,
        timeouts: Timeouts,
        retry: RetryPolicy,
        user_agent: str,
        authorize: Authorize,
        names_asker: bool = True,
    ) -> None:
        """`names_asker`: whether the User-Agent tells which check or driver asks, beside what `user_agent` says."""
        self.base = str(check_url(base_url, what=what)).rstrip("/")
        self.recorder = recorder
        self.clock = clock
        self.timeouts = timeouts
        self.retry = retry
        self._authorize = authorize
        self._user_agent = user_agent
        self._names_asker = names_asker
        if not (isinstance(transport, RecordingTransport) and transport.recorder is recorder):
            transport = RecordingTransport(transport, recorder)
        _quieten()
        self._http = httpx.Client(
            transport=transport,
            trust_env=False,
            follow_redirects=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # the drivers share no state
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "gzip, deflate",
            },
        )

    def close(self) -> None:
        self._http.close()

    def call(
        self,
        operation: Operation,
        path: str,
        *,
        actor: str,
        params: Params = (),
        json: Any = None,
        data: Mapping[str, str] | None = None,
        read_s: float | None = None,
    ) -> Reply:
        """One answer to an operation, which is sent again as `golive.connect.policy.Again` says. Raises Unreachable
        (Throttled, ServerUnavailable), Unreadable and RedirectRefused.
        """
        with self.recorder.collect() as exchanges:
            try:
                reply = self.persistently(
                    operation.name,
                    lambda: self.once(
                        operation.method,
                        path,
                        name=operation.name,
                        actor=actor,
                        params=params,
                        json=json,
                        data=data,
                        read_s=read_s,
                    ),
                    again=again(operation.method, operation.name),
                )
            except Unreachable as lost:
                lost.exchanges = tuple(exchanges)
                raise
            self.refuse_stand_in(operation.name, reply, exchanges)
            self._refuse_redirect(operation.name, reply, exchanges)
            return reply

    def persistently(self, label: str, ask: Callable[[], Reply], *, again: Again) -> Reply:
        """The answer to `ask`, of any status; it is asked again as `again` says, a bounded number of times, and the
        last answer counts. Raises what the last `ask` raises."""
        tries = self.retry.tries
        for attempt in range(1, tries + 1):
            asked: float | None = None
            try:
                reply = ask()
            except HeldBack:
                raise
            except Unreachable:
                if attempt == tries or not again.allows(None, invited=False):
                    raise
                reason = "no answer"
            else:
                if reply.status not in RETRIED_STATUSES or attempt == tries:
                    return reply
                reason = str(reply.status)
                asked = self._asked(reply)
                if self.retry.is_too_long(asked) or not again.allows(reply.status, invited=asked is not None):
                    return reply
            observe(self.recorder, "GET_RETRIED" if again is Again.AFTER_LOSS else "SENT_AGAIN", f"{label}, {reason}")
            self.clock.sleep(self.retry.wait_before(attempt, asked))
        raise ValueError("a retry policy needs at least one try")

    def once(
        self,
        method: str,
        path: str,
        *,
        name: str | None,
        actor: str,
        params: Params = (),
        json: Any = None,
        data: Mapping[str, str] | None = None,
        content: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
        read_s: float | None = None,
        authorize: Authorize | None = None,
        provokes: bool = False,
    ) -> Reply:
        """One request, one answer of any status; `provokes`: to see what comes of it. Raises Unreachable and
        Unreadable."""
        read_s = self.timeouts.read_s if read_s is None else read_s
        given = {**(headers or {}), "User-Agent": self._agent(actor)}
        if json is not None:
            content = dumps(json, separators=(",", ":")).encode("ascii")
            given = {"Content-Type": "application/json", **given}
        request = self._http.build_request(
            method,
            self.base + _NOT_IN_A_PATH.sub(_quoted, path),
            params=[(_SURROGATE.sub("\ufffd", key), _SURROGATE.sub("\ufffd", value)) for key, value in params] or None,
            data=data,
            content=content,
            headers=given,
            timeout=httpx.Timeout(read_s, connect=self.timeouts.connect_s, pool=self.timeouts.connect_s),
            extensions={EXTENSION: {"actor": actor, "operation": name, "body_s": read_s, "provokes": provokes}},
        )
        (authorize or self._authorize)(request)
        label = name or f"{method} {one_line(path, 80)}"
        with self.recorder.collect() as exchanges:
            try:
                response = self._http.send(request)
            except httpx.DecodingError as fault:
                message = f"{label}: the answer cannot be read: {self.said(fault)}"
                observe(self.recorder, "ANSWER_UNREADABLE", label)
                raise Unreadable(message, exchanges=exchanges) from None
            except NotSent as fault:
                message = f"{label}: not sent ({type(fault).__name__}: {self.said(fault)})"
                raise HeldBack(message, exchanges=exchanges, sent=False) from None
            except (httpx.TransportError, httpx.InvalidURL) as fault:  # the latter for a Location that is no URL
                sent = not isinstance(fault, _NEVER_SENT)
                how = "no answer came" if sent else "no connection"
                message = f"{label}: {how} ({type(fault).__name__}: {self.said(fault)})"
                raise Unreachable(message, exchanges=exchanges, sent=sent) from None
        about = response.extensions[EXTENSION]
        return Reply(
            status=response.status_code,
            headers=response.headers,
            raw=response.content,
            text=about["text"] or "",
            exchange=about["exchange"],
        )

    def _agent(self, actor: str) -> str:
        if not self._names_asker:
            return self._user_agent
        redactor = self.recorder.redactor
        test = self.recorder.running_test
        return on_behalf_of(
            self._user_agent, test=None if test is None else redactor.text(test), actor=redactor.text(actor)
        )

    def said(self, fault: Exception) -> str:
        """The words of an exception, fit for a message."""
        return one_line(self.recorder.redactor.text(str(fault))) or "no further word"

    def redirected_to(self, reply: Reply) -> str | None:
        """The origin that a redirect leads to, None for any other answer. A redirect to PROD is observed."""
        if not 300 <= reply.status < 400:
            return None
        location = reply.headers.get("location", "")
        try:
            target = httpx.URL(urljoin(f"{self.base}/", location))
            origin = f"{target.scheme}://{target.netloc.decode('ascii', 'replace').rpartition('@')[2]}"
        except (httpx.InvalidURL, ValueError):
            origin = "an unreadable URL"
        if names_prod(location) or names_prod(urljoin(f"{self.base}/", location)):
            observe(self.recorder, "REDIRECT_TO_PROD", exchanges=(reply.exchange,))
            return "the production host"
        return self.recorder.redactor.text(one_line(origin, 100))

    def _refuse_redirect(self, name: str, reply: Reply, exchanges: list[str]) -> None:
        target = self.redirected_to(reply)
        if target is None:
            return
        if target == "the production host":
            raise RedirectRefused(
                f"{name}: the API redirects ({reply.status}) to the PRODUCTION host; nothing was sent there",
                exchanges=exchanges,
            )
        observe(self.recorder, "REDIRECT", f"{name}, {reply.status}", exchanges=(reply.exchange,))
        raise RedirectRefused(
            f"{name}: answered with a redirect ({reply.status}) to {target}; redirects are not followed",
            exchanges=exchanges,
        )

    def refuse_stand_in(self, label: str, reply: Reply, exchanges: list[str]) -> None:
        """Raises Throttled or ServerUnavailable where something in front of the API answered in its place."""
        if reply.status not in RETRIED_STATUSES:
            return
        kind = Throttled if reply.status == TOO_MANY else ServerUnavailable
        words, asked = one_line(reply.text, 80) or "no body", self._asked(reply)
        if asked is not None and self.retry.is_too_long(asked):
            words = f"it asks to wait {asked:.0f} s, and this suite waits {self.retry.longest_wait_s:g} s at most"
        raise kind(f"{label}: answered {reply.status}: {words}", exchanges=exchanges, status=reply.status)

    def _asked(self, reply: Reply) -> float | None:
        """The seconds that an answer asks to wait."""
        return retry_after(reply.headers.get("retry-after"), self.clock.now())


def _quoted(match: re.Match[str]) -> str:
    return quote(match[0], errors="surrogatepass")


def _quieten() -> None:
    """The record takes the place of the libraries' own logs, which show URLs and headers as they are."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
