"""One driver's walk on one VCP: located, started, progressed, stopped, settled (CDR), invoiced."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime

from golive.connect import Invoice, Session, Station
from golive.evidence.model import Reading
from golive.journeys.cdr import Cdr
from golive.journeys.commands import start_when_free, stop_for_good
from golive.journeys.driver import Driver
from golive.journeys.patience import Patience
from golive.journeys.timeline import Milestone, Timeline
from golive.journeys.vcp import Pace, StoppableClock, Vcp
from golive.judging import conclude
from golive.outcomes import Failed, Inconclusive, Outcome, Owner
from golive.politeness.asking import for_evse
from golive.recording import Recorder

RISES_SHOWN = 3
"""Different energy values seen on a VCP with progress before its driver stops: a rise, and a rise again."""

READINGS_WHILE_SHARED = 2
"""Polls of an active session on a shared VCP: enough to see whether energy rises, and no longer a hold."""


@dataclass
class Walk:
    """A journey; its methods for checks wait for the milestone and return what the API showed there."""

    vcp: Vcp
    name: str
    make_driver: Callable[[str], Driver]
    give_back: Callable[[Driver | None], None]
    recorder: Recorder
    clock: StoppableClock
    pace: Pace
    stops: bool = True
    exclusive: AbstractContextManager[object] = field(default_factory=nullcontext)

    def __post_init__(self) -> None:
        self.timeline = Timeline(self.name, self.recorder, self.clock)
        self.driver: Driver | None = None
        self.polls: list[tuple[Session, Reading]] = []
        self.waited_s = 0.0
        self.held_s: float | None = None

    # -- what checks read ------------------------------------------------------------------------------------

    def located(self) -> Station:
        """The station of the EVSE, found by its EVSE ID."""
        station: Station = self.timeline.wait(Milestone.LOCATED)
        return station

    def station(self) -> Station:
        """The station, for whoever asks what it advertises. Raises `NotReached` where the EVSE ID did not lead to it:
        that is a finding of the discovery of stations."""
        self.timeline.needs(Milestone.LOCATED)
        return self.located()

    def located_at(self) -> datetime:
        """When the station was read."""
        self.located()
        at = self.timeline.peek(Milestone.LOCATED).at
        if at is None:
            raise LookupError("a station that was read has no time")
        return at

    def started(self) -> Session:
        """The session as the answer to the start shows it."""
        session: Session = self.timeline.wait(Milestone.STARTED)
        return session

    def seen_active(self) -> Session:
        """The session's details, read right after the start."""
        session: Session = self.timeline.wait(Milestone.SEEN_ACTIVE)
        return session

    def history_while_active(self) -> list[Session]:
        """The driver's charging sessions, read while this one is active."""
        sessions: list[Session] = self.timeline.wait(Milestone.SEEN_IN_HISTORY)
        return sessions

    def progressed(self) -> list[Session]:
        """The polls made before the stop."""
        sessions: list[Session] = self.timeline.wait(Milestone.PROGRESSED)
        return sessions

    def readings(self) -> list[Session]:
        """Every poll of the session, from the first to the one that was final."""
        sessions: list[Session] = self.timeline.wait(Milestone.POLLED)
        return sessions

    def stopped(self) -> bool:
        """Whether the stop was accepted; False where the session had ended by itself before."""
        accepted: bool = self.timeline.wait(Milestone.STOPPED)
        return accepted

    def settled(self) -> Cdr:
        """The CDR, for whoever asks whether it arrives: the session turned final.

        Raises `Failed` where it did not, or where one of its fields is missing.
        """
        session: Session = self.timeline.wait(Milestone.SETTLED)
        return Cdr.of(session)

    def cdr(self) -> Cdr:
        """The CDR, for whoever asks what it says. Raises `NotReached` where it did not arrive as a whole: that is one
        finding, and not one for each sum that cannot be done."""
        self.timeline.needs(Milestone.SETTLED)
        return self.settled()

    def remembered(self) -> list[Session]:
        """The history's entries of this session after it was settled: one, if all is well."""
        entries: list[Session] = self.timeline.wait(Milestone.REMEMBERED)
        return entries

    def invoices(self) -> list[Invoice]:
        """The invoices that name the session; never empty."""
        invoices: list[Invoice] = self.timeline.wait(Milestone.INVOICED)
        return invoices

    def invoiced(self) -> Invoice:
        """The first invoice that names the session."""
        return self.invoices()[0]

    def read_again(self) -> Session:
        """The settled session, read once more when the invoice has come or the wait for it has ended."""
        session: Session = self.timeline.wait(Milestone.READ_AGAIN)
        return session

    # -- the walk --------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Live the journey; called once, in a thread of its own."""
        with self.timeline.walking(), for_evse(self.vcp.evse_id):
            try:
                self._run()
            finally:
                self.give_back(self.driver)

    def _run(self) -> None:
        with self.timeline.step(Milestone.READY):
            self.driver = self.make_driver(self.name)
        driver = self.driver
        with self.timeline.step(Milestone.LOCATED, optional=True) as step:  # station data decides nothing about a VCP
            step.value = driver.client.get_station(evse_id=self.vcp.evse_id)
        if step.value is not None:
            self._event("located", f"found at {step.value.name}", step.exchanges)
        queued = self.clock.monotonic()
        with self.exclusive:  # other journeys of this run may need the same shared VCP
            self.waited_s = self.clock.monotonic() - queued
            session = self._charge(driver)
        self._await_cdr(driver, session)
        self._look_back(driver, session)
        self._await_invoice(driver, session)
        self._look_again(driver, session)

    def _charge(self, driver: Driver) -> Session:
        with self.timeline.step(Milestone.STARTED) as step:
            session = step.value = start_when_free(driver, self.vcp, pace=self.pace, clock=self.clock)
        self._event("start", f"session {session.id}", step.exchanges[-1:])
        try:
            with self.timeline.step(Milestone.SEEN_ACTIVE, optional=True) as step:
                step.value = self._poll(driver, session)
                driver.must_last(session.id, [step.value])
            with self.timeline.step(Milestone.SEEN_IN_HISTORY, optional=True) as step:
                step.value = list(driver.client.list_sessions(driver.user_id))
                driver.must_last(session.id, step.value)
            with self.timeline.step(Milestone.PROGRESSED, optional=True) as step:
                step.value = self._watch(driver, session)
                step.exchanges = [reading.exchange for _, reading in self.polls]
                driver.must_last(session.id, [poll for poll, _ in self.polls[-1:]])
        finally:
            if self.stops:
                self._stop(driver, session)
                self.held_s = driver.sessions.holds.held_s(session.id)
        return session

    def _stop(self, driver: Driver, session: Session) -> None:
        with self.timeline.step(Milestone.STOPPED) as step:
            step.value = stop_for_good(driver, session.id, pace=self.pace, clock=self.clock)
        text = "accepted" if step.value else "it had ended by itself"
        self._event("stop", text, step.exchanges)

    def _watch(self, driver: Driver, session: Session) -> list[Session]:
        """Poll while active: a shared VCP as briefly as possible, one with progress until energy has risen."""
        waiting = self._patience(self.pace.cdr_timeout)
        while not waiting.is_over():
            seen = [poll for poll, _ in self.polls]
            if seen and not seen[-1].is_active:
                break
            if self.vcp.is_shared and len(seen) >= READINGS_WHILE_SHARED:
                break
            if not self.vcp.is_shared and self.stops and len(_energies(seen)) >= RISES_SHOWN:
                break
            waiting.pause()
            if self._poll(driver, session).consumed_energy != (seen[-1].consumed_energy if seen else None):
                waiting.begin_anew()
        return [poll for poll, _ in self.polls]

    def _await_cdr(self, driver: Driver, session: Session) -> None:
        try:
            with self.timeline.step(Milestone.SETTLED, optional=True) as step:
                step.value = self._poll_until_final(driver, session)
                Cdr.of(step.value)
        finally:
            with self.timeline.step(Milestone.POLLED, optional=True) as polled:
                if not self.polls:  # what kept the first one from being read is the reason that there are none
                    self.timeline.needs(Milestone.SEEN_ACTIVE)
                if self._lost_sight():
                    self.timeline.needs(Milestone.SETTLED)
                polled.value = [poll for poll, _ in self.polls]
                polled.exchanges = [reading.exchange for _, reading in self.polls]
        if step.value is not None:
            self._event("settled", f"{step.value.consumed_energy} kWh", step.exchanges[-1:])

    def _lost_sight(self) -> bool:
        """Whether the wait for the CDR was broken off by nobody's fault while the last reading was active: that says
        nothing then of how the session ended."""
        fault = self.timeline.peek(Milestone.SETTLED).fault
        conclusion = None if fault is None else conclude(fault)
        was_active = not self.polls or self.polls[-1][0].is_active
        return was_active and conclusion is not None and conclusion.outcome is Outcome.INCONCLUSIVE

    def _poll_until_final(self, driver: Driver, session: Session) -> Session:
        waiting = self._patience(self.pace.cdr_timeout)
        while True:
            poll = self._poll(driver, session)
            if poll.is_final:
                return poll
            if waiting.is_over():
                state = "still active" if poll.is_active else f"inactive, but without {' and '.join(poll.lacks)}"
                raise Failed(
                    f"no CDR within {self.pace.cdr_timeout:g} s: session {session.id} is {state}",
                    owner=Owner.CARIQA,
                )
            waiting.pause()

    def _look_back(self, driver: Driver, session: Session) -> None:
        with self.timeline.step(Milestone.REMEMBERED, optional=True) as step:
            history = driver.client.list_sessions(driver.user_id)
            step.value = [entry for entry in history if entry.id == session.id]

    def _await_invoice(self, driver: Driver, session: Session) -> None:
        waiting = self._patience(self.pace.invoice_timeout)
        with self.timeline.step(Milestone.INVOICED, optional=True) as step:
            self.timeline.needs(Milestone.SETTLED)  # without a CDR there is nothing to bill
            while True:
                invoices = list(driver.client.list_invoices(driver.user_id))
                step.value = [invoice for invoice in invoices if invoice.charging_session_id == session.id]
                if step.value:
                    break
                if waiting.is_over():
                    raise self._no_invoice(driver, session, invoices)
                waiting.pause()
        for invoice in step.value or ():
            self._event("invoiced", f"{invoice.total} {invoice.currency}", step.exchanges[-1:])

    def _no_invoice(self, driver: Driver, session: Session, invoices: list[Invoice]) -> Failed | Inconclusive:
        """An invoice may come later, and need not name its session; naming another one of this driver is a fault."""
        named = [invoice.charging_session_id for invoice in invoices if invoice.charging_session_id]
        if named and not driver.prepared:  # a new driver has had this one session only
            return Failed(f"the invoice for session {session.id} names session {named[0]}", owner=Owner.CARIQA)
        nameless = sum(not invoice.charging_session_id for invoice in invoices)
        beside = f"; {nameless} of {len(invoices)} invoices name no session" if nameless else ""
        return Inconclusive(
            f"no invoice for session {session.id} within {self.pace.invoice_timeout:g} s of its CDR{beside}",
            owner=Owner.ENVIRONMENT,  # within the contract: no fault of anybody's
        )

    def _look_again(self, driver: Driver, session: Session) -> None:
        with self.timeline.step(Milestone.READ_AGAIN, optional=True) as step:
            self.timeline.needs(Milestone.SETTLED)
            step.value = driver.read(session.id)

    def _patience(self, seconds: float) -> Patience:
        return Patience(self.clock, seconds, interval=self.pace.poll_interval)

    def _poll(self, driver: Driver, session: Session) -> Session:
        with self.recorder.collect() as exchanges:
            poll = driver.read(session.id)
        energy = None if poll.consumed_energy is None else str(poll.consumed_energy)
        reading = Reading(at=self.clock.now(), kwh=energy, is_active=poll.is_active, exchange=exchanges[-1])
        self.polls.append((poll, reading))
        return poll

    def _event(self, what: str, text: str, exchanges: list[str]) -> None:
        self.timeline.event(self.name, what, text, exchanges=exchanges)


def _energies(sessions: list[Session]) -> set[object]:
    """The different positive energy values that were shown."""
    return {s.consumed_energy for s in sessions if s.consumed_energy is not None and s.consumed_energy > 0}
