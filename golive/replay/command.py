"""Judge a record again with the suites of this checkout, without network or keys: pytest --replay.

From any folder. Further arguments go to pytest, such as -k NAME or --pdb.
"""

import argparse
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The record, and what pytest is told beside it."""
    parser.add_argument("record", metavar="FILE", help="a bundle, a report directory or an evidence.json")
    parser.add_argument("pytest", nargs=argparse.REMAINDER, metavar="...", help="arguments for pytest")


def run(args: argparse.Namespace) -> int:
    """Run pytest; its exit status."""
    # `=` and the checkout's own folders: pytest would take a path of its own for the place of its configuration.
    command = [
        *(sys.executable, "-m", "pytest", "-c", str(CHECKOUT / "pyproject.toml"), f"--rootdir={CHECKOUT}"),
        *(f"--replay={Path(args.record).absolute()}", *args.pytest, str(CHECKOUT / "suites")),
    ]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - fixed but for what the caller typed
