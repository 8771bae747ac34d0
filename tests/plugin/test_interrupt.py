"""Ctrl-C in the middle of a run: status 2, a partial record, and no session left charging."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from golive.simulator import EmbeddedSimulator, SimulatorOptions
from tests.plugin.bench import BRISK, keys_of, left_behind, open_sessions
from tests.plugin.launch import PATIENCE_S, ROOT, Finished, clean_environment, pytest_command

SLOW = SimulatorOptions(tick=3.0)
"""Sessions with progress stay open for half a minute unless somebody stops them."""


def _interrupted(directory: Path, times: int, *args: str, sessions: int = 1) -> Finished:
    """A run that gets SIGINT as soon as that many sessions are open, and again at once."""
    with EmbeddedSimulator(SLOW) as sim:
        command = pytest_command(
            f"--report-dir={directory / 'report'}", f"--target={sim.url}", "--poll-interval=0.05", *BRISK, *args
        )
        environment = clean_environment(directory / "home", keys_of(sim))
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            deadline = time.monotonic() + PATIENCE_S
            while len(open_sessions(sim)) < sessions:
                assert process.poll() is None, process.communicate()
                assert time.monotonic() < deadline, "no session was ever opened"
                os.sched_yield()
            for _ in range(times):
                process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=PATIENCE_S)
        return Finished(process.returncode, output, "", str(directory), left_behind(sim))


@pytest.mark.parametrize("sessions", [1, 4])
@pytest.mark.parametrize("times", [1, 2, 5])
def test_an_interrupt_leaves_no_session_and_a_partial_record(tmp_path: Path, times: int, sessions: int) -> None:
    finished = _interrupted(tmp_path, times, "-k", "charging or progress or cdr", sessions=sessions)
    assert finished.facts["open"] == []
    assert finished.status == 2, finished.output
    run = finished.evidence["run"]
    assert run["complete"] is False
    assert finished.verdict == "incomplete"
    assert "interrupted" in finished.evidence["verdict"]["reasons"][0]
    outcomes = finished.outcomes()
    assert not {"failed", "error"} & outcomes.keys(), finished.bad()
    assert outcomes["not_run"] > 0
    assert finished.stdout.rstrip().endswith("report/evidence.html")
