"""The ledger: what the suites must say of each deviation, and what they do say, in one form.

    ["busy-start-succeeds"]
    "busy::test_the_second_start_meets_a_busy_station" = "failed cariqa"
    "cdr::test_times_and_duration_agree[*]" = "inconclusive environment"

`[*]` stands for all parameters of a check; where they differ each has a line. Only what did not pass is in the ledger.
Habits may have `observations = ["CODE", …]` besides.
"""

import json
import tempfile
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.matrix.nursery import run_child

LEDGERS = Path(__file__).parent
RUN_TIMEOUT_S = 180
PASSED = "passed"


@dataclass(frozen=True)
class Said:
    """What the suites said of one deviation: the checks that did not pass, and the codes of observations."""

    checks: dict[str, str]
    observations: tuple[str, ...] = ()

    def as_toml(self, name: str) -> str:
        """The entry for the ledger."""
        lines = [f'["{name}"]']
        if self.observations:
            lines.append(f"observations = {json.dumps(list(self.observations))}")
        lines += [
            f"{json.dumps(check, ensure_ascii=False)} = {json.dumps(said)}" for check, said in self.checks.items()
        ]
        return "\n".join(lines) + "\n"


def expected(kind: str) -> dict[str, Said]:
    """The ledger of a kind, `defects` or `habits`, by name. Raises `ValueError` for a name that is there twice."""
    entries: dict[str, Said] = {}
    for file in sorted((LEDGERS / kind).glob("*.toml")):
        for name, entry in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if name in entries:
                raise ValueError(f"{name} is in the ledger of {kind} twice")
            observations = tuple(sorted(entry.pop("observations", ())))
            entries[name] = Said(dict(sorted(entry.items())), observations)
    return entries


def observed(*names: str, pace: str = "quick") -> tuple[Said, dict[str, Any]]:
    """Run the suites against the simulator with these deviations. Returns what they said, and the evidence.

    Raises `RuntimeError` where the run left no evidence.
    """
    with tempfile.TemporaryDirectory() as directory:
        said = run_child(pace, directory, names, timeout_s=RUN_TIMEOUT_S)
        evidence = Path(directory) / "evidence.json"
        if not evidence.exists():
            raise RuntimeError(f"no evidence: {said[-6000:]}")
        record = json.loads(evidence.read_text(encoding="utf-8"))
    return said_in(record), record


def said_in(record: dict[str, Any]) -> Said:
    """What a record says, in the ledger's form. A blocked preflight is a check of its own."""
    by_check: dict[str, dict[str, str]] = defaultdict(dict)
    for test in record["tests"]:
        function, _, parameters = test["nodeid"].split("::")[-1].partition("[")
        said = PASSED if test["outcome"] == PASSED else f"{test['outcome']} {test['owner'] or ''}".strip()
        by_check[f"{test['section']}::{function}"][parameters.removesuffix("]")] = said
    checks: dict[str, str] = {}
    for probe in record["preflight"]:
        if probe["outcome"] != PASSED:
            checks[f"preflight::{probe['name']}"] = f"{probe['outcome']} {probe['owner']}"
    for check, by_parameter in by_check.items():
        checks.update(_folded(check, by_parameter))
    return Said(dict(sorted(checks.items())), tuple(sorted({o["code"] for o in record["observations"]})))


def _folded(check: str, by_parameter: dict[str, str]) -> dict[str, str]:
    verdicts = set(by_parameter.values())
    if verdicts == {PASSED}:
        return {}
    if list(by_parameter) == [""]:
        return {check: by_parameter[""]}
    if len(verdicts) == 1:
        return {f"{check}[*]": verdicts.pop()}
    return {f"{check}[{parameter}]": said for parameter, said in by_parameter.items() if said != PASSED}
