"""A gateway in a process of its own, as a partner runs it, and a backend that uses it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

from golive.simulator import SIMULATOR_KEY, SIMULATOR_PUBLISHABLE_KEY
from tests.plugin.launch import PATIENCE_S, ROOT, clean_environment

SHARED, PROGRESS = "DE*CIQ*EWBNHHLM82TLA*1", "DE*EUL*EAUT0002*01"


def command(*args: str) -> list[str]:
    return [sys.executable, "-u", "-m", "golive", "gateway", *args]


def environment(directory: Path, **extra: str) -> dict[str, str]:
    return clean_environment(directory / "home", {"PYTHONPATH": str(ROOT), **extra})


def keys() -> dict[str, str]:
    return {"CONNECT_API_KEY": SIMULATOR_KEY, "STRIPE_PUBLISHABLE_KEY": SIMULATOR_PUBLISHABLE_KEY}


@dataclass
class Running:
    """The process; `told` are the lines that it has said so far."""

    process: subprocess.Popen[str]
    directory: Path
    told: list[str]
    clients: ExitStack

    def until(self, beginning: str) -> str:
        """The next line that begins so."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.told.append(line.rstrip("\n"))
            if line.startswith(beginning):
                return self.told[-1]
        raise AssertionError(f"it ended without saying {beginning!r}: {self.told}")

    @cached_property
    def settings(self) -> dict[str, str]:
        """What it says that a backend should use."""
        named = (line.strip().partition("=") for line in self.told if line.startswith("    "))
        return {name: value for name, _, value in named}

    def backend(self, **options: Any) -> "Backend":
        key = self.settings.get("CONNECT_API_KEY", SIMULATOR_KEY)
        headers = {"Authorization": f"Bearer {key}"}
        url = self.settings["CONNECT_API_DOMAIN"]
        http = httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=30, **options)
        return Backend(self.clients.enter_context(http))

    def end(self, signal_: signal.Signals = signal.SIGINT) -> int:
        """End it by this signal; its exit status."""
        assert self.process.stdout is not None
        os.kill(self.process.pid, signal_)
        self.told += self.process.stdout.read().splitlines()
        return self.process.wait(PATIENCE_S)

    @property
    def report(self) -> Path:
        return self.directory / "report"

    @cached_property
    def evidence(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads((self.report / "evidence.json").read_text(encoding="utf-8"))
        return read


@dataclass
class Backend:
    """A partner's backend, as short as can be."""

    http: httpx.Client

    def sign_up(self, stripe: str) -> tuple[str, str]:
        """A user with billing data and a card: user id and payment method id."""
        user = self.http.post("/users/", json={"custom_properties": {"external_id": "driver-1"}}).json()["id"]
        details = {"country": "DE", "line1": "Weg 1", "postal_code": "10115"}
        self.http.put(f"/users/{user}/billing-details/", json=details).raise_for_status()
        secret = self.http.get(f"/users/{user}/setup-intents/").json()["setup_intent_client_secret"]
        form = {"client_secret": secret, "payment_method": "pm_card_visa", "key": SIMULATOR_PUBLISHABLE_KEY}
        confirm = f"{stripe}/v1/setup_intents/{secret.partition('_secret_')[0]}/confirm"
        httpx.post(confirm, data=form, trust_env=False).raise_for_status()
        (method,) = self.http.get(f"/users/{user}/payment-methods/").json()["results"]
        return user, method["id"]

    def start(self, user: str, method: str, evse: str = SHARED) -> httpx.Response:
        body = {"evse_id": evse, "payment_method_id": method}
        return self.http.post(f"/users/{user}/charging/start/", json=body)


@contextmanager
def running(directory: Path, *args: str, env: dict[str, str] | None = None, port: str = "0") -> Iterator[Running]:
    """A gateway that is listening; killed at the end where it is still there."""
    process = subprocess.Popen(
        command(f"--port={port}", f"--report-dir={directory / 'report'}", *args),
        cwd=directory,
        env=environment(directory, **(env or {})),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    with process, ExitStack() as clients:
        try:
            at = Running(process, directory, [], clients)
            at.until("A line for each of its requests")
            yield at
        finally:
            if process.poll() is None:
                process.kill()
