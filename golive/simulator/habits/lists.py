"""Lists: how long a page is, how its links look, in which order entries come."""

from collections.abc import Sequence

from golive.simulator.habits import habit
from golive.simulator.services.base import Context, Json
from golive.simulator.services.invoices import Invoices
from golive.simulator.services.sessions import Sessions
from golive.simulator.state.entities import Session, User
from golive.simulator.web.pages import Page, PageRequest, Pages


@habit("pages-of-one", "transport")
class PagesOfOne(Pages):
    """No page has more than one entry, whatever is asked for."""

    def size(self, text: str | None) -> int:
        return 1


@habit("page-size-ignored", "transport")
class PageSizeIgnored(Pages):
    """The page size that is asked for is ignored."""

    def size(self, text: str | None) -> int:
        return super().size(None)


@habit("next-link-absent-at-the-end", "transport")
class NextLinkAbsentAtTheEnd(Pages):
    """Where there is no further page, `next` is absent, and so is `previous` on the first page."""

    def render(self, page: Page, results: list[Json], wanted: PageRequest) -> Json:
        return {name: value for name, value in super().render(page, results, wanted).items() if value is not None}


@habit("next-link-relative", "transport")
class NextLinkRelative(Pages):
    """The links to other pages are relative."""

    def link(self, wanted: PageRequest, number: int) -> str:
        return "/" + super().link(wanted, number).split("/", 3)[3]


@habit("next-link-of-another-scheme", "transport")
class NextLinkOfAnotherScheme(Pages):
    """The links to other pages have another scheme than the request, as behind a proxy that ends TLS."""

    def link(self, wanted: PageRequest, number: int) -> str:
        return super().link(wanted, number).replace("http://", "https://", 1)


@habit("next-link-with-a-cursor", "transport")
class NextLinkWithACursor(Pages):
    """The links to other pages carry the page under a name of its own, with the rest of the query behind it."""

    def link(self, wanted: PageRequest, number: int) -> str:
        address, _, query = super().link(wanted, number).partition("?")
        rest = "&".join(part for part in query.split("&") if part and not part.startswith("page="))
        return f"{address}?page={number}&cursor=c%3D{number}" + (f"&{rest}" if rest else "")


@habit("history-oldest-first", "history")
class HistoryOldestFirst(Sessions):
    """Charging sessions are listed in the order of their starts."""

    def of(self, user: User) -> Sequence[Session]:
        return user.sessions


@habit("invoices-oldest-first", "invoices")
class InvoicesOldestFirst(Invoices):
    """Invoices are listed in the order in which they came."""

    def of(self, user: User, context: Context) -> Sequence[Session]:
        return list(reversed(super().of(user, context)))
