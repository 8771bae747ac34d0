"""What a run could not remove is named, and left to its guardian; what is to be kept is kept."""

import sys
import threading
from pathlib import Path

import pytest
from pydantic import SecretStr

from golive.plugin import keeping
from golive.safekeeping import journal
from golive.safekeeping.former import Former
from golive.safekeeping.release import Released
from tests.faults.passing import Rule, answered, made
from tests.faults.survival import assert_survived, survive
from tests.settings.conftest import Load

REMOVAL = r"^DELETE .*/users/[^/]+/$"
USERS = 2
"""That a small run makes."""


@pytest.mark.skipif(sys.platform == "win32", reason="a run that has ended cannot be told from one under way there")
def test_what_could_not_be_removed_is_named_and_removed_by_the_guardian(tmp_path: Path) -> None:
    refusal = answered(made("500 Internal Server Error", b'{"detail": "not today"}'))
    finished = survive(tmp_path, Rule(refusal, REMOVAL, times=USERS), guarded=True)
    assert_survived(finished, owners=set(), passes=True)
    after = finished.evidence["aftermath"]
    named = [user["user_id"] for user in after["users"] if user["fate"] == "left"]
    assert len(named) == len(after["left_behind"]) == USERS
    page = (finished.report / "evidence.html").read_text(encoding="utf-8")
    assert "What was left on the target" in page
    said = " ".join(finished.output.split())
    for user_id in named:
        assert f"environment: user {user_id} could not be removed" in said
        assert user_id in page
    assert f"0 sessions and {USERS} users are left to the guardian process" in said


def test_users_that_are_to_be_kept_are_kept_and_told(tmp_path: Path) -> None:
    finished = survive(tmp_path, args=("-k", "test_a_user_is_created", "--keep-users"))
    assert finished.status == 0, finished.output
    assert finished.facts["users"] == 1
    assert [user["fate"] for user in finished.evidence["aftermath"]["users"]] == ["kept"]
    assert not list(finished.report.glob(journal.PATTERN))


def test_a_run_does_not_wait_for_each_of_those_that_died_before_it(
    load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The target may be out of reach, and many may have died."""
    settings = load({"--target": "http://127.0.0.1:1"}, env={"CONNECT_API_KEY": "token"})
    for number in range(3):
        header, _ = keeping._header(settings, f"died-{number}", "")
        written = journal.Journal(tmp_path / "runs" / journal.name_of(header.run_id), header)
        written.made("user")
        written.starting(1, "user", "EVSE", shared=True)
        written.close()
    patience: list[float] = []

    def finished(_former: Former, _key: SecretStr, *, until_s: float, users_s: float) -> Released:
        patience.append(until_s)
        threading.Event().wait(keeping.FORMER_S)
        return Released((), (), (f"a session, for {users_s:g} s",))

    monkeypatch.setattr(keeping, "FORMER_S", 0.05)
    monkeypatch.setattr("golive.safekeeping.former.finish", finished)
    assert len(list(keeping.finish_former(settings, "run", tmp_path / "runs"))) == 3
    assert 0 < patience[0] <= 0.05
    assert patience[1:] == [0, 0]


@pytest.mark.parametrize(
    ("target", "cdr_timeout", "seconds"),
    [
        ("dev", "60", keeping.SHARED_S),
        ("dev", "1800", 1800.0),
        ("http://127.0.0.1:1", "5", keeping.LOCAL_S),
    ],
)
def test_the_guardian_goes_on_for_as_long_as_a_cdr_may_take_and_on_a_shared_target_for_a_quarter_of_an_hour(
    load: Load, target: str, cdr_timeout: str, seconds: float
) -> None:
    settings = load({"--target": target, "--cdr-timeout": cdr_timeout}, env={"CONNECT_API_KEY": "token"})
    header, _ = keeping._header(settings, "run", "prefix-")
    assert header.guarded_s == seconds
    assert (header.at_once, header.per_second) == (settings.max_in_flight, settings.max_rate or 0.0)
