"""The example's adapter: it drives the app over HTTP just as the page does. Start your own from here.

python -m pytest --integration examples.partner_app.adapter:make
"""

import os
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from examples.partner_app.app import Running
from examples.partner_app.backend import Parts
from examples.partner_app.settings import Pace, from_environment
from golive.integration.adapter import AppError, Shown

STARTING = ("starting", "unsure")
PATIENCE_S = 150.0


class PartnerApp:
    """The app on a free port of this machine, with a database and a log of its own."""

    def __init__(
        self, base_url: str, parts: Parts | None = None, *, environment: Mapping[str, str] = os.environ
    ) -> None:
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        self._log = folder / "partner_app.log"
        poll = environment.get("POLL_INTERVAL_S")
        self._settings = from_environment(
            base_url,
            database=folder / "app.sqlite3",
            log_file=self._log,
            pace=Pace(float(poll)) if poll else None,
            environment=environment,
        )
        self._app = Running(self._settings, parts).__enter__()
        self._browsers: dict[str, httpx.Client] = {}

    @property
    def url(self) -> str:
        """Of the page."""
        return self._app.url

    def browser(self, driver: str) -> httpx.Client:
        """The driver's browser, with its cookie."""
        return self._browsers[driver]

    def ask(self, driver: str, method: str, path: str, **body: object) -> dict[str, Any]:
        """What the page's `ask` does. A notice in an error's place is what the driver is shown."""
        answer = self.browser(driver).request(method, path, json=None if method == "GET" else body)
        found: dict[str, Any] = answer.json()
        if answer.is_error:
            raise AppError(found["notice"]["text"])
        return found

    def sign_up(self, driver: str) -> None:
        if driver not in self._browsers:
            self._browsers[driver] = httpx.Client(base_url=self._app.url, timeout=PATIENCE_S, trust_env=False)
        self.ask(driver, "POST", "/api/sign-in", name=driver)

    def add_payment_method(self, driver: str, payment_method: str) -> None:
        config = self.ask(driver, "GET", "/api/config")
        before = self._cards(driver)
        secret = self.ask(driver, "POST", "/api/cards")["client_secret"]
        form = {"client_secret": secret, "payment_method": payment_method, "key": config["publishable_key"]}
        url = f"{config['stripe']}/v1/setup_intents/{secret.split('_secret_')[0]}/confirm"
        confirmed = httpx.post(url, data=form, trust_env=False).json()
        if confirmed.get("status") == "requires_action":  # the driver confirms at the bank
            confirmed = httpx.post(url, data=form, trust_env=False).json()
        if "error" in confirmed:
            raise AppError(confirmed["error"]["message"])
        self._until(lambda: self._cards(driver) != before, "the card was not listed")

    def give_billing_data(self, driver: str) -> None:
        address = {"line1": "Lindenhof 12", "postal_code": "10551", "city": "Berlin", "country": "DE"}
        self.ask(driver, "PUT", "/api/billing", first_name="Erika", last_name="Muster", **address)

    def find_station(self, driver: str, evse_id: str) -> str:
        answer = self.browser(driver).get("/api/station", params={"evse_id": evse_id}).json()
        if "notice" in answer:
            raise AppError(answer["notice"]["text"])
        return str(answer["name"])

    def start(self, driver: str, evse_id: str) -> None:
        self.ask(driver, "POST", "/api/start", evse_id=evse_id)
        self._until(lambda: self._charge(driver)["state"] not in STARTING, "the app never said whether it began")
        charge = self._charge(driver)
        if charge["state"] == "failed":
            raise AppError(charge["notice"]["text"])

    def shown(self, driver: str) -> Shown:
        charge = self._charge(driver)
        kwh = f"{charge['kwh']} kWh" if charge["kwh"] else None
        return Shown(charge["state"], kwh, charge["notice"]["text"] if charge["notice"] else None)

    def stop(self, driver: str) -> None:
        self.ask(driver, "POST", "/api/stop")

    def receipt(self, driver: str) -> str | None:
        found = self.ask(driver, "GET", "/api/receipt")["receipt"]
        if found is None:
            return None
        return "\n".join([*(f"{title}: {value}" for title, value in found["lines"]), f"Total: {found['total']}"])

    def log_line(self, support_code: str) -> str | None:
        lines = self._log.read_text(encoding="utf-8").splitlines()
        return next((line for line in lines if support_code in line), None)

    def _charge(self, driver: str) -> dict[str, Any]:
        found: dict[str, Any] | None = self.ask(driver, "GET", "/api/me")["charge"]
        return found or {"state": None, "kwh": None, "notice": None}

    def _cards(self, driver: str) -> list[Any]:
        cards: list[Any] = self.ask(driver, "GET", "/api/cards")["cards"]
        return cards

    def _until(self, seen: Callable[[], bool], otherwise: str) -> None:
        until = time.monotonic() + PATIENCE_S
        while not seen():
            if time.monotonic() > until:
                raise TimeoutError(otherwise)
            time.sleep(min(self._settings.pace.poll, 1.0))

    def close(self) -> None:
        for browser in self._browsers.values():
            browser.close()
        self._app.close()
        self._folder.cleanup()


def make(base_url: str, environment: Mapping[str, str]) -> PartnerApp:
    """What `--integration` names. `environment` is what a backend needs for the target of this run."""
    return PartnerApp(base_url, environment=environment)
