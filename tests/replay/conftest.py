"""The one rehearsal that most tests of replays look at."""

import pytest

from tests.plugin.conftest import Shared, shared
from tests.plugin.launch import Finished
from tests.plugin.rehearsals import embedded

__all__ = ["shared"]


@pytest.fixture(scope="session")
def rehearsal(shared: Shared) -> Finished:
    """A whole rehearsal against the embedded DEV."""
    return shared("replayed", embedded)
