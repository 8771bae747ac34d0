"""The Connect API client: one method per operation, typed values, typed errors with the documented advice."""

import copy
from collections.abc import Iterable, Mapping
from enum import Enum
from types import TracebackType
from typing import Any, Final, Literal, Self

import httpx
from pydantic import SecretStr

from golive.clock import Clock
from golive.connect.answer import Answer
from golive.connect.calls import ChargingCalls, PaymentCalls, StationCalls, UserCalls
from golive.connect.envelope import parse_envelope
from golive.connect.errors import RedirectRefused
from golive.connect.forms import observe
from golive.connect.operations import API_PREFIX, operation_for
from golive.connect.policy import RetryPolicy, Timeouts, again
from golive.connect.wire import Authorize, Wire
from golive.recording import Recorder


class Default(Enum):
    """What `send` leaves to the client."""

    KEY = "the client's own key"


DEFAULT: Final = Default.KEY


class ConnectClient(UserCalls, PaymentCalls, StationCalls, ChargingCalls):
    """Speaks to one Connect API as one actor; safe to use from several threads.

    `base_url` with or without ``/api/v1``. Every request is guarded, recorded and never redirected; a `transport`
    that does not record is wrapped in one that does. Close it, or use it as a context manager, where it was made.
    """

    def __init__(
        self,
        base_url: str,
        key: SecretStr,
        *,
        actor: str,
        transport: httpx.BaseTransport,
        recorder: Recorder,
        clock: Clock,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - frozen
        user_agent: str,
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008 - frozen
    ) -> None:
        base = base_url.rstrip("/").removesuffix(API_PREFIX).rstrip("/")
        wire = Wire(
            f"{base}{API_PREFIX}",
            what="the Connect API's URL",
            transport=transport,
            recorder=recorder,
            clock=clock,
            timeouts=timeouts,
            retry=retry,
            user_agent=user_agent,
            authorize=_bearer(key),
        )
        super().__init__(wire, actor)

    def __repr__(self) -> str:
        return f"<ConnectClient {self._wire.base} as {self.actor!r}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def base_url(self) -> str:
        """The API's URL with its prefix, without a slash at the end."""
        return self._wire.base

    def close(self) -> None:
        """Close the connections, also those of the clients made by `acting_as`."""
        self._wire.close()

    def acting_as(self, actor: str) -> Self:
        """The same client, same connections, recorded as another actor."""
        other = copy.copy(self)
        other._actor = actor
        return other

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None,
        json: Any = None,
        content: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
        authorization: str | SecretStr | Literal[Default.KEY] | None = DEFAULT,
    ) -> Answer:
        """One raw request; the API's answer whatever its status. `path` is below ``/api/v1``. It is sent again as
        `golive.connect.policy.Again` says.

        `authorization`: the header's value, None for no header; a JSON `null` is sent as `content`. Raises
        Unreachable (also where something in front of the API answers in its place: 429, 502, 503, 504), Unreadable
        (a body that is too large or cannot be decompressed), and RedirectRefused only for a redirect to the
        production host.
        """
        operation = operation_for(method, path)
        known = operation.name if operation else None
        label = known or method
        pairs = list(params.items() if isinstance(params, Mapping) else params or ())
        with self._wire.recorder.collect() as exchanges:
            reply = self._wire.persistently(
                label,
                lambda: self._wire.once(
                    method,
                    path,
                    name=known,
                    actor=self.actor,
                    params=[(name, str(item)) for name, value in pairs for item in _several(value)],
                    json=json,
                    content=content,
                    headers=headers,
                    authorize=None if authorization is Default.KEY else _given(authorization),
                    provokes=True,
                ),
                again=again(method, known),
            )
        self._wire.refuse_stand_in(label, reply, exchanges)
        if self._wire.redirected_to(reply) == "the production host":
            raise RedirectRefused(
                f"{label}: the API redirects ({reply.status}) to the PRODUCTION host; nothing was sent there",
                exchanges=(reply.exchange,),
            )
        if 300 <= reply.status < 400:
            observe(self._wire.recorder, "REDIRECT", f"{label}, {reply.status}", exchanges=(reply.exchange,))
        raw = reply.raw.decode("utf-8", "replace")
        return Answer(
            status=reply.status,
            headers=self._wire.recorder.redactor.headers(reply.headers.multi_items()),
            text=reply.text,
            envelope=parse_envelope(reply.status, reply.text, raw) if reply.status >= 400 else None,
            exchange=reply.exchange,
        )


def _bearer(key: SecretStr) -> Authorize:
    def authorize(request: httpx.Request) -> None:
        request.headers["Authorization"] = f"Bearer {key.get_secret_value()}"

    return authorize


def _given(value: str | SecretStr | None) -> Authorize:
    def authorize(request: httpx.Request) -> None:
        if value is not None:
            request.headers["Authorization"] = value.get_secret_value() if isinstance(value, SecretStr) else value

    return authorize


def _several(value: Any) -> Iterable[Any]:
    return value if isinstance(value, (list, tuple)) else (value,)
