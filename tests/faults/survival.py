"""A small run through the proxy, and what holds of every run, whatever befell it."""

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from golive.evidence.model import Evidence
from golive.evidence.schema import SCHEMA_FILE
from golive.simulator import EmbeddedSimulator, SimulatorOptions
from tests.faults.passing import Rule
from tests.faults.proxy import Proxy
from tests.plugin.bench import BRISK, TICK, keys_of, left_behind, open_sessions
from tests.plugin.launch import Finished, run_pytest

EVSE = "DE*CIQ*EWBNHHLM82TLA*1"
SMALL = ("-k", "test_a_user_is_created or test_a_user_is_found_by or test_06_charging", f"--evse={EVSE}")
"""A guest is made, read and removed; a driver is made, charges, and is removed."""

_READ_S = "1.5"
_GUARDED_S = 20.0
_NARROW = ("--start-timeout=3", "--cdr-timeout=4", "--invoice-timeout=1", "--poll-interval=0.05")

START = r"^POST .*/charging/start/$"
STOP = r"^POST .*/charging/stop/[^/]+/$"
NEW_USER = r"^POST .*/users/$"
READ = r"^GET .*/charging-sessions/[^/]+/$"
AFTER_PREFLIGHT = r"^(?!GET .*(/users/\?page_size=1$|/stations/details/)|POST .*/setup_intents/seti_golivekeycheck/)"


def survive(
    directory: Path,
    *rules: Rule,
    args: Sequence[str] = SMALL,
    env: Mapping[str, str] | None = None,
    meddle: Callable[[Proxy], None] = lambda _proxy: None,
    through: Callable[[str], Proxy] | None = None,
    url: Callable[[Proxy], str] = lambda proxy: proxy.url,
    guarded: bool = False,
) -> Finished:
    """A run whose requests pass a proxy with these rules. `meddle` is called before it begins; `through` makes another
    proxy; where it may be `guarded`, its guardian has some seconds to finish what it could not. The run has
    `launch.PATIENCE_S` to end by itself, which is far more than it needs."""
    options = SimulatorOptions(tick=TICK)
    with EmbeddedSimulator(options) as sim, through(sim.url) if through else Proxy(sim.url, *rules) as proxy:
        meddle(proxy)
        finished = run_pytest(
            directory,
            "-p",
            "tests.faults.child",
            f"--target={url(proxy)}",
            *BRISK,
            *_NARROW,
            *args,
            env={"FAULTS_READ_S": _READ_S} | keys_of(sim) | dict(env or {}),
        )
        if guarded:
            wait_for_guardian(sim)
        finished.facts = left_behind(sim) | {"requests": list(proxy.requests)}
    if os.environ.get("FAULTS_SHOW"):
        print(finished.output)
    return finished


def wait_for_guardian(sim: EmbeddedSimulator) -> None:
    """Until what a run could not do is done by its guardian; no longer than that may take."""
    over = time.monotonic() + _GUARDED_S
    while (open_sessions(sim) or sim.world.live_users) and time.monotonic() < over:
        time.sleep(0.05)


def assert_survived(finished: Finished, *, owners: set[str], passes: bool = False) -> None:
    """It ended by itself with a whole record, blamed nobody wrongly, and left nothing."""
    assert finished.status in (0, 1), finished.output
    assert "Traceback" not in finished.output
    assert "INTERNALERROR" not in finished.output
    assert finished.stderr == ""
    validate(finished.evidence)
    assert finished.evidence["run"]["complete"] is True
    bad = [check for check in finished.checks if check["outcome"] not in ("passed", "deselected", "not_run")]
    told = {check["owner"] for check in bad} | {
        probe["owner"] for probe in finished.evidence["preflight"] if probe["outcome"] != "passed"
    }
    assert "error" not in finished.outcomes(), finished.bad()
    assert told <= owners, finished.bad()
    assert finished.facts["open"] == [], finished.evidence["aftermath"]
    assert finished.facts["users"] == 0, (finished.evidence["aftermath"], finished.facts["requests"][-12:])
    if passes:
        assert finished.bad() == {}
        assert finished.status == 0, finished.output


def validate(evidence: dict[str, Any]) -> Evidence:
    """By the published schema, and by the models that every reader uses."""
    Draft202012Validator(json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))).validate(evidence)
    return Evidence.model_validate(evidence)


def assert_past_the_preflight(finished: Finished) -> None:
    """Whatever befell the run befell its checks: the preflight had nothing to complain about."""
    assert {probe["outcome"] for probe in finished.evidence["preflight"]} == {"passed"}, finished.evidence["preflight"]
    assert set(finished.outcomes()) - {"deselected", "not_run"}, finished.outcomes()
