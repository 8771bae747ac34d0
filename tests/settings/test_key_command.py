"""The key from a command: used where it counts, never shown, and never asked for where it is not needed."""

import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

from golive.settings import Settings, SettingsError, Wrong, ask_command, key_command, load_settings
from golive.settings.scanned import load_keys, load_scan_settings
from tests.settings.conftest import LISTED, SIMULATOR, Load, Refused

DEV = {"--target": "dev"}
CANARY = "kanarie-4fd1c86e0b7a92d35c"
NAME = "CONNECT_API_KEY_CMD"


def python(program: str) -> str:
    """A command that runs this program."""
    return f"{shlex.quote(sys.executable)} -c {shlex.quote(program)}"


def printing(text: str) -> str:
    return python(f"import sys; sys.stdout.buffer.write({text.encode()!r})")


def key_of(settings: Settings) -> str | None:
    return None if settings.key is None else settings.key.get_secret_value()


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "  \n\n"])
def test_the_key_is_the_line_that_the_command_prints(end: str, load: Load) -> None:
    settings = load(DEV, env={NAME: printing(CANARY + end)})
    assert key_of(settings) == CANARY
    assert settings.place("key_command") == f"environment variable {NAME}"
    assert CANARY not in repr(settings) + settings.model_dump_json()


def test_words_are_split_as_a_shell_does_but_no_shell_reads_them(load: Load, tmp_path: Path) -> None:
    arguments = "'two words' \"$HOME\" `id` ; touch x | cat > y && z"
    program = "import hashlib, sys; print(hashlib.sha256(repr(sys.argv[1:]).encode()).hexdigest())"
    expected = subprocess.run(
        [sys.executable, "-c", program, *shlex.split(arguments)], capture_output=True, text=True, check=True
    )
    assert key_of(load(DEV, env={NAME: f"{python(program)} {arguments}"})) == expected.stdout.strip()


# -- which one counts ----------------------------------------------------------------------------------------


def test_the_nearer_of_key_and_command_counts(load: Load) -> None:
    from_command = printing("from-command")
    assert key_of(load(DEV, env={NAME: from_command}, dotenv="CONNECT_API_KEY=token\n")) == "from-command"
    assert key_of(load(DEV, env={"CONNECT_API_KEY": "token"}, dotenv=f"{NAME}={from_command}\n")) == "token"
    assert key_of(load(DEV, env={NAME: ""}, dotenv="CONNECT_API_KEY=token\n")) == "token"
    assert key_of(load(DEV, env={"CONNECT_API_KEY": ""}, dotenv=f"{NAME}={from_command}\n")) == "from-command"
    assert key_of(load(DEV, env={NAME: from_command}, dotenv=f"{NAME}=/nowhere\n")) == "from-command"


def test_both_in_one_place_are_refused(refused: Refused) -> None:
    both = {"CONNECT_API_KEY": CANARY, NAME: "/nowhere"}
    message = refused(DEV, env=both)
    assert message.startswith(f"environment variable {NAME}: is set beside environment variable CONNECT_API_KEY;")
    message = refused(DEV, dotenv="".join(f"{name}={value}\n" for name, value in both.items()))
    assert message == f"{NAME}, .env line 2: is set beside CONNECT_API_KEY, .env line 1; keep one of the two"


def test_an_empty_command_is_none(refused: Refused) -> None:
    assert "is not set" in refused(DEV, env={NAME: " "})


# -- where it is not asked -----------------------------------------------------------------------------------


def test_the_command_is_not_run_for_the_simulator(load: Load, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    command = python(f"open({str(ran)!r}, 'w'); print('key')")
    assert load(env={NAME: command}).key is None
    assert not ran.exists()
    assert key_of(load({"--target": "http://127.0.0.1:1"}, env={NAME: command})) == "key"
    assert ran.exists()


def test_without_somebody_to_ask_there_is_no_key_and_no_refusal() -> None:
    settings = load_settings(
        {"target": ("dev", "--target")}, {NAME: "/nowhere"}, None, listed=LISTED, loopback_defaults=SIMULATOR, ask=None
    )
    assert settings.key is None


def test_other_commands_than_a_run(tmp_path: Path) -> None:
    found = load_scan_settings([], [], {NAME: printing(CANARY)}, None)
    assert found.key is not None
    assert found.key.get_secret_value() == CANARY
    assert load_keys({NAME: "/nowhere"}, None) == ()


# -- what cannot be used -------------------------------------------------------------------------------------

BROKEN = {
    "no program": (f"/nowhere/{CANARY}", "is not found"),
    "not to be run": (os.devnull, "cannot be run"),
    "half a quotation": (f"echo '{CANARY}", "cannot be split into words"),
    "a zero byte": (f"echo {CANARY}\0", "cannot be run"),
    "failed": (python(f"print({CANARY!r}); raise SystemExit(7)"), "ended with exit status 7"),
    "killed": (python(f"import os; print({CANARY!r}, flush=True); os.kill(os.getpid(), 9)"), "ended by signal 9"),
    "nothing": (printing(" \n"), "prints nothing"),
    "two lines": (printing(f"{CANARY}\n{CANARY}\n"), "more than one line"),
    "without end": (python("while True: print('x' * 9999)"), "more than one line"),
    "no text": (python(r"import sys; sys.stdout.buffer.write(b'\xff\xfe')"), "is no text"),
    "with Bearer": (printing(f"Bearer {CANARY}"), "what the command prints begins with"),
    "two words": (printing(f"{CANARY} {CANARY}"), "what the command prints has a space"),
    "a Stripe key": (printing(f"sk_live_{CANARY}"), "holds a Stripe secret"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_what_gives_no_key_is_refused_in_one_line_without_showing_any(broken: str, refused: Refused) -> None:
    command, says = BROKEN[broken]
    message = refused(DEV, env={NAME: command})
    assert message.startswith(f"environment variable {NAME}: ")
    assert says in message
    assert "anarie" not in message


def test_a_stripe_key_in_the_command_itself_is_refused(refused: Refused) -> None:
    assert "holds a Stripe secret" in refused(dotenv=f"{NAME}=echo sk_live_{CANARY}\n")


def test_the_connect_key_in_the_command_itself_is_refused(refused: Refused) -> None:
    message = refused(DEV, env={NAME: f"echo {CANARY}"}, dotenv=f"CONNECT_API_KEY={CANARY}\n")
    assert "holds a key" in message
    assert CANARY not in message


LINGERING = {
    "itself": "import time; time.sleep(60)",
    "by what it left in the background": "import subprocess, sys; print('key'); "
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(4)'])",
    "after it said all": "import os, time; print('key', flush=True); os.close(1); time.sleep(60)",
}


@pytest.mark.parametrize("how", LINGERING)
def test_a_command_that_does_not_end_is_ended(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_command, "PATIENCE_S", 0.5)
    program = LINGERING[how]
    began = time.monotonic()
    with pytest.raises(Wrong, match=r"did not end within 0.5 s"):
        ask_command(python(program))
    assert time.monotonic() - began < 20


def test_the_refusal_has_no_cause_that_a_traceback_would_show(load: Load) -> None:
    with pytest.raises(SettingsError) as caught:
        load(DEV, env={NAME: printing(f"{CANARY} x")})
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
