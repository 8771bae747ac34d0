"""The example app driven through a gateway to a simulated DEV, its traffic judged."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from examples.partner_app.adapter import PartnerApp
from golive.clock import SystemClock
from golive.evidence.exchange import Exchange
from golive.evidence.integration import RuleResult, Shown
from golive.gateway import Gateway, Provocations
from golive.gateway.provocations import Handle
from golive.integration.adapter import AppError
from golive.recording import Recorder, Redactor
from golive.simulator import EmbeddedSimulator, SimulatorOptions
from golive.traffic import Bounds, judge, support_code
from golive.traffic.calls import Call
from tests.partner_app.bench import environment

PACE_S = 0.05
BOUNDS = Bounds.for_tick(PACE_S)
PATIENCE_S = 20.0


@dataclass
class Live:
    """The example app, with the gateway that its requests pass."""

    sim: EmbeddedSimulator
    gateway: Gateway
    app: PartnerApp
    shown: list[Shown] = field(default_factory=list)

    @property
    def exchanges(self) -> list[Exchange]:
        return [one for one in self.gateway.recorder.exchanges if one.actor == "partner"]

    def driver(self, name: str) -> str:
        self.app.sign_up(name)
        self.app.give_billing_data(name)
        self.app.add_payment_method(name, "pm_card_visa")
        return name

    def tries_to_start(self, driver: str, evse: str) -> bool:
        """Whether it began; what the app says where it did not is kept."""
        try:
            self.app.start(driver, evse)
        except AppError as said:
            self.shown.append(Shown(at=datetime.now(UTC), message=str(said)))
            return False
        return True

    def started(self, driver: str, evse: str) -> None:
        """Try until it begins: an app may ask its driver to wait."""
        self.until(lambda: self.tries_to_start(driver, evse), "the charge never began")

    def finished(self, driver: str) -> None:
        """Tap stop, as often as the app lets the driver, until there is a receipt."""

        def over() -> bool:
            with suppress(AppError):
                self.app.stop(driver)
            return self.app.receipt(driver) is not None

        self.until(over, "there was never a receipt")

    def until(self, seen: Callable[[], bool], otherwise: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not seen():
            assert time.monotonic() < end, otherwise
            time.sleep(PACE_S)

    def handle(self, name: str) -> Handle:
        return self.gateway.provoke(name)

    def judged(self) -> dict[str, RuleResult]:
        """What the rules say, once nothing has come for long enough to show that polling has ended."""
        time.sleep(BOUNDS.after_final * 2 * PACE_S)
        calls = [Call.of(one) for one in self.exchanges]
        codes = [code for call in calls if (code := support_code(call)) is not None]
        redactor = self.gateway.recorder.redactor
        lines = {code: redactor.text(line) if (line := self.app.log_line(code)) else None for code in codes}
        found = judge(
            self.exchanges, base_url=self.gateway.base, bounds=BOUNDS, until=datetime.now(UTC), log_lines=lines
        )
        return {result.rule: result for result in found}


@contextmanager
def live(patch: pytest.MonkeyPatch) -> Iterator[Live]:
    with EmbeddedSimulator(SimulatorOptions(tick=PACE_S)) as sim:
        for name, value in (environment(sim) | {"PARTNER_APP_POLL_S": str(PACE_S)}).items():
            patch.setenv(name, value)
        recorder = Recorder(Redactor({"CONNECT_API_KEY": sim.options.key}), SystemClock())
        with Gateway(sim.url, recorder, provocations=Provocations(slow_s=0.5, hold_s=0.5)) as gateway:
            app = PartnerApp(gateway.url)
            try:
                yield Live(sim, gateway, app)
            finally:
                app.close()
