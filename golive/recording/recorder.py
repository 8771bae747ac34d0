"""The record of a run while it is made: exchanges and observations, in order, from all threads.

Knows nothing of HTTP libraries: whoever sends or forwards a request tells the recorder when it begins and how
it ends. What a piece of code sent is told by its context (contextvars): a thread that is started anew has a
context of its own, so a journey collects its exchanges inside its own thread.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from golive.clock import Clock
from golive.evidence.model import Exchange, Observation, Request, Response, TransportFault
from golive.outcomes import Owner
from golive.recording.redactor import Headers, Redactor


class Listener(Protocol):
    """Whoever is told of the record while it is made, from any thread; raises nothing."""

    def exchange(self, exchange: Exchange) -> None:
        """A request has begun, or has ended, or more is known of it: the later word counts."""

    def observation(self, observation: Observation) -> None:
        """A deviation was noted, or noted again: the later word counts."""


class _Nobody:
    def exchange(self, exchange: Exchange) -> None: ...

    def observation(self, observation: Observation) -> None: ...


class Pending:
    """A request that has begun. Exactly one of `answered` and `failed` ends it; a later call changes nothing."""

    def __init__(self, recorder: "Recorder", exchange: Exchange, began: float) -> None:
        self._recorder = recorder
        self._began = began
        self._done = False
        self.exchange = exchange
        self._took: float | None = None
        self._finish: Callable[[], None] | None = None
        self._finishing = threading.Lock()

    @property
    def id(self) -> str:
        return self.exchange.id

    def over(self, finish: Callable[[], None]) -> None:
        """The request has ended now; how, `finish` will say by calling `answered` or `failed`: when `settle` is called,
        or when somebody looks. So the sender need not wait for what takes its time."""
        self._took = self._elapsed()
        self._finish = finish

    def settle(self) -> None:
        """Do now what `over` put off, if nobody has."""
        with self._finishing:
            finish, self._finish = self._finish, None
            if finish is not None:
                finish()

    def sent(self, body: str | None, truncated: bool = False) -> None:
        """The request's body, where it came only after the request had begun; it is cut where `truncated` says so."""
        if body is not None:
            shown = self._recorder.redactor.text(body, cut_off=truncated)
            self._update(request=self.exchange.request.model_copy(update={"body": shown}))

    def provoked(self, name: str) -> None:
        """The answer is not the API's: it is the provoked error of this name."""
        self._update(provoked=name)

    def answered(self, status: int, headers: Headers, body: str | None = None, *, truncated: bool = False) -> Response:
        """The whole answer has come; the body is cut where `truncated` says so. Returns it as recorded."""
        response = self._response(status, headers, body, truncated)
        self._end(response, None)
        return response

    def failed(
        self,
        kind: str,
        message: str,
        *,
        status: int | None = None,
        headers: Headers = (),
        body: str | None = None,
        truncated: bool = True,
    ) -> None:
        """No whole answer came to who asked; `status`, `headers` and `body` are what came of it, if anything did."""
        response = None if status is None else self._response(status, headers, body, truncated)
        self._end(response, TransportFault(kind=kind, message=self._recorder.redactor.text(message)))

    def _response(self, status: int, headers: Headers, body: str | None, truncated: bool) -> Response:
        redactor = self._recorder.redactor
        return Response(
            status=status,
            headers=redactor.headers(headers),
            body=None if body is None else redactor.text(body, cut_off=truncated),
            truncated=truncated,
        )

    def _end(self, response: Response | None, error: TransportFault | None) -> None:
        if not self._done:
            self._done = True
            took = self._elapsed() if self._took is None else self._took
            self._update(took_s=round(took, 6), response=response, error=error)
            self._recorder.listener.exchange(self.exchange)

    def _elapsed(self) -> float:
        return max(0.0, self._recorder.clock.monotonic() - self._began)

    def _update(self, **known: object) -> None:
        self.exchange = self.exchange.model_copy(update=known)

    def shown(self) -> Exchange:
        """The exchange as it stands; one that has not ended is shown as without an answer."""
        self.settle()
        if self._done:
            return self.exchange
        took = self._elapsed()
        fault = TransportFault(kind="Unfinished", message="no answer yet when the record was closed")
        return self.exchange.model_copy(update={"took_s": round(took, 6), "error": fault})


class Recorder:
    """Collects exchanges and observations; safe to use from several threads. Everything kept is redacted first."""

    def __init__(self, redactor: Redactor, clock: Clock) -> None:
        self.redactor = redactor
        self.clock = clock
        self.listener: Listener = _Nobody()
        self._lock = threading.Lock()
        self._entries: list[Pending] = []
        self._observations: dict[tuple[str, str], Observation] = {}
        self._collecting: ContextVar[tuple[list[str], ...]] = ContextVar("collecting", default=())
        self._test: ContextVar[tuple[str, list[str]] | None] = ContextVar("test", default=None)
        self._last: ContextVar[Pending | None] = ContextVar("last", default=None)

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """All exchanges so far, in the order in which they began, which is that of their ids."""
        with self._lock:
            entries = tuple(self._entries)
        return tuple(entry.shown() for entry in sorted(entries, key=lambda entry: (len(entry.id), entry.id)))

    @property
    def observations(self) -> tuple[Observation, ...]:
        """All observations so far, one for each code and message, in the order in which they were first made."""
        with self._lock:
            return tuple(self._observations.values())

    @property
    def last_exchange(self) -> str | None:
        """The id of the last exchange that began in this context."""
        return None if (last := self._last.get()) is None else last.id

    @property
    def running_test(self) -> str | None:
        """The node id of the check that runs in this context, if one does."""
        test = self._test.get()
        return None if test is None else test[0]

    def begin(
        self,
        *,
        actor: str,
        operation: str | None,
        method: str,
        url: str,
        headers: Headers = (),
        body: str | None = None,
        id: str | None = None,  # noqa: A002 - what it is
    ) -> Pending:
        """A request is about to be sent: it gets its id, unless it has one from an earlier record, and its time."""
        request = Request(
            method=method,
            url=self.redactor.text(url),
            headers=self.redactor.headers(headers),
            body=None if body is None else self.redactor.text(body),
        )
        test = self._test.get()
        with self._lock:
            exchange = Exchange(
                id=id or f"x{len(self._entries) + 1:04d}",
                actor=self.redactor.text(actor),
                test=test[0] if test else None,
                operation=operation,
                started_at=self.clock.now(),
                took_s=0.0,
                request=request,
            )
            pending = Pending(self, exchange, self.clock.monotonic())
            self._entries.append(pending)
            self.listener.exchange(exchange)  # within, so that whoever is killed leaves no gap
        self._last.set(pending)
        for ids in self._collecting.get():
            ids.append(exchange.id)
        if test:
            test[1].append(exchange.id)
        return pending

    @contextmanager
    def collect(self) -> Iterator[list[str]]:
        """The ids of the exchanges that begin within, in this context; may be nested."""
        ids: list[str] = []
        token = self._collecting.set((*self._collecting.get(), ids))
        try:
            yield ids
        finally:
            self._collecting.reset(token)

    @contextmanager
    def running(self, test: str) -> Iterator[list[str]]:
        """The check with this node id runs within; the list grows with the exchanges it stands on."""
        ids: list[str] = []
        token = self._test.set((test, ids))
        try:
            yield ids
        finally:
            self._test.reset(token)

    def stands_on(self, ids: Iterable[str]) -> None:
        """The running check also stands on these exchanges; outside a check nothing happens."""
        if (test := self._test.get()) is not None:
            test[1].extend(id_ for id_ in dict.fromkeys(ids) if id_ not in test[1])

    def gave_up(self) -> None:
        """Whoever waits for something in this context looks no further after its last exchange."""
        if (last := self._last.get()) is not None:
            last.exchange = last.exchange.model_copy(update={"given_up_after": True})
            self.listener.exchange(last.exchange)

    def observe(
        self,
        code: str,
        message: str,
        *,
        owner: Owner = Owner.CARIQA,
        requirement_ids: Iterable[str] = (),
        exchanges: Iterable[str] | None = None,
    ) -> None:
        """Note a deviation that blocks nothing. Without `exchanges` it rests on this context's last one."""
        message = self.redactor.text(message)
        if exchanges is None:
            exchanges = () if (last := self.last_exchange) is None else (last,)
        with self._lock:
            former = self._observations.get((code, message))
            observation = self._observations[code, message] = Observation(
                code=code,
                owner=former.owner if former else owner,
                message=message,
                requirement_ids=_merged(former.requirement_ids if former else (), requirement_ids),
                exchanges=_merged(former.exchanges if former else (), exchanges),
            )
        self.listener.observation(observation)


def _merged(former: tuple[str, ...], further: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*former, *further)))
