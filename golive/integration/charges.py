"""One charge through the partner's integration, from sign-up to receipt, held against what the wire shows of it."""

from collections.abc import Callable, Sequence
from typing import Final

from golive.evidence.integration import Charge
from golive.evidence.model import Exchange
from golive.integration import wire
from golive.integration.adapter import AppError
from golive.integration.seat import AdapterError, NotOffered, Seat
from golive.journeys.vcp import Cancelled, Pace, StoppableClock, Vcp
from golive.outcomes import Failed, Inconclusive, Outcome, Owner

CARD: Final = "pm_card_visa"
_RISES: Final = 2
"""Different energy values that a driver should have been shown before the charge is stopped."""

Traffic = Callable[[], Sequence[Exchange]]
"""The partner's exchanges so far."""


class ChargeWalk:
    """Walks one charge. `run` gives what came of it and raises nothing of the partner's."""

    def __init__(self, seat: Seat, vcp: Vcp, traffic: Traffic, clock: StoppableClock, pace: Pace) -> None:
        self._seat = seat
        self._vcp = vcp
        self._traffic = traffic
        self._clock = clock
        self._pace = pace
        self._receipt: str | None = None

    def run(self) -> Charge:
        """The charge as it went; its outcome names whose move it is."""
        before = len(self._traffic())
        outcome, owner, message = Outcome.PASSED, None, None
        try:
            self._walk(before)
        except Failed as fault:
            outcome, owner, message = Outcome.FAILED, fault.owner, fault.message
        except Inconclusive as open_:
            outcome, owner, message = Outcome.INCONCLUSIVE, open_.owner, open_.message
        except NotOffered as missing:
            outcome, message = Outcome.SKIPPED, f"not shown: {missing}"
        except AdapterError as fault:
            outcome, owner, message = Outcome.INCONCLUSIVE, Owner.PARTNER, str(fault)
        except Cancelled:
            outcome, message = Outcome.NOT_RUN, "the run was ended before"
        return self._told(before, outcome, owner, message)

    def _walk(self, before: int) -> None:
        self.prepare(self._seat)
        if self._seat.offers("find_station"):
            self._shown("find_station", self._vcp.evse_id)
        try:
            self._shown("start", self._vcp.evse_id)
        except Failed as refused:
            raise self._not_started(before, refused) from refused
        session_id = self._session(before)
        try:
            self._watch()
        finally:
            self._shown("stop")
        self._await_stop(session_id)
        self._await_receipt()

    @staticmethod
    def prepare(seat: Seat) -> None:
        """A driver who can start: account, billing data, card. Raises `Failed` for what the app refuses."""
        for act, args in (("sign_up", ()), ("give_billing_data", ()), ("add_payment_method", (CARD,))):
            if seat.offers(act):
                shown(seat, act, *args)

    def _shown(self, act: str, *args: str) -> None:
        shown(self._seat, act, *args)

    def _not_started(self, before: int, refused: Failed) -> Failed | Inconclusive:
        starts = wire.starts_on(self._traffic()[before:], self._vcp.evse_id)
        if starts and wire.is_refused_as_busy(starts[-1]) and self._vcp.is_shared:
            return Inconclusive(f"another party holds {self._vcp}: {refused.message}", owner=Owner.ENVIRONMENT)
        if starts and starts[-1].response is not None and starts[-1].response.status >= 500:
            return Inconclusive(f"the target refused the start on {self._vcp}: {refused.message}", owner=Owner.CARIQA)
        return refused

    def _session(self, before: int) -> str:
        starts = wire.starts_on(self._traffic()[before:], self._vcp.evse_id)
        if not starts:
            raise Failed(
                f"the app says that the charge began, but no start on {self._vcp} was seen on the wire",
                owner=Owner.PARTNER,
            )
        session_id = next((id_ for each in reversed(starts) if (id_ := wire.session_of(each)) is not None), None)
        if session_id is None:
            raise Failed(
                f"the app says that the charge began, but the start on {self._vcp} was not answered with a session",
                owner=Owner.PARTNER,
            )
        return session_id

    def _watch(self) -> None:
        """Look at what the driver is shown: once on a shared VCP, until the energy has risen on one with progress."""
        if not self._seat.offers("shown"):
            return
        patience = self._clock.deadline(self._pace.cdr_timeout)
        seen: set[str] = set()
        while True:
            shown_now = self._seat.look()
            if shown_now.kwh:
                seen.add(shown_now.kwh)
            if self._vcp.is_shared or len(seen) >= _RISES or patience.has_passed():
                return
            self._clock.sleep(self._pace.poll_interval)

    def _await_stop(self, session_id: str) -> None:
        """The backend may take note first and send it a moment later; a session that ended by itself needs none."""
        patience = self._clock.deadline(self._pace.payment_timeout)
        while not wire.is_stopped(self._traffic(), session_id):
            if patience.has_passed():
                raise Failed(f"the app says that it stopped, but no stop of {session_id} was seen", owner=Owner.PARTNER)
            self._clock.sleep(self._pace.poll_interval)

    def _await_receipt(self) -> None:
        patience = self._clock.deadline(self._pace.cdr_timeout)
        while self._seat.offers("receipt"):
            given = self._seat.do("receipt")
            if given is not None:
                self._receipt = self._seat.redact(str(given))
                break
            if patience.has_passed():
                raise Failed(
                    f"the driver has no receipt {self._pace.cdr_timeout:g} s after the stop on {self._vcp}",
                    owner=Owner.PARTNER,
                )
            self._clock.sleep(self._pace.poll_interval)
        if self._seat.offers("shown"):
            self._seat.look()

    def _told(self, before: int, outcome: Outcome, owner: Owner | None, message: str | None) -> Charge:
        """Other drivers charge meanwhile, so what belongs to this one is told by its user and its session."""
        now = self._traffic()[before:]
        starts = wire.starts_on(now, self._vcp.evse_id)
        user_id = wire.user_of(starts[-1]) if starts else None
        session_id = next((id_ for each in reversed(starts) if (id_ := wire.session_of(each)) is not None), None)
        return Charge(
            driver=self._seat.driver,
            evse_id=self._vcp.evse_id,
            user_id=user_id,
            session_id=session_id,
            shown=tuple(self._seat.seen),
            receipt=self._receipt,
            exchanges=tuple(each.id for each in now if user_id is not None and wire.user_of(each) == user_id),
            outcome=outcome,
            owner=owner,
            message=message,
        )


def shown(seat: Seat, act: str, *args: str) -> None:
    """Do it; an error that the app shows the driver is the partner's, until the wire says otherwise."""
    try:
        seat.do(act, *args)
    except AppError as error:
        words = seat.redact(str(error))
        raise Failed(f"{act}: the app showed the driver an error: {words}", owner=Owner.PARTNER) from error
