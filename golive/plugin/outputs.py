"""The files of a run, each a view of the one record."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

import pytest

from golive.evidence.model import Evidence
from golive.evidence.writing import written
from golive.report import VIEWS as VIEWS
from golive.report.exhibits import beside, is_ours

EVIDENCE = pytest.StashKey[Evidence]()


def write_all(evidence: Evidence, directory: Path, exhibits: Mapping[str, bytes] = MappingProxyType({})) -> None:
    """Write the exhibits and evidence.json first, then what is made from them. A crash leaves no half-written file.

    `exhibits` are bytes by their path below `directory`; one whose path is not that of an exhibit is not written. Those
    of an earlier run in the same place are removed. Raises `OSError` where something cannot be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    _remove_others(directory, exhibits)
    for path in filter(is_ours, exhibits):
        (directory / path).parent.mkdir(exist_ok=True)
        _write(directory / path, exhibits[path])
    _write(directory / "evidence.json", written(evidence))
    for name, render in VIEWS.items():
        _write(directory / name, render(evidence, beside(directory)).encode())


def _remove_others(directory: Path, exhibits: Mapping[str, bytes]) -> None:
    """Nobody should take an exhibit for one of this record that another run left; what is not ours stays."""
    for file in (*(directory / "exhibits").glob("e[0-9]*-*"), *(directory / "exhibits").glob("screen-*")):
        if f"exhibits/{file.name}" not in exhibits and not file.is_dir():
            file.unlink()


def _write(path: Path, content: bytes) -> None:
    """The same bytes on every system: a manifest holds their digest."""
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    except OSError:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
