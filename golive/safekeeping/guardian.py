"""The run's side of its guardian: a small process that outlives the run (`golive.safekeeping.watching`).

It is started in a session of its own, so that what ends the run (Ctrl-C, a hang-up, the end of a CI job's process
group) does not end it too.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from golive.safekeeping.watching import OVER, READY

READY_S: Final = 15.0
"""How long a first start waits for a guardian that is still loading."""
STARTS: Final = 2
"""A guardian that ends while its run is under way is started once more."""

_ROOT: Final = Path(__file__).parents[2]


class Guardian:
    """Starts the process and keeps an eye on it; `lost` is told why there is none, where there is none for good."""

    def __init__(self, path: Path, key: SecretStr, *, lost: Callable[[str], None]) -> None:
        self._orders = json.dumps({"journal": str(path.resolve()), "key": key.get_secret_value()}).encode() + b"\n"
        self._lost = lost
        self._settled = threading.Event()  # it is ready, or there is none
        self._lock = threading.Lock()
        self._ending = False
        self._process: subprocess.Popen[bytes] | None = None
        self._watch = threading.Thread(target=self._keep, name="guardian", daemon=True)
        self._watch.start()

    @property
    def pid(self) -> int | None:
        """The process, None where there is none."""
        process = self._process
        return None if process is None or process.poll() is not None else process.pid

    def await_ready(self) -> None:
        """Return once the guardian has all that it needs loaded, or there is none."""
        self._settled.wait(READY_S)

    def over(self) -> None:
        """The run is over and has left nothing; the guardian goes."""
        self._end(OVER)
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
        self._watch.join(10)

    def hand_over(self) -> None:
        """The run is over and has left something; the guardian begins."""
        self._end(b"")

    # -- its life --------------------------------------------------------------------------------------------

    def _keep(self) -> None:
        """Runs in a thread of its own for as long as the run does."""
        why = ""
        for _ in range(STARTS):
            try:
                process = self._start()
            except OSError as fault:
                why = f"it cannot be started ({fault})"
                continue
            if process is None:
                return
            if process.stdout is not None:
                with process.stdout:
                    if process.stdout.readline() == READY:
                        self._settled.set()
            status = process.wait()
            with self._lock:
                _close(process)
                if self._ending:
                    return
            why = f"it ended with status {status}"
        self._settled.set()
        self._lost(why)

    def _start(self) -> "subprocess.Popen[bytes] | None":
        with self._lock:
            if self._ending:
                return None
            self._process = process = subprocess.Popen(
                [sys.executable, "-m", "golive.safekeeping.watching"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                cwd=_ROOT,  # so that it finds this package, wherever the run was started, and keeps no folder in use
                env=_without_settings(),
            )
            self._say(self._orders, process)
            return process

    def _end(self, words: bytes) -> None:
        with self._lock:
            self._ending = True
            process = self._process
            if process is not None:
                self._say(words, process)
                _close(process)

    @staticmethod
    def _say(words: bytes, process: "subprocess.Popen[bytes]") -> None:
        with contextlib.suppress(OSError, ValueError):  # a guardian that is gone cannot be told
            if process.stdin is not None:
                process.stdin.write(words)
                process.stdin.flush()


def _close(process: "subprocess.Popen[bytes]") -> None:
    """It is told nothing more; what is on its way to one that is gone does not matter."""
    with contextlib.suppress(OSError):
        if process.stdin is not None:
            process.stdin.close()


def _without_settings() -> dict[str, str]:
    ours = ("CONNECT_", "STRIPE_", "GOLIVE_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}
