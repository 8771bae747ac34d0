"""What drivers do with the app, and which errors they meet: where each habit shows."""

import time
from collections.abc import Callable

from tests.partner_habits.drive import SILENT_S, TICK_S, Drive

PROGRESS = "DE*PWA*EALP22541X01617*01"
SHARED = "DE*CIQ*EWBNHHLM82TLA*1"
Scenario = Callable[[Drive], None]

SCENARIOS: dict[str, Scenario] = {}


def scenario(act: Scenario) -> Scenario:
    SCENARIOS[act.__name__.replace("_", "-")] = act
    return act


@scenario
def charge(drive: Drive) -> None:
    """A driver signs up, comes back, charges, stops, and goes away."""
    driver = drive.driver("driver-a")
    drive.tries(lambda: drive.app.sign_up(driver))
    drive.tries(lambda: drive.app.find_station(driver, PROGRESS))
    drive.starts(driver, PROGRESS)
    before = drive.reads()
    drive.waits(lambda: drive.reads() >= before + 3)
    drive.stops(driver)
    time.sleep(10 * TICK_S)  # so that a poll that goes on is seen


@scenario
def long_charge(drive: Drive) -> None:
    """A driver charges for longer than a silence may last, on a station that tells nothing before the end."""
    driver = drive.driver("driver-a")
    drive.starts(driver, SHARED)
    time.sleep(SILENT_S)
    drive.stops(driver)


@scenario
def charge_without_card(drive: Drive) -> None:
    driver = drive.driver("driver-a", card=None)
    drive.starts(driver, SHARED)
    drive.driver(driver)
    drive.starts(driver, SHARED)
    drive.stops(driver)


@scenario
def two_drivers(drive: Drive) -> None:
    first, second = drive.driver("driver-a"), drive.driver("driver-b")
    for driver in (first, second):
        drive.starts(driver, SHARED)
        drive.stops(driver)


@scenario
def lost_creation(drive: Drive) -> None:
    with drive.meets("lost-create"):
        drive.tries(lambda: drive.app.sign_up("driver-a"))
        drive.sees(None, "Please try again.")
    time.sleep(2 * TICK_S)
    drive.tries(lambda: drive.app.sign_up("driver-a"))


@scenario
def busy_station(drive: Drive) -> None:
    drive.meets_another(SHARED)


@scenario
def left_alone(drive: Drive) -> None:
    drive.leaves_alone(PROGRESS)


def _refused_start(drive: Drive, name: str, *, card: str | None = None, times: int = 1) -> None:
    """The start meets the error; the driver taps again, does what is asked for, and charges."""
    driver = drive.driver("driver-a")
    with drive.meets(name, times=times):
        if not drive.starts(driver, SHARED):
            time.sleep(2 * TICK_S)
            drive.gateway.quiet()
            drive.starts(driver, SHARED)
    if drive.app.shown(driver).state == "failed":
        drive.tries(lambda: drive.app.give_billing_data(driver))
        drive.tries(lambda: drive.app.add_payment_method(driver, "pm_card_mastercard"))
        time.sleep(4 * TICK_S)
        drive.starts(driver, SHARED)
    drive.stops(driver)


def _of_start(name: str, times: int = 1) -> None:
    def act(drive: Drive) -> None:
        _refused_start(drive, name, times=times)

    SCENARIOS[f"start-meets-{name}"] = act


for _name in (
    "validation-error",
    "payment-method-error",
    "payment-error",
    "pre-authorization-failed",
    "pre-authorization-failed-with-secret",
    "billing-data-required",
    "connector-out-of-order",
    "station-data-unavailable",
    "provider-error-on-start",
    "unexpected-error-on-start",
    "lost-start",
    "lost-start-answer",
    "malformed-start",
    "html-502-on-start",
):
    _of_start(_name)
_of_start("already-charging", times=3)


def _of_stop(name: str) -> None:
    def act(drive: Drive) -> None:
        driver = drive.driver("driver-a")
        drive.starts(driver, SHARED)
        with drive.meets(name):
            drive.stops(driver)
        for _ in range(5):
            if drive.app.receipt(driver) is not None or drive.stops(driver):
                break

    SCENARIOS[f"stop-meets-{name}"] = act


for _name in (
    "provider-error-on-stop",
    "provider-error-on-stop-409",
    "already-stopped",
    "unexpected-error-on-stop",
    "lost-stop",
    "lost-stop-answer",
    "html-502-on-stop",
):
    _of_stop(_name)


def _of_poll(name: str, times: int, **options: object) -> None:
    def act(drive: Drive) -> None:
        driver = drive.driver("driver-a")
        drive.starts(driver, SHARED)
        with drive.meets(name, times=times, **options):
            drive.waits(lambda: drive.app.shown(driver).message)
            drive.sees(driver)
            time.sleep(3 * TICK_S)
        drive.waits(lambda: drive.app.shown(driver).message is None, 5.0)
        drive.stops(driver)

    SCENARIOS[f"poll-meets-{name}"] = act


_of_poll("html-502", 4)
_of_poll("lost-read-answer", 2)
_of_poll("malformed-answer", 1)
_of_poll("too-many-requests", 1, on="users_charging_sessions_retrieve")


def _of_session(name: str) -> None:
    def act(drive: Drive) -> None:
        driver = drive.driver("driver-a")
        with drive.meets(name):
            drive.starts(driver, PROGRESS)
            before = drive.reads()
            drive.waits(lambda: drive.reads() >= before + 3)
            drive.stops(driver)
            drive.sees(driver)
        drive.waits(lambda: drive.app.receipt(driver), 6.0)

    SCENARIOS[f"session-with-{name}"] = act


for _name in ("no-progress", "late-cdr", "progress-after-stop", "cdr-without-stop"):
    _of_session(_name)


@scenario
def every_refusal(drive: Drive) -> None:
    """One driver meets each refusal that asks something else of them."""
    for n, name in enumerate(
        ("pre-authorization-failed", "payment-error", "billing-data-required", "provider-error-on-start")
    ):
        driver = drive.driver(f"driver-{n}")
        with drive.meets(name):
            drive.starts(driver, SHARED)


@scenario
def page(drive: Drive) -> None:
    """Somebody looks into the page and its scripts."""
    drive.scan = True
    drive.driver("driver-a")
