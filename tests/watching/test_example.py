"""The example app, watched from the command line: nothing speaks against it, whatever it is answered."""

import time
from contextlib import suppress
from pathlib import Path

from examples.partner_app.adapter import PartnerApp
from golive.evidence.model import Evidence
from golive.integration.adapter import AppError
from tests.watching.bench import PROGRESS, SHARED, running

PATIENCE_S = 60.0
MET = ("lost-start-answer", "provider-error-on-stop", "progress-after-stop")


def test_the_example_app_keeps_every_rule_that_its_traffic_shows(tmp_path: Path) -> None:
    provoked = [part for name in MET for part in ("--provoke", name)]
    with running(tmp_path, "--tick=0.1", *provoked) as at:
        app = PartnerApp(at.settings["CONNECT_API_DOMAIN"], environment={**at.settings, "POLL_INTERVAL_S": "0.3"})
        try:
            app.sign_up("driver-a")
            app.give_billing_data("driver-a")
            app.add_payment_method("driver-a", "pm_card_visa")
            for evse in (SHARED, PROGRESS):
                app.start("driver-a", evse)
                app.shown("driver-a")
                assert settled(app)
        finally:
            app.close()
        assert at.end() == 0, at.told
        evidence = Evidence.model_validate(at.evidence)
        assert evidence.integration is not None
        assert {one.name: one.met for one in evidence.integration.provoked} == dict.fromkeys(MET, True)
        assert [rule.rule for rule in evidence.integration.rules if rule.status == "broken"] == []
        assert len(evidence.aftermath.started) == 2
        assert evidence.aftermath.open_after == ()


def settled(app: PartnerApp) -> str:
    """Stop, and once more where the app asks for it, as a driver would; the receipt."""
    app.stop("driver-a")
    until = time.monotonic() + PATIENCE_S
    while (text := app.receipt("driver-a")) is None:
        assert time.monotonic() < until, app.shown("driver-a")
        time.sleep(0.3)
        if "stop once more" in (app.shown("driver-a").message or ""):
            with suppress(AppError):  # it was too soon for the app
                app.stop("driver-a")
    return text
