"""The commands on whatever terminal, pipe and file: one clear line and exit status 4, never a traceback nor 1."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from golive import __main__ as command_line
from golive.__main__ import main
from golive.bundle.archive import packed
from tests.bundle.bench import Base
from tests.bundle.test_signature import new_key
from tests.plugin.launch import ROOT

needs_ssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
no_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only for root")


@pytest.fixture
def bundle(base: Base, tmp_path: Path) -> Path:
    path = tmp_path / "golive-sample.zip"
    path.write_bytes(base.sealed)
    return path


def refused(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    assert main([str(argument) for argument in arguments]) == 4
    told = capsys.readouterr()
    assert told.out == ""
    (line,) = told.err.splitlines()
    assert line.startswith("ERROR: ")
    return line


# -- terminals and pipes -------------------------------------------------------------------------------------


def test_a_terminal_that_has_no_such_signs(bundle: Path) -> None:
    bundle.write_bytes(packed({"ü…→.txt": b""}))
    command = [sys.executable, "-m", "golive", "verify", str(bundle)]
    env = os.environ | {"PYTHONIOENCODING": "ascii"}
    named = bundle.rename(bundle.with_name("golive-…→.zip"))
    done = subprocess.run([*command[:-1], str(named)], cwd=ROOT, env=env, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"NOT agreed" in done.stdout
    assert done.stderr == b""


def test_nobody_reads_what_is_said(bundle: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "golive", "verify", str(bundle)]
    done = subprocess.run(command, cwd=ROOT, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (command_line.UNREAD, b"")


# -- files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a" * 300, "none.zip", "."])
@pytest.mark.parametrize("command", ["verify", "sign", "diff"])
def test_a_path_that_leads_to_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, name: str
) -> None:
    more: dict[str, list[str | Path]] = {"verify": [], "sign": ["--key", "key"], "diff": [tmp_path / name]}
    assert "cannot be read" in refused(capsys, command, tmp_path / name, *more[command])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_a_pipe_or_a_device_is_refused(bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(pipe := tmp_path / "pipe.zip")
    for path in (pipe, Path(os.devnull)):
        for given in (
            ("verify", path),
            ("diff", path, bundle),
            ("diff", bundle, path),
            ("sign", path, "--key", bundle),
            ("sign", bundle, "--key", path),
            ("verify", bundle, "--signature", path, "--signers", bundle),
        ):
            assert "a pipe or a device; name a regular file" in refused(capsys, *given)


def test_a_socket_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("s.zip")
        assert "name a regular file" in refused(capsys, "verify", "s.zip")


# -- signatures ----------------------------------------------------------------------------------------------


@needs_ssh
def test_a_directory_in_the_signatures_place(bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "golive-sample.zip.sig").mkdir()
    said = refused(capsys, "sign", bundle, "--key", new_key(tmp_path / "ada"))
    assert "golive-sample.zip.sig cannot be written" in said
    assert not list(tmp_path.glob("*.partial"))


@needs_ssh
def test_a_failed_signing_keeps_the_former_signature(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    former = bundle.with_name("golive-sample.zip.sig")
    former.write_bytes(b"as it was")
    (tmp_path / "none").write_bytes(b"no key")
    assert "ssh-keygen cannot sign" in refused(capsys, "sign", bundle, "--key", tmp_path / "none")
    assert former.read_bytes() == b"as it was"


@needs_ssh
@no_root
def test_a_folder_that_cannot_be_written(bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = new_key(tmp_path / "ada")
    tmp_path.chmod(0o500)
    try:
        assert "cannot be written" in refused(capsys, "sign", bundle, "--key", key)
    finally:
        tmp_path.chmod(0o700)


# -- whatever else -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        (RuntimeError("odd\x1b[2J"), 3, "this suite stumbled, which says nothing of the file: RuntimeError: odd\\x1b"),
        (PermissionError(13, "Permission denied", "x.zip"), 4, "x.zip: Permission denied"),
        (KeyboardInterrupt(), 2, "interrupted"),
        (MemoryError(), 3, "MemoryError"),
    ],
    ids=["fault", "system", "ctrl-c", "memory"],
)
def test_a_fault_is_one_line_and_no_answer(
    bundle: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: BaseException,
    status: int,
    said: str,
) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr("golive.bundle.commands.verify.verify", stumble)
    assert main(["verify", str(bundle)]) == status
    told = capsys.readouterr()
    assert said in told.err
    assert len(told.err.splitlines()) == 1
