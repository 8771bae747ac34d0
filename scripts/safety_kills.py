"""Runs that are killed with SIGKILL, and how long their sessions stay open: for `scripts/prove_safety.py`."""

import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

from golive.evidence import partial
from golive.safekeeping import journal
from golive.simulator import EmbeddedSimulator, SimulatorOptions
from tests.faults.proxy import Proxy
from tests.plugin.bench import open_sessions
from tests.safekeeping.killing import end, guardians, is_alive, is_clean, running, until

BOUND_S: Final = 5.0
CUT_S: Final = 3.0
USERS_S: Final = 90.0
GUARDIAN_S: Final = 20.0
QUIET_S: Final = 0.3
"""So long nothing may be open, or on its way, before that is believed."""
OPTIONS: Final = SimulatorOptions(tick=0.25, start_delay=0.4)
"""Charges last a few seconds, and a start is on its way for long enough to be met there."""
_BRIEF: Final = "--start-timeout=8"
"""So long a start without an answer is looked for, before its user is removed."""
_FILES: Final = {"journal": journal.PATTERN, "record": partial.NAME}
_NEARLY: Final = 0.97
"""The last lines of a run are written in a moment, and not every run writes as many."""
STATES: Final = ("making", "made", "starting", "began", "closed", "removed")


@dataclass(frozen=True)
class Point:
    """When a run is killed: as soon as this file of its report has so many lines."""

    file: Literal["journal", "record"]
    line: int

    def __str__(self) -> str:
        return f"line {self.line} of the {self.file}"


@dataclass
class Killed:
    """What came of one kill."""

    point: Point
    states: tuple[str, ...] = ()
    open_then: int = 0
    open_for_s: float = 0.0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        said = (
            f"killed at {self.point}: {self.open_then} open or on their way, none after {self.open_for_s:.1f} s"
            f" ({', '.join(self.states) or 'nothing begun'})"
        )
        return f"{said}  NOT AS PROMISED: {'; '.join(self.faults)}" if self.faults else said


def measured() -> dict[str, int]:
    """How many lines a run that nobody kills writes into its journal, and into the record that it makes on its way."""
    most = dict.fromkeys(_FILES, 0)
    with (
        tempfile.TemporaryDirectory() as folder,
        EmbeddedSimulator(OPTIONS) as sim,
        running(Path(folder), sim, _BRIEF) as run,
    ):
        while run.poll() is None:
            most = {file: max(lines, len(_lines(Path(folder), file))) for file, lines in most.items()}
            time.sleep(0.01)
    return most


def points(number: int, lines: Mapping[str, int]) -> list[Point]:
    """Half of them spread over what a run asks and checks, half over what it begins and ends."""
    by_record = number // 2
    spread: list[tuple[Literal["journal", "record"], int]] = [("record", by_record), ("journal", number - by_record)]
    return [
        Point(file, 1 + round(_NEARLY * (lines[file] - 1) * (at + 0.5) / parts))
        for file, parts in spread
        for at in range(parts)
    ]


def kill_at(places: Sequence[Point], *, cut: bool, at_once: int) -> Iterator[Killed]:
    """Kill a run at each of these points, so many at the same time; `cut`: the network goes with it, for a while."""
    with ThreadPoolExecutor(at_once) as pool:
        yield from pool.map(lambda point: _killed(point, cut), places)


def _killed(point: Point, cut: bool) -> Killed:
    """A run that ends before it comes to this point is no proof: another is killed earlier."""
    found = _tried(point, cut)
    while found is None:
        point = replace(point, line=point.line * 9 // 10)
        found = _tried(point, cut)
    return found


def _tried(point: Point, cut: bool) -> Killed | None:
    found = Killed(point)
    with (
        tempfile.TemporaryDirectory() as folder,
        EmbeddedSimulator(OPTIONS) as sim,
        Proxy(sim.url) if cut else nullcontext() as proxy,
        running(Path(folder), sim, _BRIEF, url=proxy.url if proxy else None, env={"STRIPE_API_BASE": sim.url}) as run,
    ):
        _await(point, run, Path(folder))
        watching = guardians(run.pid)
        if proxy is not None:
            proxy.cut(for_s=CUT_S)
        end(run, signal.SIGKILL)
        if run.returncode != -signal.SIGKILL:
            return None
        found.states = states(_lines(Path(folder), "journal"))
        found.open_then = _under_way(sim)
        found.open_for_s = _until_quiet(sim)
        if found.open_for_s > BOUND_S:
            found.faults.append(f"open for longer than {BOUND_S:g} s")
        for what, holds, patience_s in (
            ("users are left", lambda: is_clean(sim), USERS_S),
            ("the guardian is still there", lambda: not any(map(is_alive, watching)), GUARDIAN_S),
        ):
            try:
                until(holds, patience_s)
            except TimeoutError:
                found.faults.append(what)
    return found


def _await(point: Point, run: "subprocess.Popen[bytes]", folder: Path) -> None:
    while run.poll() is None and len(_lines(folder, point.file)) < point.line:
        time.sleep(0.005)


def _under_way(sim: EmbeddedSimulator) -> int:
    return len(open_sessions(sim)) + sum(user.start_in_flight for user in list(sim.world.users.values()))


def _until_quiet(sim: EmbeddedSimulator) -> float:
    """Seconds from now after which nothing was open or on its way any more."""
    began = last = time.monotonic()
    while time.monotonic() - last < QUIET_S and time.monotonic() - began < 4 * BOUND_S:
        if _under_way(sim):
            last = time.monotonic()
        time.sleep(0.02)
    return last - began


def _lines(folder: Path, file: str) -> list[bytes]:
    """The file's lines but for its header; none where the run has ended well."""
    found = list((folder / "report").glob(_FILES[file]))
    try:
        return found[0].read_bytes().splitlines()[1:] if found else []
    except OSError:
        return []


def states(lines: Sequence[bytes]) -> tuple[str, ...]:
    """What the journal knew of when the run was killed: users that were asked for, made or removed, starts that were on
    their way, sessions that were open or had ended."""
    seen = Counter(next((state for state in STATES if f'"{state}"'.encode() in line), "") for line in lines)
    there = {
        "making": bool(_told(lines).asked),
        "made": seen["made"] > seen["removed"],
        "starting": _is_starting(lines),
        "began": seen["began"] > 0 and _is_open(lines),
        "closed": seen["closed"] > 0,
        "removed": seen["removed"] > 0,
    }
    return tuple(state for state in STATES if there[state])


def _is_starting(lines: Sequence[bytes]) -> bool:
    told = _told(lines)
    return any(begun.session_id is None and not begun.refused for begun in told.begun.values())


def _is_open(lines: Sequence[bytes]) -> bool:
    return any(begun.session_id is not None for begun in _told(lines).begun.values())


def _told(lines: Sequence[bytes]) -> journal.Told:
    head = b'{"run": {"run_id": "", "url": "", "key_fingerprint": ""}}'
    return journal.said([head, *lines]) or journal.Told(journal.Header("", "", ""))
