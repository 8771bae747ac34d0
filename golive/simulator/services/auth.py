"""Who may ask: `Authorization: Bearer <key>` on every request."""

import hmac

from golive.simulator.faults import Forbidden, Unauthorized
from golive.simulator.services.base import Service

_WORDS = 2


class Auth(Service):
    """401 without a well-formed header, 403 for another key."""

    def check(self, authorization: str | None) -> None:
        """Raises `Unauthorized` or `Forbidden`."""
        if not self.accepts(self.token(authorization)):
            raise Forbidden

    def token(self, authorization: str | None) -> str:
        if not authorization:
            raise Unauthorized
        words = authorization.split()
        if len(words) != _WORDS or words[0].lower() != "bearer":
            raise Unauthorized("Invalid token header: expected 'Bearer <token>'.")
        return words[1]

    def accepts(self, token: str) -> bool:
        return hmac.compare_digest(token.encode("utf-8", "replace"), self.options.key.encode())
