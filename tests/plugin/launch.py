"""Starts pytest in a process of its own, with a clean environment, and reads what the run left."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parents[2]
PATIENCE_S = 180
"""No run takes nearly as long; one that does hangs, and the test says so."""

_OURS = ("GOLIVE_", "CONNECT_", "STRIPE_", "PYTEST_", "PYTHON", "COV_")
_NO_CACHE = ("-pno:cacheprovider",)
FACTS = "facts.json"


def clean_environment(home: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without any setting of ours, and with a home where nothing is."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(_OURS)}
    home.mkdir(parents=True, exist_ok=True)
    return kept | {"HOME": str(home), "COLUMNS": "80", "TERM": "xterm", "NO_PROXY": "127.0.0.1"} | dict(extra or {})


@dataclass
class Finished:
    """A run that has ended; `facts` are what its maker saw beside it, such as the simulator's state."""

    status: int
    stdout: str
    stderr: str
    directory: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def report(self) -> Path:
        return Path(self.directory) / "report"

    @property
    def output(self) -> str:
        return self.stdout + self.stderr

    @cached_property
    def evidence(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads((self.report / "evidence.json").read_text(encoding="utf-8"))
        return read

    @property
    def verdict(self) -> str:
        return str(self.evidence["verdict"]["status"])

    @property
    def checks(self) -> list[dict[str, Any]]:
        return list(self.evidence["tests"])

    def check(self, name: str) -> dict[str, Any]:
        """The one check whose node id ends like this."""
        (found,) = [check for check in self.checks if check["nodeid"].endswith(f"::{name}")]
        return dict(found)

    def outcomes(self) -> dict[str, int]:
        """How many checks ended in each outcome."""
        counted: dict[str, int] = {}
        for check in self.checks:
            counted[check["outcome"]] = counted.get(check["outcome"], 0) + 1
        return counted

    def bad(self) -> dict[str, str]:
        """Each check that did not pass, with its outcome, owner and message."""
        return {
            c["nodeid"]: f"{c['outcome']}, {c['owner']}: {c['message']}"
            for c in self.checks
            if c["outcome"] not in ("passed", "deselected")
        }

    @property
    def junit(self) -> ET.Element:
        return ET.fromstring((self.report / "junit.xml").read_text(encoding="utf-8"))  # noqa: S314 - written by us

    def allure(self) -> dict[str, dict[str, Any]]:
        """Allure's results by the name of the test function, with its parameters as the node id has them."""
        files = (self.report / "allure-results").glob("*-result.json")
        results = [json.loads(file.read_text(encoding="utf-8")) for file in files]
        return {result["fullName"].rsplit("#", 1)[-1]: result for result in results}

    def saved(self, shelf: Path) -> None:
        (shelf / FACTS).write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, shelf: Path) -> "Finished":
        return cls(**json.loads((shelf / FACTS).read_text(encoding="utf-8")))


def pytest_command(*args: str) -> list[str]:
    return [sys.executable, "-m", "pytest", *_NO_CACHE, *args]


def run_pytest(
    directory: Path,
    *args: str,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    report: bool = True,
    cached: bool = False,
) -> Finished:
    """Run pytest in `cwd`; its report goes to `directory`/report unless `report` is False. `cached`: it remembers there
    what failed."""
    directory.mkdir(parents=True, exist_ok=True)
    where = (f"--report-dir={directory / 'report'}",) if report else ()
    done = subprocess.run(
        [part for part in pytest_command(*where, *args) if not (cached and part in _NO_CACHE)],
        cwd=cwd,
        env=clean_environment(directory / "home", env),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr, str(directory))


Run = Callable[..., Finished]


def error_lines(finished: Finished) -> Sequence[str]:
    """What a refused command line says, without pytest's empty lines."""
    return [line for line in finished.output.splitlines() if line.strip()]
