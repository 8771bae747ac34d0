"""Has schemathesis judge the simulated DEV by a published OpenAPI file.

    python scripts/check_simulator_contract.py OPENAPI_FILE [--max-examples N]
    python scripts/check_simulator_contract.py OPENAPI_FILE --all-habits | --habit NAME [--habit NAME …]

It starts a simulator, fills it with drivers in every state, and runs schemathesis' phases against it. The contract is
taken as published, with `OMITTED` added: what every such server answers and the published file does not list. Exit
status 0: no violation; 1: violations, as schemathesis prints them; 4: no file. With habits it is those that are judged,
each briefly (contract_habits.py), instead of the plain simulator.

This module is also the hooks module of the schemathesis process: it puts real ids into most requests, so that the
paths behind a 404 are reached.
"""

import argparse
import collections
import copy
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from contract_world import Steering, fill

USAGE_ERROR = 4
ENVIRONMENT = "GOLIVE_CONTRACT_CHECK"
EXAMPLES = 40
SEED = 20260302
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
    (
        "AcceptedNegativeData",
        r"form-(urlencoded|data) ",
        r"",
        "a form has texts only, and an empty one stands for null",
    ),
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


# -- hooks: run inside the schemathesis process ---------------------------------------------------------------------


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
        told = f"{case.operation.path} {case.media_type} {failure.message}"
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


PHASES = (
    ("examples,coverage,fuzzing", ""),
    ("stateful", "negative_data_rejection,positive_data_acceptance,ensure_resource_availability"),
)
"""Phases, and the checks that are left out of them: guesses about validity, where the state decides what is valid."""


def command(contract: Path, url: str, key: str, examples: int, phases: str, excluded: str) -> list[str]:
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
        phases,
        "--checks",
        "all",
        *(("--exclude-checks", excluded) if excluded else ()),
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


def judge_habits(arguments: argparse.Namespace, contract: dict[str, Any]) -> int:
    """Exit status 0 where each habit violates what it is meant to and nothing else."""
    from contract_habits import judge_all

    from golive.simulator.deviations import UnknownDeviation
    from golive.simulator.habits import HABITS

    try:
        names = list(HABITS) if arguments.all_habits else [HABITS.named(name).name for name in arguments.habit]
    except UnknownDeviation as unknown:
        print(unknown, file=sys.stderr)
        return USAGE_ERROR
    return 1 if judge_all(names, contract, arguments.max_examples, arguments.workers) else 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Judge the simulated DEV by a published OpenAPI file.")
    parser.add_argument("openapi", type=Path, nargs="?", help="the OpenAPI file, YAML or JSON")
    parser.add_argument("--max-examples", type=int, help=f"per operation and phase ({EXAMPLES}, of a habit fewer)")
    parser.add_argument("--habit", action="append", default=[], metavar="NAME", help="judge a habit (repeatable)")
    parser.add_argument("--all-habits", action="store_true", help="judge every habit")
    parser.add_argument("--workers", type=int, default=2, help="habits judged at a time (%(default)s)")
    arguments = parser.parse_args()
    if arguments.openapi is None or not arguments.openapi.is_file():
        print("name the OpenAPI file to judge the simulator by", file=sys.stderr)
        return USAGE_ERROR
    import yaml  # type: ignore[import-untyped]

    from golive.simulator import EmbeddedSimulator, SimulatorOptions

    contract = amended(yaml.safe_load(arguments.openapi.read_text(encoding="utf-8")))
    if arguments.habit or arguments.all_habits:
        return judge_habits(arguments, json.loads(json.dumps(contract, default=str)))
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
        judged = 0
        for phases, excluded in PHASES:
            run = command(file, sim.url, sim.options.key, arguments.max_examples or EXAMPLES, phases, excluded)
            judged |= subprocess.run(run, cwd=folder, env=environment, check=False).returncode  # noqa: S603
        never = unreached(contract, log)
    for name in never:
        print(f"never succeeded, so its success was not judged: {name}")
    return 1 if judged or never else 0


if __name__ == "__main__":
    sys.exit(main())
