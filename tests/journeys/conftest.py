"""Workbenches that are cleared away after the tests: a simulator takes a moment to stop, so none is waited for."""

import threading
from collections.abc import Callable, Iterator

import pytest

from tests.journeys.bench import Bench

MakeBench = Callable[..., Bench]


@pytest.fixture(scope="session")
def _clearing() -> Iterator[list[threading.Thread]]:
    threads: list[threading.Thread] = []
    yield threads
    for thread in threads:
        thread.join()


@pytest.fixture
def make_bench(_clearing: list[threading.Thread]) -> Iterator[MakeBench]:
    """Makes a `Bench`; whatever the test leaves open on it must be in the register, and can be stopped."""
    made: list[Bench] = []

    def make(*args: object, **kwargs: object) -> Bench:
        made.append(Bench(*args, **kwargs))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for bench in made:
        bench.clock.cancel()
        thread = threading.Thread(target=bench.close)
        thread.start()
        _clearing.append(thread)
