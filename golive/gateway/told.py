"""What a backend has to be told so that it talks to the gateway."""

from pydantic import SecretStr


def lines_for_backend(
    url: str, *, key: SecretStr | None = None, publishable_key: SecretStr | None = None, stripe_base: str | None = None
) -> list[str]:
    """Settings as a `.env` has them. Keys are given for a simulated DEV alone, where they are no secrets; DEV's own
    the partner has."""
    lines = [f"CONNECT_API_DOMAIN={url}"]
    if key is not None and publishable_key is not None:
        lines += [
            f"CONNECT_API_KEY={key.get_secret_value()}",
            f"STRIPE_PUBLISHABLE_KEY={publishable_key.get_secret_value()}",
        ]
    if stripe_base is not None:
        lines.append(f"STRIPE_API_BASE={stripe_base}")
    return [f"    {line}" for line in lines]
