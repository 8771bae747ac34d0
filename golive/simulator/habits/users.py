"""Users and billing data: what is unset, in which order, and what a search finds."""

from collections.abc import Sequence

from golive.simulator.habits import habit
from golive.simulator.habits.reshape import without_nulls
from golive.simulator.services.base import Json
from golive.simulator.services.billing import Billing
from golive.simulator.services.users import Users
from golive.simulator.state.entities import BillingDetails, User


@habit("unset-user-fields-absent", "users")
class UnsetUserFieldsAbsent(Users):
    """What was not given of a user is left out of the answers."""

    def render(self, user: User) -> Json:
        shown = super().render(user)
        if user.external_id is None:
            shown["custom_properties"] = None
        return without_nulls(shown, "email", "custom_properties")


@habit("search-finds-exact-ids-only", "users")
class SearchFindsExactIdsOnly(Users):
    """A search finds whole ids and external ids, never a part of one."""

    def containing(self, text: str) -> list[User]:
        return []


@habit("users-oldest-first", "users")
class UsersOldestFirst(Users):
    """Users are listed in the order in which they were made."""

    def everyone(self) -> Sequence[User]:
        return self.world.live_users

    def search(self, text: str) -> Sequence[User]:
        return sorted(super().search(text), key=lambda user: user.sequence) if text.strip() else self.everyone()


@habit("unset-billing-fields-absent", "billing")
class UnsetBillingFieldsAbsent(Billing):
    """What was not given of the billing details is left out of the answers."""

    def render(self, details: BillingDetails) -> Json:
        shown = super().render(details)
        return without_nulls(shown, *shown)


@habit("unset-billing-fields-empty", "billing")
class UnsetBillingFieldsEmpty(Billing):
    """What was not given of the billing details comes as an empty text."""

    def render(self, details: BillingDetails) -> Json:
        return {name: "" if value is None else value for name, value in super().render(details).items()}


@habit("country-in-lower-case", "billing")
class CountryInLowerCase(Billing):
    """The country of billing details comes in lower case, however it was sent."""

    def render(self, details: BillingDetails) -> Json:
        return super().render(details) | {"country": details.country and details.country.lower()}
