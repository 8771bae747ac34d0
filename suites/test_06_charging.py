"""Charging: start and stop on each listed EVSE ID."""

from fixtures.charging import Journeys
from fixtures.marks import each_vcp, requirement
from golive.connect import same_evse
from golive.evidence.model import Stage
from golive.journeys.vcp import Vcp


@requirement("DEV-CHARGING", "VCP1-START", "BE-4", stage=Stage.STARTED)
@each_vcp
def test_a_start_opens_a_session_on_that_evse(journeys: Journeys, vcp: Vcp) -> None:
    """Each listed EVSE ID accepts a start and answers with an active session on that EVSE."""
    session = journeys[vcp].started()
    assert session.id, "the session has no id"
    assert session.is_active, "the session that was just started is not active"
    assert same_evse(session.evse_id, vcp.evse_id), f"the session is on {session.evse_id}"


@requirement("DEV-CHARGING", "DEV-UPDATES", "BE-5", stage=Stage.STARTED)
@each_vcp
def test_the_details_show_the_session(journeys: Journeys, vcp: Vcp) -> None:
    """The session's details, read after the start, show the same session on the same EVSE."""
    details, started = journeys[vcp].seen_active(), journeys[vcp].started()
    assert details.id == started.id, "the details are those of another session"
    assert same_evse(details.evse_id, vcp.evse_id), f"the details speak of {details.evse_id}"
    assert details.is_active or details.is_final, "the session is neither active nor settled"


@requirement("DEV-CHARGING", "DEV-HISTORY", stage=Stage.STARTED)
@each_vcp
def test_the_history_shows_the_session(journeys: Journeys, vcp: Vcp) -> None:
    """The driver's history holds the session exactly once while it is under way."""
    history, started = journeys[vcp].history_while_active(), journeys[vcp].started()
    times = [entry.id for entry in history].count(started.id)
    assert times == 1, f"the history shows the session {times} times"
    assert sum(entry.is_active for entry in history) <= 1, "the driver has more than one active session"


@requirement("DEV-CHARGING", "VCP1-STOP", "BE-4", stage=Stage.STOPPED)
@each_vcp
def test_a_stop_ends_the_session(journeys: Journeys, vcp: Vcp) -> None:
    """A stop is accepted, or the session had ended by itself; after it the session turns inactive."""
    journeys[vcp].stopped()
    last = journeys[vcp].readings()[-1]
    assert not last.is_active, "the session is still active after the stop"
