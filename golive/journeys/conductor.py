"""All journeys of a run: begun together, each in a thread of its own, and ended together."""

import threading
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, TypeVar

from golive.interrupts import until_ended
from golive.journeys.drivers import Drivers
from golive.journeys.meetings import BusyMeeting, Meeting, Refusals
from golive.journeys.refused_start import RefusedStart
from golive.journeys.timeline import Timeline
from golive.journeys.vcp import Vcp
from golive.journeys.walk import Walk
from golive.recording import Recorder

_M = TypeVar("_M", bound=Meeting)


@dataclass(frozen=True)
class Needs:
    """Which journeys the selected checks need."""

    walks: tuple[Vcp, ...] = ()
    unstopped: Vcp | None = None
    shared: tuple[Vcp, ...] = ()
    busy: bool = False
    refusals: bool = False
    refused_starts: Mapping[str, tuple[str | None, str]] = field(default_factory=dict)
    refused_on: Vcp | None = None
    integration: bool = False

    @property
    def a_session(self) -> bool:
        """Whether any of these journeys begins a charging session."""
        return bool(self.walks or self.unstopped or self.busy or self.refusals)


class Journey(Protocol):
    """What the conductor and the report ask of every kind of journey."""

    name: str
    timeline: Timeline

    def run(self) -> None: ...


class Conductor:
    """Begins the journeys that are needed, and waits for them.

    A user may hold one session only, so each journey has a driver of its own; journeys that need the same shared
    VCP take turns on it.
    """

    def __init__(self, needs: Needs, drivers: Drivers, recorder: Recorder) -> None:
        self.needs = needs
        self._drivers = drivers
        self._threads: list[threading.Thread] = []
        locks = {vcp: threading.Lock() for vcp in {*needs.walks, *needs.shared}}

        def walk(vcp: Vcp, name: str, *, stops: bool) -> Walk:
            exclusive = locks[vcp] if stops else nullcontext()
            return Walk(
                vcp,
                name,
                drivers.make,
                drivers.give_back,
                recorder,
                drivers.clock,
                drivers.pace,
                stops=stops,
                exclusive=exclusive,
            )

        def meeting(kind: type[_M], name: str) -> _M:
            return kind(
                name,
                drivers.make,
                drivers.give_back,
                recorder,
                drivers.clock,
                drivers.pace,
                candidates=needs.shared,
                locks=locks,
            )

        self.walks = {vcp: walk(vcp, f"driver {vcp}", stops=True) for vcp in needs.walks}
        lonely = needs.unstopped
        self.unstopped = walk(lonely, f"driver {lonely} unstopped", stops=False) if lonely else None
        self.busy = meeting(BusyMeeting, "busy driver") if needs.busy else None
        self.refusals = meeting(Refusals, "refused driver") if needs.refusals else None
        self.refused_starts: dict[str, RefusedStart] = {}
        if needs.refused_on is not None:
            for name, (persona, card) in needs.refused_starts.items():
                make = partial(drivers.make, persona=persona, card=card)
                self.refused_starts[name] = RefusedStart(
                    f"driver {name}", needs.refused_on, make, recorder, drivers.clock
                )

    @property
    def journeys(self) -> tuple[Journey, ...]:
        """Every journey of the run, walks first."""
        extra: list[Journey | None] = [self.unstopped, self.busy, self.refusals]
        return (*self.walks.values(), *(j for j in extra if j), *self.refused_starts.values())

    def begin(self, ended: Callable[[Journey], None] = lambda _journey: None) -> None:
        """Start all journeys; returns at once. `ended` is called with each that has ended, in that journey's thread."""

        def live(journey: Journey) -> None:
            try:
                journey.run()
            finally:
                ended(journey)

        for journey in self.journeys:
            thread = threading.Thread(target=live, args=(journey,), name=journey.name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def wait(self, tick: Callable[[], None] | None = None) -> None:
        """Until every journey has ended; `tick` is called now and then meanwhile."""
        for thread in self._threads:
            until_ended(thread, tick)

    def end(self) -> None:
        """Let no journey walk on, and wait for those that are under way to notice."""
        self._drivers.clock.cancel()
        self.wait()
