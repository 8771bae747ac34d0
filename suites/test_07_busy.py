"""Busy station: two drivers at one shared VCP."""

from fixtures.charging import DOCUMENTED_BUSY, describe
from fixtures.marks import provokes, requirement
from golive.connect.errors import AlreadyCharging
from golive.evidence.model import Stage
from golive.journeys.meetings import BusyMeeting


@requirement("VCP1-BUSY", "BE-6", stage=Stage.STARTED)
@provokes("charging_provider_error", "station_availability_issue")
def test_the_second_start_meets_a_busy_station(busy: BusyMeeting) -> None:
    """While A charges, B's start at the same VCP is refused with a documented busy answer."""
    attempt = busy.encounter().attempt
    assert attempt.was_refused, "B's start was accepted although A is charging there"
    assert not isinstance(attempt.error, AlreadyCharging), "the answer speaks of the driver, not of the station"
    assert describe(attempt.error) in DOCUMENTED_BUSY, f"not a documented busy answer: {describe(attempt.error)}"


@requirement("VCP1-BUSY")
def test_the_second_driver_is_left_without_a_session(busy: BusyMeeting) -> None:
    """The refused start leaves no session in B's history."""
    history = busy.encounter().second_history
    assert history == [], f"B's history holds {len(history)} new session(s)"


@requirement("VCP1-BUSY")
def test_the_first_session_is_unharmed(busy: BusyMeeting) -> None:
    """A's session is still the same active session after B's attempt."""
    encounter = busy.encounter()
    assert encounter.first_after.id == encounter.first.id, "A's session is another one after B's attempt"
    assert encounter.first_after.is_active, "A's session ended when B tried to start"


@requirement("DEV-CHARGING", "BE-6")
def test_another_drivers_session_cannot_be_read(busy: BusyMeeting) -> None:
    """B cannot read A's session."""
    attempt = busy.encounter().foreign_read
    assert attempt.was_refused, "B read A's session"
    assert attempt.status in (403, 404), f"answered with {attempt.status}"


@requirement("DEV-CHARGING", "BE-6")
def test_another_drivers_session_cannot_be_stopped(busy: BusyMeeting) -> None:
    """B cannot stop A's session, which goes on."""
    encounter = busy.encounter()
    assert encounter.foreign_stop.was_refused, "B's stop of A's session was accepted"
    assert encounter.foreign_stop.status in (403, 404), f"answered with {encounter.foreign_stop.status}"
    assert encounter.first_at_last.is_active == encounter.first_after.is_active, "A's session ended with B's stop of it"
