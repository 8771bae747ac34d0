"""Ctrl-C, a hang-up, the end of a CI job: the first ends the run, and none keeps the run from tidying up."""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING = b"\nEnding the run: what is open is stopped first, so that no session is left charging.\n"


_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Interrupts:
    """What becomes of SIGINT, SIGTERM and SIGHUP while the run is under way.

    The first one raises `KeyboardInterrupt`, but only where that is harmless: in the preflight and in a check's own
    code. Between checks, where it would break into other plugins' hooks, and during the clean-up it is kept in
    `seen`. Only the main thread can receive signals: begun in another one, nothing changes.
    """

    def __init__(self) -> None:
        self.seen = False
        self._raises = False
        self._in_force = False

    def begin(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self._before = {each: signal.signal(each, self._received) for each in _SIGNALS}
            self._in_force = True

    def end(self) -> None:
        if self._in_force:
            for each, before in self._before.items():
                signal.signal(each, before)
            self._in_force = False

    @contextmanager
    def raised(self) -> Iterator[None]:
        """Within, the first raises `KeyboardInterrupt`; so does one that came before, at once."""
        if self.seen:
            raise KeyboardInterrupt
        self._raises = True
        try:
            yield
        finally:
            self._raises = False

    def _received(self, _signal: int, _frame: FrameType | None) -> None:
        first, self.seen = not self.seen, True
        if first and self._raises:
            self._raises = False
            raise KeyboardInterrupt
        with contextlib.suppress(OSError):  # the terminal may be what has gone
            os.write(2, _ENDING)
