"""Whatever ends a run in the middle: its sessions are stopped, by itself or by its guardian."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from golive.simulator import EmbeddedSimulator, SimulatorOptions
from tests.plugin.bench import open_sessions
from tests.safekeeping.killing import is_clean, running, until

SLOW = SimulatorOptions(tick=0.4)
BOUND_S = 5.0

TIDY = {
    "ctrl-c": 2,
    "ctrl-c-twice": 2,
    "terminate": 2,
    "hang-up": 2,
    "pytest-exit": 2,
    "internal-error": 3,
    "system-exit": 1,
    "harness-error": 1,
    "fails": 1,
}
"""Ends after which the run itself tidies up and leaves its record, with the exit status."""
SUDDEN = ("kill", "os-exit")
"""Ends after which only the guardian is left."""


@pytest.mark.parametrize("how", TIDY)
def test_a_run_that_is_ended_stops_what_is_open_and_leaves_its_record(tmp_path: Path, how: str) -> None:
    ended = _ended(tmp_path, how, *(["-x"] if TIDY[how] == 1 else []))
    assert ended.status == TIDY[how]
    assert ended.record["verdict"]["status"] != "ready"
    assert ended.left_open == []


@pytest.mark.parametrize("how", SUDDEN)
def test_a_run_that_is_gone_is_tidied_up_after(tmp_path: Path, how: str) -> None:
    ended = _ended(tmp_path, how)
    assert ended.status in (-9, 7)
    assert ended.record == {}


@dataclass
class Ended:
    """A run's exit status, its record, and what was open when its process had gone."""

    status: int
    record: dict[str, dict[str, object]]
    left_open: list[str]


def _ended(directory: Path, how: str, *args: str) -> Ended:
    """A run that is ended in this way; before long nothing is left of it on the simulator."""
    with EmbeddedSimulator(SLOW) as sim:
        with running(
            directory, sim, "-p", "tests.safekeeping.breaking", "-k", "test_06", *args, env={"BREAKING": how}
        ) as run:
            status = run.wait(120)
            left_open = open_sessions(sim)
        took_s = until(lambda: not open_sessions(sim))
        until(lambda: is_clean(sim))
        assert len(sim.world.sessions) > 0
    assert took_s <= BOUND_S
    file = directory / "report" / "evidence.json"
    return Ended(status, json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}, left_open)


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are ended in another way there")
