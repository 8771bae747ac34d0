"""One watching, from its first line to its record."""

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any, Final

from pydantic import SecretStr

from golive.bundle.errors import BundleError
from golive.bundle.seal import seal
from golive.evidence.base import build_all
from golive.evidence.challenge import run_id
from golive.evidence.integration import RuleStatus
from golive.evidence.model import Evidence, Exchange
from golive.gateway import Gateway, Provocation, Provocations
from golive.gateway.told import lines_for_backend
from golive.interrupts import ending_signals
from golive.journeys.sessions import OpenSessions
from golive.plugin.secrets import secrets_of
from golive.recording import Recorder, Redactor
from golive.report import VIEWS
from golive.serving import LOOPBACK, listen
from golive.settings import Settings, SettingsError, describe
from golive.watching import told
from golive.watching.certificate import Certificate, self_signed
from golive.watching.command import HIGHEST_PORT
from golive.watching.hurry import Hurrying
from golive.watching.in_turn import InTurn
from golive.watching.place import Place
from golive.watching.record import Watched, assemble, write

RUNS: Final = Path("reports") / "runs"
CERTIFICATE: Final = "gateway-certificate.pem"
LOOKS: Final = 10
"""Poll intervals that sessions which were stopped are given to end, before what is active still is told."""
LOCAL_SLOW_S: Final = 2.0
"""How long a slow answer takes where the target is on this machine, in seconds."""


class Watch:
    """`run` returns when it was told to end, by Ctrl-C or a signal."""

    def __init__(self, settings: Settings, *, port: int, tls: bool, provoke: Sequence[Provocation]) -> None:
        self._hurry = threading.Event()
        self.clock = Hurrying(self._hurry)
        self.id = run_id()
        self.directory = settings.report_dir or RUNS / f"{self.id}-gateway"
        self._settings = settings
        self._port = port
        self._tls = tls
        self._turns = InTurn(provoke)
        self._ended = threading.Event()

    def run(self) -> int:
        """Exit status as the command has it. Raises `SettingsError` for what cannot be used."""
        certificate = self_signed() if self._tls else None
        build_all()
        with self._signals():
            with self._target() as settings:
                redactor = Redactor(secrets_of(settings))
                place = Place(self.directory, settings, self.id, _say)
                evidence = assemble(self._watched(settings, Recorder(redactor, self.clock), certificate, place))
            write(evidence, self.directory)
            place.recorded()
            return self._finish(evidence, redactor)

    # -- what it stands on ---------------------------------------------------------------------------------------------

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """The first signal ends the watching, a further one whatever is waited for at its end: what is charging is
        stopped all the same."""

        def received(_signal: int, _frame: FrameType | None) -> None:
            if self._ended.is_set():
                self._hurry.set()
            self._ended.set()

        before = {each: signal.signal(each, received) for each in ending_signals()}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    @contextmanager
    def _target(self) -> Iterator[Settings]:
        """The settings with the target's address and keys; the embedded DEV is there within."""
        if self._settings.target.kind != "simulator":
            yield self._settings
            return
        from golive.simulator import EmbeddedSimulator, SimulatorOptions

        options = SimulatorOptions(tick=self._settings.tick, seed=self._settings.seed)
        simulator = EmbeddedSimulator(options, port=_free_beside(self._port))
        with simulator:
            yield self._settings.attached(
                simulator.url, key=SecretStr(options.key), publishable_key=SecretStr(options.publishable_key)
            )

    # -- watching ------------------------------------------------------------------------------------------------------

    def _watched(
        self, settings: Settings, recorder: Recorder, certificate: Certificate | None, place: Place
    ) -> Watched:
        started_at, began = self.clock.now(), self.clock.monotonic()
        with place:
            sessions = OpenSessions(place.keeping)
            gateway = Gateway(
                settings.target.url or "",
                recorder,
                port=self._port,
                tls=None if certificate is None else certificate.context,
                provocations=_provocations(settings),
                sessions=sessions,
                patience_s=settings.start_timeout,
                on_exchange=lambda exchange: self._seen(gateway, exchange),
                clock=self.clock,
                run_id=self.id,
            )
            self._start(gateway)
            try:
                watched = Watched(
                    run_id=self.id,
                    started_at=started_at,
                    finished_at=started_at,
                    wall_s=0.0,
                    settings=settings,
                    options=self._options(settings),
                    recorder=recorder,
                    sessions=sessions,
                )
                place.record(recorder, assemble(watched))
                self._greet(gateway, settings, certificate)
                self._arm(gateway)
                self._ended.wait()
                _say("Ending: what is still charging is stopped first.")
                finished_at = self.clock.now()
                left = gateway.stop(look_s=settings.poll_interval * LOOKS)
            finally:
                gateway.stop()  # whatever came up: nothing is left charging
        return replace(
            watched,
            is_over=True,
            finished_at=finished_at,
            wall_s=self.clock.monotonic() - began,
            handles=self._turns.handles,
            never_armed=self._turns.never_armed,
            left_behind=left,
            complete=not self._hurry.is_set(),
        )

    def _start(self, gateway: Gateway) -> None:
        try:
            gateway.start()
        except OSError as fault:
            why = fault.strerror or str(fault)
            raise SettingsError(
                f"--port {self._port}: cannot be listened on ({why}); give another, or 0 for any that is free"
            ) from None

    def _seen(self, gateway: Gateway, exchange: Exchange) -> None:
        _say(told.line(exchange))
        self._arm(gateway)

    def _arm(self, gateway: Gateway) -> None:
        if (provocation := self._turns.go_on(gateway)) is not None:
            _say(f"Next to be provoked: {provocation.name}")

    def _greet(self, gateway: Gateway, settings: Settings, certificate: Certificate | None) -> None:
        _say(f"Gateway to {settings.target.url}; for your backend, in the place of DEV's:\n")
        embedded = settings.target.kind == "simulator"
        for line in lines_for_backend(
            gateway.url,
            key=settings.key if embedded else None,
            publishable_key=settings.publishable_key if embedded else None,
            stripe_base=settings.target.url if embedded else None,
        ):
            _say(line)
        if certificate is not None:
            (self.directory / CERTIFICATE).write_bytes(certificate.text)
            _say(f"\nIt must trust this certificate: {self.directory / CERTIFICATE}")
        _say("\nA line for each of its requests follows; Ctrl-C ends it and writes the record.\n")

    def _options(self, settings: Settings) -> dict[str, Any]:
        return {"command": "gateway", **describe(settings), "port": self._port, "tls": self._tls}

    # -- the record ----------------------------------------------------------------------------------------------------

    def _finish(self, evidence: Evidence, redactor: Redactor) -> int:
        """Say what the record comes to, and make a bundle of it: a secret in a file is a reason not to hand it over."""
        integration = evidence.integration
        results = integration.rules if integration else ()
        for text in told.summary(evidence):
            _say(text)
        try:
            sealed = seal(self.directory, evidence, parts=("evidence.json", *VIEWS), finds=redactor.found_in)
        except BundleError as refusal:
            _say(f"No bundle was made: {refusal}")
            return 1
        _say(f"Report: {self.directory / 'evidence.html'}")
        _say(f"Bundle: {sealed.path}")
        broken = any(result.status is RuleStatus.BROKEN for result in results)
        return 1 if broken or evidence.aftermath.left_behind else 0


def _provocations(settings: Settings) -> Provocations:
    """What takes long takes less where charges go as fast as a simulator's ticks: a progress walk takes ten."""
    if not settings.target.local:
        return Provocations(seed=settings.seed)
    return Provocations(seed=settings.seed, slow_s=LOCAL_SLOW_S, hold_s=max(LOCAL_SLOW_S, 20 * settings.tick))


def _free_beside(port: int) -> int:
    """The next port, so that it is the same each time; any where that one is taken."""
    if not 0 < port < HIGHEST_PORT:
        return 0
    try:
        listen(LOOPBACK, port + 1).close()
    except OSError:
        return 0
    return port + 1


def _say(text: str) -> None:
    """To whoever reads; that nobody does any more is no reason to leave a session charging."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
