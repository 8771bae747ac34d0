"""Replays of runs against a DEV that answers badly, late, otherwise or not at all: findings stay what they were."""

from pathlib import Path
from typing import Any

import pytest

from golive.simulator import EmbeddedSimulator
from tests.matrix.nursery import run_child
from tests.plugin.bench import run_against
from tests.plugin.launch import PATIENCE_S, Finished
from tests.plugin.test_without_stripe import EVSES, prepare_users
from tests.replay.bench import concluded, replayed

AWKWARD = (
    "start-answer-lost",
    "one-evse-never-settles",
    "unstopped-session-never-settles",
    "late-cdr",
    "another-party-on-all-shared-vcps",
    "connection-lost-on-a-get",
    "unavailable-on-a-get",
    "tile-is-a-gzip-bomb",
    "wrong-key-echoed",
    "partners-in-utf-16",
)


def met(evidence: dict[str, Any]) -> dict[str, int]:
    """How often each fault was met."""
    kinds = [e["error"]["kind"] for e in evidence["exchanges"] if e["error"] is not None]
    return {kind: kinds.count(kind) for kind in set(kinds)}


@pytest.mark.parametrize("name", AWKWARD)
def test_a_run_against_an_awkward_dev_is_judged_the_same(name: str, tmp_path: Path) -> None:
    run_child("quick", str(tmp_path / "live" / "report"), [name], timeout_s=PATIENCE_S)
    live = Finished(0, "", "", str(tmp_path / "live"))
    replay = replayed(tmp_path / "replay", live.report, "-p", "no:golive.plugin.bundling")
    assert concluded(replay) == concluded(live)
    assert replay.verdict == live.verdict
    assert met(replay.evidence) == met(live.evidence)
    assert f"replay: {len(live.checks)} checks: same outcome as recorded" in replay.stdout
    assert "does not answer" not in replay.stdout


@pytest.mark.parametrize("count", [2, 4])
def test_prepared_users_serve_the_journeys_that_they_served(count: int, tmp_path: Path) -> None:
    def prepare(sim: EmbeddedSimulator) -> dict[str, str]:
        return {"CONNECT_API_KEY": sim.options.key, "CONNECT_USERS": prepare_users(sim, count)}

    live = run_against(tmp_path / "live", *EVSES, prepare=prepare)
    replay = replayed(tmp_path / "replay", live.report)
    assert concluded(replay) == concluded(live)
    assert {"inconclusive", "passed"} <= set(live.outcomes())
    assert replay.status == live.status
    assert "same outcome as recorded" in replay.stdout


def test_a_run_whose_key_was_refused_ends_in_its_preflight_again(tmp_path: Path) -> None:
    live = run_against(tmp_path / "live", prepare=lambda _: {"CONNECT_API_KEY": "another-key"})
    replay = replayed(tmp_path / "replay", live.report)
    assert (replay.status, live.status) == (1, 1)
    assert replay.evidence["preflight"] == live.evidence["preflight"]
    assert concluded(replay) == concluded(live)
    assert "is refused with 403" in replay.stdout
