"""What DEV can do wrong with users: lose what was asked for, find too few or too many, page badly, not let go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from golive.simulator.defects import defect
from golive.simulator.faults import Fault
from golive.simulator.services.base import Context, Json
from golive.simulator.services.users import Users
from golive.simulator.state.entities import User
from golive.simulator.web.pages import Page, PageRequest, Pages

T = TypeVar("T")

PRODUCTION = "https://connect.cariqa.com"
"""Where a defect leads to; the suite's client follows none of it."""


def _is_users(wanted: PageRequest) -> bool:
    return wanted.url.endswith("/users/")


# -- created, read, changed ------------------------------------------------------------------------------------


@defect("external-id-not-kept", "users")
class ForgetsExternalIds(Users):
    """A new user's external id is not kept."""

    def create(self, values: Mapping[str, str | None]) -> User:
        return super().create({**values, "external_id": None})


@defect("creation-answered-with-a-cut-external-id", "users")
class CutsExternalId(Users):
    """The answer to the creation of a user cuts the external id off after 20 characters; it is kept whole."""

    def render_created(self, user: User) -> Json:
        return {**self.render(user), "custom_properties": {"external_id": (user.external_id or "")[:20]}}


@defect("locale-read-back-as-german", "users")
class ReadsBackGerman(Users):
    """A user reads back with the locale de, whatever was asked for; the answer to the creation is right."""

    def render(self, user: User) -> Json:
        return {**super().render(user), "locale": "de"}

    def render_created(self, user: User) -> Json:
        return {**super().render(user), "locale": user.locale}


@defect("creation-answered-without-the-email", "users")
class LeavesEmailOut(Users):
    """The answer to the creation of a user leaves the e-mail address empty; it is kept."""

    def render_created(self, user: User) -> Json:
        return {**self.render(user), "email": ""}


@defect("creation-answered-in-another-locale", "users")
class CreatesInGerman(Users):
    """The answer to the creation of a user has the locale de, whatever was asked for; that is what reads back."""

    def render_created(self, user: User) -> Json:
        return {**self.render(user), "locale": "de"}


@defect("email-reads-back-as-another", "users")
class ReadsBackAnotherEmail(Users):
    """A user reads back with another e-mail address than was given; the answer to the creation is right."""

    def render(self, user: User) -> Json:
        return {**super().render(user), "email": user.email and f"x{user.email}"}

    def render_created(self, user: User) -> Json:
        return {**super().render(user), "email": user.email}


@defect("locale-not-kept-on-update", "users")
class KeepsItsLocale(Users):
    """A change of locale is accepted and not kept."""

    def update(self, user: User, values: Mapping[str, str | None]) -> None:
        super().update(user, {name: value for name, value in values.items() if name != "locale"})


@defect("email-not-kept-beside-a-locale", "users")
class OneChangeAtATime(Users):
    """A change of locale and e-mail address in one request keeps the locale alone."""

    def update(self, user: User, values: Mapping[str, str | None]) -> None:
        super().update(user, {n: v for n, v in values.items() if not (n == "email" and "locale" in values)})


@defect("update-clears-the-external-id", "users")
class ClearsExternalId(Users):
    """An update that does not speak of the external id takes it away."""

    def update(self, user: User, values: Mapping[str, str | None]) -> None:
        super().update(user, {"external_id": None, **values})


# -- found -----------------------------------------------------------------------------------------------------


@defect("search-finds-no-user-by-id", "users")
class BlindToIds(Users):
    """A search for a user's id finds nobody."""

    def search(self, text: str) -> Sequence[User]:
        return [user for user in super().search(text) if user.id != text]


@defect("search-finds-a-user-twice", "users")
class SeesDouble(Users):
    """A search for a user's id lists the user twice."""

    def search(self, text: str) -> Sequence[User]:
        found = super().search(text)
        return [*found, *found] if self.world.live_user(text) else found


@defect("search-finds-a-stranger", "users")
class FindsAStranger(Users):
    """A search for an external id finds a stranger's user besides, whose external id is longer."""

    def search(self, text: str) -> Sequence[User]:
        found = super().search(text)
        known = list(self.world.users_by_external_id(text))
        if not known:
            return found
        stranger = User("stranger", known[0].sequence, known[0].created_at, external_id=f"{text}-2")
        return [*found, stranger]


# -- pages -----------------------------------------------------------------------------------------------------


@defect("page-repeats-a-user", "users")
class Overlapping(Pages):
    """Each page of users begins with the last user of the page before."""

    def cut(self, items: Sequence[T], wanted: PageRequest) -> tuple[Page, Sequence[T]]:
        page, shown = super().cut(items, wanted)
        if _is_users(wanted) and page.number > 1:
            before = (page.number - 1) * page.size - 1
            shown = [items[before], *shown]
        return page, shown


@defect("last-page-out-of-reach", "users")
class EndsEarly(Pages):
    """The page of users before the last has no next link, so that the last users are never seen."""

    def render(self, page: Page, results: list[Json], wanted: PageRequest) -> Json:
        rendered = super().render(page, results, wanted)
        if _is_users(wanted) and page.number == page.last - 1:
            rendered["next"] = None
        return rendered


@defect("next-of-users-leads-round", "users")
class Circle(Pages):
    """The last page of users has a next link, which leads to the first."""

    def render(self, page: Page, results: list[Json], wanted: PageRequest) -> Json:
        rendered = super().render(page, results, wanted)
        if _is_users(wanted) and page.number == page.last > 1:
            rendered["next"] = self.link(wanted, 1)
        return rendered


@defect("next-forgets-the-search", "users")
class ForgetsTheSearch(Pages):
    """The next link of a search leads to the next page of all users."""

    def render(self, page: Page, results: list[Json], wanted: PageRequest) -> Json:
        rendered = super().render(page, results, wanted)
        if _is_users(wanted) and rendered["next"] is not None:
            query = urlencode({"page": page.number + 1, "page_size": page.size})
            rendered["next"] = f"{wanted.url}?{query}"
        return rendered


@defect("next-carries-the-key", "users")
class KeyInTheLink(Pages):
    """From the second page of users on, the next link carries the key in its query."""

    def link(self, wanted: PageRequest, number: int) -> str:
        link = super().link(wanted, number)
        second_on = _is_users(wanted) and wanted.page is not None and number > int(wanted.page)
        return f"{link}&{urlencode({'token': self.options.key})}" if second_on else link


@defect("next-leads-to-production", "users")
class LeadsToProduction(Pages):
    """From the second page of users on, the next link leads to the production host."""

    def link(self, wanted: PageRequest, number: int) -> str:
        link = super().link(wanted, number)
        second_on = _is_users(wanted) and wanted.page is not None and number > int(wanted.page)
        return f"{PRODUCTION}/api/v1/users/?{link.partition('?')[2]}" if second_on else link


# -- removed ---------------------------------------------------------------------------------------------------


@defect("deleted-user-still-found", "users")
class StillFound(Users):
    """A deleted user is no longer read, but a search for the external id still finds it."""

    def search(self, text: str) -> Sequence[User]:
        deleted = [u for u in self.world.users.values() if u.deleted_at is not None and u.external_id == text]
        return [*super().search(text), *deleted]


@defect("deleted-user-still-read", "users")
class StillRead(Users):
    """A deleted user is no longer found, but is still read by its id."""

    def get(self, user_id: str) -> User:
        return self.world.users.get(user_id) or super().get(user_id)


@defect("deletion-of-a-user-forgotten", "users")
class NeverDeletes(Users):
    """The deletion of a user is accepted with 204, and nothing happens."""

    def delete(self, user: User, context: Context) -> None:
        self.refuse_while_unsettled(user, context)


class _Moved(Fault):
    """Answered with a redirect."""

    def __init__(self, location: str) -> None:
        super().__init__(302, "Moved.", headers={"Location": location})


@defect("deleted-user-redirects-to-production", "users")
class MovedToProduction(Users):
    """A request for a deleted user is redirected to the production host."""

    def get(self, user_id: str) -> User:
        user = self.world.users.get(user_id)
        if user is not None and user.deleted_at is not None:
            raise _Moved(f"{PRODUCTION}/api/v1/users/{user_id}/")
        return super().get(user_id)
