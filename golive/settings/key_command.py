"""The Connect key from a command, such as a vault's or a password manager's, so that it never rests on disk.

The command is split into words as a shell would read them, and run without one. Its standard error and its terminal are
those of the run, so that it can ask for a password.
"""

import os
import shlex
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from typing import IO, Final

from pydantic import SecretStr

from golive.settings import values
from golive.settings.errors import SettingsError
from golive.settings.reader import Reader, in_place, refuse_secret
from golive.settings.values import Wrong

PATIENCE_S: Final = 60.0
"""Time for a person to type a password, and for a vault to answer."""
_MOST_BYTES: Final = 64 * 1024
_REMEDY: Final = "run the command by hand: it must print the key, and nothing else, on one line"

Ask = Callable[[str], str]
"""From the command, as it was given, to what it prints. Raises `Wrong`."""


def read_key(reader: Reader, ask: Ask | None) -> SecretStr | None:
    """`CONNECT_API_KEY`, or what `CONNECT_API_KEY_CMD` prints: the one that was given nearer, None where none was.

    Without `ask` no command is run, and there is no key where it would have come from one. Raises `SettingsError`, also
    where one place gives both.
    """
    key, command = reader.given("key"), reader.given("key_command")
    if command is None or (key is not None and key.nearness < command.nearness):
        found: SecretStr | None = reader.read("key")
        return found
    if key is not None and key.nearness == command.nearness:
        raise SettingsError(f"{command.place}: is set beside {key.place}; keep one of the two")
    text = reader.read("key_command")
    if ask is None:
        return None
    with in_place(command.place):
        printed = ask(text)
    refuse_secret("key", printed, command.place)
    with in_place(command.place, "what the command prints "):
        return values.connect_key(printed)


def ask_command(text: str) -> str:
    """The one line that the command prints, without the white space around it. Raises `Wrong`, which shows neither
    the command nor what it printed."""
    printed = _run(_words(text)).strip()
    if not printed:
        raise Wrong(f"the command prints nothing; {_REMEDY}")
    if len(printed.splitlines()) > 1:
        raise Wrong(f"the command prints more than one line; {_REMEDY}")
    try:
        return printed.decode("utf-8")
    except UnicodeDecodeError:
        raise Wrong(f"the command prints what is no text; {_REMEDY}") from None


def _words(text: str) -> str | Sequence[str]:
    if os.name != "posix":
        return text  # Windows hands a program its arguments as one line
    try:
        return shlex.split(text)
    except ValueError:
        raise Wrong("cannot be split into words: a quotation mark or a backslash stands alone; correct it") from None


def _run(words: str | Sequence[str]) -> bytes:
    try:
        process = subprocess.Popen(words, stdout=subprocess.PIPE, shell=False)  # noqa: S603 - the partner's own command
    except FileNotFoundError:
        raise Wrong("names a program that is not found; give its whole path") from None
    except (OSError, ValueError) as fault:
        why = getattr(fault, "strerror", None) or "it is no command"
        raise Wrong(f"names a program that cannot be run ({why}); give another") from None
    if process.stdout is None:
        raise RuntimeError("the command has no standard output")
    reading, began = _Reading(process.stdout), time.monotonic()
    try:
        in_time = reading.done_in(PATIENCE_S)
        left_s = max(0.0, PATIENCE_S - (time.monotonic() - began))
        status = process.wait(left_s) if in_time and len(reading.content) <= _MOST_BYTES else None
    except subprocess.TimeoutExpired:
        in_time, status = False, None
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if not in_time:
        raise Wrong(f"the command did not end within {PATIENCE_S:g} s; {_REMEDY}")
    if status is None:
        raise Wrong(f"the command prints more than one line; {_REMEDY}")
    if status != 0:
        how = f"ended with exit status {status}" if status > 0 else f"was ended by signal {-status}"
        raise Wrong(f"the command {how}; {_REMEDY}")
    return reading.content


class _Reading:
    """Reads a stream in a thread: a process that was left in the background may hold it open for ever."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.content = b""
        self._stream = stream
        self._thread = threading.Thread(target=self._read, name="key command", daemon=True)
        self._thread.start()

    def done_in(self, seconds: float) -> bool:
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _read(self) -> None:
        with self._stream:
            self.content = self._stream.read(_MOST_BYTES + 1)
