"""A driver whose start must be refused before the VCP is asked: for want of billing data, or because of the card."""

from collections.abc import Callable
from dataclasses import dataclass

from golive.journeys.driver import Attempt, Driver
from golive.journeys.timeline import Milestone, Timeline
from golive.journeys.vcp import StoppableClock, Vcp
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
        """What the API answered. Raises what kept the driver from trying."""
        attempt: Attempt = self.timeline.wait(Milestone.STARTED)
        return attempt

    def run(self) -> None:
        """Live the journey; called once, in a thread of its own."""
        with self.timeline.walking(), for_evse(self.vcp.evse_id):
            with self.timeline.step(Milestone.READY):
                driver = self.make_driver(self.name)
            with self.timeline.step(Milestone.STARTED) as step:
                self.clock.go_on()
                attempt = step.value = driver.try_to_start(self.vcp.evse_id)
            refused = attempt.was_refused
            self.timeline.event(
                self.name,
                "start",
                f"refused, {attempt.error}" if refused else "accepted",
                status="refused" if refused else "failed",
                exchanges=step.exchanges[-1:],
            )
