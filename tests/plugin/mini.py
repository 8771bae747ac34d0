"""A small project with the plugin and crafted checks, in which every outcome can be brought about cheaply."""

import textwrap
from collections.abc import Mapping
from pathlib import Path

from tests.plugin.launch import ROOT, Finished, run_pytest

PASSES = """
    @requirement("DEV-USERS")
    def test_passes(looked):
        assert looked.status == 200
"""
INCONCLUSIVE = """
    @requirement("DEV-PAYMENT")
    def test_cannot_say(looked):
        raise Inconclusive("cannot say", owner=Owner.ENVIRONMENT)
"""
FAILS = """
    @requirement("DEV-PAYMENT")
    def test_fails(looked):
        assert looked.status == 404
"""
"""Checks of each kind, to be put together."""

PYPROJECT = f"""
[tool.pytest]
minversion = "9.0"
testpaths = ["suites"]
pythonpath = [".", {str(ROOT)!r}]
addopts = ["--import-mode=importlib", "-p", "no:anyio", "-p", "no:schemathesis"]
strict = true
filterwarnings = ["error"]
"""

CONFTEST = """
pytest_plugins = [
    "golive.plugin.catalogue",
    "golive.plugin.options",
    "golive.plugin.selection",
    "golive.plugin.lifecycle",
    "golive.plugin.outcomes",
    "golive.plugin.log_html",
    "golive.plugin.allure_results",
    "golive.plugin.bundling",
    "fixtures.connecting",
]


def pytest_golive_catalogue():
    from fixtures.catalogue import CARDS, PERSONAS, PROGRESS_VCPS, SHARED_VCPS
    from golive.plugin.catalogue import Catalogue

    return Catalogue(
        vcps=(SHARED_VCPS[0], PROGRESS_VCPS[0]),
        personas=PERSONAS,
        cards=CARDS,
        refused_starts={},
        unprovoked={},
        sources=("suites",),
    )
"""

HEAD = """
import pytest

from fixtures.catalogue import PROGRESS_VCPS, SHARED_VCPS
from fixtures.marks import provokes, requirement
from golive.connect import errors
from golive.outcomes import Failed, Inconclusive, Owner


@pytest.fixture
def looked(connect):
    return connect.send("GET", "/users/", params={"page_size": 1})

"""


def make_project(directory: Path, **suites: str) -> Path:
    """A project in `directory` with the given suites, by the stem of their files."""
    (directory / "suites").mkdir(parents=True, exist_ok=True)
    (directory / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (directory / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    for stem, checks in suites.items():
        source = HEAD + textwrap.dedent(checks)
        (directory / "suites" / f"{stem}.py").write_text(source, encoding="utf-8")
    return directory


def run_mini(directory: Path, checks: str, *args: str, env: Mapping[str, str] | None = None) -> Finished:
    """The outcome of a project with these checks in one suite."""
    project = make_project(directory / "project", test_01_sample=checks)
    return run_pytest(directory, *args, cwd=project, env=env)
