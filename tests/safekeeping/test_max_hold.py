"""A run whose session on a shared VCP is cut says so, blames nobody, and can be replayed."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from golive.evidence.model import HOLD_WATCH
from golive.simulator import EmbeddedSimulator, SimulatorOptions
from tests.plugin.bench import left_behind
from tests.plugin.launch import run_pytest
from tests.safekeeping.killing import running

SHARED = "DE*CIQ*EWBNHHLM82TLA*1"


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report directory of a run that would hold a shared VCP for longer than it may."""
    folder = tmp_path_factory.mktemp("cut")
    chosen = ("-k", "test_06 or test_07 or test_08 or test_09", f"--evse={SHARED}", "--max-hold=0.5")
    with EmbeddedSimulator(SimulatorOptions(tick=0.1)) as sim:
        with running(folder, sim, *chosen, poll_s=1.2) as run:
            assert run.wait(120) == 0
        assert left_behind(sim)["users"] == 0
    return folder / "report"


def test_what_could_not_be_seen_is_inconclusive_and_nobodys_fault(cut: Path) -> None:
    record = _record(cut)
    judged = {check["outcome"] for check in record["tests"]} - {"deselected"}
    assert "inconclusive" in judged
    assert judged <= {"passed", "inconclusive", "skipped"}
    assert {check["owner"] for check in record["tests"] if check["outcome"] == "inconclusive"} == {"environment"}
    assert SHARED in _observed(record)[0]


def test_each_hold_of_a_shared_vcp_is_in_the_report_with_the_bound(cut: Path) -> None:
    record = _record(cut)
    holds = [hold for hold in record["aftermath"]["holds"] if hold["cut"]]
    assert holds
    assert all(0.5 <= hold["held_s"] < 5 for hold in holds)
    page = (cut / "evidence.html").read_text(encoding="utf-8")
    assert "of 500 ms at most" in page
    assert page.count("stopped at the bound") >= len(holds)


def test_a_replay_comes_to_the_same_without_stopping_anything(cut: Path, tmp_path: Path) -> None:
    recorded = _record(cut)
    replay = run_pytest(tmp_path, f"--replay={cut}")
    assert replay.status == 0, replay.output
    assert {c["nodeid"]: (c["outcome"], c["owner"]) for c in replay.checks} == {
        c["nodeid"]: (c["outcome"], c["owner"]) for c in recorded["tests"]
    }
    assert sorted(_observed(replay.evidence)) == sorted(_observed(recorded))
    assert HOLD_WATCH not in {exchange["actor"] for exchange in replay.evidence["exchanges"]}


def _record(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / "evidence.json").read_text(encoding="utf-8"))
    return read


def _observed(record: dict[str, Any]) -> list[str]:
    return [each["message"] for each in record["observations"] if each["code"] == "HELD_TOO_LONG"]


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed in another way there")
