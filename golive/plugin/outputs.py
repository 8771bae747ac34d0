"""The files of a run, each a view of the one record."""

from collections.abc import Callable
from pathlib import Path

import pytest

from golive.evidence.model import Evidence
from golive.report import render_html, render_junit, render_markdown

EVIDENCE = pytest.StashKey[Evidence]()

VIEWS: dict[str, Callable[[Evidence], str]] = {
    "evidence.html": render_html,
    "junit.xml": render_junit,
    "summary.md": render_markdown,
}
"""The files that are made from the record, beside evidence.json."""


def write_all(evidence: Evidence, directory: Path) -> None:
    """Write evidence.json first, then what is made from it. A crash leaves no half-written file."""
    directory.mkdir(parents=True, exist_ok=True)
    _write(directory / "evidence.json", evidence.model_dump_json(indent=1))
    for name, render in VIEWS.items():
        _write(directory / name, render(evidence))


def _write(path: Path, text: str) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
