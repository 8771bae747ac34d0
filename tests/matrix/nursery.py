"""Where the runs of the matrix come from: processes forked from one that has everything loaded already.

A third of a short run is the loading of modules. A fork server loads them once and is never used for anything else,
so each child begins alike; where there is none (Windows) each child loads them itself.
"""

import contextlib
import multiprocessing
import tempfile
from collections.abc import Sequence
from functools import cache
from multiprocessing.context import BaseContext
from pathlib import Path

from tests.matrix import child


@cache
def _context() -> BaseContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.matrix.preload"])
    return context


def run_child(pace: str, directory: str, names: Sequence[str], *, timeout_s: float) -> str:
    """Run the suites with these deviations in a process of their own. Returns what it said, and its exit status.

    Raises `TimeoutError` after `timeout_s` seconds; the process has ended by then.
    """
    with tempfile.TemporaryDirectory() as scratch:
        said = Path(scratch) / "said.txt"
        process = _context().Process(  # type: ignore[attr-defined]
            target=child.main, args=(pace, directory, tuple(names), str(said))
        )
        process.start()
        process.join(timeout_s)
        if process.is_alive():
            process.kill()
            process.join()
            raise TimeoutError(f"the suites did not end within {timeout_s:g} s: {' '.join(names)}")
        with contextlib.closing(process):
            words = said.read_text(encoding="utf-8") if said.exists() else ""
            return f"{words}\nexit status {process.exitcode}"
