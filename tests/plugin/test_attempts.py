"""Earlier runs of the same dossier beside a run's own folder."""

import json
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from golive.evidence.model import Attempt
from golive.evidence.statements import Dossier
from golive.plugin.attempts import earlier_attempts
from tests.evidence.test_partial import begun


def dossier(partner: str = "Volt", integration: str = "app") -> Dossier:
    return Dossier(
        partner=partner,
        integration=integration,
        version="1",
        countries=("DE",),
        contacts=(),
        valid_until=datetime(2026, 4, 1, tzinfo=UTC),
        sha256="0" * 64,
    )


def leave(
    folder: Path, name: str, *, of: Dossier | None = None, hour: int = 10, attempts: Iterable[Attempt] = (), **run: Any
) -> None:
    record = {
        "run": {
            "id": name,
            "started_at": f"2026-03-02T{hour}:00:00Z",
            "target_kind": "dev",
            "complete": True,
            "selection": "",
            **run,
        },
        "verdict": {"status": "not_ready"},
        "tests": [{"outcome": "failed"}, {"outcome": "passed"}, {"outcome": "inconclusive"}],
        "dossier": None if of is None else of.model_dump(mode="json"),
        "attempts": [attempt.model_dump(mode="json") for attempt in attempts],
    }
    (folder / name).mkdir(parents=True)
    (folder / name / "evidence.json").write_text(json.dumps(record), encoding="utf-8")


def ids(folder: Path, of: Dossier | None) -> list[str]:
    return [attempt.run_id for attempt in earlier_attempts(folder / "now", "now", of)]


def test_earlier_runs_of_the_same_dossier_are_told_oldest_first(tmp_path: Path) -> None:
    leave(tmp_path, "b-second", of=dossier(), hour=11)
    leave(tmp_path, "z-first", of=dossier(), hour=10)
    leave(tmp_path, "other", of=dossier("Watt"))
    leave(tmp_path, "nobody")
    assert ids(tmp_path, dossier()) == ["z-first", "b-second"]
    assert ids(tmp_path, None) == []
    (first, _) = earlier_attempts(tmp_path / "now", "now", dossier())
    assert (first.failed, first.inconclusive, first.total, first.verdict) == (1, 1, 3, "not_ready")


def test_a_folder_that_is_used_again_forgets_no_attempt(tmp_path: Path) -> None:
    """A CI job writes to the same folder each time: the last record there names those before it."""
    leave(tmp_path, "first", of=dossier(), hour=10)
    before = earlier_attempts(tmp_path / "same", "second", dossier())
    shutil.rmtree(tmp_path / "first")
    leave(tmp_path, "second", of=dossier(), hour=11, attempts=before)
    (tmp_path / "second").rename(tmp_path / "same")
    assert [attempt.run_id for attempt in earlier_attempts(tmp_path / "same", "third", dossier())] == [
        "first",
        "second",
    ]


def test_another_version_of_the_integration_is_the_same_attempt(tmp_path: Path) -> None:
    leave(tmp_path, "old", of=dossier().model_copy(update={"version": "0.9"}))
    assert ids(tmp_path, dossier()) == ["old"]


def test_a_replay_and_the_run_itself_are_no_attempts(tmp_path: Path) -> None:
    leave(tmp_path, "again", of=dossier(), replay_of="old")
    leave(tmp_path, "now", of=dossier())
    assert ids(tmp_path, dossier()) == []


def test_what_is_no_record_is_left_out(tmp_path: Path) -> None:
    for name, text in {"a": "{", "b": "[]", "c": "{}", "d": '{"run": 1, "tests": []}', "e": "[" * 5000}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "evidence.json").write_text(text, encoding="utf-8")
    leave(tmp_path, "good", of=dossier())
    assert ids(tmp_path, dossier()) == ["good"]


def test_a_folder_that_is_not_there_yet_has_no_attempts(tmp_path: Path) -> None:
    assert earlier_attempts(tmp_path / "no" / "where", "now", dossier()) == ()


def test_a_run_that_was_killed_is_told_as_such(tmp_path: Path) -> None:
    died = begun().model_copy(update={"dossier": dossier()})
    (tmp_path / "dead").mkdir()
    (tmp_path / "dead" / "unfinished.jsonl").write_text(f'{{"begun":{died.model_dump_json()}}}\n{{"check":{{"nodei')
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "unfinished.jsonl").write_text('{"begun":{"run')
    (told,) = earlier_attempts(tmp_path / "now", "now", dossier())
    assert (told.run_id, told.died, told.complete) == (died.run.id, True, False)
    assert told.verdict == "incomplete"
