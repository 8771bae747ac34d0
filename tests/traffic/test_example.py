"""What a good day of a real backend shows. That it breaks nothing, whatever it meets, is for tests/partner_habits."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from examples.partner_app.backend import Parts
from golive.evidence.integration import RuleStatus
from golive.traffic import RULES
from tests.partner_habits.drive import TICK_S, drive
from tests.partner_habits.scenarios import PROGRESS, SHARED

AFTER_ERRORS = {
    "start-not-repeated",
    "already-stopped-is-stopped",
    "state-read-first",
    "no-hurry",
    "support-code-kept",
    "log-without-secrets",
}
"""Rules that only a day with errors can show."""


def test_two_drivers_at_a_time_keep_every_rule_that_a_good_day_can_show(monkeypatch: pytest.MonkeyPatch) -> None:
    with drive(Parts(), monkeypatch.setenv) as driven:

        def day(name: str, evse_id: str) -> None:
            driver = driven.driver(name)
            driven.app.find_station(driver, evse_id)
            assert driven.starts(driver, evse_id)
            driven.waits(lambda: driven.app.shown(driver).kwh)
            assert driven.stops(driver)

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(day, "driver-a", PROGRESS), pool.submit(day, "driver-b", SHARED)]:
                done.result()
        read = driven.reads()
        assert not driven.waits(lambda: driven.reads() > read, 8 * TICK_S), "polled on"
        statuses = {result.rule: result.status for result in driven.results()}
    kept = {rule.name for rule in RULES} - AFTER_ERRORS
    assert {rule for rule, status in statuses.items() if status is RuleStatus.KEPT} == kept
    assert RuleStatus.BROKEN not in statuses.values()
