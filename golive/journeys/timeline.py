"""What one journey lived through: milestones that checks can wait for, and events for the report."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from golive.clock import Clock
from golive.evidence.model import Event
from golive.interrupts import until
from golive.journeys.vcp import Cancelled
from golive.judging import conclude
from golive.outcomes import Inconclusive, NotReached, Owner
from golive.recording import Recorder


class Milestone(StrEnum):
    """Points of a journey in the order in which they are lived; which of them a journey has depends on its kind."""

    READY = "ready"
    LOCATED = "located"
    STARTED = "started"
    SEEN_ACTIVE = "seen active"
    SEEN_IN_HISTORY = "seen in history"
    MET = "met"
    PROGRESSED = "progressed"
    STOPPED = "stopped"
    STOPPED_AGAIN = "stopped again"
    POLLED = "polled"
    SETTLED = "settled"
    REMEMBERED = "remembered"
    INVOICED = "invoiced"
    READ_AGAIN = "read again"


@dataclass
class Step:
    """One milestone being worked on; the walk sets `value`."""

    value: Any = None
    exchanges: list[str] = field(default_factory=list)
    at: datetime | None = None
    took_s: float = 0.0
    fault: BaseException | None = None
    done: threading.Event = field(default_factory=threading.Event)


class Timeline:
    """Written by the thread that walks, read by any other.

    A milestone ends in a value or in the exception that it met. An exception ends the walk unless the step is
    `optional`; every later milestone then counts as not reached and names the one that was to blame.
    """

    def __init__(self, name: str, recorder: Recorder, clock: Clock) -> None:
        self.name = name
        self._recorder = recorder
        self._clock = clock
        self._steps = {milestone: Step() for milestone in Milestone}
        self._events: list[Event] = []
        self._ended = threading.Event()
        self._broken_at: Milestone | None = None
        self.started_at = clock.now()
        self.finished_at = self.started_at
        self.doing = "waiting"

    # -- written by the walk ---------------------------------------------------------------------------------

    @contextmanager
    def step(self, milestone: Milestone, *, optional: bool = False) -> Iterator[Step]:
        """Work on `milestone`: all exchanges made inside belong to it."""
        step = self._steps[milestone]
        self.doing = milestone.value
        began = self._clock.monotonic()
        try:
            with self._recorder.collect() as step.exchanges:
                yield step
        except Exception as exc:
            step.fault = exc
            if not optional or isinstance(exc, Cancelled):
                self._broken_at = milestone
                raise
        finally:
            step.at = self._clock.now()
            step.took_s = self._clock.monotonic() - began
            step.done.set()

    @contextmanager
    def walking(self) -> Iterator[None]:
        """The whole walk: whatever ends it, those who wait are released."""
        try:
            yield
        except Exception as exc:
            if self._broken_at is None:  # between two milestones: the walk's own code
                self._broken_at = Milestone.READY
                self._steps[Milestone.READY].fault = exc
                self._steps[Milestone.READY].done.set()
        finally:
            self.finished_at = self._clock.now()
            self.doing = "ended"
            self._ended.set()
            for step in self._steps.values():
                step.done.set()

    def event(
        self,
        actor: str,
        what: str,
        text: str,
        *,
        status: Literal["ok", "refused", "failed", "info"] = "ok",
        exchanges: list[str] | None = None,
        at: datetime | None = None,
        took_s: float = 0.0,
    ) -> None:
        """Put a point on the timeline that the report draws."""
        self._events.append(
            Event(
                at=at or self._clock.now(),
                took_s=round(took_s, 3),
                actor=actor,
                what=what,
                text=text,
                status=status,
                exchanges=tuple(exchanges or ()),
            )
        )

    # -- read by checks --------------------------------------------------------------------------------------

    def wait(self, milestone: Milestone) -> Any:
        """The value of `milestone`, once it is there.

        Raises what the walk met at this very milestone; `NotReached` where it ended before. The check that asks
        stands on the exchanges of the milestone, also where it raises.
        """
        step = self._steps[milestone]
        until(step.done)
        self._recorder.stands_on(step.exchanges)
        if step.fault is not None:
            raise _as_raised(step.fault)
        if step.at is None:
            raise self._not_reached(milestone)
        return step.value

    def needs(self, earlier: Milestone) -> None:
        """Waits for `earlier`. Raises `NotReached` where it met a fault, even if the walk went on after it."""
        step = self._steps[earlier]
        until(step.done)
        if step.fault is not None:
            raise self._because_of(earlier)
        if step.at is None:
            raise self._not_reached(earlier)

    def _not_reached(self, milestone: Milestone) -> BaseException:
        if self._broken_at is None:
            return LookupError(f"the journey {self.name} has no milestone {milestone}")
        return self._because_of(self._broken_at)

    def _because_of(self, milestone: Milestone) -> BaseException:
        broken = self._steps[milestone]
        fault = broken.fault or RuntimeError("no fault was kept")
        self._recorder.stands_on(broken.exchanges)
        if isinstance(fault, Cancelled):
            return _as_raised(fault)
        conclusion = conclude(fault)
        if conclusion is None:
            return RuntimeError(f"the journey {self.name} broke at {milestone!s}: {fault!r}")
        return NotReached(
            f"not reached: the journey ended at '{milestone!s}' ({conclusion.message})",
            owner=conclusion.owner,
        )

    def peek(self, milestone: Milestone) -> Step:
        """The step as it is now, without waiting: for the report and the console."""
        return self._steps[milestone]

    def broke_because(self) -> str | None:
        """Why the walk ended early, or None."""
        if self._broken_at is None:
            return None
        return f"{self._broken_at!s}: {self._steps[self._broken_at].fault}"

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(self._events)

    @property
    def has_ended(self) -> bool:
        return self._ended.is_set()


def _as_raised(fault: BaseException) -> BaseException:
    """`fault` for one more reader: a conclusion of its own, so that tracebacks do not pile up on one object."""
    if isinstance(fault, Cancelled):
        return Inconclusive("the run ended before this was reached", owner=Owner.ENVIRONMENT)
    conclusion = conclude(fault)
    if conclusion is None:
        return RuntimeError(f"the journey broke: {fault!r}")
    return type(conclusion)(conclusion.message, owner=conclusion.owner)
