"""A person with a browser drives an app that has no adapter: the page says what to do, and takes what the app shows."""

import io
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from examples.partner_app.adapter import PartnerApp
from golive.integration.adapter import AppError
from golive.simulator import EmbeddedSimulator, SimulatorOptions
from tests.plugin.bench import keys_of, open_sessions
from tests.plugin.launch import PATIENCE_S, ROOT, Finished, clean_environment, pytest_command
from tests.report.browser import browser, overflow

DRIVER = "Ada"
STATE = "Laden"
NOW = """() => [document.getElementById("now").dataset.step, document.getElementById("text").textContent,
    !document.getElementById("form").hidden]"""
"""All at once: the page goes on by itself."""


class Person:
    """Reads the step, does it in the app, and says what the app shows, as long as there are steps."""

    def __init__(self, page: Page, app: PartnerApp, process: "subprocess.Popen[bytes]") -> None:
        self._page = page
        self._app = app
        self._process = process
        self.steps: list[str] = []
        self._last: str | None = None
        self.widths: list[int] = []

    def go_on(self) -> None:
        until = time.monotonic() + PATIENCE_S
        while self._process.poll() is None:
            assert time.monotonic() < until, f"the run did not end after {self.steps}"
            step, text, is_asked = self._page.evaluate(NOW)
            if not is_asked or step == self._last:
                self._page.wait_for_timeout(50)  # nothing tells of the end of a process that serves the page
                continue
            self._last = step
            self.steps.append(text)
            self.widths.append(overflow(self._page))
            try:
                self._do(text)
            except AppError as error:
                self._say(message=str(error), button="The app shows an error")

    def _do(self, text: str) -> None:
        evse = re.search(r"[A-Z]{2}\*?[A-Z0-9]{3}\*?E[A-Z0-9*]+", text)
        match text.split()[0]:
            case "Sign":
                self._app.sign_up(DRIVER)
                self._say(button="It worked", late=True)
            case "Fill":
                self._app.give_billing_data(DRIVER)
            case "Add":
                self._app.add_payment_method(DRIVER, "pm_card_visa")
                self._say(button="It worked", late=True)
            case "Find":
                assert evse
                self._app.find_station(DRIVER, evse[0])
            case "Start":
                assert evse
                self._app.start(DRIVER, evse[0])
            case "Stop":
                self._app.stop(DRIVER)
                self._say(button="It worked", late=True)
            case "What" | "It":
                shown = self._app.shown(DRIVER)
                self._say(state=STATE, kwh=shown.kwh or "", picture=screenshot(), button="That is what it shows")
            case "Wait":
                while (receipt := self._app.receipt(DRIVER)) is None:
                    self._page.wait_for_timeout(50)
                self._say(message=receipt, button="That is what it shows")

    def _say(self, *, button: str, picture: bytes | None = None, late: bool = False, **words: str) -> None:
        """Fill in and send, unless the step was ticked off by its traffic meanwhile."""
        for name, value in words.items():
            self._page.locator(f"#{name}").fill(value)
        if picture is not None:
            files = {"name": "screen.png", "mimeType": "image/png", "buffer": picture}
            self._page.locator("#picture").set_input_files(files)  # type: ignore[arg-type]
        if late:
            self._page.wait_for_timeout(700)
            if self._page.evaluate(NOW)[0] != self._last:
                return
        self._page.get_by_role("button", name=button).click()


def screenshot() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 80), "white").save(drawn, "PNG")
    return drawn.getvalue()


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def run_beside(tmp_path: Path, sim: EmbeddedSimulator, port: int) -> "Iterator[subprocess.Popen[bytes]]":
    command = pytest_command(
        f"--target={sim.url}",
        f"--report-dir={tmp_path / 'report'}",
        "--integration=manual",
        f"--gateway-port={port}",
        "--provoke=already-charging",
        "-k",
        "test_12",
    )
    with (tmp_path / "said.txt").open("wb") as said:
        process = subprocess.Popen(
            command, cwd=ROOT, env=clean_environment(tmp_path / "home", keys_of(sim)), stdout=said, stderr=said
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                os.kill(process.pid, 9)
            process.wait()


def address(tmp_path: Path, process: "subprocess.Popen[bytes]") -> str:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        if found := re.search(r"what it says: (http://\S+/)\n", (tmp_path / "said.txt").read_text("utf-8")):
            return found[1]
        time.sleep(0.05)
    raise AssertionError((tmp_path / "said.txt").read_text("utf-8"))


def test_a_person_drives_the_app_to_the_end(tmp_path: Path) -> None:
    port = free_port()
    with (
        browser() as opened,
        EmbeddedSimulator(SimulatorOptions(tick=1.0)) as sim,
        run_beside(tmp_path, sim, port) as process,
    ):
        page = opened.new_context(viewport={"width": 390, "height": 800}).new_page()
        troubles: list[str] = []
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.goto(address(tmp_path, process))
        expect(page.locator("#base")).to_have_text(f"http://127.0.0.1:{port}/api/v1")
        keys = {**keys_of(sim), "STRIPE_API_BASE": sim.url, "POLL_INTERVAL_S": "0.05"}
        app = PartnerApp(f"http://127.0.0.1:{port}/api/v1", environment=keys)
        try:
            person = Person(page, app, process)
            person.go_on()
        finally:
            app.close()
        assert troubles == []
        assert max(person.widths) == 0, "the page is wider than a phone"
        assert open_sessions(sim) == []
        said = (tmp_path / "said.txt").read_text("utf-8")
    seen = Finished(process.returncode, said, "", str(tmp_path)).evidence["integration"]
    assert seen["kind"] == "manual"
    assert [charge["outcome"] for charge in seen["charges"]] == ["passed", "passed"], seen["charges"]
    assert all(charge["session_id"] and charge["receipt"] for charge in seen["charges"])
    shown = [each for charge in seen["charges"] for each in charge["shown"]]
    assert {each["state"] for each in shown} == {STATE}
    pictures = [tmp_path / "report" / each["attachment"] for each in shown]
    assert pictures
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in pictures)
    (provoked,) = seen["provoked"]
    assert provoked["met"]
    assert provoked["shown"][0]["message"] == "You seem to be charging already. Please wait a moment and look again."
    assert {rule["status"] for rule in provoked["rules"]} == {"kept"}
    assert "now: Start charging on" in said
