"""Users: created, found, changed, soft-deleted."""

from collections.abc import Mapping, Sequence

from golive.simulator.faults import ErrorType, NotFound, Problem
from golive.simulator.services.base import Context, Json, Service
from golive.simulator.state.entities import User
from golive.simulator.state.newest import Newest


class Users(Service):
    def get(self, user_id: str) -> User:
        """Raises `NotFound` for an unknown and for a deleted user."""
        user = self.world.live_user(user_id)
        if user is None:
            raise NotFound
        return user

    def create(self, values: Mapping[str, str | None]) -> User:
        return self.world.add_user(
            email=values.get("email"),
            locale=values.get("locale") or "en",
            external_id=values.get("external_id"),
        )

    def update(self, user: User, values: Mapping[str, str | None]) -> None:
        """Changes what `values` holds and leaves the rest."""
        if "email" in values:
            user.email = values["email"]
        if values.get("locale") is not None:
            user.locale = str(values["locale"])
        if "external_id" in values:
            self.world.rename_external_id(user, values["external_id"])

    def delete(self, user: User, context: Context) -> None:
        """Raises a 402 problem while the user charges, has an unsettled session or a debt."""
        self.refuse_while_unsettled(user, context)
        self.world.remove_user(user)

    def refuse_while_unsettled(self, user: User, context: Context) -> None:
        if user.start_in_flight or self.dev.sessions.unsettled(user, context):
            raise Problem(402, ErrorType.PAYMENT, "The user has a charging session that is not settled yet.")
        if self.dev.debts.outstanding(user, context):
            raise Problem(402, ErrorType.PAYMENT, "The user has an outstanding payment.")

    def search(self, text: str) -> Sequence[User]:
        """Newest first. Whoever has exactly that id or external id; if nobody has, whose ids contain the text."""
        if not text.strip():
            return self.everyone()
        exact = {user.id: user for user in self.world.users_by_external_id(text)}
        by_id = self.world.live_user(text)
        if by_id is not None:
            exact[by_id.id] = by_id
        found = exact.values() or self.containing(text.casefold())
        return sorted(found, key=lambda user: -user.sequence)

    def everyone(self) -> Sequence[User]:
        return Newest(self.world.live_users)

    def containing(self, text: str) -> list[User]:
        return [
            user
            for user in self.world.live_users
            if text in user.id or (user.external_id is not None and text in user.external_id.casefold())
        ]

    def render_created(self, user: User) -> Json:
        """As the answer to its creation shows it."""
        return self.render(user)

    def render(self, user: User) -> Json:
        return {
            "id": user.id,
            "email": user.email,
            "locale": user.locale,
            "custom_properties": {"external_id": user.external_id},
        }
