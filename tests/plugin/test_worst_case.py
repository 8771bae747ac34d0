"""DEV at its worst: what others do to a run ends inconclusive and is nobody's failure."""

import math
from pathlib import Path

import pytest

from fixtures.catalogue import SHARED_VCPS
from golive.simulator import SimulatorOptions
from golive.simulator.options import BusyAs
from tests.plugin.bench import TICK, run_against

FIRST = SHARED_VCPS[0].evse_id
NEXT = SHARED_VCPS[1].evse_id
CHARGING = "charging or busy or already or declined or cdr"


def test_a_vcp_that_another_party_holds_is_inconclusive_and_the_busy_test_moves_on(tmp_path: Path) -> None:
    options = SimulatorOptions(tick=TICK, held={FIRST: math.inf})
    finished = run_against(
        tmp_path, "-k", "charging or busy", "--busy-patience=0.1", f"--evse={FIRST}", f"--evse={NEXT}", options=options
    )
    assert finished.status == 0, finished.output
    held = [check for check in finished.checks if check["evse_id"] == FIRST and check["outcome"] != "deselected"]
    assert held
    assert {(check["outcome"], check["owner"]) for check in held} == {("inconclusive", "environment")}
    assert all(check["evse_id"] == FIRST for check in finished.checks if check["outcome"] == "inconclusive")
    assert not {"failed", "error"} & finished.outcomes().keys()
    (busy,) = [journey for journey in finished.evidence["journeys"] if journey["kind"] == "busy"]
    assert busy["evse_id"] == NEXT
    row = next(row for row in finished.evidence["evses"] if row["evse_id"] == FIRST)
    assert row["stages"]["started"]["status"] == "inconclusive"
    assert row["stages"]["stopped"]["status"] in ("inconclusive", "not_run")
    assert finished.facts["open"] == []
    assert finished.facts["users"] == 0


def test_the_gate_does_not_let_an_inconclusive_check_pass(tmp_path: Path) -> None:
    options = SimulatorOptions(tick=TICK, held={FIRST: math.inf})
    finished = run_against(
        tmp_path, "-k", "test_a_start_opens", "--busy-patience=0.1", "--gate", f"--evse={FIRST}", options=options
    )
    assert finished.status == 1, finished.output
    assert finished.verdict == "incomplete"


def test_a_busy_test_without_a_free_vcp_is_inconclusive(tmp_path: Path) -> None:
    options = SimulatorOptions(tick=TICK, held={vcp.evse_id: math.inf for vcp in SHARED_VCPS})
    finished = run_against(tmp_path, "-k", "test_07_busy", "--busy-patience=0.1", options=options)
    assert finished.status == 0, finished.output
    run = [check for check in finished.checks if check["outcome"] != "deselected"]
    assert {(check["outcome"], check["owner"]) for check in run} == {("inconclusive", "environment")}
    assert "another party holds every listed shared VCP" in run[0]["message"]
    assert finished.facts["users"] == 0


@pytest.mark.parametrize(
    "options",
    [
        SimulatorOptions(tick=TICK, contradict=True),
        SimulatorOptions(tick=TICK, payment_method_delay=0.3, start_delay=0.2, cdr_delay=0.3, invoice_delay=0.3),
        SimulatorOptions(tick=TICK, busy_as=BusyAs.AVAILABILITY_409),
        SimulatorOptions(tick=TICK, busy_as=BusyAs.AVAILABILITY_424),
        SimulatorOptions(tick=TICK, held={FIRST: 0.5}),
        SimulatorOptions(tick=TICK, progress_messages=3),
    ],
    ids=["contradicting station data", "all late", "busy as 409", "busy as 424", "held a moment", "three messages"],
)
def test_a_conformant_dev_with_habits_passes(tmp_path: Path, options: SimulatorOptions) -> None:
    finished = run_against(tmp_path, "-k", CHARGING, "--evse", FIRST, "--evse=DEPWAEALP22541X0161701", options=options)
    assert finished.bad() == {}
    assert finished.status == 0, finished.output
    assert finished.facts["open"] == []
    assert finished.facts["users"] == 0


def test_an_invoice_that_does_not_come_is_inconclusive(tmp_path: Path) -> None:
    finished = run_against(
        tmp_path,
        "-k",
        "test_09_cdr",
        "--invoice-timeout=0.2",
        f"--evse={FIRST}",
        options=SimulatorOptions(tick=TICK, invoice_delay=3600),
    )
    assert finished.status == 0, finished.output
    bad = [check for check in finished.checks if check["outcome"] not in ("passed", "deselected", "skipped")]
    assert {(c["outcome"], c["owner"]) for c in bad} == {("inconclusive", "environment")}
    assert {c["nodeid"].partition("::")[2].partition("[")[0] for c in bad} == {"test_an_invoice_names_the_session"}
    row = next(row for row in finished.evidence["evses"] if row["evse_id"] == FIRST)
    assert row["stages"]["settled"]["status"] == "met"
    assert row["stages"]["invoiced"]["status"] == "inconclusive"
