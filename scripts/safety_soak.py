"""Rehearsals back to back against one simulator process, and what is left of them: for `scripts/prove_safety.py`."""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from golive.simulator.options import SIMULATOR_KEY, SIMULATOR_PUBLISHABLE_KEY
from tests.plugin.bench import BRISK
from tests.plugin.launch import ROOT, clean_environment, pytest_command
from tests.safekeeping.killing import is_alive, processes, until

MARK: Final = "SAFETY_SOAK"
TICK: Final = 0.1
PATIENCE_S: Final = 300.0
SETTLE_S: Final = 30.0


@dataclass(frozen=True)
class Counts:
    """What there is of what could be left."""

    users: int
    """Of the target; one with an unsettled session cannot be removed, so no session is left where no user is."""
    handles: int
    threads: int
    """Of the simulator's process."""
    processes: int
    """That the rehearsals started."""

    def __str__(self) -> str:
        return (
            f"{self.users} users (and so no session), {self.handles} handles and {self.threads} threads of the "
            f"simulator, {self.processes} processes"
        )


@dataclass(frozen=True)
class Soaked:
    """How many rehearsals came to their end as they should, and what was there before and after."""

    done: int
    wanted: int
    before: Counts
    after: Counts
    seconds: float

    @property
    def holds(self) -> bool:
        return self.done == self.wanted and self.after == self.before


def soak(rehearsals: int, tell: Callable[[str], None]) -> Soaked:
    """One rehearsal to warm up, and then so many: whatever is there after the first is there for good."""
    mark = f"{MARK}={uuid.uuid4().hex}"
    with _simulator() as (pid, url):
        done = _rehearse(url, mark)
        before = _settled(pid, url, mark, None)
        if not done:
            tell("the first rehearsal did not end as it should")
        began = time.monotonic()
        good = 0
        for number in range(1, rehearsals + 1):
            good += _rehearse(url, mark)
            if number % 10 == 0 or number == rehearsals:
                tell(f"{good} of {number} rehearsals: {_counted(pid, url, mark)}")
        seconds = time.monotonic() - began
        return Soaked(good, rehearsals, before, _settled(pid, url, mark, before), seconds)


@contextmanager
def _simulator() -> Iterator[tuple[int, str]]:
    command = [sys.executable, "-m", "golive.simulator", "--port", "0", "--tick", str(TICK)]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT)  # noqa: S603 - our own
        try:
            yield process.pid, _address(process, said.fileno())
        finally:
            process.terminate()
            process.wait()


def _address(process: "subprocess.Popen[bytes]", said: int) -> str:
    found: list[str] = []

    def told() -> bool:
        if process.poll() is not None:
            raise RuntimeError("the simulator has ended")
        words = os.pread(said, 10_000, 0).decode().split()
        found.extend(word.rstrip(".,") for word in words if word.startswith("http://127.0.0.1:"))
        return bool(found)

    until(told)
    return found[0]


def _rehearse(url: str, mark: str) -> bool:
    """Whether a rehearsal passes and leaves no journal, and no record that is not finished."""
    name, _, value = mark.partition("=")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report"
        done = subprocess.run(  # noqa: S603 - our own
            pytest_command("-q", f"--target={url}", f"--report-dir={report}", "--poll-interval=0.03", *BRISK),
            cwd=ROOT,
            env=clean_environment(
                Path(folder) / "home",
                {name: value, "CONNECT_API_KEY": SIMULATOR_KEY, "STRIPE_PUBLISHABLE_KEY": SIMULATOR_PUBLISHABLE_KEY},
            ),
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
        return done.returncode == 0 and not list(report.glob("*.jsonl"))


def _counted(pid: int, url: str, mark: str) -> Counts:
    return Counts(
        users=_users(url),
        handles=len(list(Path(f"/proc/{pid}/fd").iterdir())),
        threads=len(list(Path(f"/proc/{pid}/task").iterdir())),
        processes=len([each for each in processes(mark) if is_alive(each)]),
    )


def _settled(pid: int, url: str, mark: str, wanted: Counts | None) -> Counts:
    """The counts once they are as `wanted`, or two in a row are the same; connections take a moment to close."""
    over = time.monotonic() + SETTLE_S
    last = _counted(pid, url, mark)
    while time.monotonic() < over:
        time.sleep(1)
        now = _counted(pid, url, mark)
        if now == (last if wanted is None else wanted):
            return now
        last = now
    return last


def _users(url: str) -> int:
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{url}/api/v1/users/?page_size=1",
        headers={"Authorization": f"Bearer {SIMULATOR_KEY}", "Connection": "close"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
        return int(json.load(answer)["count"])
