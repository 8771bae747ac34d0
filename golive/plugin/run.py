"""One run: its settings, what it is connected to, and its life from preflight to clean-up."""

import random
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from golive import __version__
from golive.clock import SystemClock
from golive.connect import ConnectClient, StripeClient, Timeouts
from golive.evidence.model import CheckResult, Probe
from golive.evidence.statements import Scan
from golive.journeys.conductor import Conductor, Needs
from golive.journeys.drivers import Drivers
from golive.journeys.sessions import OpenSessions
from golive.journeys.vcp import Pace, StoppableClock
from golive.outcomes import Outcome, Owner
from golive.plugin.catalogue import Catalogue
from golive.recording import Recorder, RecordingTransport, Redactor, live_transport
from golive.settings import Settings

if TYPE_CHECKING:
    from golive.dossier import Loaded
    from golive.simulator import EmbeddedSimulator
    from golive.simulator.deviations import Deviation


class Run:
    """What all hooks and fixtures of one pytest session share.

    `open` connects, `close` leaves DEV as it was found. In between `checks` fills with what each check concluded.
    """

    def __init__(self, root: Path, settings: Settings, catalogue: Catalogue, run_id: str) -> None:
        self.root = root
        self.settings = settings
        self.catalogue = catalogue
        self.id = run_id
        self.report_dir = settings.report_dir or root / "reports" / "runs" / run_id
        self.clock = SystemClock()
        self.walking = StoppableClock(self.clock)
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
        self.selection = ""
        self.interrupted = False
        self.opened = False
        self.dossier: Loaded | None = None
        self.deviations: Sequence[Deviation] = ()  # of the embedded simulator, when the suite itself is put to the test
        self.conductor: Conductor | None = None
        self._simulator: EmbeddedSimulator | None = None
        self._transport: RecordingTransport | None = None

    # -- the life of a run -----------------------------------------------------------------------------------

    def open(self) -> None:
        """Start the embedded DEV where it is the target, and connect."""
        if self.settings.target.kind == "simulator":
            self._start_simulator()
        settings = self.settings
        if settings.key is None or settings.target.url is None:
            raise RuntimeError("settings without key or address cannot be connected")
        self.redactor = Redactor(self._secrets())
        self.recorder = Recorder(self.redactor, self.clock)
        self._transport = live_transport(self.recorder)
        self.connect = ConnectClient(
            settings.target.url,
            settings.key,
            actor="checks",
            transport=self._transport,
            recorder=self.recorder,
            clock=self.clock,
            timeouts=Timeouts(start_s=settings.start_timeout),
            user_agent=f"cariqa-golive/{__version__} (run {self.id})",
        )
        self.stripe = self._stripe(self._transport)
        self.pace = Pace(
            poll_interval=settings.poll_interval,
            cdr_timeout=settings.cdr_timeout,
            invoice_timeout=settings.invoice_timeout,
            busy_patience=settings.busy_patience,
            payment_timeout=settings.start_timeout,
        )
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
            prepared=[(user.user_id, user.payment_method_id) for user in settings.users],
        )
        self.opened = True

    def begin_journeys(self, needs: Needs) -> None:
        """Begin all journeys that the selected checks need."""
        self.conductor = Conductor(needs, self.drivers, self.recorder)
        self.conductor.begin()

    def close(self, hurry: Callable[[], bool]) -> None:
        """Let the journeys end, at once when there is a `hurry`; stop every session that is still open, remove what
        the run made."""
        if not self.opened:
            return

        def look() -> None:
            if hurry():
                self.interrupted = True
                self.walking.cancel()

        look()
        try:
            if self.conductor is not None:
                self.conductor.wait(look)
            self.leftovers += self.sessions.release_all()
            if not self.settings.keep_users:
                self.leftovers += self.drivers.made.remove_all()
            for leftover in self.leftovers:
                self.recorder.observe("LEFT_BEHIND", leftover, owner=Owner.ENVIRONMENT, exchanges=())
        finally:
            if self._transport is not None:
                self._transport.close()
            if self._simulator is not None:
                self._simulator.stop()

    @property
    def is_blocked(self) -> bool:
        """Whether the preflight found a reason not to run."""
        return any(probe.outcome is Outcome.FAILED for probe in self.probes)

    # -- how it is connected ---------------------------------------------------------------------------------

    def _start_simulator(self) -> None:
        from golive.simulator import EmbeddedSimulator, SimulatorOptions

        rng = random.Random(self.settings.seed)  # noqa: S311 - the key of a simulator is no secret
        key, publishable_key = f"sim-{rng.getrandbits(128):032x}", f"pk_test_{rng.getrandbits(96):024x}"
        self._simulator = EmbeddedSimulator(
            SimulatorOptions(
                tick=self.settings.tick, seed=self.settings.seed, key=key, publishable_key=publishable_key
            ),
            deviations=self.deviations,
        )
        self._simulator.start()
        self.settings = self.settings.attached(
            self._simulator.url, key=SecretStr(key), publishable_key=SecretStr(publishable_key)
        )

    def _stripe(self, transport: RecordingTransport) -> StripeClient | None:
        if self.settings.publishable_key is None or self.settings.stripe_api_base is None:
            return None
        return StripeClient(
            self.settings.stripe_api_base,
            self.settings.publishable_key,
            actor="checks",
            transport=transport,
            recorder=self.recorder,
            clock=self.clock,
        )

    def _secrets(self) -> dict[str, SecretStr]:
        secrets = {"CONNECT_API_KEY": self.settings.key, "STRIPE_PUBLISHABLE_KEY": self.settings.publishable_key}
        return {name: secret for name, secret in secrets.items() if secret is not None}


RUN = pytest.StashKey[Run]()


def run_id(seed: int) -> str:
    """A new run's id: its UTC time to the second, and a tag that tells two runs of one second apart."""
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ").lower()
    return f"{now}-{uuid.uuid5(uuid.NAMESPACE_URL, f'{seed}/{datetime.now(UTC).isoformat()}').hex[:6]}"
