"""The options on a real command line, pytest's own."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import pytest

from golive.settings import OPTIONS, SettingsError, command_line, load_settings
from tests.settings.conftest import LISTED


def parse(*line: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for option in OPTIONS:
        parser.add_argument(option.flag, **option.arguments())
    # As pytest does: more than once over the same line, the last time onto what is there.
    return parser.parse_args(line, namespace=parser.parse_args(line))


def test_nothing_given_gives_nothing() -> None:
    assert command_line(parse()) == {}


def test_given_values_carry_their_flag() -> None:
    assert command_line(parse("--seed", "5", "--gate", "--evse", "A", "--evse=B")) == {
        "seed": (("5",), "--seed"),
        "gate": (("1",), "--gate"),
        "evse": (("A", "B"), "--evse"),
    }


@pytest.mark.parametrize(
    "line",
    [
        ["--seed", "5", "--seed=05"],
        ["--poll-interval", "5", "--poll-interval", "5.0"],
        ["--gate", "--gate"],
        ["--target", "dev", "--target", "https://DEV.connect.cariqa.com/api/v1/"],
        ["--evse", LISTED[0], "--evse", LISTED[1]],
    ],
    ids=" ".join,
)
def test_an_option_may_be_given_twice_with_one_meaning(line: list[str]) -> None:
    assert load_settings(command_line(parse(*line)), {"CONNECT_API_KEY": "token"}, None, listed=LISTED)


@pytest.mark.parametrize(
    "line",
    [
        ["--seed", "5", "--seed=6"],
        ["--target", "dev", "--target", "simulator"],
        ["--report-dir", "a", "--report-dir", "b"],
    ],
    ids=" ".join,
)
def test_an_option_given_twice_with_two_meanings_is_refused(line: list[str]) -> None:
    with pytest.raises(SettingsError, match=r"^--[a-z-]+: is given 2 times with different values; give it once"):
        load_settings(command_line(parse(*line)), {"CONNECT_API_KEY": "token"}, None, listed=LISTED)


def test_names_are_told_apart_and_kept_to_ourselves() -> None:
    assert len({option.flag for option in OPTIONS}) == len(OPTIONS)
    assert all(option.dest == f"golive_{option.name}" for option in OPTIONS)
    assert all(option.environment == f"GOLIVE_{option.name.upper()}" for option in OPTIONS)


PLUGIN = """
import pytest
from golive.settings import OPTIONS, SettingsError, command_line, load_settings

def pytest_addoption(parser):
    group = parser.getgroup("golive")
    for option in OPTIONS:
        group.addoption(option.flag, **option.arguments())

def pytest_configure(config):
    try:
        settings = load_settings(command_line(config.option), {}, None, listed=["DE*1"])
    except SettingsError as refusal:
        raise pytest.UsageError(str(refusal)) from None
    print("seed", settings.seed)
"""


def run_pytest(folder: Path, *line: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text(PLUGIN)
    (folder / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *line]
    # Only this plugin: what others register, and how long they take to load, is not the matter here.
    alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
    return subprocess.run(command, cwd=folder, env=alone, capture_output=True, text=True, timeout=60, check=False)


def test_pytest_takes_the_options(tmp_path: Path) -> None:
    run = run_pytest(tmp_path, "--collect-only", "--seed", "77", "--evse", "de1", "--gate", "--evse", "DE*1")
    assert "seed 77" in run.stdout


@pytest.mark.parametrize(
    "line",
    [["--target", "dev"], ["--seed", "1", "--seed", "2"], ["--target", "https://connect.cariqa.com"]],
    ids=" ".join,
)
def test_pytest_refuses_in_one_line_with_exit_status_4(line: list[str], tmp_path: Path) -> None:
    run = run_pytest(tmp_path, *line)
    assert run.returncode == 4
    assert len((run.stdout + run.stderr).strip().splitlines()) == 1


def test_pytest_explains_the_options(tmp_path: Path) -> None:
    words = run_pytest(tmp_path, "--help").stdout.split()
    assert {option.flag for option in OPTIONS} <= {word.partition("=")[0] for word in words}


def test_pytest_refuses_a_misspelled_or_shortened_option(tmp_path: Path) -> None:
    for flag in ("--targt=dev", "--repo=x", "--see=1"):
        run = run_pytest(tmp_path, flag)
        assert run.returncode == 4
        assert "unrecognized arguments" in run.stderr
