"""An app made of a few lines, and the traffic that its backend would leave."""

import itertools
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from golive.clock import SystemClock
from golive.evidence.model import Exchange, Request, Response, TransportFault, VcpType
from golive.integration.adapter import Shown
from golive.integration.seat import Seat
from golive.journeys.vcp import Pace, StoppableClock, Vcp

BASE = "http://127.0.0.1:8500/api/v1"
SHARED = Vcp("DEQRMEF7GRC21", VcpType.SHARED)
PROGRESS = Vcp("DE*EUL*EAUT0002*01", VcpType.PROGRESS)
PACE = Pace(poll_interval=0.001, cdr_timeout=0.2, invoice_timeout=0.2, busy_patience=0.2, payment_timeout=0.2)
START, STOP = "users_charging_start_create", "users_charging_stop_create"


class Wire:
    """The partner's exchanges so far."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self._number = itertools.count(1)

    def put(
        self,
        operation: str,
        path: str,
        *,
        method: str = "POST",
        sent: Any = None,
        status: int | None = 200,
        answer: Any = None,
        provoked: str | None = None,
        actor: str = "partner",
    ) -> Exchange:
        number = next(self._number)
        exchange = Exchange(
            id=f"x{number:04d}",
            actor=actor,
            operation=operation,
            started_at=datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(seconds=number),
            took_s=0.1,
            request=Request(method=method, url=f"{BASE}{path}", headers={}, body=sent and json.dumps(sent)),
            response=None if status is None else Response(status=status, headers={}, body=json.dumps(answer)),
            error=TransportFault(kind="ReadError", message="gone") if status is None else None,
            provoked=provoked,
        )
        self.exchanges.append(exchange)
        return exchange


class App:
    """An app that does all right. Each act can be put in the place of another."""

    def __init__(self, wire: Wire, **acts: Callable[..., Any]) -> None:
        self.wire = wire
        self.asked: list[tuple[str, ...]] = []
        self._kwh = itertools.count(1)
        for name, act in acts.items():
            setattr(self, name, act)

    def sign_up(self, driver: str) -> None:
        self.asked.append(("sign_up", driver))
        self.wire.put("users_create", "/users/", status=201, answer={"id": "u1"})

    def add_payment_method(self, driver: str, payment_method: str) -> None:
        self.asked.append(("add_payment_method", driver, payment_method))

    def find_station(self, driver: str, evse_id: str) -> str:
        self.asked.append(("find_station", driver, evse_id))
        return "Station"

    def start(self, driver: str, evse_id: str) -> None:
        self.asked.append(("start", driver, evse_id))
        started(self.wire, evse_id)

    def shown(self, driver: str) -> Shown:
        self.asked.append(("shown", driver))
        return Shown(state="Charging", kwh=f"{next(self._kwh)} kWh")

    def stop(self, driver: str) -> None:
        self.asked.append(("stop", driver))
        self.wire.put(STOP, "/users/u1/charging/stop/s1/", status=204)

    def receipt(self, driver: str) -> str | None:
        self.asked.append(("receipt", driver))
        return "2 kWh, 1.08 EUR"


def started(wire: Wire, evse_id: str, status: int = 201, answer: Any = None, provoked: str | None = None) -> None:
    """The backend sends a start."""
    told = answer or {"id": "s1", "evse_id": evse_id, "is_active": True}
    wire.put(
        START, "/users/u1/charging/start/", sent={"evse_id": evse_id}, status=status, answer=told, provoked=provoked
    )


def always(value: Any) -> Callable[..., Any]:
    """An act that does nothing, and gives this."""
    return lambda *_: value


def refusal(type_: str) -> dict[str, Any]:
    return {"detail": "no", "error": {"type": type_, "details": "no"}}


def clock() -> StoppableClock:
    return StoppableClock(SystemClock())


def seat(app: object, redact: Callable[[str], str] = str) -> Seat:
    return Seat(app, "ada", clock(), redact)
