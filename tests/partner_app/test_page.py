"""The page in a real browser, on a phone's screen: a driver from signing up to the receipt."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from examples.partner_app.adapter import PartnerApp
from golive.simulator.options import SimulatorOptions
from tests.partner_app.bench import ITALY, PROGRESS, SHARED, START, STOP, Answer, Bench, bench, environment, error
from tests.report.browser import browser as opened_browser
from tests.report.browser import overflow
from tests.report.test_accessible import violations

EXPECT_MS = 15_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened_browser() as opened:
        yield opened


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """Slower than elsewhere: a page looks once a second."""
    with bench(tmp_path, SimulatorOptions(tick=0.4, cdr_delay=0.5)) as opened:
        for name, value in environment(opened.sim).items():
            monkeypatch.setenv(name, value)
        yield opened


@contextmanager
def phone(browser: Browser, app: PartnerApp, stripe: str, **more: object) -> Iterator[Page]:
    """The page on a phone, watched: no script error, no request but to the app and to Stripe."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        geolocation={"latitude": 52.53012, "longitude": 13.34287},
        permissions=["geolocation"],
        **more,  # type: ignore[arg-type]
    )
    troubles: list[str] = []
    page = context.new_page()
    page.set_default_timeout(EXPECT_MS)
    page.on("pageerror", lambda fault: troubles.append(str(fault)))
    page.on("dialog", lambda dialog: dialog.accept())
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith((app.url, f"{stripe}/v1/", "data:")) else troubles.append(request.url)
        ),
    )
    try:
        page.goto(app.url)
        yield page
        assert troubles == []
    finally:
        context.close()


def sees(page: Page, text: str) -> None:
    expect(page.get_by_text(text).first).to_be_visible(timeout=EXPECT_MS)


def looked_at(page: Page, name: str) -> None:
    """No screen may scroll sideways, and axe-core finds nothing on it."""
    assert overflow(page) == 0, name
    assert violations(page) == [], name


def sign_up(page: Page) -> None:
    page.get_by_label("Your name").fill("Erika Muster")
    page.get_by_role("button", name="Sign in or sign up").click()
    sees(page, "No card yet")


def add_card(page: Page, card: str = "pm_card_visa") -> None:
    page.get_by_label("Test card").select_option(card)
    page.get_by_role("button", name="Add card").click()


def find(page: Page, evse_id: str) -> None:
    page.get_by_label("Number on the station").fill(evse_id)
    page.get_by_role("button", name="Show this station").click()


def give_address(page: Page) -> None:
    for label, value in {
        "First name": "Erika",
        "Last name": "Muster",
        "Street and number": "Lindenhof 12",
        "Postal code": "10551",
        "City": "Berlin",
    }.items():
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Save address").click()


def test_a_driver_signs_up_charges_and_gets_a_receipt(browser: Browser, dev: Bench) -> None:
    with dev.app() as app, phone(browser, app, dev.sim.url) as page:
        expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
        looked_at(page, "welcome")
        sign_up(page)
        add_card(page)
        expect(page.get_by_label("Visa ending in 4242")).to_be_checked()
        page.get_by_role("button", name="Billing address").click()
        give_address(page)
        sees(page, "Thank you")
        page.get_by_role("button", name="Stations near me").click()
        sees(page, "Nordlicht Ladepark Moabit")
        sees(page, "0.49 EUR per kWh")
        looked_at(page, "stations")
        find(page, PROGRESS)
        page.get_by_role("button", name=f"Start at {PROGRESS}").click()
        expect(page.locator("#charge-state")).to_have_text("Charging", timeout=EXPECT_MS)
        expect(page.locator("#charge-kwh")).to_contain_text(re.compile(r"[1-9]\.000 kWh"), timeout=EXPECT_MS)
        looked_at(page, "charging")
        page.get_by_role("button", name="Stop charging").click()
        expect(page.locator("#charge-state")).to_contain_text("Stopping")
        expect(page.get_by_role("heading", name="Receipt")).to_be_visible(timeout=EXPECT_MS)
        sees(page, "5.39 EUR")
        page.reload()
        expect(page.get_by_role("heading", name="Receipt")).to_be_visible(timeout=EXPECT_MS)
        expect(page.get_by_role("link", name="Invoice")).to_be_visible(timeout=EXPECT_MS)
        looked_at(page, "receipt")
    assert dev.between.count(START) == dev.between.count(STOP) == 1


def test_what_is_missing_is_asked_for_and_the_start_goes_on(browser: Browser, dev: Bench) -> None:
    with dev.app() as app, phone(browser, app, dev.sim.url, color_scheme="dark") as page:
        sign_up(page)
        find(page, ITALY)
        page.get_by_role("button", name=f"Start at {ITALY}").click()
        page.get_by_role("button", name="Choose a card").click()
        add_card(page)
        expect(page.get_by_label("Visa ending in 4242")).to_be_checked()
        page.get_by_role("button", name=f"Start at {ITALY}").click()
        sees(page, "We need your billing address")
        looked_at(page, "billing")
        page.get_by_role("button", name="Enter the address").click()
        give_address(page)
        page.get_by_role("button", name="Try again").click()
        expect(page.locator("#charge-state")).to_have_text("Charging", timeout=EXPECT_MS)
        page.get_by_role("button", name="Stop charging").click()
        expect(page.get_by_role("heading", name="Receipt")).to_be_visible(timeout=EXPECT_MS)


def test_a_payment_is_confirmed_at_the_bank_and_the_start_goes_on(browser: Browser, dev: Bench) -> None:
    with dev.app() as app, phone(browser, app, dev.sim.url) as page:
        sign_up(page)
        page.get_by_role("button", name="Billing address").click()
        give_address(page)
        add_card(page, "pm_card_chargeDeclined")
        sees(page, "Your card was declined.")
        add_card(page, "pm_card_authenticationRequired")
        expect(page.get_by_label("Visa ending in 3184")).to_be_checked()
        find(page, SHARED)
        page.get_by_role("button", name=f"Start at {SHARED}").click()
        page.get_by_role("button", name="Confirm now").click()
        page.get_by_role("button", name="Confirm: This charge").click()
        page.get_by_role("button", name="Try again").click()
        expect(page.locator("#charge-state")).to_have_text("Charging", timeout=EXPECT_MS)
        page.get_by_role("button", name="Stop charging").click()
        expect(page.get_by_role("heading", name="Receipt")).to_be_visible(timeout=EXPECT_MS)


def test_an_error_is_told_and_can_be_tried_again(browser: Browser, dev: Bench) -> None:
    dev.between.answers.append(Answer(START, 424, error("charging_provider_error")))
    with dev.app() as app, phone(browser, app, dev.sim.url) as page:
        sign_up(page)
        add_card(page)
        expect(page.get_by_label("Visa ending in 4242")).to_be_checked()
        page.get_by_role("button", name="Billing address").click()
        give_address(page)
        find(page, SHARED)
        page.get_by_role("button", name=f"Start at {SHARED}").click()
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("did not take our request", timeout=EXPECT_MS)
        looked_at(page, "error")
        page.context.set_offline(True)
        page.get_by_role("button", name="Try again").click()
        expect(alert).to_contain_text("No connection")
        page.context.set_offline(False)
        page.get_by_role("button", name="Try again").click()
        expect(page.locator("#charge-state")).to_have_text("Charging", timeout=EXPECT_MS)
        page.get_by_role("button", name="Stop charging").click()
        expect(page.get_by_role("heading", name="Receipt")).to_be_visible(timeout=EXPECT_MS)


def test_a_charge_that_ends_while_there_is_no_connection_has_its_receipt_afterwards(
    browser: Browser, dev: Bench
) -> None:
    with dev.app() as app, phone(browser, app, dev.sim.url) as page:
        sign_up(page)
        add_card(page)
        expect(page.get_by_label("Visa ending in 4242")).to_be_checked()
        page.get_by_role("button", name="Billing address").click()
        give_address(page)
        find(page, PROGRESS)
        page.get_by_role("button", name=f"Start at {PROGRESS}").click()
        expect(page.locator("#charge-state")).to_have_text("Charging", timeout=EXPECT_MS)
        page.get_by_role("button", name="Stop charging").click()
        expect(page.locator("#charge-state")).to_contain_text("Stopping")
        page.route("**/api/receipt", lambda route: route.abort())
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("No connection", timeout=EXPECT_MS)
        expect(page.locator("#charge-state")).to_have_text("Finished", timeout=EXPECT_MS)
        expect(page.locator("#receipt-lines")).to_be_empty()
        page.unroute("**/api/receipt")
        expect(page.locator("#receipt-lines")).to_contain_text("5.39 EUR", timeout=EXPECT_MS)
        expect(alert).to_be_hidden()


def test_the_page_and_its_scripts_hold_no_key(dev: Bench) -> None:
    with dev.app() as app:
        app.sign_up("driver-a")
        browser = app.browser("driver-a")
        for path in ("/", "/app.js", "/api.js", "/ui.js", "/wallet.js", "/style.css", "/api/config", "/api/me"):
            answer = browser.get(path)
            assert answer.status_code == 200
            assert dev.sim.options.key not in answer.text
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
