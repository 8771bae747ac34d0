"""Holds conformant habits of the simulated DEV against a published OpenAPI: schemathesis makes the requests and judges
the answers, in this process, a few for each operation.

A habit is within the contract, or it is one of `OUTSIDE`: then it must violate exactly what is written there.
"""

from __future__ import annotations

import re
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from contract_world import Steering, fill

EXAMPLES = 4
"""Of each operation: the form of an answer hardly depends on what was asked."""
SEED = 20260302
WORKERS = 2


def _at(*fields: str) -> str:
    """Found where the schema of one of these fields is violated."""
    return rf"Schema at \S+/properties/({'|'.join(fields)})[:/]"


OUTSIDE = {
    "setup-secret-as-client-secret": r'"setup_intent_client_secret" is a required property',
    "paypal-beside-cards": r'"paypal" is not one of',
    "ids-are-numbers": _at("id", "session_id", "charging_session_id"),
    "tile-coordinates-as-numbers": _at("coordinates"),
    "evse-without-status": r'"status" is a required property',
    "next-link-relative": _at("next", "previous"),
    "times-without-zone": _at("start_time", "end_time", "date"),
    "local-time-without-zone": _at("local_datetime"),
}
"""The habits that are outside the published file on purpose, as another document of the vendor's has it, and what of
the file they violate: a pattern in what schemathesis says."""

IN_FRONT = frozenset({"connection-lost-on-a-get", "unavailable-on-a-get", "throttled-on-a-get"})
"""Habits of what stands in front of the API, of which the file does not speak: there, what came to nothing is asked
again, as a client does, and the second answer is judged."""
_NOTHING = frozenset({429, 503})

_STOP = "POST /api/v1/users/{user_id}/charging/stop/{session_id}/"
UNREACHED = {
    "partners-locked": "GET /api/v1/stations/partners/",
    "stop-refused-once": _STOP,
    "stop-refused-once-as-409": _STOP,
}
"""Operations that a habit lets never succeed, at least not the first time."""


SOUND_BODIES = {
    "PUT /api/v1/users/{user_id}/billing-details/": {"line1": "Weg 1", "postal_code": "10115"},
}
"""What succeeds, where few examples would hardly come upon it."""


@dataclass(frozen=True)
class Verdict:
    """What one habit violates beyond what it may; empty: nothing."""

    name: str
    wrong: tuple[str, ...]
    requests: int


def judge(name: str, contract: dict[str, Any], examples: int) -> Verdict:
    """Serve the habit, ask each operation `examples` times and judge the answers."""
    from golive.simulator import EmbeddedSimulator, SimulatorOptions
    from golive.simulator.habits import HABITS

    options = SimulatorOptions(tick=0.02, session_limit=0.1)
    with EmbeddedSimulator(options, deviations=[HABITS.named(name)]) as sim:
        hearing = Hearing(sim.url, sim.options.key, Steering(fill(sim)), patient=name in IN_FRONT)
        for operation in _operations(contract):
            hearing.ask(operation, examples)
    allowed = OUTSIDE.get(name)
    wrong = [said for said in sorted(hearing.violations) if not (allowed and re.search(allowed, said))]
    if allowed and len(wrong) == len(hearing.violations):
        wrong.append(f"violates nothing like {allowed!r}, so it does not belong on the list of those that do")
    never = hearing.asked - hearing.succeeded - {UNREACHED.get(name, "")}
    wrong += [f"never succeeded, so its success was not judged: {label}" for label in sorted(never)]
    return Verdict(name, tuple(wrong), hearing.requests)


class Hearing:
    """The requests to one simulator and what schemathesis says of the answers."""

    def __init__(self, url: str, key: str, steering: Steering, *, patient: bool) -> None:
        self.asked: set[str] = set()
        self.succeeded: set[str] = set()
        self.violations: set[str] = set()
        self.requests = 0
        self._url = url
        self._headers = {"Authorization": f"Bearer {key}"}
        self._steering = steering
        self._tries = 2 if patient else 1

    def ask(self, operation: Any, examples: int) -> None:
        import hypothesis

        self.asked.add(operation.label)

        @hypothesis.seed(SEED)
        @hypothesis.settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=[hypothesis.Phase.generate],
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(operation.as_strategy())
        def one(case: Any) -> None:
            self._try(case)

        one()

    def _try(self, case: Any) -> None:
        import schemathesis

        self._steering.steer(case)
        if case.operation.label not in self.succeeded and case.operation.label in SOUND_BODIES:
            case.body = dict(SOUND_BODIES[case.operation.label])
        response = self._send(case)
        if response.status_code < 300:
            self.succeeded.add(case.operation.label)
        try:
            case.validate_response(response, checks=_checks(), headers=self._headers)
        except schemathesis.core.failures.FailureGroup as group:
            self.violations |= {_said(case, failure) for failure in group.exceptions}
        except schemathesis.core.failures.Failure as failure:
            self.violations.add(_said(case, failure))

    def _send(self, case: Any) -> Any:
        import requests

        for _ in range(1, self._tries):
            self.requests += 1
            try:
                response = case.call(base_url=self._url, headers=self._headers)
            except requests.RequestException:
                continue
            if response.status_code not in _NOTHING:
                return response
        self.requests += 1
        return case.call(base_url=self._url, headers=self._headers)


def _said(case: Any, failure: Any) -> str:
    message = " ".join(f"{failure.title}: {failure.message}".split())
    return f"{case.operation.label}: {message[:300]}"


@cache
def _checks() -> list[Any]:
    from schemathesis.checks import CHECKS, load_all_checks

    load_all_checks()
    names = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")
    return CHECKS.get_by_names(names)


_KEPT: dict[str, list[Any]] = {}


def _operations(contract: dict[str, Any]) -> list[Any]:
    """The operations of the contract, read once in each process."""
    if "all" not in _KEPT:
        import schemathesis

        schema = schemathesis.openapi.from_dict(contract)
        _KEPT["all"] = [result.ok() for result in schema.get_all_operations()]
    return _KEPT["all"]


def judge_all(names: list[str], contract: dict[str, Any], examples: int | None, workers: int = WORKERS) -> int:
    """Judge the habits, some at a time, and print a line for each. Returns how many went beyond what they may."""
    work = partial(judge, contract=contract, examples=examples or EXAMPLES)
    beyond = 0
    with ProcessPoolExecutor(min(workers, len(names))) as pool:
        for verdict in pool.map(work, names):
            outside = f", outside the file on purpose: {OUTSIDE[verdict.name]}" if verdict.name in OUTSIDE else ""
            print(
                f"{verdict.name}: {'beyond the contract' if verdict.wrong else 'as written'} "
                f"({verdict.requests} requests{outside})"
            )
            for said in verdict.wrong:
                print(f"    {said}")
            beyond += bool(verdict.wrong)
    print(f"{len(names)} habits, {beyond} beyond the contract")
    return beyond
