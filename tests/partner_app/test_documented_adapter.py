"""The adapter that docs/adapter.md shows drives a backend that is running already."""

import re
from pathlib import Path
from typing import Any

import pytest

from golive.integration import Adapter, AppError
from tests.partner_app.bench import PROGRESS, SHARED, START, Answer, Bench, error, until

ROOT = Path(__file__).parents[2]


def documented() -> dict[str, Any]:
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "adapter.md").read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - our own document
    return names


def test_the_documented_adapter_drives_a_running_backend(dev: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    with dev.app() as app:
        monkeypatch.setenv("OUR_APP_URL", app.url)
        driver = dev.driver(app)
        other: Adapter = documented()["make"](dev.sim.api_url)
        try:
            other.sign_up(driver)
            dev.between.answers.append(Answer(START, 409, error("station_availability_issue")))
            with pytest.raises(AppError, match="out of order"):
                other.start(driver, SHARED)
            other.start(driver, PROGRESS)
            assert other.shown(driver).state == "charging"
            other.stop(driver)
            until(lambda: other.receipt(driver), "a receipt")
            assert other.receipt(driver) == "5.39 EUR"
        finally:
            other.close()


def test_the_example_offers_all_that_an_adapter_can_do(dev: Bench) -> None:
    with dev.app() as app:
        whole: Adapter = app
        assert [name for name in dir(Adapter) if not name.startswith("_") and not hasattr(whole, name)] == []
