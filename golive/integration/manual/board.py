"""The steps that a person is asked to take: which one is under way, what its traffic shows, what was answered.

Shared by the page, which shows it and takes answers, and by the adapter, which waits for them.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, Literal

PATIENCE_S: Final = 15 * 60.0
"""How long a step waits for its person, in seconds."""
_LOOK_S: Final = 0.2
_MOST_TEXT: Final = 4000

Kind = Literal["act", "ask"]
State = Literal["now", "done", "refused", "given up"]


@dataclass(frozen=True)
class Answer:
    """What the person said: whether the app did it, and what it shows. `picture` is a PNG or JPEG file."""

    worked: bool = True
    state: str = ""
    kwh: str = ""
    message: str = ""
    picture: bytes | None = None


@dataclass(frozen=True)
class Step:
    """One thing to do in the app, or to read off it. `seen` are lines on the traffic that belongs to it."""

    number: int
    kind: Kind
    text: str
    state: State = "now"
    seen: tuple[str, ...] = ()
    left_s: float = PATIENCE_S


class NobodyThere(Exception):  # noqa: N818 - nobody's fault
    """The step waited for as long as a step waits."""


class Ended(Exception):  # noqa: N818 - the run is ending
    """The run is ending, so nobody is asked any more."""


@dataclass
class Board:
    """Safe to use from several threads. One step is under way at a time."""

    now: Callable[[], float]
    patience_s: float = PATIENCE_S
    _steps: list[Step] = field(default_factory=list)
    _answer: Answer | None = None
    _until: float = 0.0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps so far, the last one with the seconds that are left for it."""
        with self._changed:
            return tuple(
                replace(step, left_s=max(0.0, self._until - self.now())) if step.state == "now" else step
                for step in self._steps
            )

    def ask(
        self, kind: Kind, text: str, *, look: Callable[[], tuple[tuple[str, ...], bool]], ended: Callable[[], bool]
    ) -> Answer:
        """Put the step on the board and wait for its answer. `look` tells the lines on its traffic, and whether they
        show that it was done, so that nobody has to say so. Raises `NobodyThere`, `Ended`."""
        with self._changed:
            self._answer = None
            self._until = self.now() + self.patience_s
            self._steps.append(Step(len(self._steps) + 1, kind, text))
            while True:
                seen, done = look()
                self._put(seen=seen)
                if self._answer is not None:
                    self._put(state="done" if self._answer.worked else "refused")
                    return self._answer
                if done:
                    self._put(state="done")
                    return Answer()
                if ended():
                    self._put(state="given up")
                    raise Ended
                if self.now() >= self._until:
                    self._put(state="given up")
                    raise NobodyThere(f"nobody did within {self.patience_s:g} s: {text}")
                self._changed.wait(_LOOK_S)

    def answer(self, number: int, answer: Answer) -> bool:
        """The person's answer to a step. False where that is not the one under way."""
        with self._changed:
            if not self._steps or self._steps[-1].number != number or self._steps[-1].state != "now":
                return False
            self._answer = replace(
                answer, state=answer.state[:_MOST_TEXT], kwh=answer.kwh[:100], message=answer.message[:_MOST_TEXT]
            )
            self._changed.notify_all()
            return True

    def _put(self, **changes: object) -> None:
        self._steps[-1] = replace(self._steps[-1], **changes)  # type: ignore[arg-type]
