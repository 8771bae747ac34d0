"""The exhibits beside a record, found by the path that the record gives them."""

import re
from pathlib import Path

from golive.evidence.exhibit_kinds import SUFFIXES
from golive.report import Exhibits

_SUFFIX = "|".join(re.escape(suffix) for suffixes in SUFFIXES.values() for suffix in suffixes)
_OURS = re.compile(rf"exhibits/[A-Za-z0-9_-][A-Za-z0-9._-]*(?:{_SUFFIX})")
"""How exhibits are named when they are written. A record may come from anywhere: no other path is followed, and no link
of the page leads to what a browser would run."""


def is_ours(path: str) -> bool:
    """Whether `path` can only lead to a file in `exhibits/` beside the page."""
    return _OURS.fullmatch(path) is not None


def beside(directory: Path) -> Exhibits:
    """The exhibits that lie below `directory`; None for what is not there or lies elsewhere."""

    def read(path: str) -> bytes | None:
        file = directory / path
        if not is_ours(path) or file.is_symlink():
            return None
        try:
            return file.read_bytes()
        except OSError:
            return None

    return read
