"""The app as a process of its own, as a partner runs it; it can be killed."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]


class Process:
    def __init__(self, base_url: str, folder: Path, *more: str) -> None:
        command = [sys.executable, "-m", "examples.partner_app", "--connect-base", base_url, "--port", "0"]
        command += ["--database", str(folder / "app.sqlite3"), "--log-file", str(folder / "app.log"), *more]
        self.popen = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.popen.stdout is not None
        self.url = self.popen.stdout.readline().strip()

    def kill(self) -> None:
        self.popen.kill()
        self.popen.communicate()

    def end(self) -> tuple[int, str]:
        """Exit status and what it wrote to standard error, after a polite request to stop."""
        self.popen.terminate()
        _, said = self.popen.communicate(timeout=20)
        return self.popen.returncode, said


@contextmanager
def running(base_url: str, folder: Path) -> Iterator[Process]:
    process = Process(base_url, folder)
    try:
        yield process
    finally:
        process.kill()


class Browser:
    """A driver's browser: it keeps its cookie when the app comes back on another port."""

    def __init__(self) -> None:
        self.cookies = httpx.Cookies()

    def ask(self, app: Process, method: str, path: str, **body: object) -> dict[str, Any]:
        sent = body if method != "GET" else None
        with httpx.Client(base_url=app.url, cookies=self.cookies, timeout=30, trust_env=False) as client:
            answer = client.request(method, path, json=sent)
            self.cookies.update(client.cookies)
        found: dict[str, Any] = answer.json()
        return found
