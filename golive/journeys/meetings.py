"""Journeys in which the API has to refuse something while a session is active.

`BusyMeeting`: two drivers at one shared VCP ("Testing Busy Station Behavior"). `Refusals`: one driver who asks for
what an active session forbids.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from typing import Literal

from golive.connect import Session
from golive.connect.errors import ApiError
from golive.journeys.commands import start_when_free, stop_for_good
from golive.journeys.driver import Attempt, Driver
from golive.journeys.patience import Patience
from golive.journeys.timeline import Milestone, Timeline
from golive.journeys.vcp import Pace, StoppableClock, Vcp
from golive.outcomes import Failed, Inconclusive, Owner
from golive.politeness.asking import for_evse
from golive.recording import Recorder


@dataclass(frozen=True)
class Encounter:
    """What came of a busy meeting: everything is as the API showed it while the first session was active."""

    vcp: Vcp
    first: Session
    attempt: Attempt
    second_history: list[Session]
    read_after_start: Attempt
    foreign_read: Attempt
    foreign_stop: Attempt
    read_at_last: Attempt

    @property
    def first_after(self) -> Session:
        """A's session after B's start. Raises `Failed` where A could not read it any more."""
        return _read(self.read_after_start)

    @property
    def first_at_last(self) -> Session:
        """A's session after B's stop of it. Raises `Failed` where A could not read it any more."""
        return _read(self.read_at_last)


@dataclass(frozen=True)
class Denials:
    """What the API answered to one driver's forbidden requests during a charge."""

    vcp: Vcp
    session: Session
    second_start: Attempt
    payment_method_deletion: Attempt
    user_deletion: Attempt


@dataclass
class Meeting(ABC):
    """What both kinds share: a session at the first listed shared VCP that no other party holds."""

    name: str
    make_driver: Callable[..., Driver]
    give_back: Callable[[Driver | None], None]
    recorder: Recorder
    clock: StoppableClock
    pace: Pace
    candidates: Sequence[Vcp]
    locks: Mapping[Vcp, threading.Lock]

    def __post_init__(self) -> None:
        self.timeline = Timeline(self.name, self.recorder, self.clock)
        self.drivers: list[Driver] = []
        self.vcp: Vcp | None = None
        self.session_id: str | None = None

    def run(self) -> None:
        """Live the journey; called once, in a thread of its own."""
        with self.timeline.walking():
            try:
                self._run()
            finally:
                for driver in self.drivers:
                    self.give_back(driver)

    @abstractmethod
    def _run(self) -> None: ...

    def _make(self, name: str, *, beside: Driver | None = None) -> Driver:
        driver = self.make_driver(name, beside=beside)
        self.drivers.append(driver)
        return driver

    def _charging_at_a_free_vcp(self, driver: Driver, meet: Callable[[Vcp, Session], None]) -> None:
        """Start at the first listed shared VCP that no other party holds, meet, and stop at once."""
        with self.timeline.step(Milestone.STARTED) as started:
            vcp, session, turn = self._start(driver)
            started.value = session
        with turn:
            self.vcp, self.session_id = vcp, session.id
            try:
                self._event(driver, "start", f"session {session.id} on {vcp}", exchanges=started.exchanges[-1:])
                meet(vcp, session)
            finally:
                with self.timeline.step(Milestone.STOPPED, optional=True) as step:
                    step.value = stop_for_good(driver, session.id, pace=self.pace, clock=self.clock)
                self._event(driver, "stop", "accepted" if step.value else "not accepted", exchanges=step.exchanges)

    def _start(self, driver: Driver) -> tuple[Vcp, Session, ExitStack]:
        """The session, and the turn on its VCP, which ends when the stack is closed."""
        taken: list[str] = []
        for vcp in self.candidates:
            with ExitStack() as turn, self.recorder.collect() as exchanges:
                turn.enter_context(self.locks[vcp])
                turn.enter_context(for_evse(vcp.evse_id))
                try:
                    session = start_when_free(driver, vcp, pace=self.pace, clock=self.clock)
                except Inconclusive as busy:
                    taken.append(vcp.evse_id)
                    self._event(driver, "refused", busy.message, "refused", exchanges[-1:])
                    continue
                return vcp, session, turn.pop_all()
        raise Inconclusive(f"another party holds every listed shared VCP ({', '.join(taken)})", owner=Owner.ENVIRONMENT)

    def _await_end(self, driver: Driver) -> None:
        """Wait for the CDR, so that the driver can be removed afterwards; not while the session may still be open."""
        self.timeline.needs(Milestone.STOPPED)
        session_id, vcp = self.session_id or "", self.vcp
        with for_evse(vcp.evse_id) if vcp else nullcontext():
            waiting = Patience(self.clock, self.pace.cdr_timeout, interval=self.pace.poll_interval)
            while not driver.read(session_id).is_final and not waiting.is_over():
                waiting.pause()

    def _event(
        self,
        driver: Driver,
        what: str,
        text: str,
        status: Literal["ok", "refused", "failed", "info"] = "ok",
        exchanges: list[str] | None = None,
    ) -> None:
        self.timeline.event(driver.name, what, text, status=status, exchanges=exchanges)

    def _refusable(self, driver: Driver, what: str, act: Callable[[], object]) -> Attempt:
        """Do what should be refused and put it on the timeline."""
        with self.recorder.collect() as exchanges:
            attempt = attempt_to(act)
        self._tell(driver, what, attempt, exchanges)
        return attempt

    def _tell(self, driver: Driver, what: str, attempt: Attempt, exchanges: list[str]) -> None:
        text = f"{what}: refused, {attempt.error}" if attempt.was_refused else f"{what}: accepted"
        self._event(driver, what, text, "refused" if attempt.was_refused else "failed", exchanges)


class BusyMeeting(Meeting):
    """Driver A charges at a shared VCP; driver B tries the same VCP meanwhile."""

    def encounter(self) -> Encounter:
        """What happened between the two. Raises what ended the meeting where it did not come about."""
        encounter: Encounter = self.timeline.wait(Milestone.MET)
        return encounter

    def _run(self) -> None:
        with self.timeline.step(Milestone.READY):
            first = self._make(f"{self.name} A")
            second = self._make(f"{self.name} B", beside=first)
        self._charging_at_a_free_vcp(first, lambda vcp, session: self._meet(first, second, vcp, session))
        with self.timeline.step(Milestone.SETTLED, optional=True):
            self._await_end(first)

    def _meet(self, first: Driver, second: Driver, vcp: Vcp, session: Session) -> None:
        with self.timeline.step(Milestone.MET, optional=True) as step:
            before = {entry.id for entry in second.client.list_sessions(second.user_id)}
            with self.recorder.collect() as exchanges:
                attempt = second.try_to_start(vcp.evse_id)
            self._tell(second, "start", attempt, exchanges)
            history = [e for e in second.client.list_sessions(second.user_id) if e.id not in before]
            after = attempt_to(lambda: first.read(session.id))
            still = after.session is not None and after.session.is_active
            self._event(first, "read", "active" if still else "no longer active", "info")
            foreign_read = self._refusable(
                second, "read A's session", lambda: second.client.get_session(second.user_id, session.id)
            )
            foreign_stop = self._refusable(
                second, "stop A's session", lambda: second.client.stop_charging(second.user_id, session.id)
            )
            last = attempt_to(lambda: first.read(session.id))
            first.must_last(session.id, [read.session for read in (after, last) if read.session is not None])
            step.value = Encounter(
                vcp=vcp,
                first=session,
                attempt=attempt,
                second_history=history,
                read_after_start=after,
                foreign_read=foreign_read,
                foreign_stop=foreign_stop,
                read_at_last=last,
            )


class Refusals(Meeting):
    """One driver who, while charging, starts again and deletes the payment method and the user; then stops twice."""

    def denials(self) -> Denials:
        """What was answered during the charge. Raises what ended the journey where it did not come to that."""
        denials: Denials = self.timeline.wait(Milestone.MET)
        return denials

    def second_stop(self) -> Attempt:
        """What was answered to a stop after the stop. Raises what kept the driver from the first one, too."""
        attempt: Attempt = self.timeline.wait(Milestone.STOPPED_AGAIN)
        return attempt

    def _run(self) -> None:
        with self.timeline.step(Milestone.READY):
            driver = self._make(self.name)
        if driver.prepared:
            with self.timeline.step(Milestone.MET):
                raise Inconclusive(
                    "a prepared user is not put at risk: deleting one while charging needs STRIPE_PUBLISHABLE_KEY",
                    owner=Owner.PARTNER,
                )
        self._charging_at_a_free_vcp(driver, lambda vcp, session: self._meet(driver, vcp, session))
        with self.timeline.step(Milestone.STOPPED_AGAIN, optional=True) as again:
            self.timeline.needs(Milestone.STOPPED)  # else this would be the first stop that arrives
            again.value = self._refusable(
                driver,
                "second stop",
                lambda: driver.client.stop_charging(driver.user_id, self.session_id or ""),
            )
        with self.timeline.step(Milestone.SETTLED, optional=True):
            self._await_end(driver)

    def _meet(self, driver: Driver, vcp: Vcp, session: Session) -> None:
        client, user_id = driver.client, driver.user_id
        with self.timeline.step(Milestone.MET, optional=True) as step:
            with self.recorder.collect() as exchanges:
                second_start = driver.try_to_start(vcp.evse_id)
            self._tell(driver, "second start", second_start, exchanges)
            payment_method_deletion = self._refusable(
                driver, "delete payment method", lambda: client.delete_payment_method(user_id, driver.payment_method_id)
            )
            user_deletion = self._refusable(driver, "delete user", lambda: client.delete_user(user_id))
            if not all(each.was_refused for each in (second_start, payment_method_deletion, user_deletion)):
                driver.unless_cut(session.id)
            step.value = Denials(vcp, session, second_start, payment_method_deletion, user_deletion)


def _read(attempt: Attempt) -> Session:
    if attempt.session is None:
        raise Failed(f"A cannot read the own session any more: {attempt.error}", owner=Owner.CARIQA)
    return attempt.session


def attempt_to(act: Callable[[], object]) -> Attempt:
    """Do `act`; a refusal by the API is what is expected, anything else is raised."""
    try:
        done = act()
    except ApiError as exc:
        return Attempt(exc)
    return Attempt(None, done if isinstance(done, Session) else None)
