"""One run: its settings, what it is connected to, and its life from preflight to clean-up."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from golive import __version__
from golive.clock import WaitingClock
from golive.connect.models.base import ApiModel
from golive.connect.sender import user_agent
from golive.evidence.base import build_all
from golive.evidence.model import CheckResult, Probe
from golive.evidence.statements import Scan
from golive.journeys.conductor import Conductor, Journey, Needs
from golive.journeys.drivers import Drivers, prefix_of
from golive.journeys.hold_watch import HoldWatch
from golive.journeys.holds import Holds, observe_cuts
from golive.journeys.sessions import OpenSessions
from golive.journeys.vcp import Pace, StoppableClock, Vcp
from golive.outcomes import Outcome, Owner
from golive.plugin.catalogue import Catalogue
from golive.plugin.integrating import UnderTest, under_test
from golive.plugin.keeping import Keeping, finish_former
from golive.plugin.secrets import secrets_of
from golive.plugin.sources import Source, source_of
from golive.plugin.wiring import Wiring, gate_of
from golive.politeness.transport import PoliteTransport
from golive.recording import RecordedPatience, Recorder, RecordingTransport, Redactor, live_transport
from golive.settings import Settings

if TYPE_CHECKING:
    from golive.dossier import Loaded
    from golive.integration.loading import Factory
    from golive.plugin.replaying import CarriedDossier
    from golive.plugin.unfinished import Unfinished
    from golive.simulator.deviations import Deviation


LOOKS = 10
"""Poll intervals that sessions which were stopped are given to end, before what is active still is told."""


class Run:
    """What all hooks and fixtures of one pytest session share.

    `open` connects, `close` leaves DEV as it was found. In between `checks` fills with what each check concluded.
    """

    def __init__(
        self, root: Path, settings: Settings, catalogue: Catalogue, run_id: str, source: Source | None = None
    ) -> None:
        self.source = source or source_of(settings)
        self.redactor = Redactor(secrets_of(settings))
        self.root = root
        self.settings = settings
        self.catalogue = catalogue
        self.id = run_id
        self.report_dir = settings.report_dir or root / "reports" / "runs" / _directory(run_id, self.source)
        self.clock: WaitingClock = self.source.clock
        self.sessions = OpenSessions()
        self.started_at = self.clock.now()
        self.began = self.clock.monotonic()
        self.probes: tuple[Probe, ...] = ()
        self.checks: dict[str, CheckResult] = {}
        self.standing: dict[str, list[str]] = {}
        self.findings: dict[tuple[str, str], tuple[Outcome, Owner]] = {}
        self.provoked_by: dict[str, list[str]] = {}
        self.leftovers: list[str] = []
        self.scans: tuple[Scan, ...] = ()
        self.open_before: tuple[str, ...] = ()
        self.selection = ""
        self.expected: int | None = None
        self.interrupted = self.source.record is not None and not self.source.record.run.complete
        self.opened = False
        self.dossier: Loaded | CarriedDossier | None = None
        self.deviations: Sequence[Deviation] = ()  # of the embedded simulator, when the suite itself is put to the test
        self.conductor: Conductor | None = None
        self.factory: Factory | None = None  # of the adapter of the partner's integration
        self.say: Callable[[str], object] = print  # a line to the terminal, past what keeps the output of checks back
        self.under_test: UnderTest | None = None
        self.unfinished: Unfinished | None = None
        self._transport: RecordingTransport | None = None
        self._keeping: Keeping | None = None
        self._hold_watch: HoldWatch | None = None
        self.notes: list[str] = []  # what the console has to say at the end
        self.unwritten: OSError | None = None  # why the report is not whole on disk

    # -- the life of a run -----------------------------------------------------------------------------------

    def open(self) -> None:
        """Start the embedded DEV where it is the target, and connect."""
        self.settings = self.source.attach(self.settings, self.deviations)
        build_all()
        build_all(ApiModel)
        settings = self.settings
        self.redactor = Redactor(secrets_of(settings))
        self.recorder = Recorder(self.redactor, self.source.clock)
        if self.source.is_shared:
            self._keeping = Keeping(
                self.report_dir, settings, self.id, prefix_of(self.id), lost=self._observe_unguarded
            )
        self.clock = RecordedPatience(self.source.clock, self.recorder)
        self.walking = StoppableClock(self.clock)
        self.gate = gate_of(self.settings, len(self.catalogue.vcps), self.source.clock)
        self._transport = self.source.transport(self.recorder, self._live)
        wiring = Wiring(settings, self._transport, self.recorder, self.clock, self.user_agent)
        self.connect, self.stripe = wiring.connect(), wiring.stripe()
        self._finish_former()
        self.holds = self._holds()
        self.sessions = OpenSessions(self._keeping, self.holds)
        self.pace = Pace(
            poll_interval=settings.poll_interval,
            cdr_timeout=settings.cdr_timeout,
            invoice_timeout=settings.invoice_timeout,
            busy_patience=settings.busy_patience,
            payment_timeout=settings.start_timeout,
        )
        prepared = [(user.user_id, user.payment_method_id) for user in settings.users]
        self.drivers = Drivers(
            client=self.connect,
            stripe=self.stripe,
            sessions=self.sessions,
            clock=self.walking,
            pace=self.pace,
            run_id=self.id,
            seed=settings.seed,
            personas=self.catalogue.personas,
            cards=self.catalogue.cards,
            prepared=prepared,
            lending=self.source.lending(prepared),
            on_disk=self._keeping,
        )
        if self.source.record is None:
            self._hold_watch = HoldWatch(self.sessions, self.holds, self.source.clock)
            self._hold_watch.begin()
        self.opened = True
        self.under_test = under_test(self)

    def begin_journeys(self, needs: Needs) -> None:
        """Begin all journeys that the selected checks need."""
        self.conductor = Conductor(needs, self.drivers, self.recorder)
        self.conductor.begin(self._journey_ended)
        if self.under_test is not None and needs.integration:
            self.under_test.begin(after=self.conductor.wait)

    def _journey_ended(self, journey: Journey) -> None:
        if self.unfinished is not None:
            self.unfinished.journey(self, journey)

    def close(self, hurry: Callable[[], bool]) -> None:
        """Let the journeys end, at once when there is a `hurry`; stop every session that is still open, remove what
        the run made."""
        if not self.opened:
            return

        def look() -> None:
            if hurry():
                self.interrupted = True
                self.walking.cancel()
                self.gate.end()

        look()
        try:
            if self.conductor is not None:
                self.conductor.wait(look)
            if self.under_test is not None:
                self.leftovers += self.under_test.close(look)
            self.leftovers += self.sessions.release_all()
            self.leftovers += self.sessions.look_back(
                self.clock,
                pause=self.pace.poll_interval,
                patience=0.0 if self.walking.cancelled else LOOKS * self.pace.poll_interval,
                others=self.open_before,
            )
            if self._hold_watch is not None:
                self._hold_watch.end()
            observe_cuts(self.holds, self.recorder)
            if not self.settings.keep_users:
                self.leftovers += self.drivers.made.remove_all(self.sessions.charging)
            lacking = tuple(self.source.unanswered.values())  # of that a replay knows nothing
            self.leftovers = [left for left in self.leftovers if not any(miss in left for miss in lacking)]
            for leftover in self.leftovers:
                self.recorder.observe("LEFT_BEHIND", leftover, owner=Owner.ENVIRONMENT, exchanges=())
            self._finish_former()  # a CDR that had not come when this run began may have come by now
            if self._keeping is not None and (sentence := self._keeping.end()) is not None:
                self.notes.append(sentence)
        finally:
            if self._transport is not None:
                self._transport.close()
            self.source.close()

    @property
    def user_agent(self) -> str:
        """What all requests of this run say of their sender."""
        return user_agent(__version__, self.id)

    @property
    def files(self) -> Mapping[str, bytes]:
        """What lies beside the record, by its path below the report's directory."""
        return {**(self.dossier.files if self.dossier else {}), **(self.under_test.files if self.under_test else {})}

    @property
    def selected_vcps(self) -> tuple[Vcp, ...]:
        """The listed VCPs, or those of them that `--evse` names."""
        chosen = self.settings.evse
        return tuple(vcp for vcp in self.catalogue.vcps if not chosen or vcp.evse_id in chosen)

    @property
    def is_blocked(self) -> bool:
        """Whether the preflight found a reason not to run."""
        return any(probe.outcome is Outcome.FAILED for probe in self.probes)

    # -- how it is connected ---------------------------------------------------------------------------------

    def _live(self, recorder: Recorder) -> RecordingTransport:
        return PoliteTransport(live_transport(recorder), self.gate)

    def _holds(self) -> Holds:
        record = self.source.record
        return Holds(
            self.clock,
            self.settings.max_hold,
            [vcp.evse_id for vcp in self.catalogue.vcps if vcp.is_shared],
            recorded={} if record is None else {hold.session_id: hold for hold in record.aftermath.holds},
            cut_elsewhere=tuple if self._keeping is None else self._keeping.cut,
        )

    def _finish_former(self) -> None:
        if self._keeping is not None:
            for sentence in finish_former(self.settings, self.id, self.report_dir.parent):
                self.notes.append(sentence)
                self.recorder.observe("FORMER_RUN_FINISHED", sentence, owner=Owner.PARTNER, exchanges=())

    def _observe_unguarded(self, why: str) -> None:
        self.recorder.observe(
            "UNGUARDED",
            f"no guardian process stands by this run: {why}. Should the run be killed, what is open then stays open "
            "until the next run or `python -m golive release`",
            owner=Owner.ENVIRONMENT,
            exchanges=(),
        )


RUN = pytest.StashKey[Run]()


def _directory(run_id: str, source: Source) -> str:
    """Where a run's report goes: a replay has its own place beside that of the recorded run."""
    if source.record is None:
        return run_id
    return f"{run_id}-replay-{datetime.now(UTC):%Y%m%dT%H%M%SZ}".lower()
