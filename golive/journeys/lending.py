"""Which prepared user a journey gets, each lent to one journey at a time."""

import queue
import threading
from collections.abc import Callable, Iterable, Mapping, Set
from typing import Final, Protocol

Prepared = tuple[str, str]
"""User id and payment method id."""

_LOOK_S: Final = 0.2
"""How often whoever waits for a user asks whether the run is still on."""


class NeverFree(Exception):  # noqa: N818 - what was found; the harness's own error
    """Whoever waited on would wait for ever."""


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
    """Each driver gets the user that is meant for it; a driver for whom none is meant gets any that is free.

    A journey gives back what it has at its end, in its own thread. So it can be told that a user will never be free:
    it is none of the prepared ones, or whoever has it is gone, or waits in its turn for whoever is asking.
    """

    def __init__(self, prepared: Iterable[Prepared], assigned: Mapping[str, str]) -> None:
        self._assigned = assigned
        self._free = list(prepared)
        self._lent: dict[Prepared, threading.Thread] = {}
        self._waiting: dict[threading.Thread, str | None] = {}
        self._changed = threading.Condition()

    def take(self, name: str, go_on: Callable[[], None]) -> Prepared:
        """A user for the driver `name`. Raises `NeverFree` where none can come, and what `go_on` raises."""
        wanted, me = self._assigned.get(name), threading.current_thread()
        try:
            while True:
                with self._changed:
                    for pair in self._free:
                        if wanted in (None, pair[0]):
                            self._free.remove(pair)
                            self._lent[pair] = me
                            return pair
                    self._waiting[me] = wanted
                    if not self._may_come(wanted, {me}):
                        raise NeverFree(f"the user {wanted or 'with a card'} will not be free for {name}")
                    self._changed.wait(_LOOK_S)
                go_on()
        finally:
            with self._changed:
                self._waiting.pop(me, None)

    def give_back(self, prepared: Prepared) -> None:
        with self._changed:
            self._lent.pop(prepared, None)
            self._free.append(prepared)
            self._changed.notify_all()

    def _may_come(self, wanted: str | None, asking: Set[threading.Thread]) -> bool:
        """Whether a user that is wanted is free, or lent to a thread that does not wait for those that are asking."""
        if any(wanted in (None, pair[0]) for pair in self._free):
            return True
        return any(
            thread not in self._waiting or self._may_come(self._waiting[thread], asking | {thread})
            for pair, thread in self._lent.items()
            if wanted in (None, pair[0]) and thread.is_alive() and thread not in asking
        )
