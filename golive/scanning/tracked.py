"""Which `.env` files stay on the machine: those that git was told to ignore, where they are not part of a build; and
what is amiss with the one that holds the key."""

import os
import stat
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

_PATIENCE_S: Final = 10.0
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def is_env_file(name: str) -> bool:
    """`.env`, `.env.local`, `.env.production`, … by name; a template of one is not meant to hold a value."""
    return name == ".env" or name.startswith(".env.")


def stays_here(file: Path) -> bool:
    """Whether git ignores the file itself, but not the directory it lies in.

    A directory that is ignored as a whole is what a build makes, and what a build makes is served. Without git, and
    outside a working tree, nothing is known to be ignored.
    """
    return _ignored(file.parent, [file.name]) and not _ignored(file.parent, ["."])


def carelessness(file: Path) -> Iterator[tuple[str, str]]:
    """What is amiss with a file that holds the key: a code and one line with the remedy. Without git, or outside a
    working tree, nothing is said of git; nor of permissions where the system has others than POSIX."""
    name = file.name
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
    except OSError:
        return
    if os.name == "posix" and mode & _OTHERS:
        yield (
            "ENV_FILE_OPEN",
            f"{name} holds the key, and others on this machine may read or change it (mode {mode:04o}): "
            f"chmod 600 {name}",
        )
    if _git(file.parent, "ls-files", "--error-unmatch", "--", name) == 0:
        yield (
            "ENV_FILE_TRACKED",
            f"{name} holds the key, and git tracks it: git rm --cached {name}, and have the key replaced, for it stays "
            "in the history",
        )
    elif _git(file.parent, "check-ignore", "-q", "--", name) == 1:
        yield (
            "ENV_FILE_NOT_IGNORED",
            f"{name} holds the key, and git does not ignore it, so that it may be committed one day: add {name} to "
            ".gitignore",
        )


def _ignored(directory: Path, names: Sequence[str]) -> bool:
    return _git(directory, "check-ignore", "-q", "--", *names) == 0


def _git(directory: Path, *args: str) -> int | None:
    """The exit status: 0 yes, 1 no, others where it cannot say; None without git."""
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and names follow --
            ["git", "-C", str(directory), "-c", "core.fsmonitor=false", *args],  # noqa: S607
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.returncode
