"""A fresh simulated DEV for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.partner_app.bench import Bench, bench, environment


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    with bench(tmp_path) as opened:
        for name, value in environment(opened.sim).items():
            monkeypatch.setenv(name, value)
        yield opened
