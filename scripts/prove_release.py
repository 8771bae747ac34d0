"""Kill runs with SIGKILL at points spread over their time: after at most 5 s no session may be open.

    python scripts/prove_release.py [--points N]

A simulated DEV serves in this process; each run is a process of its own, killed at its point together with nothing
else. Prints a line for each point and the sum; exits with 1 where a session stayed open for longer, or a user is left.
"""

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from golive.simulator import EmbeddedSimulator, SimulatorOptions  # noqa: E402
from tests.plugin.bench import open_sessions  # noqa: E402 - the tests are no installed package
from tests.safekeeping.killing import end, is_clean, running, until  # noqa: E402

BOUND_S = 5.0
USERS_S = 60.0
TICK = 0.3


def whole_run_s() -> float:
    """How long a run takes that nobody kills, in seconds."""
    with tempfile.TemporaryDirectory() as folder, EmbeddedSimulator(SimulatorOptions(tick=TICK)) as sim:
        began = time.monotonic()
        with running(Path(folder), sim) as run:
            run.wait()
        return time.monotonic() - began


def killed_at(after_s: float) -> tuple[int, float, bool]:
    """Sessions open when the run was killed, the seconds until none was, and whether users were removed as well."""
    with tempfile.TemporaryDirectory() as folder, EmbeddedSimulator(SimulatorOptions(tick=TICK)) as sim:
        with running(Path(folder), sim) as run:
            time.sleep(after_s)
            found = len(open_sessions(sim))
            end(run, signal.SIGKILL)
        try:
            took_s = until(lambda: not open_sessions(sim), 3 * BOUND_S)
            until(lambda: is_clean(sim), USERS_S)
        except TimeoutError:
            return found, float("inf") if open_sessions(sim) else 0.0, False
        return found, took_s, True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=50, metavar="N", help="how often a run is killed (default: 50)")
    points = parser.parse_args().points
    whole = whole_run_s()
    good = 0
    for number in range(points):
        at = whole * (number + 0.5) / points
        found, took_s, clean = killed_at(at)
        holds = took_s <= BOUND_S and clean
        good += holds
        said = f"killed after {at:5.1f} s: {found:2} open, none after {took_s:4.1f} s"
        print(said if holds else f"{said}  NOT AS PROMISED (users removed: {clean})", flush=True)
    print(f"{good} of {points} runs left nothing behind")
    return 0 if good == points else 1


if __name__ == "__main__":
    sys.exit(main())
