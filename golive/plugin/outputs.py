"""The files of a run, each a view of the one record."""

from pathlib import Path

import pytest

from golive.evidence.model import Evidence
from golive.report import VIEWS
from golive.report.exhibits import beside

EVIDENCE = pytest.StashKey[Evidence]()


def write_all(evidence: Evidence, directory: Path) -> None:
    """Write evidence.json first, then what is made from it and from the exhibits that lie in `directory` already.
    A crash leaves no half-written file."""
    directory.mkdir(parents=True, exist_ok=True)
    _write(directory / "evidence.json", evidence.model_dump_json(indent=1))
    for name, render in VIEWS.items():
        _write(directory / name, render(evidence, beside(directory)))


def _write(path: Path, text: str) -> None:
    """The same bytes on every system: a manifest holds their digest."""
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8", newline="\n")
    partial.replace(path)
