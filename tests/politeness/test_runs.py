"""Whole runs: what the target saw of them, and how they end where they may ask no more or are not answered."""

import signal
import sys
from collections import Counter
from pathlib import Path

import pytest

from golive.simulator import EmbeddedSimulator, SimulatorOptions
from tests.faults.passing import Rule, answered, made, reset_before
from tests.faults.survival import assert_survived, survive
from tests.plugin.bench import BRISK, TICK, keys_of, left_behind, open_sessions
from tests.plugin.launch import Finished, run_pytest
from tests.politeness.bench import Watch
from tests.safekeeping.killing import end, is_clean, running, until

MOST_AT_ONCE, PER_SECOND = 4, 60
PREFLIGHT = 3
"""Its requests where one EVSE is visited: the list of users, the Stripe key, the EVSE."""
EVSE = "DE*CIQ*EWBNHHLM82TLA*1"
ENOUGH = ("-k", "test_02_users or test_05_stations or test_06_charging", f"--evse={EVSE}")


@pytest.fixture(scope="module")
def watch() -> Watch:
    return Watch()


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, watch: Watch) -> Finished:
    """A run that may send little at once, against a simulator that counts."""
    with EmbeddedSimulator(SimulatorOptions(tick=TICK, start_delay=0.2), middleware=[watch]) as sim:
        finished = run_pytest(
            tmp_path_factory.mktemp("watched"),
            f"--target={sim.url}",
            "--poll-interval=0.05",
            f"--max-in-flight={MOST_AT_ONCE}",
            f"--max-rate={PER_SECOND}",
            *BRISK,
            "-k",
            "test_02_users or test_06_charging",
            env=keys_of(sim),
        )
        finished.facts = left_behind(sim)
    assert finished.status == 0, finished.output
    return finished


def test_the_target_is_asked_for_no_more_at_once_than_was_said(watched: Finished, watch: Watch) -> None:
    assert 1 < watch.most_at_once <= MOST_AT_ONCE
    assert watched.evidence["asked"]["at_once"] <= MOST_AT_ONCE
    assert watched.evidence["asked"]["bound_at_once"] == MOST_AT_ONCE


def test_the_target_is_asked_for_no_more_per_second_than_was_said(watched: Finished, watch: Watch) -> None:
    """In any second: the rate, one more, and what was under way already but arrived late."""
    assert len(watch.began) > PER_SECOND
    for first in watch.began:
        assert sum(first <= at < first + 1 for at in watch.began) <= PER_SECOND + 1 + MOST_AT_ONCE
    assert watched.evidence["asked"]["bound_per_second"] == PER_SECOND


def test_the_target_sees_who_asks_for_what(watched: Finished, watch: Watch) -> None:
    exchanges = watched.evidence["exchanges"]
    assert watch.agents == Counter(exchange["request"]["headers"]["user-agent"] for exchange in exchanges)
    assert len(watch.began) == watched.evidence["asked"]["sent"] == len(exchanges)
    for exchange in exchanges:
        asker = exchange["request"]["headers"]["user-agent"].rpartition("(")[2].removesuffix(")")
        test = exchange["test"]
        if test is None:
            assert asker == exchange["actor"]
        else:
            assert asker.partition("::")[2] == test.partition("::test_")[2]


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed in another way there")
def test_a_guardian_asks_for_no_more_than_its_run_might(tmp_path: Path) -> None:
    """And what was under way when the run was killed."""
    watch = Watch()
    with EmbeddedSimulator(SimulatorOptions(tick=0.4), middleware=[watch]) as sim:
        with running(tmp_path, sim, "-k", "test_06", "--max-in-flight=2", "--max-rate=20") as run:
            until(lambda: len(open_sessions(sim)) >= 3)
            end(run, signal.SIGKILL)
        watch.most_at_once, began = 0, len(watch.began)
        until(lambda: is_clean(sim))
    asked = watch.began[began:]
    assert len(asked) > 20
    assert watch.most_at_once <= 2 + 2
    for first in asked:
        assert sum(first <= at < first + 1 for at in asked) <= 20 + 1 + 2


def test_nothing_is_left_behind_by_a_slow_pace(watched: Finished) -> None:
    assert (watched.facts["open"], watched.facts["users"]) == ([], 0)


def replayed(tmp_path: Path, finished: Finished) -> Finished:
    return run_pytest(tmp_path / "replay", f"--replay={finished.report}")


def test_a_journey_that_has_spent_its_requests_ends_there(tmp_path: Path) -> None:
    finished = survive(
        tmp_path,
        args=(*ENOUGH, "-p", "tests.politeness.child"),
        env={"POLITENESS_PER_EVSE": "12"},
    )
    assert_survived(finished, owners={"environment"})
    assert finished.outcomes()["inconclusive"] > 0
    assert all("12 requests for" in said and "may send" in said for said in finished.bad().values())
    held = [x for x in finished.evidence["exchanges"] if x["error"] and x["error"]["kind"] == "BudgetSpent"]
    assert len(held) == finished.evidence["asked"]["held_back"] > 0
    assert "held back" in finished.stdout
    again = replayed(tmp_path, finished)
    assert again.outcomes() == finished.outcomes()
    assert again.evidence["asked"] == finished.evidence["asked"]


@pytest.mark.parametrize("fault", [reset_before, answered(made("502 Bad Gateway", b"<html>"))], ids=["reset", "502"])
def test_a_target_that_is_gone_is_left_alone(tmp_path: Path, fault: object) -> None:
    rule = Rule(fault, skip=PREFLIGHT)  # type: ignore[arg-type]
    finished = survive(tmp_path, rule, args=ENOUGH)
    assert_survived(finished, owners={"environment"})
    asked, said = finished.evidence["asked"], " ".join(finished.stdout.split())
    first, last = asked["silences"]
    assert "only clean-up was sent until one was answered again" in first
    assert "nothing but clean-up was sent to it after that" in last
    assert f"environment: {first}" in said
    assert f"environment: {last}" in said
    codes = [observation["code"] for observation in finished.evidence["observations"]]
    assert codes.count("CIRCUIT_OPEN") == 2
    kinds = Counter(x["error"]["kind"] for x in finished.evidence["exchanges"] if x["error"])
    assert kinds["CircuitOpen"] == asked["held_back"] > 4
    assert len(rule.struck) < 40
    assert finished.evidence["run"]["wall_s"] < 30
    again = replayed(tmp_path, finished)
    assert again.outcomes() == finished.outcomes()


def test_a_gate_holds_back_a_release_after_a_silence(tmp_path: Path) -> None:
    finished = survive(tmp_path, Rule(reset_before, skip=PREFLIGHT), args=(*ENOUGH, "--gate"))
    assert finished.status == 1
