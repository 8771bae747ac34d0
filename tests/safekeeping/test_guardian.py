"""Whatever ends a run, nothing stays charging: the guardian sees to it, or whoever comes after."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest
from pydantic import SecretStr

from golive.safekeeping import journal
from golive.safekeeping.guardian import Guardian
from golive.simulator import EmbeddedSimulator, SimulatorOptions
from tests.faults.passing import Rule, silence
from tests.faults.proxy import Proxy
from tests.faults.survival import NEW_USER
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


def test_a_network_that_is_cut_when_the_run_is_killed_is_waited_for(tmp_path: Path) -> None:
    with (
        EmbeddedSimulator(SLOW) as sim,
        Proxy(sim.url) as proxy,
        running(tmp_path, sim, *CHARGING, url=proxy.url, env={"STRIPE_API_BASE": sim.url}) as run,
    ):
        until(lambda: len(open_sessions(sim)) >= 4)
        proxy.cut(for_s=3)
        end(run, signal.SIGKILL)
        took_s = until(lambda: not open_sessions(sim))
        until(lambda: is_clean(sim))
    assert took_s <= 5


def test_a_start_that_was_on_its_way_is_stopped_when_its_session_shows_up(tmp_path: Path) -> None:
    with EmbeddedSimulator(SimulatorOptions(tick=0.4, start_delay=3.0)) as sim:
        with running(tmp_path, sim, *CHARGING) as run:
            until(lambda: any(user.start_in_flight for user in list(sim.world.users.values())))
            end(run, signal.SIGKILL)
        assert not sim.world.sessions, "the run was killed too late to prove anything"
        until(lambda: len(sim.world.sessions) > 0)
        until(lambda: not open_sessions(sim))
        until(lambda: is_clean(sim))


def test_a_run_that_is_halted_holds_no_shared_vcp_for_ever(tmp_path: Path) -> None:
    """The guardian stops what lasts longer than `--max-hold`, with a few seconds of grace for a run that is only slow;
    the run that goes on blames nobody."""
    shared = "DE*CIQ*EWBNHHLM82TLA*1"
    with EmbeddedSimulator(SLOW) as sim:
        with running(tmp_path, sim, "-k", "test_06", f"--evse={shared}", "--max-hold=3", poll_s=2) as run:
            until(lambda: shared in open_sessions(sim))
            os.kill(run.pid, signal.SIGSTOP)
            took_s = until(lambda: shared not in open_sessions(sim))
            os.kill(run.pid, signal.SIGCONT)
            run.wait(60)
        assert is_clean(sim), left_behind(sim)
    record = json.loads((tmp_path / "report" / "evidence.json").read_text(encoding="utf-8"))
    assert took_s <= 3 + 5 + 2
    assert [hold["cut"] for hold in record["aftermath"]["holds"]] == [True]
    assert "HELD_TOO_LONG" in [observation["code"] for observation in record["observations"]]
    assert {check["outcome"] for check in record["tests"]} <= {"passed", "inconclusive", "deselected"}


def test_a_guardian_that_dies_is_started_again_and_a_run_without_one_says_so(tmp_path: Path) -> None:
    with EmbeddedSimulator(SLOW) as sim:
        with running(tmp_path, sim, "-k", "test_06") as run:
            first = _guardian_other_than(run, ())
            os.kill(first, signal.SIGKILL)
            second = _guardian_other_than(run, (first,))
            os.kill(second, signal.SIGKILL)
            assert run.wait(60) == 0
        assert is_clean(sim), left_behind(sim)
    record = json.loads((tmp_path / "report" / "evidence.json").read_text(encoding="utf-8"))
    (said,) = (each["message"] for each in record["observations"] if each["code"] == "UNGUARDED")
    assert "it ended with status -9" in said


def _guardian_other_than(run: subprocess.Popen[bytes], known: Collection[int]) -> int:
    until(lambda: bool(set(guardians(run.pid)) - set(known)))
    (found,) = set(guardians(run.pid)) - set(known)
    return found


@pytest.mark.parametrize(("executable", "why"), [("/nowhere/python", "cannot be started"), ("false", "ended with")])
def test_a_guardian_that_cannot_be_started_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, executable: str, why: str
) -> None:
    monkeypatch.setattr("golive.safekeeping.guardian.sys.executable", shutil.which(executable) or executable)
    lost: list[str] = []
    guardian = Guardian(tmp_path / "journal", SecretStr("key"), lost=lost.append)
    guardian.await_ready()
    guardian.over()
    assert len(lost) == 1
    assert why in lost[0]


def test_the_key_is_in_no_list_of_processes_and_no_environment(tmp_path: Path) -> None:
    with EmbeddedSimulator(SLOW) as sim, running(tmp_path, sim, "-k", "test_02") as run:
        pid = _guardian_other_than(run, ())
        shown = Path(f"/proc/{pid}/cmdline").read_bytes() + Path(f"/proc/{pid}/environ").read_bytes()
        assert sim.options.key.encode() not in shown
        assert sim.options.publishable_key.encode() not in shown
        run.wait(60)


def test_a_guardian_is_not_ended_by_what_ends_its_run(tmp_path: Path) -> None:
    with EmbeddedSimulator(SLOW) as sim:
        with running(tmp_path, sim, *CHARGING) as run:
            until(lambda: len(open_sessions(sim)) >= 4)
            (guardian,) = guardians(run.pid)
            assert os.getsid(guardian) != os.getsid(run.pid)
            for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                os.kill(guardian, name)
            end(run, signal.SIGKILL)
        until(lambda: is_clean(sim))


def test_what_not_even_the_guardian_could_do_is_done_by_release(tmp_path: Path) -> None:
    with EmbeddedSimulator(SLOW) as sim:
        left, env = _left_by_both(tmp_path, sim), clean_environment(tmp_path / "home", keys_of(sim))
        (written,) = left.glob(journal.PATTERN)
        assert sim.options.key not in written.read_text(encoding="utf-8")
        done = _release(left.parent, env)
        assert done.returncode == 0, done.stdout
        assert is_clean(sim)
        assert sim.options.key not in done.stdout
        assert _release(left.parent, env).stdout == "no run left anything that a journal knows of\n"


def test_a_user_whose_creation_was_never_answered_is_removed_by_release(tmp_path: Path) -> None:
    with (
        EmbeddedSimulator(SLOW) as sim,
        Proxy(sim.url, Rule(silence, NEW_USER)) as proxy,
        running(tmp_path, sim, "-k", "test_02", url=proxy.url, env={"STRIPE_API_BASE": sim.url}) as run,
    ):
        until(lambda: bool(sim.world.live_users))
        _kill_both(run)
        done = _release(tmp_path, clean_environment(tmp_path / "home", keys_of(sim)))
        assert done.returncode == 0, done.stdout
        assert is_clean(sim)


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
        said = " ".join((tmp_path / "said.txt").read_text(encoding="utf-8").split())
        assert "had ended before it could tidy up: " in said
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
        _kill_both(run)
    assert open_sessions(sim)
    return tmp_path / "report"


def _kill_both(run: subprocess.Popen[bytes]) -> None:
    os.kill(run.pid, signal.SIGSTOP)  # else it would start another guardian
    for pid in guardians(run.pid):
        os.kill(pid, signal.SIGKILL)
    end(run, signal.SIGKILL)


def _all_settled(sim: EmbeddedSimulator) -> bool:
    now = sim.world.clock.now()
    return all(now >= sim.dev.vcps.settled_at(session) for session in sim.world.sessions.values())


def _release(folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "golive", "release", str(folder)]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False)


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
