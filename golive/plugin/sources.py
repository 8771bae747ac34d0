"""Where a run's answers come from: a target over the network, the embedded DEV, or the record of an earlier run.

Chosen once; whatever differs between them is asked here.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from pydantic import SecretStr

from golive.clock import SystemClock, WaitingClock
from golive.journeys.lending import AsAssigned, FirstFree, Lending, Prepared
from golive.recording import Recorder, RecordingTransport
from golive.settings import Settings

if TYPE_CHECKING:
    from golive.evidence.model import Evidence
    from golive.replay import Recorded, ReplayTransport
    from golive.simulator import EmbeddedSimulator
    from golive.simulator.deviations import Deviation

Live = Callable[[Recorder], RecordingTransport]
"""Makes the transport over the network."""


class Source(Protocol):
    """What a run is connected to."""

    @property
    def clock(self) -> WaitingClock:
        """The time that the run lives by."""

    @property
    def record(self) -> Evidence | None:
        """The record that answers; None where a target does."""

    @property
    def unanswered(self) -> Mapping[str, str]:
        """By exchange: what was asked and the record does not answer. Nothing that rests on it is a finding."""

    @property
    def is_shared(self) -> bool:
        """Whether what the run leaves open there would be in others' way."""

    def attach(self, settings: Settings, deviations: Sequence[Deviation]) -> Settings:
        """Be there to be asked; returns the settings with its address and keys."""

    def transport(self, recorder: Recorder, live: Live) -> RecordingTransport:
        """What every request goes through."""

    def lending(self, prepared: Sequence[Prepared]) -> Lending:
        """Which prepared user a journey gets."""

    def close(self) -> None:
        """The run has closed its connections."""


class Remote:
    """A target over the network."""

    record = None
    is_shared = True
    unanswered: Mapping[str, str] = MappingProxyType({})

    def __init__(self) -> None:
        self.clock = SystemClock()

    def attach(self, settings: Settings, deviations: Sequence[Deviation]) -> Settings:  # noqa: ARG002
        return settings

    def transport(self, recorder: Recorder, live: Live) -> RecordingTransport:
        return live(recorder)

    def lending(self, prepared: Sequence[Prepared]) -> Lending:
        return FirstFree(prepared)

    def close(self) -> None:
        """There is nothing else to be closed."""


class Embedded(Remote):
    """The simulated DEV, started on loopback for this run alone."""

    is_shared = False
    _simulator: EmbeddedSimulator | None = None

    def attach(self, settings: Settings, deviations: Sequence[Deviation]) -> Settings:
        from golive.simulator import EmbeddedSimulator, SimulatorOptions
        from golive.simulator.options import SIMULATOR_KEY, SIMULATOR_PUBLISHABLE_KEY

        rng = random.Random(settings.seed)  # noqa: S311 - the key of a simulator is no secret
        key, publishable_key = f"sim-{rng.getrandbits(128):032x}", f"pk_test_{rng.getrandbits(96):024x}"
        if settings.integration is not None:  # a backend that is running already has to know them before
            key, publishable_key = SIMULATOR_KEY, SIMULATOR_PUBLISHABLE_KEY
        options = SimulatorOptions(tick=settings.tick, seed=settings.seed, key=key, publishable_key=publishable_key)
        self._simulator = EmbeddedSimulator(options, deviations=deviations)
        self._simulator.start()
        return settings.attached(self._simulator.url, key=SecretStr(key), publishable_key=SecretStr(publishable_key))

    def close(self) -> None:
        if self._simulator is not None:
            self._simulator.stop()


class Replay:
    """The record of an earlier run. Opens no connection."""

    is_shared = False

    def __init__(self, recorded: Recorded) -> None:
        from golive.replay import ReplayClock

        run, journeys = recorded.evidence.run, recorded.evidence.journeys
        self.recorded = recorded
        self.record = recorded.evidence
        self.shelf = recorded.shelf()
        self.clock = ReplayClock(
            self.shelf,
            began=run.started_at,
            journeys_began=min((journey.started_at for journey in journeys), default=None),
        )
        self._transport: ReplayTransport | None = None

    @property
    def unanswered(self) -> Mapping[str, str]:
        return self._transport.unanswered if self._transport is not None else {}

    def attach(self, settings: Settings, deviations: Sequence[Deviation]) -> Settings:  # noqa: ARG002
        return settings

    def transport(self, recorder: Recorder, live: Live) -> RecordingTransport:  # noqa: ARG002 - nothing is sent
        from golive.replay import ReplayTransport

        self._transport = ReplayTransport(self.shelf, self.clock, recorder)
        return self._transport

    def lending(self, prepared: Sequence[Prepared]) -> Lending:
        return AsAssigned(prepared, self.recorded.lent())

    def close(self) -> None:
        """The run ends when the recorded one did, so that it is judged at the record's date."""
        self.clock.arrive(self.record.run.finished_at)


def source_of(settings: Settings) -> Source:
    """The source for a run that is no replay."""
    return Embedded() if settings.target.kind == "simulator" else Remote()
