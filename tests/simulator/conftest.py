import pytest

from tests.simulator.bench import Bench


@pytest.fixture
def dev() -> Bench:
    """A simulated DEV with its defaults and a tick of two seconds."""
    return Bench()
