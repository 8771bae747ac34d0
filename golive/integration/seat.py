"""One driver in the partner's app: acts, and what the driver is shown after each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from math import inf
from pathlib import Path
from traceback import extract_tb
from typing import Any, Final

from golive.clock import Clock
from golive.evidence.integration import Shown as ShownThen
from golive.integration.adapter import AppError, Shown
from golive.integration.hands import HERE, Hands, Stuck
from golive.journeys.vcp import Cancelled

ACTS: Final = (
    "sign_up",
    "add_payment_method",
    "give_billing_data",
    "find_station",
    "start",
    "shown",
    "stop",
    "receipt",
    "log_line",
)
"""What an adapter may offer, in the order in which a driver does it."""


_OURS: Final = (__file__, HERE)
"""What stands between the run and the adapter's own code."""


class NotOffered(Exception):  # noqa: N818 - no fault of anybody's
    """The adapter has no such method, so nothing of the kind is shown."""


class AdapterError(Exception):
    """The adapter raised something else than what the app shows to a driver."""


def offered(adapter: object) -> tuple[str, ...]:
    """The acts that the adapter has a method for."""
    return tuple(act for act in ACTS if callable(getattr(adapter, act, None)))


@dataclass
class Seat:
    """A driver's place in the partner's app. `seen` grows with what is shown; texts pass `redact` first. `hands` make
    the calls."""

    adapter: object
    driver: str
    clock: Clock
    redact: Callable[[str], str]
    hands: Hands = field(default_factory=lambda: Hands(inf))
    seen: list[ShownThen] = field(default_factory=list)

    def offers(self, act: str) -> bool:
        """Whether the adapter can be asked for it."""
        return callable(getattr(self.adapter, act, None))

    def do(self, act: str, *args: str) -> Any:
        """Do it. Raises `AppError` for an error that the driver was shown, which is kept; `NotOffered`;
        `AdapterError`."""
        method = getattr(self.adapter, act, None)
        if not callable(method):
            raise NotOffered(f"the adapter offers no {act}")
        try:
            return self.hands.do(partial(method, self.driver, *args))
        except AppError as error:
            self._keep(Shown(message=str(error)))
            raise
        except Stuck as stuck:
            raise AdapterError(f"{act} of the adapter {stuck}") from None
        except Cancelled:
            raise
        except (Exception, SystemExit) as fault:  # whatever the partner's code raises: the run goes on
            words = self.redact(" ".join(str(fault).split()))[:300]
            raise AdapterError(f"{act} of the adapter raised {type(fault).__name__}: {words}{_where(fault)}") from fault

    def log_line(self, support_code: str) -> str | None:
        """The line of the partner's log; None where it has none. Raises `AdapterError`."""
        try:
            line = self.hands.do(partial(self.adapter.log_line, support_code))  # type: ignore[attr-defined]
        except (Exception, SystemExit) as fault:  # whatever the partner's code raises: the run goes on
            raise AdapterError(f"log_line of the adapter raised {type(fault).__name__}") from fault
        return self._text(line)

    def look(self) -> Shown:
        """What the driver is shown now. Raises as `do` does."""
        shown = self.do("shown")
        if not isinstance(shown, Shown):
            raise AdapterError(f"shown of the adapter gave {type(shown).__name__}, not adapter.Shown")
        self._keep(shown)
        return shown

    def _keep(self, shown: Shown) -> None:
        """Note it, unless the driver was shown just that the last time."""
        then = ShownThen(
            at=self.clock.now(),
            state=self._text(shown.state),
            kwh=self._text(shown.kwh),
            message=self._text(shown.message),
            attachment=getattr(shown, "attachment", None),
        )
        if not self.seen or then.model_copy(update={"at": self.seen[-1].at}) != self.seen[-1]:
            self.seen.append(then)

    def _text(self, words: object) -> str | None:
        return None if words is None else self.redact(str(words))


def _where(fault: BaseException) -> str:
    """File and line of the adapter's own code that led to it, the outermost first met behind ours."""
    theirs = [frame for frame in extract_tb(fault.__traceback__) if frame.filename not in _OURS]
    return f" ({Path(theirs[0].filename).name}, line {theirs[0].lineno})" if theirs else ""
