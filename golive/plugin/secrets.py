"""The secrets of a run, for everyone who looks for them: what is recorded, the dossier, and the files of the bundle."""

from typing import Final

from pydantic import SecretStr

from golive.settings import Settings

_SHORTEST_UNUSED: Final = 8
"""A shorter value of a key that this run does not use would be met in ordinary text."""


def secrets_of(settings: Settings) -> dict[str, SecretStr]:
    """The keys of this run, and those that are set here for other runs: a rehearsal uses none of the partner's."""
    named = {"CONNECT_API_KEY": settings.key, "STRIPE_PUBLISHABLE_KEY": settings.publishable_key}
    used = {label: secret for label, secret in named.items() if secret is not None}
    unused = [secret for secret in dict.fromkeys(settings.given_keys) if secret not in used.values()]
    others = [secret for secret in unused if len(secret.get_secret_value()) >= _SHORTEST_UNUSED]
    return used | {f"a key that is set here for other runs ({n})": secret for n, secret in enumerate(others, start=1)}
