"""A listed virtual charging point, and how long to wait for what on it."""

import threading
from dataclasses import dataclass
from datetime import datetime

from golive import interrupts
from golive.clock import Deadline, WaitingClock
from golive.evidence.model import VcpType


@dataclass(frozen=True)
class Vcp:
    """One listed virtual charging point: its EVSE ID and its type."""

    evse_id: str
    type: VcpType

    @property
    def is_shared(self) -> bool:
        return self.type is VcpType.SHARED

    def __str__(self) -> str:
        return self.evse_id


@dataclass(frozen=True)
class Pace:
    """How patient the journeys are, all in seconds."""

    poll_interval: float
    cdr_timeout: float
    invoice_timeout: float
    busy_patience: float
    payment_timeout: float


class Cancelled(Exception):  # noqa: N818 - the run is ending: not an error of a journey
    """The run is being ended, so the journey walks no further."""


class StoppableClock:
    """A clock whose sleepers wake up, with `Cancelled`, as soon as the run ends."""

    def __init__(self, clock: WaitingClock) -> None:
        self._clock = clock
        self._ending = threading.Event()

    def cancel(self) -> None:
        self._ending.set()

    @property
    def cancelled(self) -> bool:
        return self._ending.is_set()

    def now(self) -> datetime:
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def go_on(self) -> None:
        """Raises `Cancelled` when the run is ending, in a check's own thread as Ctrl-C does: to be asked before
        anything is begun that holds a VCP."""
        interrupts.go_on()
        if self._ending.is_set():
            raise Cancelled

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass. Raises `Cancelled` when the run ends before or meanwhile."""
        if self._ending.is_set() or (seconds > 0 and self._clock.wait(self._ending, seconds)):
            raise Cancelled

    def deadline(self, seconds: float) -> Deadline:
        """A patience of `seconds` from now."""
        return self._clock.deadline(seconds)
