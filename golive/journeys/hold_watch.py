"""The end of a session that is held too long on a shared VCP, whatever its journey still waits for."""

import threading
from typing import Final

from golive.clock import Clock
from golive.connect.errors import AlreadyStopped
from golive.evidence.model import HOLD_WATCH
from golive.journeys.holds import Holds
from golive.journeys.sessions import Held, OpenSessions
from golive.politeness.asking import cleaning_up

LOOK_S: Final = 0.1
"""Between two looks at what is held, in seconds."""
AGAIN_S: Final = 2.0
"""Between two tries to stop the same session, in seconds."""


class HoldWatch:
    """A thread that stops what is due; each session in a thread of its own, as a stop may be slow to answer."""

    def __init__(self, sessions: OpenSessions, holds: Holds, clock: Clock) -> None:
        self._sessions = sessions
        self._holds = holds
        self._clock = clock
        self._ended = threading.Event()
        self._stopping: dict[str, threading.Thread] = {}
        self._not_before: dict[str, float] = {}
        self._unanswered: set[str] = set()
        self._thread = threading.Thread(target=self._watch, name=HOLD_WATCH, daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Return once nothing is being stopped any more; what is left is for whoever closes the run."""
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join()
        for thread in self._stopping.values():
            thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_S):
            for held in self._sessions.open:
                if held.session_id is not None and self._holds.is_due(held.session_id):
                    self._stop(held, held.session_id)

    def _stop(self, held: Held, session_id: str) -> None:
        now = self._clock.monotonic()
        before = self._stopping.get(session_id)
        if (before is not None and before.is_alive()) or now < self._not_before.get(session_id, now):
            return
        self._not_before[session_id] = now + AGAIN_S
        thread = threading.Thread(
            target=self._send, args=(held, session_id), name=f"{HOLD_WATCH} {session_id}", daemon=True
        )
        self._stopping[session_id] = thread
        thread.start()

    @cleaning_up()
    def _send(self, held: Held, session_id: str) -> None:
        with self._holds.cutting(session_id):
            try:
                held.client.acting_as(HOLD_WATCH).stop_charging(held.user_id, session_id)
            except AlreadyStopped:  # by its driver, unless by the try before
                self._holds.ended(session_id, cut=session_id in self._unanswered)
            except Exception:  # whatever it is: it is tried again, and its exchange says what it was
                self._unanswered.add(session_id)
                return
            else:
                self._holds.ended(session_id, cut=True)
        self._sessions.closed(held)
