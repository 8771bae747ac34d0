"""Several errors to be provoked, one after the other: each is armed when the one before it has been met."""

import threading
from collections.abc import Sequence

from golive.gateway import Gateway, Handle, Provocation


class InTurn:
    """The provocations of one watching; `handles` are those that were armed, in order."""

    def __init__(self, provocations: Sequence[Provocation]) -> None:
        self._waiting = list(provocations)
        self._lock = threading.Lock()
        self.handles: list[Handle] = []

    @property
    def never_armed(self) -> tuple[Provocation, ...]:
        """Those that had to wait until the end."""
        return tuple(self._waiting)

    def go_on(self, gateway: Gateway) -> Provocation | None:
        """Arm the next one where none is armed any more; returns it."""
        with self._lock:
            if not self._waiting or (self.handles and not self.handles[-1].over.is_set()):
                return None
            provocation = self._waiting.pop(0)
            self.handles.append(gateway.provoke(provocation.name))
            return provocation
