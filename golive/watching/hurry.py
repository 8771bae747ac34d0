"""The machine's clock for whoever may be told not to wait any longer."""

import threading

from golive.clock import Deadline, SystemClock


class Hurrying(SystemClock):
    """Once `hurry` is set, no pause takes any time and every patience is over."""

    def __init__(self, hurry: threading.Event) -> None:
        self._hurry = hurry

    def sleep(self, seconds: float) -> None:
        self.wait(self._hurry, seconds)

    def deadline(self, seconds: float) -> Deadline:
        return _Unless(self._hurry, super().deadline(seconds))


class _Unless:
    def __init__(self, hurry: threading.Event, deadline: Deadline) -> None:
        self._hurry = hurry
        self._deadline = deadline

    def has_passed(self) -> bool:
        return self._hurry.is_set() or self._deadline.has_passed()
