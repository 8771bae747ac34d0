"""The files of a run, each a view of the one record."""

from pathlib import Path

import pytest

from golive.evidence.model import Evidence
from golive.report import render_html, render_junit, render_markdown

EVIDENCE = pytest.StashKey[Evidence]()


def write_all(evidence: Evidence, directory: Path) -> None:
    """Write evidence.json first, then what is made from it. A crash leaves no half-written file."""
    directory.mkdir(parents=True, exist_ok=True)
    _write(directory / "evidence.json", evidence.model_dump_json(indent=1))
    _write(directory / "evidence.html", render_html(evidence))
    _write(directory / "junit.xml", render_junit(evidence))
    _write(directory / "summary.md", render_markdown(evidence))


def _write(path: Path, text: str) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
