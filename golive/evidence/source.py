"""What tells two states of the suite apart: a digest over its own files."""

import hashlib
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
