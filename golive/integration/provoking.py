"""One provoked error: bring the driver to the moment in which it can be met, provoke it, watch what becomes of it."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Final, Protocol

from golive.evidence.integration import ProvokedError
from golive.evidence.model import Exchange
from golive.integration import wire
from golive.integration.adapter import AppError
from golive.integration.charges import CARD, Traffic
from golive.integration.seat import AdapterError, NotOffered, Seat
from golive.journeys.vcp import Pace, StoppableClock, Vcp
from golive.outcomes import Conclusion

_LOOKS: Final = 6
_WATCHED_S: Final = 1.0

_Act = tuple[str, tuple[str, ...]]


class Provocation(Protocol):
    """What has to be known of an error that the gateway can answer with."""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def operations(self) -> Collection[str]: ...

    @property
    def error_type(self) -> str | None: ...

    @property
    def status(self) -> int | None: ...


class Gate(Protocol):
    """The gateway, as far as it is told what to provoke."""

    def provoke(self, name: str, *, on: str | None = None) -> object:
        """From now on the next fitting request is answered with it, of the operation `on` alone where that is given."""

    def quiet(self) -> None:
        """Provoke nothing any more."""


def watched_s(pace: Pace) -> float:
    """For how long the driver looks at the app after an error, in seconds: some poll intervals, so that a storm or a
    silence shows; a second at least, as a backend polls at its own pace."""
    return max(_LOOKS * pace.poll_interval, _WATCHED_S)


class Provoking:
    """`run` gives what came of it and raises nothing of the partner's but `Cancelled`, when the run ends."""

    def __init__(
        self,
        provocation: Provocation,
        seat: Seat,
        vcp: Vcp,
        gate: Gate,
        traffic: Traffic,
        clock: StoppableClock,
        pace: Pace,
        looks: int | None = None,
    ) -> None:
        self._provocation = provocation
        self._seat = seat
        self._vcp = vcp
        self._gate = gate
        self._traffic = traffic
        self._clock = clock
        self._pace = pace
        self._looks = looks

    def run(self) -> ProvokedError:
        """Provoke, watch, be quiet again, and leave no charge going."""
        begun = len(self._traffic())
        problem: str | None = None
        try:
            *before, (act, args) = self._acts()
            for earlier, its_args in before:
                self._seat.do(earlier, *its_args)
            self._seat.seen.clear()  # from here on it is about the error
            start_alone = wire.START in self._provocation.operations
            self._gate.provoke(self._provocation.name, on=wire.START if start_alone else None)
            with suppress(AppError):  # kept by the seat: it is what the driver is shown
                self._seat.do(act, *args)
            self._watch(act)
        except (NotOffered, AdapterError) as fault:
            problem = str(fault)
        except AppError as error:
            problem = f"the app showed an error before anything was provoked: {self._seat.redact(str(error))}"
        finally:
            self._gate.quiet()
        found = self._told(begun, problem)
        self._leave(begun)
        return found

    def _acts(self) -> list[_Act]:
        """What the driver does, the last of it with the error; by the operations that can be answered with it."""
        sign_up: list[_Act] = [("sign_up", ())]
        account = [*sign_up, ("give_billing_data", ())] if self._seat.offers("give_billing_data") else sign_up
        card, start = ("add_payment_method", (CARD,)), ("start", (self._vcp.evse_id,))
        moments: tuple[tuple[str, list[_Act]], ...] = (
            (wire.START, [*account, card, start]),
            (wire.STOP, [*account, card, start, ("stop", ())]),
            ("users_charging_sessions_", [*account, card, start, ("shown", ())]),
            ("users_setup_intents_", [*account, card]),
            ("users_payment_methods_", [*account, card]),
            ("users_billing_details_", account),
            ("users_", sign_up),
            ("stations_", [*sign_up, ("find_station", (self._vcp.evse_id,))]),
        )
        struck = self._provocation.operations
        return next(acts for prefix, acts in moments if any(name.startswith(prefix) for name in struck))

    def _watch(self, act: str) -> None:
        """Look at the app for a while; after a stop until there is a receipt, which may come late."""
        enough = self._clock.deadline(watched_s(self._pace))
        at_most = self._clock.deadline(self._pace.cdr_timeout)
        receipt = act != "stop" or not self._seat.offers("receipt")
        looks = 0
        while not (receipt and enough.has_passed()) and not at_most.has_passed():
            with suppress(AppError):
                if self._seat.offers("shown") and (self._looks is None or looks < self._looks):
                    looks += 1
                    self._seat.look()
                if not receipt:
                    receipt = self._seat.do("receipt") is not None
            self._clock.sleep(self._pace.poll_interval)

    def _told(self, begun: int, problem: str | None) -> ProvokedError:
        now = self._traffic()[begun:]
        answered = [each for each in now if each.provoked == self._provocation.name]
        return ProvokedError(
            name=self._provocation.name,
            title=self._provocation.title,
            error_type=self._provocation.error_type,
            status=self._provocation.status,
            met=bool(answered),
            answered=tuple(each.id for each in answered),
            watched_until=self._clock.now(),
            followed=tuple(each.id for each in wire.after(now, answered[0] if answered else None)),
            shown=tuple(self._seat.seen),
            problem=problem,
        )

    def _leave(self, begun: int) -> None:
        """No charge is left going, as far as the app lets a driver end it; the gateway stops what is left. Whoever was
        told that it is stopped does not ask for it again: many a backend passes each stop on."""
        now = self._traffic()[begun:]
        starts = [each for each in now if each.operation == wire.START]
        sessions = [id_ for start in starts if (id_ := wire.session_of(start)) is not None]
        if any(not wire.took_its_stop(now, id_) for id_ in sessions) or self._lost(starts):
            with suppress(AppError, NotOffered, AdapterError, Conclusion):
                self._seat.do("stop")

    @staticmethod
    def _lost(starts: Sequence[Exchange]) -> bool:
        return any(start.error is not None for start in starts)
