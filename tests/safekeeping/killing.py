"""Runs that are killed, and what is left of them on the simulator."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from golive.simulator import EmbeddedSimulator
from tests.plugin.bench import BRISK, keys_of, open_sessions
from tests.plugin.launch import ROOT, clean_environment, pytest_command

PATIENCE_S = 60.0


@contextmanager
def running(
    directory: Path,
    sim: EmbeddedSimulator,
    *args: str,
    report: str = "report",
    env: Mapping[str, str] = MappingProxyType({}),
    url: str | None = None,
    poll_s: float = 0.05,
) -> Iterator[subprocess.Popen[bytes]]:
    """A run against `sim` in a process of its own, which is killed at the end where it is still there; `url` is the way
    to the simulator, where that is not the straight one."""
    directory.mkdir(parents=True, exist_ok=True)
    command = pytest_command(
        f"--target={url or sim.url}", f"--poll-interval={poll_s}", f"--report-dir={directory / report}"
    )
    with (directory / "said.txt").open("wb") as said:
        process = subprocess.Popen(
            [*command, *BRISK, *args],
            cwd=ROOT,
            env=clean_environment(directory / "home", {**keys_of(sim), **env}),
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()


def until(what: Callable[[], bool], patience_s: float = PATIENCE_S) -> float:
    """Wait for `what`. Returns the seconds that it took; raises `TimeoutError` where it does not come about."""
    began = time.monotonic()
    while not what():
        if time.monotonic() - began > patience_s:
            raise TimeoutError(f"not within {patience_s:g} s")
        time.sleep(0.02)
    return time.monotonic() - began


def is_clean(sim: EmbeddedSimulator) -> bool:
    """No session is open and no user is left."""
    return not open_sessions(sim) and not sim.world.live_users


def guardians(parent: int) -> list[int]:
    """The guardians of this run."""
    return [
        pid
        for pid in processes()
        if _parent(pid) == parent and b"golive.safekeeping.watching" in _shown(pid, "cmdline")
    ]


def processes(mark: str = "") -> list[int]:
    """All processes that live, or those that have `mark` in their environment."""
    pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]
    return [pid for pid in pids if mark.encode() in _shown(pid, "environ") and is_alive(pid)]


def is_alive(pid: int) -> bool:
    """Whether the process is there and has not ended; one that nobody has waited for is no process any more."""
    stat = _shown(pid, "stat")
    return bool(stat) and stat.rpartition(b")")[2].split()[0] != b"Z"


def _parent(pid: int) -> int:
    return int((_shown(pid, "stat").rpartition(b")")[2].split() or [b"0", b"0"])[1])


def _shown(pid: int, what: str) -> bytes:
    """Empty for a process that has gone, or is somebody else's."""
    try:
        return Path(f"/proc/{pid}/{what}").read_bytes()
    except OSError:
        return b""


def end(process: subprocess.Popen[bytes], signal_: signal.Signals) -> None:
    """End the run by this signal, and wait until it is gone."""
    process.send_signal(signal_)
    process.wait(PATIENCE_S)
