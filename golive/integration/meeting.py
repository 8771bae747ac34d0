"""Two drivers of the partner's app at one shared VCP ("Testing Busy Station Behavior").

The first one charges there anyway (charges.py); the second one comes while that charge is held, and is to be refused.
"""

import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from golive.evidence.integration import Charge, Meeting
from golive.evidence.model import Exchange
from golive.integration import wire
from golive.integration.adapter import AppError
from golive.integration.busy import conclude
from golive.integration.charges import Came, ChargeWalk, Traffic, came_of
from golive.integration.keeper import Keeper
from golive.integration.provoking import watched_s
from golive.integration.seat import NotOffered, Seat
from golive.journeys.vcp import Pace, StoppableClock, Vcp
from golive.outcomes import Failed, Outcome, Owner

_TICK_S: Final = 0.05


class SecondDriver:
    """Visits the first charge on a shared VCP that comes about; `told` gives what came of it.

    Raises nothing of the partner's. What a start of this driver's begins after all is stopped at once.
    """

    def __init__(self, seat: Seat, traffic: Traffic, keeper: Keeper, clock: StoppableClock, pace: Pace) -> None:
        self._seat = seat
        self._traffic = traffic
        self._keeper = keeper
        self._clock = clock
        self._pace = pace
        self._ready = threading.Event()
        self._lock = threading.Lock()
        self._came: Came | None = None
        self._vcp: Vcp | None = None
        self._first: tuple[str, str | None, str] | None = None
        self._known: frozenset[str] = frozenset()
        self._within = 1
        self._told_it_began: bool | None = None
        self._looked: tuple[Exchange, ...] = ()
        self._watched_until: datetime | None = None

    # -- before the visit ------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Account, billing data and card, so that no VCP is held for that."""
        try:
            came = came_of(self._prepare)
            self._came = None if came.outcome is Outcome.PASSED else came
        finally:
            self._ready.set()

    def _prepare(self) -> None:
        if not self._seat.offers("start"):
            raise NotOffered("the adapter offers no start")
        ChargeWalk.prepare(self._seat, self._traffic)
        self._seat.seen.clear()  # from here on it is about the refusal

    def await_ready(self) -> None:
        while not self._ready.wait(_TICK_S):
            self._clock.go_on()

    # -- the visit -------------------------------------------------------------------------------------------

    def meet(self, first: Seat, vcp: Vcp, user_id: str | None, session_id: str) -> bool:
        """Come to this charge, unless another one was visited before. Returns whether it was this one."""
        with self._lock:
            if not vcp.is_shared or self._vcp is not None or self._came is not None:
                return False
            self._vcp = vcp
        self._first = first.driver, user_id, session_id
        self._came = came_of(lambda: self._meet(vcp, user_id, session_id))
        self._end_what_began()
        return True

    def _meet(self, vcp: Vcp, first_user: str | None, first_session: str) -> None:
        self._known = frozenset(each.id for each in wire.starts_on(self._traffic(), vcp.evse_id))
        try:
            self._seat.do("start", vcp.evse_id)
            self._told_it_began = True
        except AppError:  # kept by the seat: it is what the driver is shown
            self._told_it_began = False
        start = self._sent()
        self._within = len(self._starts())
        self._end_what_began()
        users = [user for user in (wire.user_of(start), first_user) if user is not None]
        self._looked = tuple(each for user in dict.fromkeys(users) for each in self._keeper.look(user))
        self._look(1)  # a backend that sends the start again at once is refused again, as long as the charge is held
        conclude(start, vcp.evse_id, first_user, first_session, self._looked, self._keeper.was_cut)

    def _sent(self) -> Exchange:
        """The second driver's start. Raises where none went to the API."""
        patience = self._clock.deadline(self._pace.poll_interval)
        while not (starts := self._starts()):
            if patience.has_passed():
                if self._told_it_began:
                    raise Failed(
                        f"the app says that the second driver's charge on {self._vcp} began, but no start of it was "
                        "seen on the wire",
                        owner=Owner.PARTNER,
                    )
                raise NotOffered("the app refused the second driver without asking the API")
            self._clock.sleep(_TICK_S)
        return starts[0]

    def linger(self) -> None:
        """Some looks at the app, so that a start that is sent again shows."""
        if self._came is None or self._came.outcome is not Outcome.PASSED:
            return
        self._came = came_of(lambda: self._look(max(1, round(watched_s(self._pace) / self._pace.poll_interval))))

    def _look(self, times: int) -> None:
        for _ in range(times):
            with suppress(AppError):  # kept by the seat
                if self._seat.offers("shown"):
                    self._seat.look()
            self._clock.sleep(self._pace.poll_interval)
            self._end_what_began()

    def _end_what_began(self) -> None:
        now = self._traffic()
        for start in self._starts():
            session_id, user_id = wire.session_of(start), wire.user_of(start)
            if session_id is not None and user_id is not None and not wire.is_stopped(now, session_id):
                self._keeper.end(user_id)

    def _starts(self) -> list[Exchange]:
        """The starts that were sent there since the second driver came."""
        if self._vcp is None:
            return []
        return [each for each in wire.starts_on(self._traffic(), self._vcp.evse_id) if each.id not in self._known]

    # -- afterwards ------------------------------------------------------------------------------------------

    def told(self, charges: Sequence[Charge]) -> Meeting:
        """What came of it; `charges` are those that could have been visited. Nothing is left charging."""
        starts = self._starts() if self._first is not None else []
        user_id = wire.user_of(starts[0]) if starts else None
        if user_id is not None:
            self._keeper.end(user_id)
        came = self._came or _nobody_met(charges)
        first, first_user, first_session = self._first or (None, None, None)
        return Meeting(
            evse_id=None if self._first is None or self._vcp is None else self._vcp.evse_id,
            first=first,
            first_user_id=first_user,
            first_session_id=first_session,
            second=self._seat.driver,
            second_user_id=user_id,
            told_it_began=self._told_it_began,
            answered=tuple(each.id for each in starts[: self._within]),
            followed=tuple(each.id for each in self._followed(starts[0], user_id)) if starts else (),
            looked=tuple(each.id for each in self._looked),
            watched_until=self._clock.now(),
            shown=tuple(self._seat.seen),
            outcome=came.outcome,
            owner=came.owner,
            message=came.message,
        )

    def _followed(self, start: Exchange, user_id: str | None) -> Sequence[Exchange]:
        """Others charge meanwhile: what names this user, or the station and no user."""
        vcp = self._vcp
        return [
            each
            for each in wire.after(self._traffic(), start)
            if wire.user_of(each) == user_id or (vcp is not None and wire.names_station(each, vcp.evse_id))
        ]


def _nobody_met(charges: Sequence[Charge]) -> Came:
    ended = next((each for each in charges if each.outcome is Outcome.NOT_RUN), None)
    if ended is not None:
        return Came(Outcome.NOT_RUN, None, ended.message)
    if charges and all(each.owner is Owner.ENVIRONMENT for each in charges):
        held = ", ".join(each.evse_id for each in charges)
        return Came(Outcome.INCONCLUSIVE, Owner.ENVIRONMENT, f"another party holds every listed shared VCP ({held})")
    return Came(Outcome.SKIPPED, None, "not shown: no charge on a shared VCP began, so nobody could be met there")
