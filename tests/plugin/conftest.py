"""Runs that several tests look at are made once, also when the tests are spread over several processes."""

import fcntl
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from tests.plugin.launch import FACTS, Finished


class Shared(Protocol):
    def __call__(self, name: str, make: Callable[[Path], Finished]) -> Finished: ...


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Shared:
    """`shared(name, make)`: the run of that name, made by whoever asks first; the others wait for it."""
    base = tmp_path_factory.getbasetemp()
    common = base.parent if hasattr(request.config, "workerinput") else base

    def shared(name: str, make: Callable[[Path], Finished]) -> Finished:
        shelf = common / f"shared-{name}"
        shelf.mkdir(exist_ok=True)
        with (shelf / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (shelf / FACTS).exists():
                make(shelf).saved(shelf)
        return Finished.read(shelf)

    return shared
