"""The guardian's own process. It waits beside the run; when the run is gone without having said that it is over, it
stops what the run's journal says is open, and removes what the run made. While the run is there but hangs, it stops
what lasts too long on a shared VCP.

    python -m golive.safekeeping.watching

Its orders come over its standard input, the key among them, which is therefore in no list of processes and no
environment. That input ends when the run does, however it ends. A process that the run forked may keep it open; so the
run counts as ended, too, when it is not the parent of this process any more.
"""

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Final

for _name in ("SIGINT", "SIGHUP", "SIGTERM"):  # before all that takes time to load
    if __name__ == "__main__" and hasattr(signal, _name):
        signal.signal(getattr(signal, _name), signal.SIG_IGN)

READY: Final = b"ready\n"
OVER: Final = b"over\n"
LOOK_S: Final = 0.5
"""Between two looks at the journal of a run that is there."""


class _Run:
    """What the run says: nothing, until it is over or gone."""

    def __init__(self) -> None:
        self._said = threading.Event()
        self.is_over = False
        self._parent = os.getppid()
        self.orders = sys.stdin.buffer.readline()
        threading.Thread(target=self._listen, name="run", daemon=True).start()

    def _listen(self) -> None:
        self.is_over = sys.stdin.buffer.readline() == OVER
        self._said.set()

    def lasts(self, seconds: float) -> bool:
        """Wait so long, or until the run has ended. Returns whether it has not."""
        return not self._said.wait(seconds) and os.getppid() == self._parent


def main() -> int:
    """Wait for the run's end; 0 where nothing is left, 1 where something is, 2 without orders."""
    run = _Run()
    try:
        orders = json.loads(run.orders)
        path, key = Path(orders["journal"]), str(orders["key"])
    except (ValueError, LookupError, TypeError):
        return 2
    return _guard(run, path, key)


def _guard(run: _Run, path: Path, key: str) -> int:
    from pydantic import SecretStr

    from golive.safekeeping import journal, locks
    from golive.safekeeping.finishing import Finisher
    from golive.safekeeping.overdue import Overdue

    with path.open("r+b", buffering=0) as file:
        locks.hold(file)
        told = journal.read(path)
        if told is None:
            return 2
        finisher = Finisher(told.header, SecretStr(key), file, actor="guardian")
        try:
            _say_ready()
            overdue = Overdue(path, finisher)
            while run.lasts(LOOK_S):
                overdue.look()
            told = None if run.is_over else journal.read(path)
            if told is None:
                return 0
            seconds = told.header.guarded_s
            return 1 if finisher.finish(told, until_s=seconds, users_s=seconds).left else 0
        finally:
            finisher.close()


def _say_ready() -> None:
    try:
        os.write(1, READY)
    except OSError:
        return  # the run is gone already
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


if __name__ == "__main__":
    sys.exit(main())
