"""A charge that its driver leaves alone: it ends by itself, and the driver is shown that."""

import threading
from typing import Final

from golive.integration import wire
from golive.integration.charges import ChargeWalk, Traffic
from golive.integration.keeper import Keeper
from golive.integration.seat import NotOffered, Seat
from golive.journeys.vcp import Pace, StoppableClock, Vcp
from golive.outcomes import Failed, Inconclusive, Owner

_NEEDED: Final = ("start", "shown", "receipt")
"""Without these nothing of it could be seen, so nothing is started."""


class UnstoppedWalk(ChargeWalk):
    """Walks a charge on a VCP with progress, whose CDR comes by itself; `keeper` ends it where it does not."""

    stops = False

    def __init__(
        self,
        seat: Seat,
        vcp: Vcp,
        traffic: Traffic,
        clock: StoppableClock,
        pace: Pace,
        keeper: Keeper,
        *,
        alone: threading.Lock,
    ) -> None:
        super().__init__(seat, vcp, traffic, clock, pace, alone=alone)
        self._keeper = keeper
        self._while_active: set[tuple[str | None, str | None]] = set()

    def _walk(self) -> None:
        for act in _NEEDED:
            if not self._seat.offers(act):
                raise NotOffered(f"the adapter offers no {act}")
        self.prepare(self._seat, self._traffic)
        try:
            session_id = self._begin()
            self._await_end(session_id)
            self._await_word(session_id)
        finally:
            if self._user is not None:
                self._keeper.end(self._user)  # nothing to do where the backend has read that it ended

    def _await_end(self, session_id: str) -> None:
        """Look at the app until the backend has read that the session ended."""
        patience = self._clock.deadline(self._pace.cdr_timeout)
        before: tuple[str | None, str | None] | None = None
        while True:
            shown = self._seat.look()
            if wire.has_ended(self._traffic(), session_id):
                break
            if before is not None:  # the last look may have been the first at the end, just before that was recorded
                self._while_active.add(before)
            before = shown.state, shown.message
            if patience.has_passed():
                raise self._not_ended(session_id)
            self._clock.sleep(self._pace.poll_interval)
        if any(each.operation == wire.STOP for each in wire.about_session(self._traffic(), session_id)):
            raise Failed(
                f"the backend stopped session {session_id}, though its driver did not ask for it", owner=Owner.PARTNER
            )

    def _not_ended(self, session_id: str) -> Failed | Inconclusive:
        """Whether it is going on, or the backend has not looked, the API knows."""
        waited = f"{self._pace.cdr_timeout:g} s after its start on {self._vcp}"
        if wire.has_ended(self._keeper.look(self._user or ""), session_id):
            return Failed(
                f"session {session_id} has ended, and {waited} the backend had not read that", owner=Owner.PARTNER
            )
        return Inconclusive(
            f"session {session_id}, which nobody stopped, was active still {waited}", owner=Owner.CARIQA
        )

    def _await_word(self, session_id: str) -> None:
        """Until the app shows something else than before, and there is a receipt."""
        patience = self._clock.deadline(self._pace.cdr_timeout)
        while True:
            shown = self._seat.look()
            tells = shown.state is None or (shown.state, shown.message) not in self._while_active
            self._take_receipt()
            if tells and self._receipt is not None:
                return
            if patience.has_passed():
                lacks = "has no receipt" if tells else f"is still shown {self._seat.redact(str(shown.state))!r}"
                raise Failed(
                    f"{self._pace.cdr_timeout:g} s after the backend read that session {session_id} ended, the driver "
                    f"{lacks}",
                    owner=Owner.PARTNER,
                )
            self._clock.sleep(self._pace.poll_interval)
