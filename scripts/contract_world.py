"""The simulated DEV that a contract is held against: drivers in every state, and requests steered towards them."""

import itertools
import json
import urllib.error
import urllib.request
from datetime import timedelta
from typing import Any

DRIVERS_OF_A_KIND = 6
EXPENDABLE = 60
AGO = timedelta(minutes=1)
"""So long ago cards were added: each is listed by now, also where that takes a moment."""

EVSES = (
    "DE*CIQ*EWBNHHLM82TLA*1",
    "DE*PWA*EALP22541X01617*01",
    "IT*PWY*EP0078*01*02",
    "DE*2GO*EMCD1520*1B*3",
    "DEQRMEF7GRC21",
    "DE*EUL*EAUT0002*01",
    "AT*VIE*E2334770022*2",
    "AT*HTB*EOCPI1*1",
)
"""Those that can be charged at, shared ones and ones with progress by turns."""


def fill(sim: Any) -> dict[str, Any]:
    """Drivers in every state that an operation can meet; returns their ids."""
    from golive.simulator.services.base import Context
    from golive.simulator.state.entities import BillingDetails
    from golive.simulator.stripe.cards import CARDS

    dev = sim.dev
    context = Context(dev.clock.now() - AGO, sim.url)
    billing = BillingDetails("DE", "Berlin", None, "personal", None, None, "Weg 1", "10115", "Ada", "Muster")
    italian = BillingDetails("it", "Milano", None, "personal", None, None, "Via 1", "20100", "Ada", None)
    kinds = {
        "ready": ("visa", billing),
        "asked": ("authenticationRequired", billing),
        "declined": ("chargeCustomerFail", billing),
        "unbilled": ("visa", BillingDetails()),
        "italian": ("visa", italian),
        "indebted": ("visa", billing),
    }
    drivers = []
    for kind, (card, details) in kinds.items():
        for number in range(DRIVERS_OF_A_KIND if kind != "ready" else 4 * DRIVERS_OF_A_KIND):
            user = dev.users.create({"external_id": f"{kind}-{number}", "email": f"{kind}{number}@example.com"})
            dev.billing.put(user, details)
            methods = [dev.payment_methods.attach(user, CARDS[card], context).id for _ in range(3)]
            drivers.append({"user": user.id, "methods": methods, "kind": kind})
    owing = next(driver for driver in drivers if driver["kind"] == "indebted")
    indebted = dev.users.get(owing["user"])
    station, evse = dev.stations.connector(EVSES[-1])
    session = dev.charging.open_session(indebted, station, evse, indebted.methods[owing["methods"][0]])
    sim.world.decline_final_charge(session.id)
    sim.world.hold(EVSES[2])
    expendable = [dev.users.create({"external_id": f"expendable-{n}"}).id for n in range(EXPENDABLE)]
    stations = [station.id for station in dev.world.atlas.stations[:12]]
    return {"url": sim.url, "key": sim.options.key, "drivers": drivers, "expendable": expendable, "stations": stations}


class Steering:
    """Puts ids that exist into three of four requests."""

    def __init__(self, world: dict[str, Any]) -> None:
        self._world = world
        self._count = itertools.count()
        self._drivers = itertools.cycle(world["drivers"])
        self._ready = itertools.cycle([d for d in world["drivers"] if d["kind"] == "ready"])
        self._indebted = next(d for d in world["drivers"] if d["kind"] == "indebted")
        self._expendable = iter(world["expendable"])
        self._evses = itertools.cycle(EVSES)
        self._stations = itertools.cycle(world["stations"])

    def steer(self, case: Any) -> None:
        """Not in the stateful phase, which lives on the ids that it made itself."""
        stateful = case.meta is not None and str(case.meta.phase.name).lower().endswith("stateful")
        if stateful or next(self._count) % 4 == 3:
            return
        path, parameters = case.operation.path, case.path_parameters or {}
        if case.method == "DELETE" and path.endswith("/users/{user_id}/"):
            parameters["user_id"] = next(self._expendable, parameters["user_id"])
        elif "session_id" in parameters:
            self._session(path, parameters)
        elif "user_id" in parameters:
            driver = self._indebted if path.endswith("/debts/") else next(self._drivers)
            parameters["user_id"] = driver["user"]
            if "pm" in parameters and driver["methods"]:
                gone = case.method == "DELETE" and len(driver["methods"]) > 1
                parameters["pm"] = driver["methods"].pop() if gone else driver["methods"][0]
            if path.endswith("/charging/start/"):
                self._start(case, driver)
        if path.endswith("/stations/details/"):
            self._details(case)
        if path.endswith("/stations/around/"):
            self._around(case)

    def _start(self, case: Any, driver: dict[str, Any]) -> None:
        if isinstance(case.body, dict) and {"evse_id", "payment_method_id"} <= set(case.body):
            if isinstance(case.body["evse_id"], str):
                case.body["evse_id"] = next(self._evses)
            if isinstance(case.body["payment_method_id"], str):
                case.body["payment_method_id"] = driver["methods"][0]

    def _session(self, path: str, parameters: dict[str, Any]) -> None:
        """For a stop: a session just started; else any of the driver's."""
        driver = next(self._ready)
        base = f"/api/v1/users/{driver['user']}"
        if "/stop/" in path or not self._ask("GET", f"{base}/charging-sessions/")["results"]:
            start = {"evse_id": next(self._evses), "payment_method_id": driver["methods"][0]}
            self._ask("POST", f"{base}/charging/start/", start)
        sessions = self._ask("GET", f"{base}/charging-sessions/?page_size=1")["results"]
        if sessions:
            parameters["user_id"], parameters["session_id"] = driver["user"], sessions[0]["id"]

    def _details(self, case: Any) -> None:
        if isinstance(case.query, dict) and case.query.get("type") == "station_id":
            case.query["id"] = next(self._stations)
        elif isinstance(case.query, dict) and case.query.get("type") == "evse_id":
            case.query["id"] = next(self._evses)

    def _around(self, case: Any) -> None:
        query = case.query if isinstance(case.query, dict) else {}
        if all(isinstance(query.get(name), int | float) for name in ("latitude", "longitude")):
            case.query |= {"latitude": 52.53012, "longitude": 13.34287, "distance": 30_000}

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - the simulator's own loopback address
            self._world["url"] + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self._world['key']}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
                return dict(json.load(response))
        except urllib.error.HTTPError as refused:
            refused.close()
            return {"results": []}
