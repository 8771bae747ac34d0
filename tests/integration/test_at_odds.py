"""A target, or an app, that does otherwise than it should at a busy station or with a charge that nobody stops."""

import math
from pathlib import Path
from typing import Any, Final

import pytest

from golive.simulator import BusyAs, SimulatorOptions
from tests.plugin.bench import TICK, run_against
from tests.plugin.launch import Finished

SHARED, PROGRESS = "DEQRMEF7GRC21", "AT*HTB*EOCPI1*1"
BUSY: Final = "test_a_second_driver_meets_a_busy_station"
LEFT_ALONE: Final = "test_a_charge_that_nobody_stops_comes_to_its_end"


def driven(directory: Path, *args: str, adapter: str = "examples.partner_app.adapter:make", **options: Any) -> Finished:
    """The example app on one VCP of each type."""
    return run_against(
        directory,
        f"--integration={adapter}",
        "--provoke=none",
        f"--evse={SHARED}",
        f"--evse={PROGRESS}",
        "suites/test_12_integration.py",
        *args,
        **options,
    )


def of(finished: Finished, check: str) -> tuple[str, str | None]:
    (found,) = [each for each in finished.evidence["tests"] if each["nodeid"].endswith(f"::{check}")]
    return found["outcome"], found["owner"]


@pytest.mark.parametrize(
    ("defect", "busy", "left_alone", "said"),
    [
        ("busy-start-succeeds", ("failed", "cariqa"), ("passed", None), "opened session"),
        ("busy-speaks-of-the-driver", ("inconclusive", "cariqa"), ("passed", None), "409 already_charging"),
        ("unstopped-session-never-settles", ("passed", None), ("inconclusive", "cariqa"), "was active still"),
    ],
)
def test_what_the_target_does_otherwise_is_cariqas_move(
    tmp_path: Path, defect: str, busy: tuple[str, str | None], left_alone: tuple[str, str | None], said: str
) -> None:
    finished = driven(tmp_path, "--cdr-timeout=6", defects=[defect])
    assert (of(finished, BUSY), of(finished, LEFT_ALONE)) == (busy, left_alone), finished.output
    assert any(said in (each["message"] or "") for each in finished.evidence["tests"])
    assert finished.facts["open"] == []
    assert finished.evidence["aftermath"]["left_behind"] == []


@pytest.mark.parametrize("busy_as", [BusyAs.AVAILABILITY_409, BusyAs.AVAILABILITY_424], ids=str)
def test_each_documented_busy_answer_shows_a_busy_station(tmp_path: Path, busy_as: BusyAs) -> None:
    finished = driven(tmp_path, options=SimulatorOptions(tick=TICK, busy_as=busy_as))
    assert of(finished, BUSY) == ("passed", None), finished.output


def test_a_vcp_that_another_party_holds_shows_nothing(tmp_path: Path) -> None:
    finished = driven(tmp_path, "--start-timeout=3", options=SimulatorOptions(tick=TICK, held={SHARED: math.inf}))
    assert of(finished, BUSY) == ("inconclusive", "environment"), finished.output
    assert finished.facts["open"] == []


def test_a_charge_that_is_held_for_too_long_shows_nothing(tmp_path: Path) -> None:
    """The second driver's start takes longer than a shared VCP may be held."""
    finished = driven(tmp_path, "--max-hold=0.5", options=SimulatorOptions(tick=TICK, start_delay=1.5))
    assert of(finished, BUSY) == ("inconclusive", "environment"), finished.output
    assert "--max-hold" in next(t["message"] for t in finished.evidence["tests"] if t["nodeid"].endswith(BUSY))
    assert finished.facts["open"] == []
    assert finished.evidence["aftermath"]["left_behind"] == []


@pytest.mark.parametrize(
    ("habit", "check", "said"),
    [
        ("refused-start-shown-as-a-charge", BUSY, "The app told the driver that the charge began"),
        ("busy-station-told-raw", BUSY, "The driver was shown JSON"),
        ("start-put-off-at-a-busy-station", BUSY, "The start was sent 1 time more"),
        ("end-noticed-only-after-a-stop", LEFT_ALONE, "the driver is still shown 'charging'"),
        ("charge-stopped-for-its-driver", LEFT_ALONE, "though its driver did not ask for it"),
    ],
)
def test_a_bad_habit_is_found_by_the_check_that_is_meant_for_it(
    tmp_path: Path, habit: str, check: str, said: str
) -> None:
    adapter = f"tests.partner_habits.app:{habit.replace('-', '_')}"
    finished = driven(tmp_path, "--cdr-timeout=6", adapter=adapter)
    failed = [each for each in finished.evidence["tests"] if each["outcome"] in ("failed", "inconclusive", "error")]
    assert [each["nodeid"].rpartition("::")[2] for each in failed] == [check], finished.output
    assert said in failed[0]["message"]
    assert failed[0]["owner"] == "partner"
    assert finished.facts["open"] == []
