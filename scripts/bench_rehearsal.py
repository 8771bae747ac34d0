"""How long a rehearsal takes, beside the shortest that it could take: ratios within one run, for noisy machines.

    python scripts/bench_rehearsal.py [--tick S]

Prints the wall-clock of a rehearsal with a slow tick and its ratio to the critical path (the slowest journey with its
driver's set-up; the bound is 1.25), the wall-clock of a default rehearsal, the time to collect, and for how long each
shared VCP was held. Exits with 1 where the ratio is above its bound or a run fails.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
BOUND = 1.25


def rehearse(*options: str) -> tuple[float, dict[str, Any]]:
    """Wall-clock seconds of the whole process, and the evidence."""
    with tempfile.TemporaryDirectory() as directory:
        began = time.monotonic()
        subprocess.run(  # noqa: S603 - our own command line
            [sys.executable, "-m", "pytest", "-q", f"--report-dir={directory}", *options],
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return time.monotonic() - began, json.loads((Path(directory) / "evidence.json").read_text(encoding="utf-8"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tick", default="2", metavar="S", help="seconds between progress messages (default: 2)")
    tick = parser.parse_args().tick

    began = time.monotonic()
    collect = [sys.executable, "-m", "pytest", "--collect-only", "-q"]
    subprocess.run(collect, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command line
    print(f"collect only                  {time.monotonic() - began:6.2f} s")

    process_s, evidence = rehearse()
    run = evidence["run"]
    print(f"default rehearsal             {process_s:6.2f} s  (run {run['wall_s']:.2f} s)")

    _, evidence = rehearse("--tick", tick)
    run = evidence["run"]
    ratio = run["wall_s"] / run["critical_path_s"]
    print(f"rehearsal with --tick {tick:<8}{run['wall_s']:6.2f} s")
    print(f"  its critical path           {run['critical_path_s']:6.2f} s")
    print(f"  ratio                       {ratio:6.2f}    (bound {BOUND})")
    for row in evidence["evses"]:
        if row["vcp_type"] == "shared":
            poll_s = run["options"]["poll_interval"]
            print(f"  {row['evse_id']:<26}held {row['held_s']:.2f} s (poll interval {poll_s} s)")
    return 0 if ratio <= BOUND else 1


if __name__ == "__main__":
    sys.exit(main())
