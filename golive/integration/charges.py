"""One charge through the partner's integration, from sign-up to receipt, held against what the wire shows of it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Final, NamedTuple, Protocol

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


class Came(NamedTuple):
    """What something came to."""

    outcome: Outcome = Outcome.PASSED
    owner: Owner | None = None
    message: str | None = None


def came_of(act: Callable[[], None]) -> Came:
    """Do it; what it raises of the partner's, or because the run ends, is what it came to."""
    try:
        act()
    except Failed as fault:
        return Came(Outcome.FAILED, fault.owner, fault.message)
    except Inconclusive as open_:
        return Came(Outcome.INCONCLUSIVE, open_.owner, open_.message)
    except NotOffered as missing:
        return Came(Outcome.SKIPPED, None, f"not shown: {missing}")
    except AppError:  # word for word among what the driver was shown
        return Came(Outcome.FAILED, Owner.PARTNER, "the app showed the driver an error in the middle of the charge")
    except AdapterError as fault:
        return Came(Outcome.INCONCLUSIVE, Owner.PARTNER, str(fault))
    except Cancelled:
        return Came(Outcome.NOT_RUN, None, "the run was ended before")
    return Came()


class Visitor(Protocol):
    """Somebody who comes while a charge is under way. Raises nothing of the partner's."""

    def await_ready(self) -> None:
        """Until nothing has to be done any more before the visit, so that no charge is held for it."""

    def meet(self, first: Seat, vcp: Vcp, user_id: str | None, session_id: str) -> bool:
        """While the charge goes on, and as briefly as can be. Returns whether this charge was the one to be visited."""

    def linger(self) -> None:
        """After the charge was stopped."""


class ChargeWalk:
    """Walks one charge. `run` gives what came of it and raises nothing of the partner's.

    `alone` is held during the start, so that no other driver of this run starts on the same EVSE then: nothing else
    tells on the wire which start belongs to whom.
    """

    stops = True

    def __init__(
        self,
        seat: Seat,
        vcp: Vcp,
        traffic: Traffic,
        clock: StoppableClock,
        pace: Pace,
        *,
        alone: AbstractContextManager[object] | None = None,
        visitor: Visitor | None = None,
    ) -> None:
        self._seat = seat
        self._vcp = vcp
        self._traffic = traffic
        self._clock = clock
        self._pace = pace
        self._alone = alone or nullcontext()
        self._visitor = visitor
        self._starts: list[Exchange] = []
        self._receipt: str | None = None

    def run(self) -> Charge:
        """The charge as it went; its outcome names whose move it is."""
        before = len(self._traffic())
        came = came_of(self._walk)
        return self._told(before, came)

    def _walk(self) -> None:
        self.prepare(self._seat, self._traffic)
        if self._visitor is not None:
            self._visitor.await_ready()
        session_id = self._begin()
        visitor = self._visitor
        visited = False
        try:
            self._watch(session_id)
            visited = visitor is not None and visitor.meet(self._seat, self._vcp, self._user, session_id)
        finally:
            self._stop(session_id)
        self._await_stop(session_id)
        if visitor is not None and visited:
            visitor.linger()
        self._await_receipt(session_id)

    def _begin(self) -> str:
        """Find the station and start there. Returns the session's id."""
        if self._seat.offers("find_station"):
            attempted(self._seat, self._traffic, "find_station", self._vcp.evse_id)
        try:
            with self._alone:
                self._start()
        except Failed as refused:
            raise self._not_started(refused) from refused
        return self._session()

    def _start(self) -> None:
        before = {each.id for each in wire.starts_on(self._traffic(), self._vcp.evse_id)}
        try:
            self._shown("start", self._vcp.evse_id)
        finally:
            now = wire.starts_on(self._traffic(), self._vcp.evse_id)
            self._starts = [each for each in now if each.id not in before]

    @staticmethod
    def prepare(seat: Seat, traffic: Traffic) -> None:
        """A driver who can start: account, billing data, card. Raises `Failed` for what the app refuses, and
        `Inconclusive` where the target, or the way there, kept it from doing so."""
        for act, args in (("sign_up", ()), ("give_billing_data", ()), ("add_payment_method", (CARD,))):
            if seat.offers(act):
                attempted(seat, traffic, act, *args)

    def _shown(self, act: str, *args: str) -> None:
        shown(self._seat, act, *args)

    def _not_started(self, refused: Failed) -> Failed | Inconclusive:
        last = self._starts[-1] if self._starts else None
        if last is not None and wire.is_refused_as_busy(last) and self._vcp.is_shared:
            return Inconclusive(f"another party holds {self._vcp}: {refused.message}", owner=Owner.ENVIRONMENT)
        if last is not None and (wire.is_refused_as_busy(last) or wire.is_troubled(last)):
            return Inconclusive(f"the target refused the start on {self._vcp}: {refused.message}", owner=Owner.CARIQA)
        return refused

    def _session(self) -> str:
        if not self._starts:
            raise Failed(
                f"the app says that the charge began, but no start on {self._vcp} was seen on the wire",
                owner=Owner.PARTNER,
            )
        session_id = self._session_id
        if session_id is None:
            raise Failed(
                f"the app says that the charge began, but the start on {self._vcp} was not answered with a session",
                owner=Owner.PARTNER,
            )
        return session_id

    @property
    def _session_id(self) -> str | None:
        return next((id_ for each in reversed(self._starts) if (id_ := wire.session_of(each)) is not None), None)

    @property
    def _user(self) -> str | None:
        return wire.user_of(self._starts[-1]) if self._starts else None

    def _watch(self, session_id: str) -> None:
        """Look at what the driver is shown: once on a shared VCP, until the energy has risen, or the charge was over,
        on one with progress."""
        if not self._seat.offers("shown"):
            return
        patience = self._clock.deadline(self._pace.cdr_timeout)
        seen: set[str] = set()
        while True:
            over = wire.has_ended(self._traffic(), session_id)
            shown_now = self._seat.look()
            if shown_now.kwh:
                seen.add(shown_now.kwh)
            if self._vcp.is_shared or len(seen) >= _RISES or over or patience.has_passed():
                return
            self._clock.sleep(self._pace.poll_interval)

    def _stop(self, session_id: str) -> None:
        try:
            self._shown("stop")
        except Failed as refused:
            if wire.has_ended(self._traffic(), session_id):
                return  # an app may offer no stop of a charge that was over before its driver came to it
            if wire.is_stop_refused(self._traffic(), session_id):
                raise self._stop_refused(session_id) from refused
            raise

    @staticmethod
    def _stop_refused(session_id: str) -> Inconclusive:
        return Inconclusive(f"the target refused the stop of session {session_id}", owner=Owner.CARIQA)

    def _await_stop(self, session_id: str) -> None:
        """The backend may take note first and send it a moment later; a session that ended by itself needs none."""
        patience = self._clock.deadline(self._pace.payment_timeout)
        while not wire.is_stopped(self._traffic(), session_id):
            if patience.has_passed():
                raise Failed(f"the app says that it stopped, but no stop of {session_id} was seen", owner=Owner.PARTNER)
            self._clock.sleep(self._pace.poll_interval)

    def _await_receipt(self, session_id: str) -> None:
        patience = self._clock.deadline(self._pace.cdr_timeout)
        while self._seat.offers("receipt"):
            self._take_receipt()
            if self._receipt is not None:
                break
            if patience.has_passed():
                if wire.is_stop_refused(self._traffic(), session_id):
                    raise self._stop_refused(session_id)
                raise Failed(
                    f"the driver has no receipt {self._pace.cdr_timeout:g} s after the stop on {self._vcp}",
                    owner=Owner.PARTNER,
                )
            self._clock.sleep(self._pace.poll_interval)
        if self._seat.offers("shown"):
            self._seat.look()

    def _take_receipt(self) -> None:
        given = self._seat.do("receipt")
        if given is not None:
            self._receipt = self._seat.redact(str(given))

    def _told(self, before: int, came: Came) -> Charge:
        """Other drivers charge meanwhile, so what belongs to this one is told by its user and its session."""
        user_id = self._user
        theirs = [each for each in self._traffic()[before:] if user_id is not None and wire.user_of(each) == user_id]
        return Charge(
            driver=self._seat.driver,
            evse_id=self._vcp.evse_id,
            stops=self.stops,
            user_id=user_id,
            session_id=self._session_id,
            shown=tuple(self._seat.seen),
            receipt=self._receipt,
            exchanges=tuple(each.id for each in theirs),
            outcome=came.outcome,
            owner=came.owner,
            message=came.message,
        )


def shown(seat: Seat, act: str, *args: str) -> None:
    """Do it; an error that the app shows the driver is the partner's, until the wire says otherwise."""
    try:
        seat.do(act, *args)
    except AppError as error:
        words = seat.redact(str(error))
        raise Failed(f"{act}: the app showed the driver an error: {words}", owner=Owner.PARTNER) from error


def attempted(seat: Seat, traffic: Traffic, act: str, *args: str) -> None:
    """As `shown`; where the target, or the way there, failed the app meanwhile, its error is nobody's fault here."""
    before = {each.id for each in traffic()}
    try:
        shown(seat, act, *args)
    except Failed as refused:
        if any(wire.is_troubled(each) for each in traffic() if each.id not in before):
            raise Inconclusive(
                f"the target, or the way there, failed the app: {refused.message}", owner=Owner.ENVIRONMENT
            ) from refused
        raise
