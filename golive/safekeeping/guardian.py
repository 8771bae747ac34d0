"""A small process that outlives the run: when the run is gone without having said that it is over, it stops what the
run's journal says is open, and removes what the run made.

    python -m golive.safekeeping.guardian

It is started by the run, in a session of its own, so that what ends the run (Ctrl-C, a hang-up, the end of a CI job's
process group) does not end it too. Its orders come over its standard input, the key among them, which is therefore
in no list of processes and no environment. That input ends when the run does, however it ends.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from golive.safekeeping import locks

_OVER: Final = b"over\n"


class Guardian:
    """The run's side of it."""

    def __init__(self, path: Path, key: SecretStr) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "golive.safekeeping.guardian"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=_without_settings(),
        )
        self._say(json.dumps({"journal": str(path.resolve()), "key": key.get_secret_value()}).encode() + b"\n")

    def is_there(self) -> bool:
        """Whether the process is still alive."""
        return self._process.poll() is None

    def over(self) -> None:
        """The run is over and has tidied up as far as it could; the guardian goes."""
        self._say(_OVER)
        with contextlib.suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)

    def _say(self, words: bytes) -> None:
        with contextlib.suppress(OSError):  # a guardian that is gone cannot be told
            if self._process.stdin is not None:
                self._process.stdin.write(words)
                self._process.stdin.flush()


def _without_settings() -> dict[str, str]:
    ours = ("CONNECT_", "STRIPE_", "GOLIVE_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def main() -> int:
    """Wait for the run's end; 0 where nothing is left, 1 where something is, 2 without orders."""
    for name in ("SIGINT", "SIGHUP", "SIGTERM"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    try:
        orders = json.loads(sys.stdin.buffer.readline())
        path, key = Path(orders["journal"]), SecretStr(orders["key"])
    except (ValueError, LookupError, TypeError):
        return 2
    with path.open("ab") as file:
        locks.hold(file)
        from golive.safekeeping.finishing import finish  # what it needs is loaded now, while there is time

        if sys.stdin.buffer.readline() == _OVER:
            return 0
        released = finish(path, key, file=file, actor="guardian")
    return 0 if released is None or not released.left else 1


if __name__ == "__main__":
    sys.exit(main())
