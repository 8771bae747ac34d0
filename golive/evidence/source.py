"""What tells two states of the suite apart: a digest over its own files, and the commit of the checkout."""

import hashlib
import subprocess
from collections.abc import Iterable
from pathlib import Path

SOURCES = ("suites", "fixtures", "golive")
"""The directories whose files make up the suite."""

ROOT = Path(__file__).parents[2]


def digest(root: Path = ROOT, sources: Iterable[str] = SOURCES) -> str:
    """SHA-256 over the relative path and the content of every file of the suite, in order of the paths."""
    sha = hashlib.sha256()
    files = (file for source in sources for file in (root / source).rglob("*"))
    for file in sorted(files):
        if file.is_file() and "__pycache__" not in file.parts:
            sha.update(file.relative_to(root).as_posix().encode() + b"\0")
            sha.update(hashlib.sha256(file.read_bytes()).digest())
    return sha.hexdigest()


def commit(root: Path = ROOT) -> str | None:
    """The commit of the checkout, marked where files differ from it; None outside a checkout."""
    try:
        found = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return None
    return f"{found}{' with changes' if changed else ''}"


def _git(root: Path, *args: str) -> str:
    done = subprocess.run(  # noqa: S603 - fixed arguments
        ["git", "-C", str(root), *args],  # noqa: S607 - git from the path, as the user has it
        capture_output=True,
        text=True,
        check=True,
        timeout=10,
    )
    return done.stdout.strip()
