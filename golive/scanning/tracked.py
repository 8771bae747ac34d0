"""Which `.env` files stay on the machine: those that git was told to ignore, where they are not part of a build."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_PATIENCE_S: Final = 10.0


def is_env_file(name: str) -> bool:
    """`.env`, `.env.local`, `.env.production`, … by name; a template of one is not meant to hold a value."""
    return name == ".env" or name.startswith(".env.")


def stays_here(file: Path) -> bool:
    """Whether git ignores the file itself, but not the directory it lies in.

    A directory that is ignored as a whole is what a build makes, and what a build makes is served. Without git, and
    outside a working tree, nothing is known to be ignored.
    """
    return _ignored(file.parent, [file.name]) and not _ignored(file.parent, ["."])


def _ignored(directory: Path, names: Sequence[str]) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and the names follow --
            ["git", "-C", str(directory), "-c", "core.fsmonitor=false", "check-ignore", "-q", "--", *names],  # noqa: S607
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
