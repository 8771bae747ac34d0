"""Ctrl-C, once and again: the first ends the run, and none after it keeps the run from tidying up."""

import os
import signal
import threading
from types import FrameType

_STILL = b"\nStill stopping what is open; this is not cut short, so that no session is left charging.\n"


class OneInterrupt:
    """While in force, the first SIGINT raises `KeyboardInterrupt` and any further one only says that it was seen.

    Only the main thread can receive signals: begun in another one, nothing changes.
    """

    def __init__(self) -> None:
        self._in_force = False

    def begin(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._first)
            self._in_force = True

    def end(self) -> None:
        if self._in_force:
            signal.signal(signal.SIGINT, self._before)
            self._in_force = False

    @staticmethod
    def _first(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, OneInterrupt._again)
        raise KeyboardInterrupt

    @staticmethod
    def _again(_signal: int, _frame: FrameType | None) -> None:
        os.write(2, _STILL)
