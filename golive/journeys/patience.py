"""Looking again and again for something that is to come: often at first, then less and less often."""

from typing import Final, Protocol

from golive.clock import Deadline

GROWTH: Final = 1.1
"""Each pause is a tenth longer than the one before. So whatever has come is seen after at most about a tenth more than
the time that it took, and a long wait takes few looks: 15 minutes on DEV take 64 instead of 180."""

LONGEST_PAUSE_S: Final = 15.0


class Waiting(Protocol):
    """A clock for whoever waits."""

    def sleep(self, seconds: float) -> None: ...

    def deadline(self, seconds: float) -> Deadline: ...


class Patience:
    """Begins when it is made and is over after `seconds`. Between two looks: ask `is_over`, then `pause`.

    The first pause takes `interval` seconds, and none is longer than the longer of it and `LONGEST_PAUSE_S`.
    """

    def __init__(self, clock: Waiting, seconds: float, *, interval: float) -> None:
        self._clock = clock
        self._deadline = clock.deadline(seconds)
        self._interval = self._next = interval

    def is_over(self) -> bool:
        """To be asked once after each look."""
        return self._deadline.has_passed()

    def pause(self) -> None:
        """Let time pass until the next look. Raises what the clock's `sleep` raises."""
        self._clock.sleep(self._next)
        self._next = max(self._interval, min(self._next * GROWTH, LONGEST_PAUSE_S))

    def begin_anew(self) -> None:
        """Something has changed, so that more may follow soon: the pauses are as short as at first."""
        self._next = self._interval
