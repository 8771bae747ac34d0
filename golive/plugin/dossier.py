"""The dossier in the life of a run: read before anything is sent, and never with a secret in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import SecretStr

from golive.recording import Redactor
from golive.settings import Settings, SettingsError

if TYPE_CHECKING:
    import pytest

    from golive.dossier import Loaded
    from golive.plugin.catalogue import Catalogue


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
    loaded = load(path, today=datetime.now(UTC).date(), register=catalogue.register, name=name)
    refuse_secrets(loaded, Redactor(_secrets(settings)))
    return loaded


def _secrets(settings: Settings) -> dict[str, SecretStr]:
    """The keys of this run, and those that are set here for other runs: a rehearsal uses none of the partner's."""
    named = {"CONNECT_API_KEY": settings.key, "STRIPE_PUBLISHABLE_KEY": settings.publishable_key}
    used = {label: secret for label, secret in named.items() if secret is not None}
    others = [secret for secret in settings.given_keys if secret not in used.values()]
    return used | {f"a key that is set here for other runs ({n})": secret for n, secret in enumerate(others, start=1)}


def refuse_secrets(loaded: Loaded, redactor: Redactor) -> None:
    """Raise `SettingsError` where a key, or what has the shape of a secret, stands in the file or in one it names."""
    source = loaded.source.encode()
    if (found := redactor.found_in([source])) is not None:
        lines = enumerate(source.splitlines(), start=1)
        line = next((number for number, text in lines if redactor.found_in([text]) is not None), None)
        place = loaded.name if line is None else f"{loaded.name}, line {line}"
        raise SettingsError(f"{place}: holds {found}; take it out, and have it rotated if the file was passed on")
    for exhibit in loaded.exhibits:
        if exhibit.path is not None and (found := redactor.found_in([loaded.files[exhibit.path]])) is not None:
            raise SettingsError(
                f"{loaded.name}: the file {exhibit.name!r} that it names holds {found}; take it out, "
                "and have it rotated if the file was passed on"
            )
