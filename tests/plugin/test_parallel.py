"""Two runs at once, from one checkout and against one target, do not come into each other's way."""

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from golive.bundle.looks import Result
from golive.bundle.verify import verify
from golive.simulator import EmbeddedSimulator, SimulatorOptions
from tests.plugin.bench import BRISK, TICK, keys_of, left_behind
from tests.plugin.launch import PATIENCE_S, ROOT, Finished, clean_environment, pytest_command, run_pytest
from tests.plugin.mini import PASSES, make_project
from tests.safekeeping.killing import until


def at_once(directory: Path, count: int, *args: str, cwd: Path, env: dict[str, str], own: bool) -> list[Finished]:
    """So many runs with the same arguments, begun together; `own`: each is told where its report goes."""
    begun = []
    for number in range(count):
        each = directory / f"run{number}"
        where = (f"--report-dir={each / 'report'}",) if own else ()
        process = subprocess.Popen(
            pytest_command(*where, *args),
            cwd=cwd,
            env=clean_environment(each / "home", env),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        begun.append((process, each))
    try:
        said = [process.communicate(timeout=PATIENCE_S) for process, _ in begun]
    finally:
        for process, _ in begun:
            if process.poll() is None:
                process.kill()
                process.wait()
    return [Finished(process.returncode, *out, str(each)) for (process, each), out in zip(begun, said, strict=True)]


def test_two_whole_runs_against_one_target_come_to_what_each_comes_to_alone(tmp_path: Path) -> None:
    """They share the listed VCPs: one waits while the other charges."""
    with EmbeddedSimulator(SimulatorOptions(tick=TICK)) as sim:
        args = (f"--target={sim.url}", "--poll-interval=0.02", "--busy-patience=60", *BRISK)
        runs = at_once(tmp_path, 2, *args, cwd=ROOT, env=keys_of(sim), own=True)
        left = left_behind(sim)
    for finished in runs:
        assert finished.status == 0, finished.output[-3000:]
        assert set(finished.outcomes()) == {"passed"}
        assert finished.evidence["run"]["complete"]
        assert [o for o in finished.evidence["observations"] if o["code"] == "FORMER_RUN_FINISHED"] == []
    first, second = (run.evidence for run in runs)
    assert first["run"]["id"] != second["run"]["id"]
    assert first["run"]["seed"] == second["run"]["seed"]
    assert users_of(first).isdisjoint(users_of(second))
    assert (left["users"], left["open"]) == (0, [])


HOLDS = '''
    import os

    @requirement("DEV-USERS")
    def test_holds(looked):
        """It lasts until it is told to end."""
        open(os.environ["CANARY_READY"], "w").close()
        with open(os.environ["CANARY_HOLD"], "rb", buffering=0) as hold:
            hold.read()
'''


def test_a_directory_that_a_run_is_writing_to_is_refused_to_another(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", test_01_sample=HOLDS)
    ready, hold = tmp_path / "ready", tmp_path / "hold"
    os.mkfifo(hold)
    env = {"CANARY_READY": str(ready), "CANARY_HOLD": str(hold)}
    with subprocess.Popen(
        pytest_command(f"--report-dir={tmp_path / 'report'}"),
        cwd=project,
        env=clean_environment(tmp_path / "home", env),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as first:
        try:
            until(ready.exists)
            with hold.open("wb"):  # from here to its end the first run is in its check
                second = run_pytest(tmp_path, cwd=project, env=env)
            said, _ = first.communicate(timeout=PATIENCE_S)
        finally:
            first.kill()
    assert second.status == 4, second.output
    assert "ERROR: --report-dir: another run is writing there; give each run a directory of its own" in second.output
    assert first.returncode == 0, said
    again = run_pytest(tmp_path, "-k", "nothing_of_that_name", cwd=project)
    assert again.status == 5
    assert not (tmp_path / "report" / ".running").exists()
    assert (tmp_path / "report" / "evidence.json").exists()


def users_of(evidence: dict[str, object]) -> set[str]:
    """The users that a run's exchanges name."""
    exchanges = evidence["exchanges"]
    assert isinstance(exchanges, list)
    paths = [e["request"]["url"].partition("/users/")[2] for e in exchanges if "/users/" in e["request"]["url"]]
    found = {path.partition("/")[0] for path in paths if "/" in path}
    return {id_ for id_ in found if len(id_) == 36 and not id_.startswith("00000000")}


def test_runs_of_one_second_and_one_seed_have_directories_of_their_own(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", test_01_sample=PASSES)
    runs = at_once(tmp_path, 4, "--seed=7", cwd=project, env={}, own=False)
    assert [finished.status for finished in runs] == [0] * 4, runs[0].output
    folders = sorted((project / "reports" / "runs").iterdir())
    assert len(folders) == 4
    for folder in folders:
        (bundle,) = folder.glob("golive-*.zip")
        differing = [
            look
            for look in verify(bundle, now=datetime.now(UTC) + timedelta(minutes=1)).looks
            if look.result is Result.DIFFERS
        ]
        assert differing == []
        assert (folder / "evidence.json").read_text(encoding="utf-8").count(folder.name) >= 1
        assert not list(folder.glob("*.partial"))
