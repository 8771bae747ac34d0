"""A driver whose start must be refused before the VCP is asked: for want of billing data, or because of the card."""

from collections.abc import Callable
from dataclasses import dataclass

from golive.journeys.driver import Attempt, Driver, MetAtSetup
from golive.journeys.timeline import Milestone, Timeline
from golive.journeys.vcp import StoppableClock, Vcp
from golive.outcomes import Owner
from golive.politeness.asking import for_evse
from golive.recording import Recorder


@dataclass
class RefusedStart:
    """One start on a listed VCP; should the API accept it after all, the session is stopped at once."""

    name: str
    vcp: Vcp
    make_driver: Callable[[str], Driver]
    recorder: Recorder
    clock: StoppableClock

    def __post_init__(self) -> None:
        self.timeline = Timeline(self.name, self.recorder, self.clock)

    def attempt(self) -> Attempt:
        """What the API answered, or Stripe before it. Raises what else kept the driver from trying."""
        attempt: Attempt = self.timeline.wait(Milestone.STARTED)
        return attempt

    def run(self) -> None:
        """Live the journey; called once, in a thread of its own."""
        with self.timeline.walking(), for_evse(self.vcp.evse_id):
            with self.timeline.step(Milestone.READY) as ready:
                ready.value = driver = self._driver()
            with self.timeline.step(Milestone.STARTED) as step:
                self.clock.go_on()
                if isinstance(driver, MetAtSetup):
                    step.value = Attempt(error=None, met_at_setup=driver)
                    step.exchanges += ready.exchanges
                else:
                    step.value = driver.try_to_start(self.vcp.evse_id)
            self._tell(step.value, step.exchanges)

    def _driver(self) -> Driver | MetAtSetup:
        try:
            return self.make_driver(self.name)
        except MetAtSetup as met:
            return met

    def _tell(self, attempt: Attempt, exchanges: list[str]) -> None:
        if (met := attempt.met_at_setup) is not None:
            self.timeline.event(self.name, "set-up", str(met), status="refused", exchanges=exchanges)
            told = f"{met}, and how the API refuses one is not shown"
            self.recorder.observe("CARD_MET_AT_SETUP", told, owner=Owner.ENVIRONMENT, exchanges=exchanges)
            return
        refused = attempt.was_refused
        self.timeline.event(
            self.name,
            "start",
            f"refused, {attempt.error}" if refused else "accepted",
            status="refused" if refused else "failed",
            exchanges=exchanges[-1:],
        )
