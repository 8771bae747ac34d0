"""Records that lost an answer, or never had it: what needs it is an error, and nobody else's finding changes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.plugin.launch import Finished
from tests.replay.bench import concluded, edited, erred, replayed, said, without

NO_BUNDLE = ("-p", "no:golive.plugin.bundling")


def _customer(exchange: dict[str, Any]) -> bool:
    return str(exchange["test"]).endswith("read_back_equal[de-personal]") and exchange["request"]["method"] == "GET"


def _deletion(exchange: dict[str, Any]) -> bool:
    return str(exchange["test"]).endswith("a_deleted_user_is_gone") and exchange["request"]["method"] == "DELETE"


def _start(exchange: dict[str, Any]) -> bool:
    return (exchange["actor"], exchange["operation"]) == ("refused driver", "users_charging_start_create")


LOST: dict[str, tuple[Callable[[dict[str, Any]], bool], str]] = {
    "another customer's address": (_customer, "test_billing_details_read_back_equal[de-personal]"),
    "the clean-up's deletion": (_deletion, "test_a_deleted_user_is_gone"),
    "the start that was refused": (_start, "test_10_errors"),
}
"""What is lost, where the record has another answer to the same request; and the check that needed it."""


@pytest.mark.parametrize(("lost", "needs"), LOST.values(), ids=LOST.keys())
def test_no_other_answer_takes_its_place(
    rehearsal: Finished, tmp_path: Path, lost: Callable[[dict[str, Any]], bool], needs: str
) -> None:
    record = edited(rehearsal.report / "evidence.json", tmp_path / "record", without(lost))
    replay = replayed(tmp_path, record, *NO_BUNDLE)
    errors = erred(replay)
    assert any(needs in nodeid for nodeid in errors)
    assert {nodeid: now for nodeid, now in concluded(replay).items() if nodeid not in errors} == {
        nodeid: was for nodeid, was in concluded(rehearsal).items() if nodeid not in errors
    }
    assert f"replay: {len(errors)} checks could not be judged" in said(replay)


def test_what_only_the_clean_up_asks_is_counted_and_no_more(rehearsal: Finished, tmp_path: Path) -> None:
    """As in a record of a suite that did not look at its sessions before it removed the users."""

    def is_of_a_check(exchange: dict[str, Any]) -> bool:
        return exchange["test"] is not None

    def drop_the_last_looks(evidence: dict[str, Any]) -> None:
        exchanges = evidence["exchanges"]
        last = max(index for index, exchange in enumerate(exchanges) if is_of_a_check(exchange))
        looks = [e for e in exchanges[last:] if e["operation"] == "users_charging_sessions_list"]
        assert looks, "the run does not look"
        evidence["exchanges"] = [e for e in exchanges if e not in looks]

    record = edited(rehearsal.report / "evidence.json", tmp_path / "record", drop_the_last_looks)
    replay = replayed(tmp_path, record, *NO_BUNDLE)
    assert replay.status == 0, replay.output
    assert concluded(replay) == concluded(rehearsal)
    assert replay.verdict == rehearsal.verdict
    assert replay.evidence["observations"] == rehearsal.evidence["observations"]
    assert replay.evidence["aftermath"]["left_behind"] == []
    assert "requests that the record does not answer: " in replay.stdout
    assert "could not be judged" not in said(replay)
