"""A simulated DEV on the workbench: called without sockets, at a clock that the test moves."""

from collections.abc import Mapping
from typing import Any

import httpx

from golive.simulator import SimulatorOptions
from golive.simulator.clocks import ManualClock
from golive.simulator.dev import Dev, Parts
from golive.simulator.web.app import make_app
from tests.simulator.caller import Caller

TYPE_1 = ("DE*CIQ*EWBNHHLM82TLA*1", "IT*PWY*EP0078*01*02", "DEQRMEF7GRC21", "AT*VIE*E2334770022*2")
TYPE_2 = ("DE*PWA*EALP22541X01617*01", "DE*2GO*EMCD1520*1B*3", "DE*EUL*EAUT0002*01", "AT*HTB*EOCPI1*1")
MILAN = "IT*PWY*EP0078*01*02"
TICK = 2.0

FULL_BILLING = {
    "country": "DE",
    "city": "Berlin",
    "line1": "Weg 1",
    "postal_code": "10115",
    "first_name": "Ada",
    "last_name": "Muster",
}


class Bench:
    """One simulated DEV with a client that holds the key."""

    def __init__(self, parts: Parts | None = None, *, raise_crashes: bool = True, **options: Any) -> None:
        self.clock = ManualClock()
        self.options = SimulatorOptions(**{"tick": TICK, **options})
        self.dev = Dev(self.options, clock=self.clock, parts=parts)
        self.world = self.dev.world
        self._caller = Caller(make_app(self.dev), raise_crashes=raise_crashes)

    def send(self, method: str, path: str, *, key: str | None = None, **request: Any) -> httpx.Response:
        """One request; `key` None: the right one."""
        headers = {"Authorization": f"Bearer {key or self.options.key}", **(request.pop("headers", None) or {})}
        return self.raw(method, path, headers={k: v for k, v in headers.items() if v is not None}, **request)

    def raw(self, method: str, path: str, **request: Any) -> httpx.Response:
        """One request as it is."""

        return self._caller.call(httpx.Request(method, httpx.URL("http://simulator").join(path), **request))

    def get(self, path: str, **params: Any) -> Any:
        response = self.send("GET", f"/api/v1{path}", params=params)
        assert response.status_code == 200, response.text
        return response.json()

    def post(self, path: str, json: Mapping[str, Any] | None = None) -> httpx.Response:
        return self.send("POST", f"/api/v1{path}", json=json)

    def delete(self, path: str) -> httpx.Response:
        return self.send("DELETE", f"/api/v1{path}")

    # -- drivers -----------------------------------------------------------------------------------------------

    def user(self, **values: Any) -> str:
        response = self.post("/users/", values)
        assert response.status_code == 201, response.text
        return str(response.json()["id"])

    def put_billing(self, user: str, **details: Any) -> httpx.Response:
        return self.send("PUT", f"/api/v1/users/{user}/billing-details/", json=details)

    def client_secret(self, user: str) -> str:
        return str(self.get(f"/users/{user}/setup-intents/")["setup_intent_client_secret"])

    def stripe(self, method: str, path: str, **form: str) -> httpx.Response:
        """A call of the card processor with the publishable key; the form is the query of a GET."""
        form.setdefault("key", self.options.publishable_key)
        where = "params" if method == "GET" else "data"
        return self.raw(method, f"/v1/{path}", **{where: form})

    def confirm_setup(self, secret: str, card: str = "pm_card_visa") -> httpx.Response:
        intent = secret.partition("_secret_")[0]
        return self.stripe("POST", f"setup_intents/{intent}/confirm", client_secret=secret, payment_method=card)

    def confirm_payment(self, secret: str, **form: str) -> httpx.Response:
        intent = secret.partition("_secret_")[0]
        return self.stripe("POST", f"payment_intents/{intent}/confirm", client_secret=secret, **form)

    def card(self, user: str, card: str = "pm_card_visa") -> str:
        response = self.confirm_setup(self.client_secret(user), card)
        assert response.status_code == 200, response.text
        return str(response.json()["payment_method"])

    def driver(self, card: str = "pm_card_visa") -> tuple[str, str]:
        """A user who may charge, and the payment method."""
        user = self.user()
        assert self.put_billing(user, **FULL_BILLING).status_code == 200
        return user, self.card(user, card)

    # -- charging ----------------------------------------------------------------------------------------------

    def try_start(self, user: str, method: str, evse: str) -> httpx.Response:
        return self.post(f"/users/{user}/charging/start/", {"evse_id": evse, "payment_method_id": method})

    def start(self, user: str, method: str, evse: str) -> str:
        response = self.try_start(user, method, evse)
        assert response.status_code == 201, response.text
        return str(response.json()["id"])

    def stop(self, user: str, session: str) -> httpx.Response:
        return self.post(f"/users/{user}/charging/stop/{session}/")

    def session(self, user: str, session: str) -> Any:
        return self.get(f"/users/{user}/charging-sessions/{session}/")

    def sessions(self, user: str) -> Any:
        return self.get(f"/users/{user}/charging-sessions/")["results"]

    def settle(self) -> None:
        """Long enough for every CDR and invoice of a stopped or type-2 session."""
        self.clock.advance(1000)


def problem(response: httpx.Response) -> tuple[int, str]:
    """Status and error type of an envelope."""
    body = response.json()
    assert set(body) == {"detail", "error"}
    assert isinstance(body["detail"], str)
    assert isinstance(body["error"]["details"], str)
    return response.status_code, body["error"]["type"]


def refusal(response: httpx.Response) -> int:
    """Status of an answer that carries only `detail`."""
    assert set(response.json()) == {"detail"}
    return response.status_code
