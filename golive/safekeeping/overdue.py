"""What lasts too long on a shared VCP while its run is there: the run's process was halted, or the whole machine."""

from pathlib import Path
from typing import Final

from golive.safekeeping import journal
from golive.safekeeping.finishing import Finisher
from golive.safekeeping.journal import Begun, Told

GRACE_S: Final = 5.0
"""A run that does not hang has stopped a session by itself so long after the bound."""
AGAIN_S: Final = 5.0
"""Between two tries to stop the same one."""


class Overdue:
    """Looks at a journal again and again; `at` is when it was looked at, in seconds since 1970."""

    def __init__(self, path: Path, finisher: Finisher) -> None:
        self._path = path
        self._finisher = finisher
        self._size = -1
        self._told: Told | None = None
        self._tried: dict[tuple[int, float], float] = {}

    def look(self) -> None:
        """Stop what is overdue; what cannot be read or stopped now is looked at again."""
        told, now = self._read(), self._finisher.now()
        for begun in list(told.begun.values()) if told is not None else ():
            if told is not None and self._is_due(told, begun, now):
                done = self._finisher.cut(begun, whole_user=begun.user_id in told.made)
                answered = done and begun.session_id is not None
                self._tried[begun.number, begun.at] = float("inf") if answered else now + AGAIN_S

    def _is_due(self, told: Told, begun: Begun, now: float) -> bool:
        """One that was refused is not on its way, so it holds nothing."""
        bound = begun.at + told.header.max_hold_s + GRACE_S
        return begun.shared and not begun.refused and now >= max(bound, self._tried.get((begun.number, begun.at), 0.0))

    def _read(self) -> Told | None:
        try:
            size = self._path.stat().st_size
            if size != self._size:
                self._told, self._size = journal.read(self._path), size
        except OSError:  # it is gone: the run is about to say that it is over
            self._told = None
        return self._told
