"""Who looks after what drivers began, should the partner's app not do so."""

from typing import Protocol

from golive.evidence.model import Exchange


class Keeper(Protocol):
    """The gateway, as far as it speaks to the API by itself, with the token that a user's start came with."""

    def look(self, user_id: str) -> tuple[Exchange, ...]:
        """Read the user's sessions. Returns the exchanges in which that was done; none where no start of this user
        was seen. One that failed says so itself."""

    def end(self, user_id: str) -> list[str]:
        """Stop what the user has, at once. Returns a sentence for each session that could not be stopped."""

    def was_cut(self, session_id: str) -> bool:
        """Whether it was stopped because it was held on a shared VCP for as long as --max-hold allows."""
