"""The dossier in the life of a run: read before anything is sent, and never with a secret in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest
    from pydantic import SecretStr

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
    return load(path, today=today, register=catalogue.register, name=name, secrets=_secrets(settings))


def _secrets(settings: Settings) -> dict[str, SecretStr]:
    """The keys of this run, and those that are set here for other runs: a rehearsal uses none of the partner's."""
    named = {"CONNECT_API_KEY": settings.key, "STRIPE_PUBLISHABLE_KEY": settings.publishable_key}
    used = {label: secret for label, secret in named.items() if secret is not None}
    others = [secret for secret in settings.given_keys if secret not in used.values()]
    return used | {f"a key that is set here for other runs ({n})": secret for n, secret in enumerate(others, start=1)}
