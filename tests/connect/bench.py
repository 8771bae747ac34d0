"""A client over answers that a test writes, and what was sent and recorded."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import httpx
from pydantic import SecretStr

from golive.connect import ConnectClient, RetryPolicy, StripeClient, Timeouts
from golive.evidence.model import Observation
from golive.recording import Recorder, RecordingTransport, Redactor
from tests.recording.clock import FakeClock

KEY = "canary-key-0123456789"
PUBLISHABLE = "pk_test_canary9876543210"
BASE = "http://127.0.0.1:8400"
API = f"{BASE}/api/v1"

Step = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class Bench:
    """Answers the requests with `steps`, one after the other; the last one goes on for ever."""

    def __init__(self, *steps: Step, base: str = BASE, retry: RetryPolicy | None = None) -> None:
        self.sent: list[httpx.Request] = []
        self._steps: Iterator[Step] = iter(steps)
        self._last: Step = httpx.Response(404, json={"detail": "Not found."})
        self.clock = FakeClock()
        self.recorder = Recorder(Redactor({"CONNECT_API_KEY": KEY, "STRIPE_PUBLISHABLE_KEY": PUBLISHABLE}), self.clock)
        transport = RecordingTransport(httpx.MockTransport(self._answer), self.recorder, max_body=200_000)
        self.client = ConnectClient(
            base,
            SecretStr(KEY),
            actor="driver",
            transport=transport,
            recorder=self.recorder,
            clock=self.clock,
            timeouts=Timeouts(connect_s=5, read_s=20, start_s=300),
            user_agent="golive-tests",
            retry=retry or RetryPolicy(),
        )
        self.stripe = StripeClient(
            base,
            SecretStr(PUBLISHABLE),
            actor="driver",
            transport=transport,
            recorder=self.recorder,
            clock=self.clock,
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        self._last = step = next(self._steps, self._last)
        if isinstance(step, Exception):
            raise step
        if isinstance(step, httpx.Response):
            return httpx.Response(step.status_code, headers=step.headers, content=step.content)
        return step(request)

    @property
    def lines(self) -> list[str]:
        """Method and path of each request that was sent."""
        return [f"{request.method} {request.url.path.removeprefix('/api/v1')}" for request in self.sent]

    @property
    def observations(self) -> tuple[Observation, ...]:
        return self.recorder.observations

    @property
    def codes(self) -> list[str]:
        return [observation.code for observation in self.observations]

    @property
    def operations(self) -> list[str | None]:
        return [exchange.operation for exchange in self.recorder.exchanges]


def ok(body: Any, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json=body)


def refusal(status: int, type_: str | None = None, details: str = "why", **extra: Any) -> httpx.Response:
    body: dict[str, Any] = {"detail": "Refused."}
    if type_ is not None:
        body["error"] = {"type": type_, "details": details, **extra}
    return httpx.Response(status, json=body)


def page(results: Sequence[Any], next: str | None = None) -> httpx.Response:  # noqa: A002 - the field's name
    return ok({"count": 100, "next": next, "previous": None, "results": list(results)})


def user(id_: str = "u1") -> dict[str, Any]:
    return {"id": id_, "email": None, "locale": "en", "custom_properties": {"external_id": f"ext-{id_}"}}


def session(**changes: Any) -> dict[str, Any]:
    """An active session as the published contract has it."""
    return {
        "id": "s1",
        "start_time": "2026-03-02T09:00:00Z",
        "end_time": None,
        "duration": None,
        "consumed_energy": None,
        "is_active": True,
        "evse_id": "DE*CIQ*EWBNHHLM82TLA*1",
        "station_info": {"station_name": "A", "connector_power": 22.0},
        "is_partner": True,
        "logo_url": None,
        "user_facing_session_prices": {
            "kwh_price": "0.54",
            "time_price": None,
            "session_fee": None,
            "blocking_fee": None,
            "starting_fee": None,
            "grace_period_minutes": None,
            "blocking_cap": None,
            "currency": "EUR",
        },
        "session_cost": {
            "kwh_cost": None,
            "time_cost": None,
            "session_fee_cost": None,
            "blocking_fee_cost": None,
            "starting_fee_cost": None,
            "invoice_download": None,
            "invoice_vat": "0.00",
            "invoice_summary": "0.00",
            "invoice_credits": "0.00",
            "invoice_discount": "0.00",
            "currency": "EUR",
        },
        **changes,
    }
