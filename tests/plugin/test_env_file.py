"""A `.env` with the key that others can read, or that git tracks, is told to the partner and the reviewer."""

import os
import subprocess
from pathlib import Path

import pytest

from golive.scanning.tracked import carelessness
from tests.plugin.launch import Finished, run_pytest
from tests.plugin.mini import PASSES, make_project

KEY = "CanaryKEYq8abcdEFGHijklMNOPqrstZ"
CODES = ["ENV_FILE_OPEN", "ENV_FILE_TRACKED", "ENV_FILE_NOT_IGNORED"]


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No configuration of this machine's git, nor a working tree around the temporary directory."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))


def env_file(directory: Path, mode: int = 0o600) -> Path:
    directory.mkdir(exist_ok=True)
    file = directory / ".env"
    file.write_text(f"CONNECT_API_KEY={KEY}\n", encoding="utf-8")
    file.chmod(mode)
    return file


def git(directory: Path, *args: str) -> None:
    subprocess.run(["git", "-C", str(directory), *args], check=True, capture_output=True)


def codes(file: Path) -> list[str]:
    return [code for code, _ in carelessness(file)]


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o644, 0o660, 0o620, 0o666])
def test_a_file_that_others_can_read_or_change_is_told(mode: int, tmp_path: Path) -> None:
    ((code, message),) = carelessness(env_file(tmp_path, mode))
    assert code == "ENV_FILE_OPEN"
    assert f"{mode:04o}" in message
    assert message.endswith("chmod 600 .env")


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_a_file_of_ones_own_outside_git_is_not(mode: int, tmp_path: Path) -> None:
    assert codes(env_file(tmp_path, mode)) == []


def test_what_git_does_with_it_decides(tmp_path: Path) -> None:
    file = env_file(tmp_path / "tree")
    git(file.parent, "init", "-q")
    assert codes(file) == ["ENV_FILE_NOT_IGNORED"]
    (file.parent / ".gitignore").write_text(".env\n", encoding="utf-8")
    assert codes(file) == []
    git(file.parent, "add", "-f", ".env")
    assert codes(file) == ["ENV_FILE_TRACKED"]
    git(file.parent, "rm", "-q", "--cached", ".env")
    assert codes(file) == []


def test_without_git_nothing_is_said_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = env_file(tmp_path / "tree")
    git(file.parent, "init", "-q")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert codes(file) == []


def test_a_file_that_is_gone_is_no_fault(tmp_path: Path) -> None:
    assert codes(tmp_path / ".env") == []


# -- in a run ------------------------------------------------------------------------------------------------


def run_with(directory: Path, dotenv: str, *args: str) -> Finished:
    project = make_project(directory / "project", test_01_sample=PASSES)
    git(project, "init", "-q")
    (project / ".env").write_text(dotenv, encoding="utf-8")
    (project / ".env").chmod(0o644)
    return run_pytest(directory, *args, cwd=project)


def told(finished: Finished) -> list[str]:
    return [o["code"] for o in finished.evidence["observations"] if o["code"] in CODES]


def test_a_run_tells_the_partner_and_the_reviewer(tmp_path: Path) -> None:
    finished = run_with(tmp_path, f"CONNECT_API_KEY={KEY}\n")
    assert finished.status == 0, finished.output
    assert told(finished) == ["ENV_FILE_OPEN", "ENV_FILE_NOT_IGNORED"]
    said = " ".join(finished.stdout.split())
    assert "partner: .env holds the key, and others on this machine may read or change it (mode 0644)" in said
    assert "chmod 600 .env" in said
    owners = {o["owner"] for o in finished.evidence["observations"] if o["code"] in CODES}
    assert owners == {"partner"}
    page = (finished.report / "evidence.html").read_text(encoding="utf-8")
    assert "chmod 600 .env" in page
    assert KEY not in finished.output


@pytest.mark.parametrize("dotenv", ["GOLIVE_GATE=no\n", "CONNECT_API_KEY=\n", f"CONNECT_API_KEY_CMD=echo {KEY}\n"])
def test_a_file_without_a_key_is_nobodys_business(dotenv: str, tmp_path: Path) -> None:
    assert told(run_with(tmp_path, dotenv)) == []


def test_a_replay_says_what_the_record_says(tmp_path: Path) -> None:
    first = run_with(tmp_path, "GOLIVE_GATE=no\n")
    again = run_with(tmp_path / "again", f"CONNECT_API_KEY={KEY}\n", f"--replay={first.report}")
    assert again.status == 0, again.output
    assert told(again) == []


def test_collecting_starts_no_git(tmp_path: Path) -> None:
    shelf = tmp_path / "bin"
    shelf.mkdir()
    (shelf / "git").write_text(f"#!/bin/sh\ntouch {tmp_path}/started\nexit 1\n", encoding="utf-8")
    (shelf / "git").chmod(0o755)
    project = make_project(tmp_path / "project", test_01_sample=PASSES)
    env_file(project)
    path = {"PATH": f"{shelf}{os.pathsep}{os.environ['PATH']}"}
    assert run_pytest(tmp_path, "--collect-only", "-q", cwd=project, env=path).status == 0
    assert not (tmp_path / "started").exists()
    assert run_pytest(tmp_path, cwd=project, env=path).status == 0
    assert (tmp_path / "started").exists()
