"""Has schemathesis judge the simulated DEV by a published OpenAPI file.

    python scripts/check_simulator_contract.py OPENAPI_FILE [--max-examples N]

It starts a simulator, fills it with drivers in every state, and runs schemathesis' phases against it. The contract is
taken as published, with `OMITTED` added: what every such server answers and the published file does not list. Exit
status 0: no violation; 1: violations, as schemathesis prints them; 4: no file.

This module is also the hooks module of the schemathesis process: it puts real ids into most requests, so that the
paths behind a 404 are reached.
"""

import argparse
import collections
import copy
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

USAGE_ERROR = 4
ENVIRONMENT = "GOLIVE_CONTRACT_CHECK"
EXAMPLES = 40
SEED = 20260302
DRIVERS_OF_A_KIND = 6
EXPENDABLE = 60
METHODS = ("get", "post", "put", "patch", "delete")

OMITTED = {
    "401": "every operation: no or a malformed Authorization header",
    "405": "every operation: another method",
    "400": "start: a malformed body, or a payment method that the user does not have",
    "404": "lists: a page out of range",
}
"""What the published file omits, by status. `amended` holds where each one is added."""

TOLERATED = (
    ("AcceptedNegativeData", r"parameter `page_size`", r"", "a page size that is no number is ignored"),
    ("AcceptedNegativeData", r"in body .*email", r'"email":null', "an empty text in a form stands for null"),
    ("RejectedPositiveData", r"", r'"type":"(payment|pre_auth|charging_provider|station_avail)', "state, not form"),
    (
        "RejectedPositiveData",
        r"",
        r"may not be (blank|null)|valid email|characters are not",
        "texts: blank, NUL, null in a form",
    ),
    ("RejectedPositiveData", r"", r"(number|level) from|valid integer", "numbers: ranges that the file does not give"),
    ("EnsureResourceAvailability", r"/charging/start/", r"", "the 404 speaks of the EVSE, not of the new user"),
)
"""What schemathesis' guesses about validity hold against the simulator, and why that is meant: the failure's class,
a pattern in it, a pattern in the answer, the reason. Statuses and schemas are never tolerated."""

EVSES = (
    "DE*CIQ*EWBNHHLM82TLA*1",
    "IT*PWY*EP0078*01*02",
    "DEQRMEF7GRC21",
    "AT*VIE*E2334770022*2",
    "DE*PWA*EALP22541X01617*01",
    "DE*2GO*EMCD1520*1B*3",
    "DE*EUL*EAUT0002*01",
    "AT*HTB*EOCPI1*1",
)


def amended(contract: dict[str, Any]) -> dict[str, Any]:
    """The contract with `OMITTED` added; nothing else is loosened."""
    contract = copy.deepcopy(contract)

    def answer(schema: str) -> dict[str, Any]:
        reference = {"$ref": f"#/components/schemas/{schema}"}
        return {"description": "", "content": {"application/json": {"schema": reference}}}

    for path, operations in contract["paths"].items():
        for method in METHODS:
            if method not in operations:
                continue
            operation = operations[method]
            responses = operation["responses"]
            responses.setdefault("401", answer("Detail"))
            responses.setdefault("405", answer("Detail"))
            if any(parameter["name"] == "page" for parameter in operation.get("parameters", ())):
                responses.setdefault("404", answer("Detail"))
            if path.endswith("/charging/start/"):
                responses.setdefault("400", answer("ErrorDetail"))
    return contract


# -- the simulated world --------------------------------------------------------------------------------------------


def fill(sim: Any) -> dict[str, Any]:
    """Drivers in every state that an operation can meet; returns their ids."""
    from golive.simulator.services.base import Context
    from golive.simulator.state.entities import BillingDetails
    from golive.simulator.stripe.cards import CARDS

    dev = sim.dev
    context = Context(dev.clock.now(), sim.url)
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


# -- hooks: run inside the schemathesis process ---------------------------------------------------------------------


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


if ENVIRONMENT in os.environ and __name__ != "__main__":
    import schemathesis

    _world = json.loads(os.environ[ENVIRONMENT])
    _steering = Steering(_world)

    @schemathesis.hook
    def before_call(context: Any, case: Any, **_: Any) -> None:  # noqa: ARG001
        _steering.steer(case)

    @schemathesis.hook
    def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:  # noqa: ARG001
        """False drops the failure."""
        told = f"{case.operation.path} {failure.message}"
        return not any(
            type(failure).__name__ == name and re.search(said, told) and re.search(answered, response.text)
            for name, said, answered, _ in TOLERATED
        )

    @schemathesis.hook
    def after_call(context: Any, case: Any, response: Any) -> None:  # noqa: ARG001
        """Notes which statuses each operation was brought to."""
        with Path(_world["log"]).open("a", encoding="utf-8") as log:
            log.write(f"{case.operation.method.upper()} {case.operation.path} {response.status_code}\n")


# -- the command ----------------------------------------------------------------------------------------------------


def command(contract: Path, url: str, key: str, examples: int) -> list[str]:
    return [
        sys.executable,
        "-m",
        "schemathesis.cli",
        "run",
        str(contract),
        "--url",
        url,
        "--header",
        f"Authorization: Bearer {key}",
        "--phases",
        "examples,coverage,fuzzing,stateful",
        "--checks",
        "all",
        "--max-examples",
        str(examples),
        "--seed",
        str(SEED),
        "--generation-deterministic",
        "--continue-on-failure",
        "--suppress-health-check",
        "all",
        "--warnings",
        "off",
        "--no-color",
    ]


def unreached(contract: dict[str, Any], log: Path) -> list[str]:
    """Prints how often each operation gave each status; returns the operations that never succeeded."""
    seen = collections.Counter(log.read_text(encoding="utf-8").splitlines())
    never = []
    for path, operations in contract["paths"].items():
        for method in METHODS:
            if method in operations:
                name = f"{method.upper()} {path}"
                statuses = {line.rpartition(" ")[2]: n for line, n in seen.items() if line.startswith(f"{name} ")}
                print(f"{name}: {', '.join(f'{n} x {status}' for status, n in sorted(statuses.items()))}")
                if not any(status.startswith("2") for status in statuses):
                    never.append(name)
    return never


def main() -> int:
    parser = argparse.ArgumentParser(description="Judge the simulated DEV by a published OpenAPI file.")
    parser.add_argument("openapi", type=Path, nargs="?", help="the OpenAPI file, YAML or JSON")
    parser.add_argument("--max-examples", type=int, default=EXAMPLES, help="per operation and phase (%(default)s)")
    arguments = parser.parse_args()
    if arguments.openapi is None or not arguments.openapi.is_file():
        print("name the OpenAPI file to judge the simulator by", file=sys.stderr)
        return USAGE_ERROR
    import yaml  # type: ignore[import-untyped]

    from golive.simulator import EmbeddedSimulator, SimulatorOptions

    contract = amended(yaml.safe_load(arguments.openapi.read_text(encoding="utf-8")))
    for status, where in OMITTED.items():
        print(f"added to the contract: {status} on {where}")
    for name, _, _, why in TOLERATED:
        print(f"tolerated: {name}: {why}")
    options = SimulatorOptions(tick=0.02, session_limit=0.1)
    with EmbeddedSimulator(options) as sim, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "openapi.json"
        file.write_text(json.dumps(contract, default=str), encoding="utf-8")
        here, log = Path(__file__), Path(folder) / "statuses.txt"
        environment = os.environ | {
            ENVIRONMENT: json.dumps(fill(sim) | {"log": str(log)}),
            "SCHEMATHESIS_HOOKS": here.stem,
            "PYTHONPATH": os.pathsep.join([str(here.parent), str(here.parent.parent)]),
        }
        run = command(file, sim.url, sim.options.key, arguments.max_examples)
        judged = subprocess.run(run, cwd=folder, env=environment, check=False).returncode  # noqa: S603
        never = unreached(contract, log)
    for name in never:
        print(f"never succeeded, so its success was not judged: {name}")
    return 1 if judged or never else 0


if __name__ == "__main__":
    sys.exit(main())
