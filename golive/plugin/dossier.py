"""The dossier in the life of a run: read before anything is sent, and never with a secret in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from golive.plugin.secrets import secrets_of

if TYPE_CHECKING:
    import pytest

    from golive.dossier import Loaded
    from golive.plugin.catalogue import Catalogue
    from golive.settings import Settings


def read(config: pytest.Config, settings: Settings, catalogue: Catalogue) -> Loaded | None:
    """The dossier that was named, or else the one that lies in the checkout; None without one, and where checks are
    only collected. Raises `SettingsError`."""
    if config.option.collectonly:
        return None
    from golive.dossier import NAME, load  # late: it brings what reads pictures and documents

    path = settings.dossier or config.rootpath / NAME
    if settings.dossier is None and not (path.exists() or path.is_symlink()):
        return None
    name = NAME if settings.dossier is None else str(settings.dossier)
    today = datetime.now(UTC).date()
    return load(path, today=today, register=catalogue.register, name=name, secrets=secrets_of(settings))
