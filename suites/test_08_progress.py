"""Progress: what a driver sees of the energy while charging."""

from decimal import Decimal
from itertools import dropwhile, pairwise

from fixtures.charging import Journeys, energies
from fixtures.marks import each_progress_vcp, each_shared_vcp, requirement
from golive.evidence.model import Stage
from golive.journeys.vcp import Vcp
from golive.outcomes import Inconclusive, Owner

MOST_MESSAGES = 10
ENOUGH_READINGS = 3
"""Fewer say nothing of a rise: the session was over before it could be looked at."""


@requirement("VCP2-PROGRESS", "DEV-UPDATES", "BE-5", stage=Stage.PROGRESSED)
@each_progress_vcp
def test_energy_rises_while_charging(journeys: Journeys, vcp: Vcp) -> None:
    """On a VCP with progress the consumed energy rises while the session is active: the CDR alone is no progress."""
    active = [reading for reading in journeys[vcp].readings() if reading.is_active]
    shown = [reading.consumed_energy or Decimal(0) for reading in active]
    rises = any(b > a for a, b in pairwise(shown))
    if not rises and len(shown) < ENOUGH_READINGS:
        raise Inconclusive(f"only {len(shown)} readings while the session was active", owner=Owner.ENVIRONMENT)
    assert rises, f"energy shown while active: {sorted({str(kwh) for kwh in shown})}"


@requirement("VCP2-PROGRESS", stage=Stage.PROGRESSED)
@each_progress_vcp
def test_energy_never_falls(journeys: Journeys, vcp: Vcp) -> None:
    """The consumed energy never falls from one reading to the next."""
    shown = energies(journeys[vcp].readings())
    falls = [f"{a} then {b}" for a, b in pairwise(shown) if b < a]
    assert not falls, f"energy fell: {', '.join(falls)}"


@requirement("VCP2-PROGRESS", stage=Stage.PROGRESSED)
@each_progress_vcp
def test_at_most_ten_progress_messages_arrive(journeys: Journeys, vcp: Vcp) -> None:
    """No more than ten progress messages arrive while the session is active."""
    active = [reading for reading in journeys[vcp].readings() if reading.is_active]
    messages = {kwh for kwh in energies(active) if kwh > 0}
    assert len(messages) <= MOST_MESSAGES, f"{len(messages)} different values were shown"


@requirement("VCP2-AFTER-STOP", "DEV-UPDATES")
@each_progress_vcp
def test_readings_after_a_stop_stay_sound(journeys: Journeys, vcp: Vcp) -> None:
    """Progress may continue after a stop: every reading is still of this session, up to a settled end."""
    journey = journeys[vcp]
    readings = journey.readings()
    journey.stopped()
    foreign = {reading.id for reading in readings} - {journey.started().id}
    assert not foreign, f"readings of another session: {', '.join(sorted(foreign))}"
    since_the_end = list(dropwhile(lambda reading: reading.is_active, readings))
    assert not any(reading.is_active for reading in since_the_end), "the session turned active again after it had ended"


@requirement("VCP1-CDR", "DEV-UPDATES")
@each_shared_vcp
def test_energy_does_not_rise_on_a_shared_vcp(journeys: Journeys, vcp: Vcp) -> None:
    """On a shared VCP the consumed energy does not rise while the session is active."""
    active = [reading for reading in journeys[vcp].progressed() if reading.is_active]
    shown = {reading.consumed_energy or Decimal(0) for reading in active}
    assert len(shown) <= 1, f"energy rose from {min(shown)} to {max(shown)} kWh"
