"""The settings of a replay: the record's, and one line for whoever says otherwise."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from golive.settings import Former, Settings, SettingsError, Wrong, describe, load_settings
from tests.settings.conftest import LISTED

RECORDED: dict[str, Any] = {
    "evse": [LISTED[1]],
    "stripe_api_base": "https://stripe.example.org",
    "poll_interval": 0.5,
    "start_timeout": 40.0,
    "cdr_timeout": 50.0,
    "invoice_timeout": 60.0,
    "busy_patience": 70.0,
    "fuzz_examples": 2,
    "keep_users": True,
    "tick": 0.2,
    "publishable_key_given": True,
}
FORMER = Former(
    run_id="20260302t090000z-abc123-ff",
    target_kind="url",
    url="https://dev.example.org",
    options=RECORDED,
    seed=77,
    users=("u1:pm_1", "u2:pm_2"),
    key_fingerprint="0123456789ab",
)

Replay = Callable[..., Settings]


@pytest.fixture
def replay(tmp_path: Path) -> Replay:
    def replay(
        line: Mapping[str, Any] | None = None, /, *, former: Former = FORMER, env: Mapping[str, str] | None = None
    ) -> Settings:
        given = {flag.removeprefix("--").replace("-", "_"): (value, flag) for flag, value in (line or {}).items()}
        given.setdefault("replay", (str(tmp_path), "--replay"))
        return load_settings(given, env or {}, None, listed=LISTED, recall=lambda _: former)

    return replay


def test_all_is_as_recorded_and_the_keys_open_nothing(replay: Replay, tmp_path: Path) -> None:
    settings = replay()
    assert settings.target.url == "https://dev.example.org"
    assert (settings.seed, settings.poll_interval, settings.evse) == (77, 0.5, (LISTED[1],))
    assert [user.user_id for user in settings.users] == ["u1", "u2"]
    assert settings.replay == tmp_path
    assert settings.key_fingerprint == "0123456789ab"
    assert settings.key is not None
    assert settings.key.get_secret_value().startswith("replay-")
    assert replay().key == settings.key
    shown = describe(settings)
    assert shown["replay"] == tmp_path.name
    assert {name: shown[name] for name in RECORDED} == RECORDED


def test_without_a_publishable_key_there_is_none_again(replay: Replay) -> None:
    former = Former("r", "url", "https://dev.example.org", RECORDED | {"publishable_key_given": False}, 1)
    assert replay(former=former).publishable_key is None


def test_what_the_environment_holds_for_other_runs_is_passed_over(replay: Replay) -> None:
    env = {"CONNECT_API_KEY": "token", "GOLIVE_TARGET": "dev", "GOLIVE_SEED": "5", "GOLIVE_DOSSIER": "nowhere.toml"}
    assert replay(env=env) == replay()


def test_a_replay_has_its_own_report_and_gate(replay: Replay, tmp_path: Path) -> None:
    settings = replay({"--report-dir": str(tmp_path / "new"), "--gate": "1", "--openapi": __file__})
    assert (settings.report_dir, settings.gate, settings.openapi) == (tmp_path / "new", True, Path(__file__))


def test_an_option_that_says_the_same_is_taken(replay: Replay) -> None:
    line = {"--seed": "77", "--target": "https://dev.example.org/api/v1", "--evse": LISTED[1], "--keep-users": "1"}
    assert replay(line).seed == 77


@pytest.mark.parametrize(
    ("flag", "value"),
    [
        ("--target", "simulator"),
        ("--target", "https://other.example.org"),
        ("--seed", "78"),
        ("--evse", LISTED[0]),
        ("--poll-interval", "5"),
        ("--cdr-timeout", "900"),
        ("--fuzz-examples", "3"),
        ("--tick", "0.1"),
        ("--dossier", __file__),
        ("--scan", __file__),
        ("--scan-url", "https://example.org/"),
    ],
)
def test_an_option_that_says_otherwise_is_refused(replay: Replay, flag: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        replay({flag: value})
    assert str(caught.value) == f"{flag}: says otherwise than the record that --replay names; leave it out"


@pytest.mark.parametrize("inside", [False, True], ids=["a report directory", "a file in it"])
def test_a_report_in_the_records_own_place_is_refused(replay: Replay, tmp_path: Path, inside: bool) -> None:
    record = tmp_path / "evidence.json" if inside else tmp_path
    record.touch()
    with pytest.raises(SettingsError, match=r"^environment variable GOLIVE_REPORT_DIR: is where the record lies"):
        replay({"--replay": str(record)}, env={"GOLIVE_REPORT_DIR": str(tmp_path)})


def test_a_contract_by_url_is_refused(replay: Replay) -> None:
    with pytest.raises(
        SettingsError, match=r"^--openapi: is a URL, but a replay asks nothing of the network; give a file"
    ):
        replay({"--openapi": "https://example.org/openapi.json"})


@pytest.mark.parametrize(
    ("former", "says"),
    [
        (Former("r", "url", "https://connect.cariqa.com", RECORDED, 1), "production host"),
        (Former("r", "url", "https://dev.example.org", RECORDED | {"tick": "soon"}, 1), "tick: "),
        (Former("r", "url", "https://dev.example.org", {}, 1), "poll_interval: "),
        (Former("r", "mars", "https://dev.example.org", RECORDED, 1), "target.kind: "),
    ],
)
def test_a_record_that_cannot_be_lived_again_is_refused(replay: Replay, former: Former, says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        replay(former=former)
    assert str(caught.value).startswith("--replay: ")
    assert says in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_file_without_a_record_is_refused_in_its_place(tmp_path: Path) -> None:
    def recall(_: Path) -> Former:
        raise Wrong("holds no record; give a bundle")

    with pytest.raises(SettingsError, match=r"^--replay: holds no record; give a bundle$"):
        load_settings({"replay": (str(tmp_path), "--replay")}, {}, None, listed=LISTED, recall=recall)


@pytest.mark.parametrize(
    ("value", "says"), [("", "is empty"), ("nowhere.zip", "does not exist"), ("a\0b", "no usable")]
)
def test_a_path_that_cannot_be_is_refused(value: str, says: str) -> None:
    with pytest.raises(SettingsError, match=rf"^--replay: .*{says}"):
        load_settings({"replay": (value, "--replay")}, {}, None, listed=LISTED, recall=lambda _: FORMER)
