"""What a watching leaves, made of what it has in memory."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from golive.clock import SystemClock
from golive.evidence.exchange import PARTNER
from golive.journeys.sessions import OpenSessions
from golive.recording import Recorder, Redactor
from golive.settings import load_settings
from golive.watching.record import Watched, assemble

KEY = "canary-key-0123456789"
KEYS = {"CONNECT_API_KEY": KEY, "STRIPE_PUBLISHABLE_KEY": "pk_test_canary0123456789", "GOLIVE_TARGET": "dev"}


@pytest.mark.parametrize(("watched_s", "status"), [(30, "not_shown"), (90, "broken")])
def test_the_silence_of_a_backend_is_told_up_to_the_end_of_the_watching(watched_s: float, status: str) -> None:
    settings = load_settings({}, KEYS, None, listed=None)
    recorder = Recorder(Redactor({"CONNECT_API_KEY": KEY}), SystemClock())
    began = datetime.now(UTC)
    start = recorder.begin(
        actor=PARTNER,
        operation="users_charging_start_create",
        method="POST",
        url=f"{settings.target.url}/api/v1/users/u1/charging/start/",
        headers={"authorization": f"Bearer {KEY}"},
        body=json.dumps({"evse_id": "E1", "payment_method_id": "pm_1"}),
    )
    start.answered(201, {}, json.dumps({"id": "s1", "is_active": True}))
    watched = Watched(
        run_id="20260302t100000z-000000",
        started_at=began,
        finished_at=began + timedelta(seconds=watched_s),
        wall_s=watched_s,
        settings=settings,
        options={},
        recorder=recorder,
        sessions=OpenSessions(),
        complete=True,
        is_over=True,
    )
    integration = assemble(watched).integration
    assert integration is not None
    assert {rule.rule: rule.status.value for rule in integration.rules}["polling-begins"] == status
