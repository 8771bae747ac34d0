"""Whatever ends a run, nothing stays charging: the guardian sees to it, or whoever comes after."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from golive.safekeeping import journal
from golive.simulator import EmbeddedSimulator, SimulatorOptions
from tests.plugin.bench import keys_of, left_behind, open_sessions, run_against
from tests.plugin.launch import ROOT, clean_environment
from tests.safekeeping.killing import end, guardians, is_clean, running, until

SLOW = SimulatorOptions(tick=0.4)
CHARGING = ("-k", "test_06 or test_08")


def test_a_killed_run_leaves_nothing_open(tmp_path: Path) -> None:
    with EmbeddedSimulator(SLOW) as sim, running(tmp_path, sim, *CHARGING) as run:
        until(lambda: len(open_sessions(sim)) >= 4)
        end(run, signal.SIGKILL)
        assert open_sessions(sim), "the run was killed too late to prove anything"
        took_s = until(lambda: not open_sessions(sim))
        until(lambda: is_clean(sim))
    assert took_s <= 5


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_run_that_is_told_to_end_tidies_up_itself(tmp_path: Path, name: str) -> None:
    with EmbeddedSimulator(SLOW) as sim, running(tmp_path, sim, *CHARGING) as run:
        until(lambda: len(open_sessions(sim)) >= 4)
        end(run, getattr(signal, name))
        assert run.returncode == 2
        assert open_sessions(sim) == []
        until(lambda: is_clean(sim))  # a user whose CDR is still to come is removed by the guardian
    record = json.loads((tmp_path / "report" / "evidence.json").read_text(encoding="utf-8"))
    assert not record["run"]["complete"]
    assert record["verdict"]["status"] != "ready"


def test_a_run_that_ended_well_leaves_neither_guardian_nor_journal(tmp_path: Path) -> None:
    finished = run_against(tmp_path, "-k", "test_06")
    assert finished.status == 0, finished.output
    assert finished.facts["open"] == []
    assert not list(finished.report.glob(journal.PATTERN))


def test_what_not_even_the_guardian_could_do_is_done_by_release(tmp_path: Path) -> None:
    with EmbeddedSimulator(SLOW) as sim:
        left, env = _left_by_both(tmp_path, sim), clean_environment(tmp_path / "home", keys_of(sim))
        done = _release(left.parent, env)
        assert done.returncode == 0, done.stdout
        assert is_clean(sim)
        assert sim.options.key not in done.stdout
        assert _release(left.parent, env).stdout == "no run left anything that a journal knows of\n"


def test_release_sends_nothing_with_another_key(tmp_path: Path) -> None:
    with EmbeddedSimulator(SLOW) as sim:
        left = _left_by_both(tmp_path, sim)
        users = len(sim.world.live_users)
        done = _release(left.parent, clean_environment(tmp_path / "home", {"CONNECT_API_KEY": "another-key"}))
        assert done.returncode == 1
        assert "another key" in done.stdout
        assert len(sim.world.live_users) == users


def test_a_later_run_finishes_what_a_former_one_left(tmp_path: Path) -> None:
    with EmbeddedSimulator(SLOW) as sim:
        _left_by_both(tmp_path, sim)
        with running(tmp_path, sim, "-k", "test_02_users", report="second") as run:
            run.wait(60)
        assert open_sessions(sim) == []
        until(lambda: _all_settled(sim))
        with running(tmp_path, sim, "-k", "test_02_users", report="third") as run:
            run.wait(60)
        assert is_clean(sim), left_behind(sim)
    assert "FORMER_RUN_FINISHED" in (tmp_path / "second" / "evidence.json").read_text(encoding="utf-8")


def _left_by_both(tmp_path: Path, sim: EmbeddedSimulator) -> Path:
    """The report directory of a run that was killed together with its guardian while it charged."""
    with running(tmp_path, sim, *CHARGING) as run:
        until(lambda: len(open_sessions(sim)) >= 4)
        os.kill(run.pid, signal.SIGSTOP)  # else it would start another guardian
        for pid in guardians(run.pid):
            os.kill(pid, signal.SIGKILL)
        end(run, signal.SIGKILL)
    assert open_sessions(sim)
    return tmp_path / "report"


def _all_settled(sim: EmbeddedSimulator) -> bool:
    now = sim.world.clock.now()
    return all(now >= sim.dev.vcps.settled_at(session) for session in sim.world.sessions.values())


def _release(folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "golive", "release", str(folder)]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False)


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed in another way there")
