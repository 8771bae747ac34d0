"""A directory that was named for the report belongs to one run at a time: two would mix their files."""

import os
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

import pytest

from golive.plugin.run import Run

NAME: Final = ".running"


def occupy(run: Run, config: pytest.Config) -> None:
    """Hold the directory until this process has written everything. Raises `UsageError` where another run holds it; a
    run that is killed lets go of it. The usual directory is the run's own by its name."""
    if run.settings.report_dir is None:
        return
    from golive.safekeeping import locks  # late: collecting has no need of it

    place, path = run.settings.place("report_dir"), run.report_dir / NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("ab")
    except OSError as fault:
        raise pytest.UsageError(f"{place}: cannot be written ({fault.strerror}); give another directory") from None
    if not (locks.claim(file) and _is_still_there(file, path)):
        file.close()
        raise pytest.UsageError(f"{place}: another run is writing there; give each run a directory of its own")
    config.add_cleanup(lambda: _let_go(file, path))


def _is_still_there(file: IO[bytes], path: Path) -> bool:
    """Whether the file that is held is the one that the next run will find: a run that ends removes it."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except OSError:
        return False


def _let_go(file: IO[bytes], path: Path) -> None:
    with suppress(OSError):
        path.unlink()
    file.close()
    with suppress(OSError):
        path.parent.rmdir()  # where nothing came into it
