"""Who sent the requests of a record: the run itself, or the one that it replays."""

import pytest

from golive.bundle.checks.exchanges import by_this_run
from golive.bundle.verify import _sender
from tests.bundle.bench import Base, Json, edited

OTHER = "20200101t000000z-aaaaaa-00"


def _replay(record: Json, of: str) -> None:
    record["run"].update(replay_of=of, suite_version="99.0")


def test_a_replay_shows_the_requests_of_the_run_that_it_replays(base: Base) -> None:
    """Which another version of the suite may have sent."""
    replayed = base.evidence.run.id
    evidence = edited(base.evidence, lambda record: _replay(record, replayed))
    assert by_this_run(evidence) == []
    assert _sender(evidence) == f"each request names the run that it replays, {replayed}"


@pytest.mark.parametrize(
    "edit", [lambda r: _replay(r, OTHER), lambda r: r["run"].update(id=OTHER)], ids=["replay", "run"]
)
def test_requests_of_another_run_are_found(base: Base, edit: object) -> None:
    evidence = edited(base.evidence, edit)  # type: ignore[arg-type]
    assert "was sent by cariqa-golive/" in by_this_run(evidence)[0]
