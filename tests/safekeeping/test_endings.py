"""Whatever ends a run in the middle: its sessions are stopped, by itself or by its guardian."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from golive.simulator import EmbeddedSimulator, SimulatorOptions
from tests.plugin.bench import keys_of, open_sessions, run_against
from tests.plugin.launch import Finished
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
SUDDEN = ("kill", "os-exit", "kill-after-a-fork")
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


def test_on_a_full_disk_nothing_more_is_started_and_all_that_was_is_stopped(tmp_path: Path) -> None:
    """Inconclusive and nobody's failure; and one line says that there is no report."""
    finished = _on_a_full_disk(tmp_path, "full-disk")
    assert finished.status == 1
    assert finished.facts["open"] == []
    assert finished.facts["users"] == 0
    assert finished.facts["sessions"] == 1
    assert "the journal of starts cannot" in finished.output
    last = finished.output.rstrip().splitlines()[-1]
    assert last.startswith("The report could not be written: ")
    assert "Traceback" not in finished.output
    assert "INTERNALERROR" not in finished.output
    assert " failed" not in finished.output
    assert not (finished.report / "evidence.json").exists()


def test_a_run_that_cannot_keep_a_journal_begins_nothing(tmp_path: Path) -> None:
    finished = _on_a_full_disk(tmp_path, "full-disk-from-the-start")
    assert finished.status == 4
    (line,) = (line for line in finished.stderr.splitlines() if line)
    assert line.startswith("ERROR: --report-dir: the journal of starts cannot be written")
    assert finished.facts["created"] == finished.facts["sessions"] == 0


def _on_a_full_disk(directory: Path, how: str) -> Finished:
    return run_against(
        directory,
        *("-p", "tests.safekeeping.breaking", "-k", "test_06"),
        prepare=lambda sim: {**keys_of(sim), "BREAKING": how},
    )


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
