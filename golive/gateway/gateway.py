"""The gateway's life: it listens, passes on, is told to provoke, and stops what was begun through it."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

from pydantic import SecretStr

from golive import __version__
from golive.clock import SystemClock, WaitingClock
from golive.connect import ConnectClient
from golive.connect.errors import ConnectError
from golive.connect.operations import API_PREFIX
from golive.connect.sender import user_agent
from golive.evidence.exchange import GATEWAY
from golive.evidence.model import Exchange
from golive.gateway.provocations import Handle, Provocations
from golive.gateway.tracking import Starts
from golive.guard import check_url
from golive.journeys.sessions import OpenSessions
from golive.recording import Recorder, RecordingTransport, live_transport
from golive.serving import LOOPBACK, Served, listen, make_server

PATIENCE_S: Final = 120.0
"""How long a start that was sent may take to be answered or to show up as a session, in seconds."""
_KEEP_ALIVE_S: Final = 75
_GRACE_S: Final = 2
_LOOK_S: Final = 0.5


def _told_nobody(exchange: Exchange) -> None:
    pass


class Gateway:
    """Between the partner's backend and the API at `target_url` (with or without ``/api/v1``); on loopback alone.

    What the backend begins is entered in `sessions`, and stopped by `release` or `stop` with the token that it was
    begun with, which is held in memory only. `on_exchange` is called with each exchange of the partner's once it has
    ended, in the gateway's own thread. Raises `golive.guard.ForbiddenTarget` for a host that is refused.
    """

    def __init__(
        self,
        target_url: str,
        recorder: Recorder,
        *,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        provocations: Provocations | None = None,
        sessions: OpenSessions | None = None,
        clock: WaitingClock | None = None,
        patience_s: float = PATIENCE_S,
        on_exchange: Callable[[Exchange], None] = _told_nobody,
        run_id: str | None = None,
    ) -> None:
        self.base = str(check_url(target_url, what="the gateway's target")).rstrip("/").removesuffix(API_PREFIX)
        self.recorder = recorder
        self.provocations = provocations or Provocations()
        self.origin = ""
        self._port = port
        self._tls = tls
        self._clock = clock or SystemClock()
        self._patience_s = patience_s
        self._on_exchange = on_exchange
        self._agent = user_agent(__version__, run_id)
        self._clients: dict[str, ConnectClient] = {}
        self._transport: RecordingTransport | None = None
        self._served: Served | None = None
        self.sessions = sessions or OpenSessions()
        self._starts = Starts(self.sessions, self._client_for, self._clock, patience_s)

    @property
    def url(self) -> str:
        """The base URL that the partner's backend is to use in place of DEV's."""
        return f"{self.origin}{API_PREFIX}"

    # -- what is provoked ------------------------------------------------------------------------------------------

    def provoke(
        self, name: str, *, times: int | None = None, seconds: float | None = None, on: str | None = None
    ) -> Handle:
        """Answer the next request that it applies to with this error; see `Provocations.arm`."""
        return self.provocations.arm(name, times=times, seconds=seconds, on=on)

    def quiet(self) -> None:
        """End what is provoked: everything is passed on."""
        self.provocations.quiet()

    # -- its life --------------------------------------------------------------------------------------------------

    def start(self) -> Self:
        """Returns once it answers. Raises `OSError` when the port is taken, `RuntimeError` when it does not come up."""
        from golive.gateway.app import App
        from golive.gateway.line import GatewayProtocol
        from golive.gateway.passing import Passing
        from golive.gateway.upstream import Upstream

        sock = listen(LOOPBACK, self._port)
        self.origin = f"{'https' if self._tls else 'http'}://{LOOPBACK}:{sock.getsockname()[1]}"
        upstream = Upstream(self.base)
        app = App(self.origin, Passing(upstream, self.recorder, self._starts), self.provocations, self._on_exchange)
        server = make_server(
            app,
            http=GatewayProtocol,
            log_level="critical",  # a connection that is closed in the middle is meant
            date_header=False,
            timeout_keep_alive=_KEEP_ALIVE_S,
            timeout_graceful_shutdown=_GRACE_S,
        )
        server.config.load()
        server.config.ssl = self._tls

        async def life(serve: Callable[[], Awaitable[None]]) -> None:
            try:
                await serve()
                await app.finish(self._patience_s)
            finally:
                await upstream.close()

        self._served = Served(server, sock, name="gateway", life=life)
        self._served.start()
        return self

    def release(self) -> list[str]:
        """Stop every session that was begun through it and is still open. Returns a sentence for each that could not
        be stopped."""
        return self._starts.release()

    def look(self, user_id: str) -> tuple[Exchange, ...]:
        """Read the sessions of a user whose start came through here, with its token. Returns the exchanges of that,
        none where no start came; one that failed says so itself."""
        client = self._starts.client_of(user_id)
        if client is None:
            return ()
        with self.recorder.collect() as ids, suppress(ConnectError):
            list(client.list_sessions(user_id))
        return tuple(exchange for exchange in self.recorder.exchanges if exchange.id in ids)

    def end(self, user_id: str) -> list[str]:
        """Stop at once what this user began through it. Returns a sentence for each session that could not be stopped;
        `release` and `stop` try those again."""
        return self._starts.end(user_id)

    def was_cut(self, session_id: str) -> bool:
        """Whether it was stopped because it was held for as long as the bound allows."""
        return self.sessions.holds.was_cut(session_id)

    def stop(self, *, look_s: float | None = None) -> list[str]:
        """Take no more requests, wait for a start that is under way, stop what is open. Returns what `release` does;
        harmless when it is not running.

        With `look_s` the users of all starts are looked at again, for up to so many seconds: that a stop was accepted
        does not prove that the session has ended. A sentence tells of each that has not.
        """
        self.quiet()
        if self._served is None:
            return []
        self._served.stop()
        self._served = None
        try:
            left = self.release()
            if look_s is not None:
                left += self.sessions.look_back(self._clock, pause=_LOOK_S, patience=look_s, others=())
            return left
        finally:
            if self._transport is not None:
                self._transport.close()
            self._transport, self._clients = None, {}

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _client_for(self, token: str) -> ConnectClient:
        """Speaks with the token that a start came with."""
        if self._transport is None:
            self._transport = live_transport(self.recorder)
        if token not in self._clients:
            self._clients[token] = ConnectClient(
                self.base,
                SecretStr(token),
                actor=GATEWAY,
                transport=self._transport,
                recorder=self.recorder,
                clock=self._clock,
                user_agent=self._agent,
            )
        return self._clients[token]
