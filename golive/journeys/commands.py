"""Start and stop as the error table advises: what was refused is looked at before it is sent again."""

from golive.connect import Session
from golive.connect.errors import ChargingProviderError, StationAvailabilityIssue
from golive.journeys.driver import Driver
from golive.journeys.patience import Patience
from golive.journeys.vcp import Pace, StoppableClock, Vcp
from golive.outcomes import Failed, Inconclusive, Owner
from golive.politeness.asking import cleaning_up

STOP_TRIES = 3
"""Stops that are sent before a provider that refuses them is taken at its word."""


def start_when_free(driver: Driver, vcp: Vcp, *, pace: Pace, clock: StoppableClock) -> Session:
    """Start on `vcp`; on a busy answer look at the driver's sessions, wait and try again within `busy_patience`.

    The wait is for another party that holds a shared VCP, which station data does not tell (Type 1). Raises
    `Inconclusive` (owner environment) where it stays busy, `Failed` where a refused start left a session active or
    a VCP that cannot be busy refuses.
    """
    waiting: Patience | None = None
    while True:
        clock.go_on()
        try:
            return driver.start(vcp.evse_id)
        except (ChargingProviderError, StationAvailabilityIssue) as busy:
            left = [s.id for s in driver.client.list_sessions(driver.user_id) if s.is_active]
            if left:
                raise Failed(
                    f"the start on {vcp} was refused ({busy}) but left session {left[0]} active",
                    owner=Owner.CARIQA,
                ) from busy
            if waiting is None:  # counted from the first refusal, however slow a start answers
                interval = max(pace.poll_interval, min(5.0, pace.busy_patience / 10))
                waiting = Patience(clock, pace.busy_patience, interval=interval)
            if waiting.is_over():
                raise _stays_refused(vcp, busy, pace) from busy
        waiting.pause()


@cleaning_up()
def stop_for_good(driver: Driver, session_id: str, *, pace: Pace, clock: StoppableClock) -> bool:
    """Stop the session; where the provider does not take the stop, read the session, wait and try again.

    That is the documented advice: the session may have changed its state or not. Returns False where it had ended
    before. Raises `ChargingProviderError` after `STOP_TRIES` tries.
    """
    waiting = Patience(clock, STOP_TRIES * pace.poll_interval, interval=pace.poll_interval)
    for attempt in range(1, STOP_TRIES + 1):
        try:
            return driver.stop(session_id)
        except ChargingProviderError:
            if not driver.read(session_id).is_active:
                return False
            if attempt == STOP_TRIES:
                raise
        waiting.pause()
    raise ValueError("a session is stopped by at least one try")


def _stays_refused(
    vcp: Vcp, busy: ChargingProviderError | StationAvailabilityIssue, pace: Pace
) -> Failed | Inconclusive:
    if vcp.is_shared:
        return Inconclusive(
            f"{vcp} stayed busy for {pace.busy_patience:g} s: another party holds this shared VCP ({busy})",
            owner=Owner.ENVIRONMENT,
        )
    return Failed(f"{vcp} refuses every start, though it is not shared ({busy})", owner=Owner.CARIQA)
