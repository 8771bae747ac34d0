"""The app dies at the worst moments and comes back: nothing is sent twice, and no session is forgotten."""

import stat
from dataclasses import replace
from pathlib import Path

import httpx

from examples.partner_app.web import API
from tests.partner_app.bench import SESSION, SHARED, START, STOP, Answer, Bench, until
from tests.partner_app.process import Browser, Process, running


def with_card(dev: Bench, app: Process) -> Browser:
    browser = Browser()
    browser.ask(app, "POST", "/api/sign-in", name="driver-a")
    browser.ask(app, "PUT", "/api/billing", line1="Lindenhof 12", postal_code="10551")
    secret = browser.ask(app, "POST", "/api/cards")["client_secret"]
    form = {"client_secret": secret, "payment_method": "pm_card_visa", "key": dev.sim.options.publishable_key}
    httpx.post(f"{dev.sim.url}/v1/setup_intents/{secret.split('_secret_')[0]}/confirm", data=form, trust_env=False)
    assert browser.ask(app, "GET", "/api/cards")["cards"]
    return browser


def state(browser: Browser, app: Process) -> str:
    return str(browser.ask(app, "GET", "/api/me")["charge"]["state"])


def finish(browser: Browser, app: Process) -> None:
    browser.ask(app, "POST", "/api/stop")
    until(lambda: browser.ask(app, "GET", "/api/receipt")["receipt"], "a receipt")


def test_a_session_that_was_open_is_polled_again_and_the_driver_still_signed_in(dev: Bench, tmp_path: Path) -> None:
    with running(dev.sim.api_url, tmp_path) as app:
        browser = with_card(dev, app)
        browser.ask(app, "POST", "/api/start", evse_id=SHARED)
        until(lambda: state(browser, app) == "charging", "a charge")
    read = dev.between.count(SESSION)
    with running(dev.sim.api_url, tmp_path) as app:
        until(lambda: dev.between.count(SESSION) > read, "it is polled though nobody looks")
        assert state(browser, app) == "charging"
        finish(browser, app)
    assert dev.between.count(START) == dev.between.count(STOP) == 1


def test_a_start_under_way_is_found_and_not_sent_again(dev: Bench, tmp_path: Path) -> None:
    dev.sim.dev.charging.options = replace(dev.sim.options, start_delay=0.5)
    with running(dev.sim.api_url, tmp_path) as app:
        browser = with_card(dev, app)
        browser.ask(app, "POST", "/api/start", evse_id=SHARED)
        until(lambda: dev.between.count(START), "the start is under way")
        assert state(browser, app) == "starting"
    with running(dev.sim.api_url, tmp_path) as app:
        until(lambda: state(browser, app) == "charging", "it is found")
        finish(browser, app)
    assert dev.between.count(START) == 1


def test_a_stop_that_may_not_have_arrived_is_left_to_the_driver(dev: Bench, tmp_path: Path) -> None:
    dev.between.answers.append(Answer(STOP, 0, delay=1.0))  # DEV never hears of it
    with running(dev.sim.api_url, tmp_path) as app:
        browser = with_card(dev, app)
        browser.ask(app, "POST", "/api/start", evse_id=SHARED)
        until(lambda: state(browser, app) == "charging", "a charge")
        browser.ask(app, "POST", "/api/stop")
        until(lambda: dev.between.count(STOP), "the stop is under way")
    with running(dev.sim.api_url, tmp_path) as app:
        charge = browser.ask(app, "GET", "/api/me")["charge"]
        assert charge["can_stop"]
        assert "not sure that the stop" in charge["notice"]["text"]
        assert dev.between.count(STOP) == 1
        finish(browser, app)


def test_it_refuses_to_run_with_settings_that_cannot_be_used(dev: Bench, tmp_path: Path) -> None:
    for base in ("https://connect.cariqa.com/api/v1", "http://dev.connect.cariqa.com/api/v1", "https://example.org/v1"):
        process = Process(base, tmp_path)
        status, said = process.popen.wait(20), process.popen.communicate()[1]
        assert status == 4
        assert said.startswith("partner_app: the Connect base must be https://dev.connect.cariqa.com/")
        assert said.count("\n") == 1


def test_what_it_writes_is_for_nobody_else_to_read(dev: Bench, tmp_path: Path) -> None:
    with running(dev.sim.api_url, tmp_path) as app:
        with_card(dev, app)
        written = [file for file in tmp_path.rglob("*") if file.is_file()]
        assert {".sqlite3", ".log"} <= {file.suffix for file in written}, written
        assert {stat.S_IMODE(file.stat().st_mode) for file in written} == {0o600}


def test_nothing_is_changed_but_by_what_its_own_page_sends(dev: Bench) -> None:
    with dev.app() as app:
        app.sign_up("driver-a")
        for method, path, _ in API:
            if method != "GET":
                answer = app.browser("driver-a").request(
                    method, path, content="{}", headers={"Content-Type": "text/plain"}
                )
                assert answer.status_code == 409, f"{method} {path}: a form of another page could send this"


def test_it_stops_when_it_is_asked_to(dev: Bench, tmp_path: Path) -> None:
    with running(dev.sim.api_url, tmp_path) as app:
        with_card(dev, app)
        status, said = app.end()
        assert said == ""
        assert status in (0, -15, 143)
