"""The suites against one deviating simulator, in a process of their own."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

COMMON = ("--fuzz-examples=8", "--seed=20260302")
PACES = {
    "quick": (
        "--tick=0.1",
        "--poll-interval=0.02",
        "--start-timeout=4",
        "--cdr-timeout=3",
        "--invoice-timeout=1.5",
        "--busy-patience=0.3",
    ),
    "patient": (
        "--tick=0.4",
        "--poll-interval=0.08",
        "--start-timeout=8",
        "--cdr-timeout=12",
        "--invoice-timeout=6",
        "--busy-patience=1.2",
    ),
}
"""Options under which a run ends in seconds, also against a DEV that never answers what is waited for; the patient ones
are for a machine that is busy with other things."""


class Seeded:
    """Puts the deviations into the embedded simulator, and leaves out every report but the record."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        # Late: pytest rewrites the assertions of the plugins' modules when it loads them itself.
        from golive.plugin import outputs, run
        from golive.simulator.defects import DEFECTS
        from golive.simulator.habits import HABITS
        from tests.matrix.slips import SLIPS

        config.stash[run.RUN].deviations = tuple(
            DEFECTS[name] if name in DEFECTS else HABITS.named(name) for name in self._names if name not in SLIPS
        )
        for name in set(self._names) & set(SLIPS):
            vars(run)["live_transport"] = SLIPS[name].over_the_network
        outputs.VIEWS.clear()


def run(pace: str, directory: str, names: Sequence[str]) -> int:
    """Run the suites with these deviations, or slips of the suite's own client; pytest's exit status."""
    unused = ("cacheprovider", "logging", "unraisableexception", "junitxml", "golive.plugin.bundling")
    quiet = ("-q", "-s", "--tb=no", "--assert=plain", *(f"-pno:{name}" for name in unused))
    return pytest.main(["suites", *quiet, *COMMON, *PACES[pace], f"--report-dir={directory}"], plugins=[Seeded(names)])


def main(pace: str, directory: str, names: Sequence[str], said: str) -> None:
    """Let this process be the run and nothing else: what it says goes to the file `said`."""
    with Path(said).open("w", encoding="utf-8") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    for name in [name for name in os.environ if name.startswith(("GOLIVE_", "CONNECT_", "STRIPE_", "PYTEST_"))]:
        del os.environ[name]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # a proof needs none of them, and they take a second to load
    os.chdir(ROOT)
    sys.exit(run(pace, directory, names))
