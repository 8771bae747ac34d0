"""One rehearsal, made once, that all tests of bundles start from."""

from datetime import UTC, datetime

import pytest

from golive.bundle.checks import views
from golive.evidence.source import digest
from tests.bundle.bench import Base, base_of, rehearse
from tests.plugin.conftest import Shared
from tests.plugin.conftest import shared as shared
from tests.plugin.launch import Finished


@pytest.fixture(scope="session")
def rehearsal(shared: Shared) -> Finished:
    return shared("small", rehearse)


@pytest.fixture(scope="session")
def base(rehearsal: Finished) -> Base:
    """The rehearsal with a dossier, and with one check that failed: there is something to embellish."""
    return base_of(rehearsal, digest())


@pytest.fixture
def same_suite(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    """The checkout is taken to be the one that the record names: it is, but is asked for once only."""
    monkeypatch.setattr(views, "digest", lambda: base.evidence.run.digest)


@pytest.fixture
def today() -> datetime:
    return datetime.now(UTC)
