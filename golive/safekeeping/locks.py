"""Whether somebody still cares for a journal: a lock that ends with the process that holds it, however that ends."""

import sys
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

else:

    def hold(file: IO[Any]) -> None:
        """An open file cannot be removed here; nothing else tells of it."""

    def claim(file: IO[Any]) -> bool:  # noqa: ARG001
        """Whether a run is under way is not known here: whoever asks is believed to know that none is."""
        return True
