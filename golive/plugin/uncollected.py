"""Checks that never came as far as pytest's selection: they are in the record, and hold their requirements.

Files named on the command line, `--ignore`, `--lf` and a file that cannot be imported leave checks out without a word.
So the suites are looked through once more, whole, whatever narrowed the run.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

_USUAL: Final = {
    "python_files": ["test_*.py", "*_test.py"],
    "python_classes": ["Test"],
    "python_functions": ["test"],
}
"""What pytest takes for a test unless it is told otherwise."""


@dataclass
class Whole:
    """All checks of the suites: items by node id, in the order of the files; and files whose checks cannot be told."""

    items: dict[str, pytest.Item] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)  # node id of the file -> the type of what was raised
    skipped: dict[str, str] = field(default_factory=dict)  # node id of the file -> the reason that it gives


def refuse_other_patterns(config: pytest.Config) -> None:
    """Raise `UsageError` where `-o`, or a configuration file that pytest takes instead of this project's (`pytest.ini`,
    `-c`), says which functions are checks: those that are none by it would vanish from every list."""
    for given in config.getoption("override_ini") or ():
        if (name := given.partition("=")[0].strip()) in (*_USUAL, "testpaths"):
            raise pytest.UsageError(f"-o {name}: leaves checks out of the record; leave it out and select with -k")
    changed = [name for name, usual in _USUAL.items() if config.getini(name) != usual]
    if not all((config.rootpath / named).is_dir() for named in config.getini("testpaths")):
        changed.append("testpaths")
    for name in changed:
        raise pytest.UsageError(
            f"{config.inipath}: {name} leaves checks out of the record; take it out of there and select with -k"
        )


class Reports:
    """What pytest itself could not collect: asked again, it would find the half of a module that it has read."""

    def __init__(self) -> None:
        self.unreadable: dict[str, str] = {}
        self.skipped: dict[str, str] = {}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        file = report.nodeid.partition("::")[0]
        if report.failed:
            self.unreadable[file] = "see the console"
        elif report.skipped and isinstance(report.longrepr, tuple):
            self.skipped[file] = str(report.longrepr[2]).removeprefix("Skipped: ")


REPORTS = pytest.StashKey[Reports]()


def listen(config: pytest.Config) -> None:
    """Hear from now on what pytest cannot collect."""
    config.stash[REPORTS] = reports = Reports()
    config.pluginmanager.register(reports, "golive-uncollected")


def whole(session: pytest.Session) -> Whole:
    """Look through all files of the suites, also those that pytest was told to leave out."""
    reports = session.config.stash[REPORTS]
    found = Whole()
    for file in _files(session.config):
        nodeid = file.relative_to(session.config.rootpath).as_posix()
        if nodeid in reports.unreadable:
            found.unreadable[nodeid] = reports.unreadable[nodeid]
            continue
        if nodeid in reports.skipped:
            found.skipped[nodeid] = reports.skipped[nodeid]
            continue
        try:
            items = list(_items_of(pytest.Module.from_parent(session, path=file)))
        except pytest.skip.Exception as skipped:
            found.skipped[nodeid] = str(skipped)
        except Exception as problem:  # whatever stands in that file
            found.unreadable[nodeid] = type(problem).__name__
        else:
            found.items |= {item.nodeid: item for item in items}
    return found


def ids_named_in(file: Path, known: Collection[str]) -> tuple[str, ...]:
    """The requirements that a file names, read as text: it cannot be asked. Where it names none, it may serve any."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    return tuple(id_ for id_ in known if f'"{id_}"' in text or f"'{id_}'" in text) or tuple(known)


def _files(config: pytest.Config) -> Iterator[Path]:
    for named in config.getini("testpaths"):
        yield from sorted((config.rootpath / named).rglob("test_*.py"))


def _items_of(collector: pytest.Collector) -> Iterator[pytest.Item]:
    for node in collector.collect():
        if isinstance(node, pytest.Item):
            yield node
        elif isinstance(node, pytest.Collector):
            yield from _items_of(node)
