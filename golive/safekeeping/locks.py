"""Whether somebody still cares for a journal: a lock that ends with the process that holds it, however that ends.

In a process that is forked from that one the file is closed; it should have nothing in a buffer.
"""

import contextlib
import os
import sys
from pathlib import Path
from typing import IO, Any
from weakref import WeakSet

if sys.platform != "win32":
    import fcntl

    _HELD: WeakSet[IO[Any]] = WeakSet()

    def _let_go() -> None:
        """A process that is forked has the lock, too, and would keep it when the one that cares is gone."""
        for file in list(_HELD):
            with contextlib.suppress(OSError):
                file.close()

    os.register_at_fork(after_in_child=_let_go)

    def hold(file: IO[Any]) -> None:
        """Care for the file until it is closed or this process is gone; several may do so at once."""
        fcntl.flock(file.fileno(), fcntl.LOCK_SH)
        _HELD.add(file)

    def claim(file: IO[Any]) -> bool:
        """Care for the file alone until it is closed. False where somebody cares for it already."""
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        _HELD.add(file)
        return True

    def sync_folder(folder: Path) -> None:
        """A file that was just made in it is there after a power cut, too."""
        with contextlib.suppress(OSError):  # some file systems cannot be asked for that
            number = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(number)
            finally:
                os.close(number)

else:

    def hold(file: IO[Any]) -> None:
        """An open file cannot be removed here; nothing else tells of it."""

    def claim(file: IO[Any]) -> bool:  # noqa: ARG001
        """Whether a run is under way is not known here: whoever asks is believed to know that none is."""
        return True

    def sync_folder(folder: Path) -> None:
        """Not possible here, and not needed."""
