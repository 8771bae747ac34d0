"""The partner's code, called in a thread of its own: it may not come back, and the run has to go on."""

import queue
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

LEFT_BEHIND_S: Final = 30.0
"""Seconds that a call is given once the run is ending: a charge that is just beginning can then still be stopped."""
_TICK_S: Final = 0.1
HERE: Final = __file__

_T = TypeVar("_T")


class Stuck(Exception):  # noqa: N818 - what the partner's code is
    """A call did not come back in time. It is left behind in its thread, which ends with the process."""


@dataclass
class _Job:
    call: Callable[[], Any]
    done: threading.Event = field(default_factory=threading.Event)
    given: Any = None
    fault: BaseException | None = None

    def run(self) -> None:
        try:
            self.given = self.call()
        except BaseException as fault:  # whatever the partner's code raises, also where it wants to end the process
            self.fault = fault
        finally:
            self.done.set()


def _work(jobs: "queue.SimpleQueue[_Job | None]") -> None:
    while (job := jobs.get()) is not None:
        job.run()
        del job


class Hands:
    """Makes one call after the other, all of them in one thread: what drives a browser often asks for that. Each has
    `patience_s` seconds, and no more than `LEFT_BEHIND_S` once `ended` says that the run is ending."""

    def __init__(self, patience_s: float, ended: Callable[[], bool] = lambda: False) -> None:
        self._patience_s = patience_s
        self._ended = ended
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._is_stuck = False

    def do(self, call: Callable[[], _T]) -> _T:
        """What `call` gives. Raises what it raises, and `Stuck`."""
        if self._is_stuck:
            raise Stuck("has not come back from an earlier call")
        if self._thread is None:
            self._thread = threading.Thread(target=_work, args=(self._jobs,), name="adapter", daemon=True)
            self._thread.start()
            weakref.finalize(self, self._jobs.put, None)
        job = _Job(call)
        self._jobs.put(job)
        self._await(job)
        if job.fault is not None:
            raise job.fault
        return job.given  # type: ignore[no-any-return]

    def _await(self, job: _Job) -> None:
        until = time.monotonic() + self._patience_s
        left_behind: float | None = None
        while not job.done.wait(_TICK_S):
            now = time.monotonic()
            if left_behind is None and self._ended():
                left_behind = now + LEFT_BEHIND_S
            if now >= until or (left_behind is not None and now >= left_behind):
                self._is_stuck = True
                within = f"within {self._patience_s:g} s" if now >= until else "when the run was ended"
                raise Stuck(f"did not come back {within}")
