"""One browser per file of tests, and the sample records as pages in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from golive.report import render_html
from tests.report import integrations, people, samples
from tests.report.browser import browser as opened_browser
from tests.report.test_hostile import HOSTILE, hostile, hostile_dossier


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A page for each of the records, by name."""
    folder = tmp_path_factory.mktemp("pages")
    vandal, attached = hostile_dossier()
    dossier, pictures = people.album()
    records = {
        "rehearsal": (samples.rehearsal(), people.FILES),
        "integrated": (samples.integrated(), people.FILES | integrations.FILES),
        "brief": (samples.brief(), people.FILES | integrations.FILES),
        "dev": (samples.dev(), people.FILES),
        "unsigned": (samples.unsigned(), {}),
        "interrupted": (samples.interrupted(), people.FILES),
        "empty": (samples.empty(), {}),
        "hostile": (hostile(" ".join(HOSTILE.values()) + "W" * 400), people.FILES),
        "vandal": (vandal, attached),
        "album": (samples.empty().model_copy(update={"dossier": dossier}), pictures),
    }
    pages = {name: folder / f"{name}.html" for name in records}
    for name, path in pages.items():
        record, exhibits = records[name]
        path.write_text(render_html(record, exhibits.get), encoding="utf-8")
    return pages
