"""What a driver has to be told after an error: nothing, where what they wanted came about before they saw anything."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from golive.evidence.integration import Integration, ProvokedError, RuleResult, RuleStatus, Shown
from golive.evidence.model import Exchange
from golive.integration.judging import judged
from golive.traffic import Bounds
from tests.integration.bench import BASE, START, STOP, Wire, refusal, started

EVSE = "DE*EUL*EAUT0002*01"
ERROR = "charging_provider_error"


def stop(wire: Wire, status: int, provoked: str | None = None, session: str = "s1") -> None:
    answer = None if status == 204 else refusal(ERROR)
    wire.put(STOP, f"/users/u1/charging/stop/{session}/", status=status, answer=answer, provoked=provoked)


def refused(wire: Wire, operation: str) -> None:
    if operation == STOP:
        stop(wire, 424, "error")
    else:
        started(wire, EVSE, 424, refusal(ERROR), provoked="error")


def read(wire: Wire, *, active: bool) -> None:
    answer = {"id": "s1", "is_active": active}
    wire.put("users_charging_sessions_retrieve", "/users/u1/charging-sessions/s1/", method="GET", answer=answer)


def told(exchanges: list[Exchange], at: datetime, message: str | None = None) -> RuleResult:
    """What `driver-told` says where the driver first saw the app at this moment."""
    error = ProvokedError(
        name="error",
        title="An error",
        error_type=ERROR,
        status=424,
        met=True,
        answered=(exchanges[0].id,),
        followed=tuple(each.id for each in exchanges[1:]),
        shown=(Shown(at=at, state="Finished", message=message),),
    )
    seen = Integration(kind="adapter", name="app", provoked=(error,), charges=())
    (after,) = judged(seen, exchanges, base_url=BASE, bounds=Bounds()).provoked
    return next(rule for rule in after.rules if rule.rule == "driver-told")


@pytest.mark.parametrize(
    ("operation", "then"),
    [
        (STOP, lambda wire: stop(wire, 204)),
        (STOP, lambda wire: read(wire, active=False)),
        (START, lambda wire: started(wire, EVSE)),
    ],
    ids=["stopped-again", "read-as-ended", "started-again"],
)
def test_an_error_that_the_backend_made_up_for_needs_no_message(operation: str, then: Any) -> None:
    wire = Wire()
    refused(wire, operation)
    then(wire)
    came = wire.exchanges[-1].started_at + timedelta(seconds=1)
    assert told(wire.exchanges, came).status is RuleStatus.KEPT
    too_late = wire.exchanges[-1].started_at - timedelta(seconds=0.5)
    assert told(wire.exchanges, too_late).status is RuleStatus.BROKEN, "the driver saw it before that"
    assert told(wire.exchanges, came, f"Error: {ERROR}").status is RuleStatus.BROKEN, "what is said has to be fit"


@pytest.mark.parametrize(
    "then",
    [
        lambda wire: stop(wire, 424),
        lambda wire: read(wire, active=True),
        lambda wire: stop(wire, 204, session="s2"),
        lambda wire: started(wire, EVSE),
    ],
    ids=["refused-again", "read-as-active", "another-session", "a-start"],
)
def test_a_charge_that_goes_on_has_to_be_told(then: Any) -> None:
    wire = Wire()
    refused(wire, STOP)
    then(wire)
    result = told(wire.exchanges, wire.exchanges[-1].started_at + timedelta(seconds=1))
    assert result.status is RuleStatus.BROKEN
    assert result.message == f"The driver was shown no message after {ERROR}."
