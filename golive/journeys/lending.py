"""Which prepared user a journey gets, each lent to one journey at a time."""

import queue
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Protocol

Prepared = tuple[str, str]
"""User id and payment method id."""

_LOOK_S: Final = 0.2
"""How often whoever waits for a user asks whether the run is still on."""


class Lending(Protocol):
    """The prepared users of a run; safe to use from several threads."""

    def take(self, name: str, go_on: Callable[[], None]) -> Prepared:
        """A user for the driver `name`, once one is free; `go_on` is called meanwhile and may raise."""

    def give_back(self, prepared: Prepared) -> None:
        """This user may serve the next one."""


class FirstFree:
    """Whoever asks first gets the user that has been free for longest."""

    def __init__(self, prepared: Iterable[Prepared]) -> None:
        self._free: queue.SimpleQueue[Prepared] = queue.SimpleQueue()
        for pair in prepared:
            self._free.put(pair)

    def take(self, name: str, go_on: Callable[[], None]) -> Prepared:  # noqa: ARG002 - all are alike
        while True:
            try:
                return self._free.get(timeout=_LOOK_S)
            except queue.Empty:
                go_on()

    def give_back(self, prepared: Prepared) -> None:
        self._free.put(prepared)


class AsAssigned:
    """Each driver gets the user that is meant for it; a driver for whom none is meant gets any that is free."""

    def __init__(self, prepared: Iterable[Prepared], assigned: Mapping[str, str]) -> None:
        self._assigned = assigned
        self._free = list(prepared)
        self._changed = threading.Condition()

    def take(self, name: str, go_on: Callable[[], None]) -> Prepared:
        wanted = self._assigned.get(name)
        while True:
            with self._changed:
                for pair in self._free:
                    if wanted in (None, pair[0]):
                        self._free.remove(pair)
                        return pair
                self._changed.wait(_LOOK_S)
            go_on()

    def give_back(self, prepared: Prepared) -> None:
        with self._changed:
            self._free.append(prepared)
            self._changed.notify_all()
