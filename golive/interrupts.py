"""Ctrl-C, a hang-up, the end of a CI job: the run ends where it waits, and none of them keeps it from tidying up."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_ENDING = b"\nEnding the run: what is open is stopped first, so that no session is left charging.\n"

_LOOK_S: Final = 0.1

INSISTING_S: Final = 1.0
"""A signal that comes this much later than the first is meant: somebody sees that the run does not end."""


def ending_signals() -> tuple[signal.Signals, ...]:
    """What ends a run. A hang-up does not where the process was told to ignore it, as `nohup` does."""
    there = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    return tuple(each for each in there if each.name != "SIGHUP" or signal.getsignal(each) is not signal.SIG_IGN)


class Interrupts:
    """What becomes of SIGINT, SIGTERM and SIGHUP while the run is under way.

    The first one is kept in `seen`, and the main thread's next look (`go_on`, or any wait of this module) raises
    `KeyboardInterrupt`, in the preflight and in a check's own code. Raised by the signal itself it could come up
    between any two instructions of any library, which may swallow it, or leave half done what it was about. A later
    signal does raise it at once, for code that does not look. Between checks, where it would break into other
    plugins' hooks, and during the clean-up none is raised. Only the main thread can receive signals: begun in another
    one, nothing changes.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.seen = False
        self._first = 0.0
        self._raises = False
        self._in_force = False
        self._monotonic = monotonic

    def begin(self) -> None:
        global _in_force
        if threading.current_thread() is threading.main_thread():
            self._before = {each: signal.signal(each, self._received) for each in ending_signals()}
            self._outer, _in_force = _in_force, self
            self._in_force = True

    def end(self) -> None:
        global _in_force
        if self._in_force:
            for each, before in self._before.items():
                signal.signal(each, before)
            _in_force = self._outer
            self._in_force = False

    @contextmanager
    def raised(self) -> Iterator[None]:
        """Within, the first raises `KeyboardInterrupt`, once; so does one that came before, at once."""
        if self.seen:
            raise KeyboardInterrupt
        self._raises = True
        try:
            yield
        finally:
            self._raises = False

    def look(self) -> None:
        """Raises `KeyboardInterrupt` where one has come, and may be raised, and has not been yet."""
        if self.seen and self._raises:
            self._raises = False
            raise KeyboardInterrupt

    def _received(self, _signal: int, _frame: FrameType | None) -> None:
        now = self._monotonic()
        if not self.seen:
            self.seen, self._first = True, now
        elif now - self._first >= INSISTING_S:
            self.look()
        with contextlib.suppress(OSError):  # the terminal may be what has gone
            os.write(2, _ENDING)


_in_force: Interrupts | None = None


def go_on() -> None:
    """Raises `KeyboardInterrupt` in the main thread of a run that is to end; to be asked in every loop that waits."""
    if _in_force is not None and threading.current_thread() is threading.main_thread():
        _in_force.look()


def until(done: threading.Event, seconds: float | None = None) -> bool:
    """Waits for `done`, for ever or that long. Returns whether it is set; raises as `go_on` does."""
    end = None if seconds is None else time.monotonic() + seconds
    while True:
        go_on()
        left = _LOOK_S if end is None else end - time.monotonic()
        if done.wait(max(0.0, min(left, _LOOK_S))):
            return True
        if end is not None and left <= _LOOK_S:
            return False


def until_ended(thread: threading.Thread, tick: Callable[[], None] | None = None) -> None:
    """Waits for the end of `thread`; `tick` is called now and then meanwhile. Raises as `go_on` and `tick` do."""
    while thread.is_alive():
        go_on()
        thread.join(_LOOK_S)
        if tick is not None:
            tick()
