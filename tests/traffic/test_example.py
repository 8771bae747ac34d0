"""The example app is what the rules mean: its real traffic, in good days and through every error, breaks none."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from golive.evidence.integration import RuleResult, RuleStatus
from golive.gateway.asked import LIST, READ, START, STOP
from golive.gateway.catalogue import CATALOGUE
from golive.traffic import after_provocation, judge_shown
from golive.traffic.needs import Need, need_of
from tests.partner_app.bench import PROGRESS, SHARED
from tests.traffic.live import BOUNDS, Live, live

STARTS = [name for name, one in CATALOGUE.items() if START in one.operations and one.operations <= {START}]
STOPS = [name for name, one in CATALOGUE.items() if one.operations == {STOP}]
WHILE = [name for name, one in CATALOGUE.items() if one.operations <= {READ, LIST, STOP} and READ in one.operations]


@pytest.fixture
def partner(monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    with live(monkeypatch) as opened:
        yield opened


def broken(results: dict[str, RuleResult]) -> dict[str, str]:
    return {name: result.message for name, result in results.items() if result.status is RuleStatus.BROKEN}


def unshown(results: dict[str, RuleResult]) -> set[str]:
    return {name for name, result in results.items() if result.status is RuleStatus.NOT_SHOWN}


def test_two_drivers_at_a_time_keep_every_rule_that_a_good_day_can_show(partner: Live) -> None:
    def day(driver: str, evse: str) -> None:
        partner.driver(driver)
        partner.app.find_station(driver, evse)
        partner.started(driver, evse)
        partner.finished(driver)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(day, "driver-a", PROGRESS), pool.submit(day, "driver-b", SHARED)]:
            done.result()
    results = partner.judged()
    assert broken(results) == {}
    assert unshown(results) == {
        "start-not-repeated",
        "already-stopped-is-stopped",
        "state-read-first",
        "no-hurry",
        "support-code-kept",
        "log-without-secrets",
    }


def recover(partner: Live, driver: str, name: str) -> None:
    """What the driver has to do after the error, as far as it is not waiting."""
    if name == "pre-authorization-failed-with-secret" or need_of(CATALOGUE[name].error_type) is Need.CARD:
        partner.app.add_payment_method(driver, "pm_card_mastercard")
    elif need_of(CATALOGUE[name].error_type) is Need.BILLING:
        partner.app.give_billing_data(driver)


@pytest.mark.parametrize("half", [0, 1])
def test_whatever_a_start_meets_the_app_goes_on_as_it_should(partner: Live, half: int) -> None:
    for n, name in enumerate(STARTS[half::2]):
        driver = partner.driver(f"driver-{n}")
        provoked = partner.handle(name)
        partner.shown.clear()
        began = partner.tries_to_start(driver, PROGRESS)
        assert provoked.met.is_set(), name
        error = CATALOGUE[name]
        if not began:
            told = judge_shown(partner.shown, error_type=error.error_type)
            assert told.status is RuleStatus.KEPT, (name, told.message)
        by_id = {one.id: one for one in partner.exchanges}
        answered = [by_id[id_] for id_ in provoked.exchanges]
        followed = [one for one in by_id.values() if one.id > answered[0].id]
        after = after_provocation(answered, followed, bounds=BOUNDS, until=datetime.now(UTC))
        assert broken({result.rule: result for result in after}) == {}, name
        if not began:
            recover(partner, driver, name)
            partner.started(driver, PROGRESS)
        partner.finished(driver)
    results = partner.judged()
    assert broken(results) == {}
    assert unshown(results) <= {"already-stopped-is-stopped", "support-code-kept", "log-without-secrets"}


@pytest.mark.parametrize("half", [0, 1])
def test_whatever_a_stop_or_a_read_meets_the_app_goes_on_as_it_should(partner: Live, half: int) -> None:
    for n, name in enumerate([*STOPS, *WHILE][half::2]):
        driver = partner.driver(f"driver-{n}")
        partner.started(driver, SHARED)
        provoked = partner.handle(name)
        if name == "cdr-without-stop":
            partner.until(lambda: provoked.met.is_set(), name)  # noqa: B023 - called at once
        partner.finished(driver)
        partner.gateway.quiet()
    results = partner.judged()
    assert broken(results) == {}
    assert unshown(results) <= {
        "start-not-repeated",
        "already-stopped-is-stopped",
        "state-read-first",
        "support-code-kept",
        "log-without-secrets",
    }
