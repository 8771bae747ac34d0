"""`CONNECT_API_KEY_CMD` in the life of a run: asked once, at the terminal, and only by a run that needs the key."""

import os
import pty
import shlex
import subprocess
import sys
from pathlib import Path

from golive.simulator import EmbeddedSimulator, SimulatorOptions
from tests.plugin.launch import PATIENCE_S, ROOT, clean_environment, error_lines, pytest_command, run_pytest

KEY = "CanaryKEYq8abcdEFGHijklMNOPqrstZ"
ONE = ("-k", "test_the_key_is_accepted")


def printing(directory: Path, *, then: str = "") -> dict[str, str]:
    """The setting with a command that prints the key from a file, and notes in `asked` that it ran."""
    (directory / "vault").write_text(KEY + "\n", encoding="utf-8")
    program = f"open('asked', 'a').write('x'); print(open('vault').read(), end=''); {then}"
    program = f"import os, sys; os.chdir({str(directory)!r}); {program}"
    return {"CONNECT_API_KEY_CMD": f"{shlex.quote(sys.executable)} -c {shlex.quote(program)}"}


def test_the_command_is_asked_once_and_its_key_is_used(tmp_path: Path) -> None:
    with EmbeddedSimulator(SimulatorOptions(tick=0.1, key=KEY)) as sim:
        finished = run_pytest(tmp_path, *ONE, f"--target={sim.url}", env=printing(tmp_path))
    assert finished.status == 0, finished.output
    assert (tmp_path / "asked").read_text() == "x"
    assert finished.evidence["run"]["options"]["key_given"] is True
    assert finished.evidence["run"]["options"]["given"]["key_command"] == "environment variable CONNECT_API_KEY_CMD"


def test_nobody_is_asked_where_nothing_is_sent_or_no_key_is_needed(tmp_path: Path) -> None:
    setting = printing(tmp_path)
    for args in (("--collect-only", "-q", "--target=dev"), ("--help", "--target=dev"), ONE):
        assert run_pytest(tmp_path, *args, env=setting).status == 0
    again = run_pytest(tmp_path / "again", f"--replay={tmp_path / 'report'}", env=setting)
    assert again.status == 0, again.output
    assert not (tmp_path / "asked").exists()


def test_a_command_that_fails_ends_the_run_in_one_line(tmp_path: Path) -> None:
    finished = run_pytest(tmp_path, "--target=dev", env=printing(tmp_path, then="raise SystemExit(3)"))
    assert finished.status == 4, finished.output
    (line,) = error_lines(finished)
    assert line.startswith("ERROR: environment variable CONNECT_API_KEY_CMD: the command ended with exit status 3; ")
    assert KEY not in finished.output
    assert not finished.report.exists()


def test_a_password_manager_can_ask_at_the_terminal(tmp_path: Path) -> None:
    """Its words come through on standard error, and what is typed reaches it."""
    program = f"import sys; print('Password:', file=sys.stderr, flush=True); print(input() + {KEY[4:]!r})"
    setting = {"CONNECT_API_KEY_CMD": f"{shlex.quote(sys.executable)} -c {shlex.quote(program)}"}
    with EmbeddedSimulator(SimulatorOptions(tick=0.1, key=KEY)) as sim:
        command = pytest_command(f"--report-dir={tmp_path / 'report'}", *ONE, f"--target={sim.url}")
        master, slave = pty.openpty()
        environment = clean_environment(tmp_path / "home", setting)
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=slave, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            os.close(slave)
            os.write(master, f"{KEY[:4]}\n".encode())
            said, asked = process.communicate(timeout=PATIENCE_S)
        os.close(master)
    assert process.returncode == 0, said + asked
    assert asked.decode().splitlines() == ["Password:"]
