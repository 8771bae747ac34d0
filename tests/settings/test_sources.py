"""Which place counts, and which names are refused."""

import argparse
import os
from pathlib import Path

import pytest

from golive.settings import NAMES, OPTIONS, VENDOR_NAMES, Option, Settings, SettingsError, command_line, load_settings
from tests.settings.conftest import LISTED, Load, Refused


def test_command_line_beats_environment_beats_dotenv_beats_default(load: Load) -> None:
    dotenv = "# pace\n\nGOLIVE_SEED=3\n"
    env = {"GOLIVE_SEED": "2"}

    assert load({"--seed": "1"}, env=env, dotenv=dotenv).seed == 1
    assert load(env=env, dotenv=dotenv).seed == 2
    assert load(dotenv=dotenv).seed == 3
    assert load({"--seed": "1"}, env=env, dotenv=dotenv).place("seed") == "--seed"
    assert load(env=env, dotenv=dotenv).place("seed") == "environment variable GOLIVE_SEED"
    assert load(dotenv=dotenv).place("seed") == "GOLIVE_SEED, .env line 3"
    assert load().place("seed") == "default"


def test_a_zero_or_a_no_is_a_value_and_not_a_missing_one(load: Load) -> None:
    settings = load({"--seed": "0", "--fuzz-examples": "0"}, env={"GOLIVE_GATE": "no"}, dotenv="GOLIVE_GATE=yes\n")
    assert (settings.seed, settings.fuzz_examples, settings.gate) == (0, 0, False)


def test_an_empty_environment_variable_hides_the_one_in_dotenv(load: Load, refused: Refused) -> None:
    assert load(env={"GOLIVE_GATE": ""}, dotenv="GOLIVE_GATE=yes\n").gate is False
    assert "is not set" in refused({"--target": "dev"}, env={"CONNECT_API_KEY": ""}, dotenv="CONNECT_API_KEY=token\n")


def test_the_example_file_is_accepted_as_it_is(load: Load) -> None:
    text = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8")
    assert load(dotenv=text).target.kind == "simulator"
    assert load({"--target": "dev"}, dotenv=text.replace("CONNECT_API_KEY=", "CONNECT_API_KEY=token")).key
    assert set(VENDOR_NAMES) <= {line.partition("=")[0] for line in text.splitlines()}


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.flag)
def test_every_option_can_also_stand_in_environment_and_dotenv(option: Option, load: Load) -> None:
    samples = {
        "target": "http://[::1]:1",
        "report_dir": "out",
        "evse": LISTED[1],
        "keep_users": "1",
        "gate": "1",
        "openapi": "http://127.0.0.1:1/openapi.json",
        "dossier": __file__,
        "scan": __file__,
        "scan_url": "http://127.0.0.1:1/app",
        "replay": __file__,
        "integration": "our.app:make",
        "provoke": "already-charging",
    }
    name, environment = option.name, option.environment
    value = samples.get(name, "7")

    by_environment = load(env={environment: value})
    by_dotenv = load(dotenv=f"{environment}={value}\n")

    assert by_environment.place(name) == f"environment variable {environment}"
    assert by_dotenv.place(name) == f"{environment}, .env line 1"
    assert getattr(by_environment, name) == getattr(by_dotenv, name)


# -- names ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("GOLIVE_SEDE", "GOLIVE_SEED"),
        ("GOLIVE_REPORTDIR", "GOLIVE_REPORT_DIR"),
        ("golive_target", "GOLIVE_TARGET"),
        ("GOLIVE_CONNECT_API_KEY", "CONNECT_API_KEY"),
        ("CONNECT_APIKEY", "CONNECT_API_KEY"),
        ("CONECT_API_KEY", "CONNECT_API_KEY"),
        ("connect_api_key", "CONNECT_API_KEY"),
        ("CONNECT_API_DOMIAN", "CONNECT_API_DOMAIN"),
        ("CONNECT_USER", "CONNECT_USERS"),
        ("STRIPE_PUBLISHABLEKEY", "STRIPE_PUBLISHABLE_KEY"),
        ("STRIPE_API_BASE_URL", "STRIPE_API_BASE"),
        ("GO_LIVE_TARGET", "GOLIVE_TARGET"),
    ],
)
def test_a_misspelled_name_is_refused_with_the_name_that_is_meant(name: str, meant: str, refused: Refused) -> None:
    for message in (refused(env={name: "canary"}), refused(dotenv=f"\n{name}=canary\n")):
        assert name in message
        assert f"did you mean {meant}?" in message
        assert "canary" not in message
    assert ".env line 2" in refused(dotenv=f"\n{name}=canary\n")


@pytest.mark.parametrize(
    "name",
    [
        "PATH",
        "STRIPE_API_KEY",
        "STRIPE_SECRET_KEY",
        "STRIPE_WEBHOOK_SECRET",
        "VITE_STRIPE_PUBLISHABLE_KEY",
        "NEXT_PUBLIC_CONNECT_API_DOMAIN",
        "CONNECT_REST_PORT",
        "TARGET",
        "SEED",
    ],
)
def test_other_programs_names_are_left_alone(name: str, load: Load) -> None:
    settings = load(env={name: "sk_live_x"}, dotenv=f"{name}=sk_live_x\n{name}=other\n")
    assert settings.target.kind == "simulator"


def test_no_name_is_taken_for_a_misspelling_of_another(load: Load) -> None:
    assert all(load(env={name: ""}) for name in NAMES)


# -- .env ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dotenv", "says"),
    [
        ("GOLIVE_SEED=1\n# twice\nGOLIVE_SEED=2\n", "GOLIVE_SEED, .env line 3: was given before"),
        ("A=1\n\n\n  GOLIVE_SEED=x\n", "GOLIVE_SEED, .env line 4:"),
        ("export GOLIVE_GATE\n", "GOLIVE_GATE, .env line 1: has no value"),
        ('A=1\nB="open\n', ".env line 2: cannot be read"),
        ("CONNECT_API_KEY=${MISSING}\n", "CONNECT_API_KEY, .env line 1: refers to ${MISSING}"),
    ],
)
def test_dotenv_faults_are_found_at_their_line(dotenv: str, says: str, refused: Refused) -> None:
    assert says in refused(dotenv=dotenv)


def test_dotenv_is_read_as_its_other_readers_do(load: Load) -> None:
    settings = load(
        {"--target": "dev"},
        env={"TOKEN": "from-environment"},
        dotenv=(
            "\ufeffexport CONNECT_API_KEY='${TOKEN}' # a comment\r\n"
            'STAGE=dev\nCONNECT_API_DOMAIN="${STAGE}.connect.cariqa.com"\n'
            "STRIPE_PUBLISHABLE_KEY=${UNSET:-pk_test_1}\nOTHER=${UNSET}\n"
            "GOLIVE_SEED=4\nGOLIVE_SEED=4\n"
        ),
    )
    assert settings.key is not None
    assert settings.key.get_secret_value() == "from-environment"
    assert settings.publishable_key is not None
    assert settings.publishable_key.get_secret_value() == "pk_test_1"
    assert settings.seed == 4


def test_a_missing_dotenv_is_no_fault_and_an_unreadable_one_is(tmp_path: Path) -> None:
    def load(path: Path | None) -> Settings:
        return load_settings({}, {}, path, listed=LISTED)

    assert load(None).target.kind == "simulator"
    assert load(tmp_path / ".env").target.kind == "simulator"
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path)
    (tmp_path / ".env").write_bytes(b"GOLIVE_SEED=\xff\n")
    with pytest.raises(SettingsError, match=r"\.env: is not UTF-8"):
        load(tmp_path / ".env")


def test_nothing_of_dotenv_gets_into_the_process(load: Load) -> None:
    before = dict(os.environ)
    load(dotenv="GOLIVE_SEED=1\nCONNECT_API_KEY=token\n")
    assert dict(os.environ) == before


def test_an_empty_namespace_gives_nothing() -> None:
    assert command_line(argparse.Namespace()) == {}
