"""Whether somebody still cares for a journal: a lock that ends with the process that holds it, however that ends."""

import contextlib
import os
import sys
from pathlib import Path
from typing import IO, Any

if sys.platform != "win32":
    import fcntl

    def hold(file: IO[Any]) -> None:
        """Care for the file until it is closed or this process is gone; several may do so at once."""
        fcntl.flock(file.fileno(), fcntl.LOCK_SH)

    def claim(file: IO[Any]) -> bool:
        """Care for the file alone until it is closed. False where somebody cares for it already."""
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
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
