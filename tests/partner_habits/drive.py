"""The example app behind the gateway, drivers who use it, and what the rules say of what was seen."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from examples.partner_app.adapter import PartnerApp
from examples.partner_app.backend import Parts
from golive.clock import SystemClock
from golive.evidence.exchange import Exchange, error_type_of
from golive.evidence.integration import (
    Charge,
    Integration,
    Meeting,
    ProvokedError,
    RuleResult,
    RuleStatus,
    Shown,
)
from golive.evidence.model import VcpType
from golive.gateway import Gateway, Provocation, Provocations
from golive.gateway.acts import Lose, saying
from golive.gateway.catalogue import CATALOGUE
from golive.integration import AppError
from golive.integration.charges import ChargeWalk
from golive.integration.judging import met_by
from golive.integration.meeting import SecondDriver
from golive.integration.seat import Seat
from golive.integration.unstopped import UnstoppedWalk
from golive.journeys.vcp import Pace, StoppableClock, Vcp
from golive.outcomes import Outcome
from golive.recording import Recorder, Redactor
from golive.scanning.page import scan_page
from golive.simulator import EmbeddedSimulator, SimulatorOptions
from golive.traffic import Bounds, after_provocation, judge, judge_shown, judge_told_apart, support_code
from golive.traffic.calls import Call

TICK_S = 0.1
BOUNDS = Bounds(
    first_read_s=2.5,
    longest_gap_s=2.5,
    storm_reads=20,
    storm_window_s=1.0,
    retry_s=0.08,
    wait_s=0.15,
    person_s=0.3,
)
"""For an app that polls every `TICK_S`: far from what it does, also on a machine that is under load."""
SILENT_S = 3.0
"""Longer than any silence that the rules bear."""
PACE = Pace(poll_interval=TICK_S, cdr_timeout=5.0, invoice_timeout=5.0, busy_patience=5.0, payment_timeout=5.0)
LOST_CREATE = Provocation(
    "lost-create", "A user is created, and the answer lost", frozenset({"users_create"}), lambda _: Lose(True)
)
THROTTLED = replace(CATALOGUE["too-many-requests"], act=saying(429, "application/json", "{}", (b"retry-after", b"1")))
"""Retry-After has whole seconds; those of the catalogue are longer than a silence may be here."""


@dataclass
class Provoked:
    """One error while it is provoked, and what was seen then."""

    provocation: Provocation
    answered: tuple[str, ...] = ()
    first: int = 0
    last: int | None = None
    shown: list[Shown] = field(default_factory=list)


class Drive:
    """Drivers at the app. Nothing that they meet ends the drive: what is missing in the end, the rules tell."""

    def __init__(self, app: PartnerApp, gateway: Gateway, simulator: EmbeddedSimulator) -> None:
        self.app, self.gateway, self.simulator = app, gateway, simulator
        self.provoked: list[Provoked] = []
        self.scan = False
        self.meeting: Meeting | None = None
        self.unstopped: Charge | None = None
        self._clock = StoppableClock(SystemClock())

    @property
    def exchanges(self) -> list[Exchange]:
        return [exchange for exchange in self.gateway.recorder.exchanges if exchange.actor == "partner"]

    # -- drivers -----------------------------------------------------------------------------------------------

    def driver(self, name: str, card: str | None = "pm_card_visa") -> str:
        self.tries(lambda: self.app.sign_up(name))
        self.tries(lambda: self.app.give_billing_data(name))
        if card is not None:
            self.tries(lambda: self.app.add_payment_method(name, card))
        return name

    def tries(self, act: Callable[[], object], driver: str | None = None) -> bool:
        """Whether it went well. The words of an error are what the driver is shown."""
        try:
            act()
        except AppError as told:
            self.sees(driver, str(told))
            return False
        return True

    def sees(self, driver: str | None, message: str | None = None) -> None:
        if not self.provoked or self.provoked[-1].last is not None:
            return
        state = None
        if driver is not None:
            shown = self.app.shown(driver)
            state, message = shown.state, message or shown.message
        self.provoked[-1].shown.append(Shown(at=datetime.now(UTC), state=state, message=message))

    def starts(self, driver: str, evse_id: str) -> bool:
        return self.tries(lambda: self.app.start(driver, evse_id), driver)

    def stops(self, driver: str) -> bool:
        """Stops, and waits for the receipt; whether it came. Where the stop failed the app offers it again."""
        if not self.tries(lambda: self.app.stop(driver), driver):
            time.sleep(TICK_S)
        self.waits(lambda: (now := self.app.shown(driver)).message or now.state in ("charging", "finished"))
        self.sees(driver)
        self.waits(lambda: self.app.shown(driver).state != "stopping")
        return self.app.receipt(driver) is not None

    def waits(self, seen: Callable[[], object], seconds: float = SILENT_S) -> bool:
        """Whether it was seen within `seconds`."""
        end = time.monotonic() + seconds
        while not seen():
            if time.monotonic() > end:
                return False
            time.sleep(TICK_S / 2)
        return True

    def reads(self) -> int:
        return sum(exchange.operation == "users_charging_sessions_retrieve" for exchange in self.exchanges)

    @contextmanager
    def meets(self, name: str, **options: object) -> Iterator[Provoked]:
        """While this error is provoked."""
        handle = self.gateway.provoke(name, **options)  # type: ignore[arg-type]
        one = Provoked(handle.provocation, first=len(self.exchanges))
        self.provoked.append(one)
        yield one
        self.gateway.quiet()
        one.answered, one.last = handle.exchanges, len(self.exchanges)
        assert one.answered, f"{name} was not met"

    # -- the journeys of a run ---------------------------------------------------------------------------------

    def meets_another(self, evse_id: str) -> None:
        """One driver charges at a shared VCP, another one tries to start there."""
        second = SecondDriver(self._seat("driver-b"), self._traffic, self.gateway, self._clock, PACE)
        second.prepare()
        vcp = Vcp(evse_id, VcpType.SHARED)
        charge = ChargeWalk(self._seat("driver-a"), vcp, self._traffic, self._clock, PACE, visitor=second).run()
        assert charge.outcome is Outcome.PASSED, charge.message
        self.meeting = second.told([charge])
        assert self.meeting.answered, "they did not meet"

    def leaves_alone(self, evse_id: str) -> None:
        """A driver starts, and stops nothing."""
        vcp, seat = Vcp(evse_id, VcpType.PROGRESS), self._seat("driver-a")
        walk = UnstoppedWalk(seat, vcp, self._traffic, self._clock, PACE, self.gateway, alone=threading.Lock())
        self.unstopped = walk.run()
        assert self.unstopped.session_id is not None

    def _seat(self, driver: str) -> Seat:
        return Seat(self.app, driver, self._clock, str)

    def _traffic(self) -> tuple[Exchange, ...]:
        return tuple(self.exchanges)

    # -- what is said of it ------------------------------------------------------------------------------------

    def results(self) -> list[RuleResult]:
        """Of every rule, over the whole and after each provoked error."""
        now, exchanges, log = datetime.now(UTC), self.exchanges, self._log_lines()
        key = self.simulator.options.key
        common = {"bounds": BOUNDS, "until": now, "log_lines": log, "secrets": (key,)}
        found = list(judge(exchanges, base_url=self.gateway.base, **common))  # type: ignore[arg-type]
        by_id = {exchange.id: exchange for exchange in exchanges}
        errors = []
        for one in self.provoked:
            answered = [by_id[id_] for id_ in one.answered]
            followed = exchanges[one.first : one.last]
            type_ = next(filter(None, map(error_type_of, answered)), None)
            found += after_provocation(answered, followed, unattended=False, **common)  # type: ignore[arg-type]
            found.append(self._told(one, answered, type_))
            errors.append(self._error(one, type_))
        if self.meeting is not None:
            seen = Integration(kind="adapter", name="the example")
            found += met_by(self.meeting, by_id, seen, BOUNDS).rules
        return [*found, judge_told_apart(errors, exchanges)]

    def broken(self) -> dict[str, str]:
        """The rules that are broken, with what is said of each; a token in the page is `scan`, and what a
        meeting of two drivers or a charge that was left alone came to is `meeting` and `unstopped`."""
        found = {r.rule: r.message for r in self.results() if r.status is RuleStatus.BROKEN}
        for name, came in (("meeting", self.meeting), ("unstopped", self.unstopped)):
            if came is not None and came.outcome is not Outcome.PASSED:
                found[name] = str(came.message)
        if self.scan:
            scan = scan_page(self.app.url, SecretStr(self.simulator.options.key))
            assert scan.files > 1
            if scan.findings:
                found["scan"] = str(scan.findings)
        return found

    def _told(self, one: Provoked, answered: Sequence[Exchange], type_: str | None) -> RuleResult:
        error = Call.of(answered[0]).answer
        error = error if isinstance(error, dict) else {}
        return judge_shown(
            one.shown,
            error_type=type_,
            details=(error.get("error") or {}).get("details"),
            detail=error.get("detail"),
            ids=tuple(self.simulator.world.sessions) + tuple(user.id for user in self.simulator.world.live_users),
            secrets=(self.simulator.options.key,),
            exchanges=one.answered,
        )

    def _error(self, one: Provoked, type_: str | None) -> ProvokedError:
        return ProvokedError(
            name=one.provocation.name,
            title=one.provocation.title,
            error_type=type_,
            met=True,
            answered=one.answered,
            shown=tuple(one.shown),
        )

    def _log_lines(self) -> dict[str, str | None]:
        codes = [code for each in self.exchanges if (code := support_code(Call.of(each)))]
        return {code: self.app.log_line(code) for code in codes}


@contextmanager
def drive(parts: Parts, environment: Callable[[str, str], None]) -> Iterator[Drive]:
    """A simulated DEV, the gateway before it, and the app with these parts. `environment` sets a variable."""
    catalogue = {**CATALOGUE, LOST_CREATE.name: LOST_CREATE, THROTTLED.name: THROTTLED}
    with EmbeddedSimulator(SimulatorOptions(tick=TICK_S)) as simulator:
        environment("CONNECT_API_KEY", simulator.options.key)
        environment("STRIPE_PUBLISHABLE_KEY", simulator.options.publishable_key)
        environment("STRIPE_API_BASE", simulator.url)
        environment("PARTNER_APP_POLL_S", str(TICK_S))
        recorder = Recorder(Redactor({"CONNECT_API_KEY": simulator.options.key}), SystemClock())
        provocations = Provocations(catalogue, slow_s=0.5, hold_s=1.0)
        with Gateway(simulator.url, recorder, provocations=provocations, patience_s=5.0) as gateway:
            app = PartnerApp(gateway.url, parts)
            try:
                yield Drive(app, gateway, simulator)
            finally:
                app.close()


def page_copy(folder: Path) -> Path:
    """The page, to be changed."""
    import shutil

    from examples.partner_app.backend import PAGE

    return Path(shutil.copytree(PAGE, folder / "page"))
