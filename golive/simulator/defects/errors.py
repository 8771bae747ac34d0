"""What DEV can do wrong with what it should refuse: let it pass, or refuse it in another way than is documented."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from golive.simulator.atlas.stations import Evse, Station
from golive.simulator.defects import defect
from golive.simulator.defects.answers import Whole, changed
from golive.simulator.faults import ErrorType, Fault, Invalid, NotFound, Problem, Refusal
from golive.simulator.services.base import Context, Json
from golive.simulator.services.charging import Charging
from golive.simulator.services.envelope import Envelope
from golive.simulator.services.payment_methods import PaymentMethods
from golive.simulator.services.sessions import Sessions
from golive.simulator.services.stations import Stations
from golive.simulator.services.users import Users
from golive.simulator.state.entities import PaymentMethod, Session, User
from golive.simulator.stripe.cards import card_named
from golive.simulator.web.fields import BodyReader, QueryReader
from golive.simulator.web.forms import LOCALES, LONGEST_EXTERNAL_ID, Around, Forms
from golive.simulator.web.pages import Page, PageRequest, Pages

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

T = TypeVar("T")

_HTML = b"<!doctype html><html><head><title>Not found</title></head><body><h1>Not found</h1></body></html>"


# -- validation: what is let pass ------------------------------------------------------------------------------


@defect("any-text-is-an-email-address", "errors")
class AnyTextIsAnAddress(Forms):
    """Whatever is sent as an e-mail address is taken for one."""

    def email(self, body: BodyReader) -> str | None:
        return body.text("email")


@defect("unknown-locale-becomes-the-default", "errors")
class GuessesLocale(Forms):
    """A locale that is not known is replaced by English instead of being refused."""

    def locale(self, body: BodyReader) -> str | None:
        locale = body.text("locale")
        return locale if locale in LOCALES else LOCALES[0]


@defect("long-external-id-is-cut-off", "errors")
class CutsLongText(Forms):
    """An external id that is too long is cut off and kept, instead of being refused."""

    def external_id(self, custom: BodyReader) -> str | None:
        text = custom.text("external_id")
        return text and text[:LONGEST_EXTERNAL_ID]


@defect("external-id-of-251-characters-accepted", "errors")
class OneTooMany(Forms):
    """The limit of an external id is off by one: 251 characters are accepted."""

    def external_id(self, custom: BodyReader) -> str | None:
        return custom.text("external_id", longest=LONGEST_EXTERNAL_ID + 1)


@defect("no-coordinates-mean-the-null-island", "errors")
class NullIsland(Forms):
    """A search without coordinates is a search around 0, 0, which finds nothing."""

    def around(self, query: QueryReader) -> Around:
        if query.get("latitude") is None and query.get("longitude") is None:
            return Around(0.0, 0.0, 100, self.filter(query))
        return super().around(query)


@defect("missing-longitude-crashes", "errors")
class NeedsBothCoordinates(Forms):
    """A search that has a latitude but no longitude is answered with 500."""

    def around(self, query: QueryReader) -> Around:
        if query.get("latitude") is not None and query.get("longitude") is None:
            raise RuntimeError("no longitude")
        return super().around(query)


# -- validation: how it is refused -----------------------------------------------------------------------------


@defect("validation-error-without-the-envelope", "errors")
class FieldsOnly(Envelope):
    """A validation error is a list of messages by field, without the documented envelope."""

    def render(self, fault: Fault) -> Json:
        if isinstance(fault, Invalid):
            name, _, why = fault.details.partition(": ")
            return {name: [why]}
        return super().render(fault)


class RefusesSearches(Forms):
    """A malformed station search is refused in another way than it is to be."""

    status: int
    error_type: ErrorType

    def around(self, query: QueryReader) -> Around:
        try:
            return super().around(query)
        except Invalid as invalid:
            raise Problem(self.status, self.error_type, invalid.details) from None


@defect("malformed-search-has-another-error-type", "errors")
class MistypesSearches(RefusesSearches):
    """A malformed station search is refused as unexpected_error."""

    status, error_type = 400, ErrorType.UNEXPECTED


@defect("malformed-search-answered-with-422", "errors")
class UnprocessableSearches(RefusesSearches):
    """A malformed station search is refused with 422 instead of 400."""

    status, error_type = 422, ErrorType.VALIDATION


@defect("invalid-user-answered-with-422", "errors")
class Unprocessable(Forms):
    """An invalid user is refused with 422 instead of 400."""

    def user(self, body: BodyReader) -> dict[str, str | None]:
        try:
            return super().user(body)
        except Invalid as invalid:
            raise Problem(422, ErrorType.VALIDATION, invalid.details) from None


# -- what does not exist ---------------------------------------------------------------------------------------


@defect("unknown-user-answered-in-html", "errors")
def html_for_unknown_users(app: ASGIApp) -> ASGIApp:
    """The refusal of an unknown user is a web page."""

    def as_page(whole: Whole) -> Whole:
        is_user = re.fullmatch("/api/v1/users/[^/]+/", whole.path) is not None
        return whole.typed("text/html; charset=utf-8", _HTML) if is_user and whole.status == 404 else whole

    return changed(app, as_page)


@defect("unknown-user-crashes", "errors")
class CrashesForStrangers(Users):
    """A user id that does not look like one is answered with 500."""

    def get(self, user_id: str) -> User:
        if not user_id.isascii():
            raise RuntimeError("cannot read the user id")
        return super().get(user_id)


@defect("unknown-session-is-empty", "errors")
class EmptySessions(Sessions):
    """A session that does not exist is answered with 200 and an empty object."""

    def get(self, user: User, session_id: str) -> Session:
        if session_id not in self.world.sessions:
            raise Refusal(200, "")
        return super().get(user, session_id)


@defect("stop-of-an-unknown-session-is-already-stopped", "errors")
class StoppedAnyway(Charging):
    """A stop of a session that does not exist is refused as already_stopped."""

    def to_stop(self, user: User, session_id: str) -> Session:
        if session_id not in self.world.sessions:
            raise Problem(409, ErrorType.ALREADY_STOPPED, "The charging session is already stopped.")
        return super().to_stop(user, session_id)


@defect("unknown-payment-method-is-deleted", "errors")
class DeletesNothing(PaymentMethods):
    """The deletion of a payment method that does not exist succeeds."""

    def get(self, user: User, method_id: str, context: Context) -> PaymentMethod:
        try:
            return super().get(user, method_id, context)
        except NotFound:
            card = card_named("pm_card_visa")
            if card is None:
                raise
            return PaymentMethod(method_id, user.id, card, context.now, context.now)

    def make_default(self, user: User, method: PaymentMethod) -> None:
        if method.id not in user.methods:
            raise NotFound
        super().make_default(user, method)

    def delete(self, user: User, method: PaymentMethod, context: Context) -> None:
        if method.id in user.methods:
            super().delete(user, method, context)


@defect("unknown-evse-leads-to-another", "errors")
class NearEnough(Stations):
    """An EVSE ID that does not exist, but begins as others do, leads to a station of that country."""

    def connector(self, evse_id: str) -> tuple[Station, Evse]:
        try:
            return super().connector(evse_id)
        except NotFound:
            for found in self.world.atlas.by_evse.values():
                if evse_id[:3].rstrip("*") == found[1].evse_id[:2] and evse_id.count("*") >= 2:
                    return found
            raise


@defect("non-ascii-evse-id-crashes", "errors")
class AsciiEvses(Stations):
    """An EVSE ID with a letter outside ASCII is answered with 500."""

    def connector(self, evse_id: str) -> tuple[Station, Evse]:
        if not evse_id.isascii():
            raise UnicodeError("no ASCII")
        return super().connector(evse_id)


@defect("page-beyond-the-last-is-empty", "errors")
class EmptyPages(Pages):
    """A page beyond the last one is answered with 200 and no results."""

    def cut(self, items: Sequence[T], wanted: PageRequest) -> tuple[Page, Sequence[T]]:
        try:
            return super().cut(items, wanted)
        except NotFound:
            if not re.fullmatch("[1-9][0-9]*", wanted.page or ""):
                raise
            return Page(1, self.size(wanted.page_size), len(items)), []


@defect("nonsense-page-is-the-first", "errors")
class FirstPageAnyway(Pages):
    """A page that is no number is taken for the first one."""

    def number(self, text: str | None, last: int) -> int:
        try:
            return super().number(text, last)
        except NotFound:
            return 1


@defect("refusal-echoes-the-key", "errors")
def echo_the_key(app: ASGIApp) -> ASGIApp:
    """The refusal of an unknown address or object names the Authorization header that it came with."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        given = dict(scope.get("headers", ())).get(b"authorization", b"")

        async def echoing(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 404:
                message = {**message, "headers": [*message["headers"], (b"x-request-authorization", given)]}
            await send(message)

        await app(scope, receive, echoing)

    return answer
