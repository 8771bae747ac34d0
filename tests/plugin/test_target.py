"""A simulator that was started apart as the target: the same results, no secret anywhere, nothing left behind."""

from pathlib import Path

import pytest

from tests.plugin import rehearsals
from tests.plugin.bench import CANARY_KEY, CANARY_PUBLISHABLE_KEY, run_against
from tests.plugin.conftest import Shared
from tests.plugin.launch import Finished
from tests.secrets.search import below, leaks


@pytest.fixture
def targeted(shared: Shared) -> Finished:
    return shared("targeted", rehearsals.targeted)


def test_a_target_behaves_as_the_embedded_simulator(shared: Shared, targeted: Finished) -> None:
    embedded = shared("embedded", rehearsals.embedded)

    def concluded(finished: Finished) -> dict[str, tuple[str, str]]:
        return {check["nodeid"]: (check["outcome"], check["message"]) for check in finished.checks}

    assert targeted.bad() == {}
    assert concluded(targeted) == concluded(embedded)
    assert targeted.evidence["verdict"] == embedded.evidence["verdict"]
    assert targeted.evidence["run"]["target_kind"] == "url"
    assert targeted.evidence["run"]["rehearsal"] is True


def test_no_secret_is_in_any_file_or_on_the_console(targeted: Finished) -> None:
    client_secrets = [secret.partition("_secret_")[2] for secret in targeted.facts["client_secrets"]]
    secrets = [CANARY_KEY, CANARY_PUBLISHABLE_KEY, *client_secrets]
    assert len(secrets) > 20
    said = [("stdout", targeted.stdout), ("stderr", targeted.stderr)]
    files = list(below(targeted.report))
    assert len(files) > 200
    assert leaks([*said, *files], secrets) == []


def test_nothing_is_left_on_the_target(targeted: Finished) -> None:
    assert targeted.facts["created"] > 15
    assert targeted.facts["users"] == 0
    assert targeted.facts["sessions"] >= 11
    assert targeted.facts["open"] == []


def test_keep_users_leaves_the_users_but_no_session(tmp_path: Path) -> None:
    finished = run_against(tmp_path, "--keep-users", "-k", "test_a_user_is_updated or busy")
    assert finished.status == 0, finished.output
    assert finished.facts["users"] >= 3
    assert finished.facts["open"] == []
