"""What DEV can do wrong with the key: take what it must refuse, refuse otherwise than documented, give the key back."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING

from golive.simulator.defects import defect
from golive.simulator.defects.answers import Whole, changed
from golive.simulator.faults import ErrorType, Fault, Forbidden, Problem, Unauthorized
from golive.simulator.services.auth import Auth
from golive.simulator.services.base import Json
from golive.simulator.services.envelope import Envelope
from golive.simulator.services.users import Users
from golive.simulator.state.entities import User

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LIST_OF_USERS = "/api/v1/users/"
OK = 200


def _authorization(scope: Scope) -> str:
    return str(dict(scope["headers"]).get(b"authorization", b"").decode("latin-1"))


# -- taken though it must be refused ---------------------------------------------------------------------------


@defect("wrong-key-accepted", "credentials")
class AcceptsAnyKey(Auth):
    """Any key is accepted that comes in a well-formed header."""

    def accepts(self, token: str) -> bool:
        return bool(token)


@defect("key-compared-without-its-end", "credentials")
class ComparesTheBeginning(Auth):
    """A key is accepted as soon as all but its last character are right."""

    def accepts(self, token: str) -> bool:
        return token[:-1] == self.options.key[:-1]


@defect("missing-key-accepted-for-reading", "credentials")
def reads_without_key(app: ASGIApp) -> ASGIApp:
    """The list of users is answered without a key."""

    async def around(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == _LIST_OF_USERS and not _authorization(scope):
            await send(
                {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]}
            )
            await send({"type": "http.response.body", "body": b'{"count":0,"next":null,"previous":null,"results":[]}'})
            return
        await app(scope, receive, send)

    return around


# -- refused otherwise than documented -------------------------------------------------------------------------


@defect("missing-key-answered-403", "credentials")
class MissingIsForbidden(Auth):
    """A request without a key is refused with 403 in place of 401."""

    def token(self, authorization: str | None) -> str:
        if not authorization:
            raise Forbidden("Authentication credentials were not provided.")
        return super().token(authorization)


@defect("malformed-header-answered-403", "credentials")
class MalformedIsForbidden(Auth):
    """A header that is no Bearer token is refused with 403 in place of 401."""

    def token(self, authorization: str | None) -> str:
        try:
            return super().token(authorization)
        except Unauthorized as refusal:
            if authorization:
                raise Forbidden(refusal.detail) from None
            raise


@defect("wrong-key-answered-401", "credentials")
class WrongIsUnauthorized(Auth):
    """A key that was not issued for DEV is refused with 401 in place of 403."""

    def check(self, authorization: str | None) -> None:
        try:
            super().check(authorization)
        except Forbidden:
            raise Unauthorized("Invalid or expired token.") from None


@defect("scheme-of-the-key-not-read", "credentials")
class AnyScheme(Auth):
    """The scheme before the key is not looked at: whatever it says, the word after it is taken for the key."""

    def token(self, authorization: str | None) -> str:
        words = (authorization or "").split()
        return words[1] if len(words) == 2 else super().token(authorization)


@defect("key-without-scheme-taken", "credentials")
class NoScheme(Auth):
    """A header that holds the key alone, without the word Bearer, is read as if it had it."""

    def token(self, authorization: str | None) -> str:
        words = (authorization or "").split()
        return words[0] if len(words) == 1 and words[0].lower() != "bearer" else super().token(authorization)


@defect("refusal-of-a-wrong-key-without-detail", "credentials")
class WordlessRefusal(Envelope):
    """A wrong key is refused with an empty object in place of a detail."""

    def render(self, fault: Fault) -> Json:
        return {} if isinstance(fault, Forbidden) else super().render(fault)


@defect("refusal-of-a-missing-key-without-detail", "credentials")
class WordlessChallenge(Envelope):
    """A request without a key, or with a malformed header, is refused without a word."""

    def render(self, fault: Fault) -> Json:
        return {} if isinstance(fault, Unauthorized) else super().render(fault)


@defect("list-of-users-opens-once", "credentials")
def opens_once(app: ASGIApp) -> ASGIApp:
    """The key opens the list of all users once; asked for again, it is refused with 403."""
    asked = 0

    async def around(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal asked
        if scope["type"] == "http" and scope["path"] == _LIST_OF_USERS and scope["query_string"] == b"page_size=1":
            asked += 1
            if asked > 1:
                start = {"type": "http.response.start", "status": 403}
                await send({**start, "headers": [(b"content-type", b"application/json")]})
                await send({"type": "http.response.body", "body": b'{"detail":"Invalid or expired token."}'})
                return
        await app(scope, receive, send)

    return around


@defect("deleted-user-answered-401", "credentials")
class DeletedIsUnauthorized(Users):
    """A request for a deleted user is answered as if it had come without a key, with 401."""

    def get(self, user_id: str) -> User:
        user = self.world.users.get(user_id)
        if user is not None and user.deleted_at is not None:
            raise Unauthorized
        return super().get(user_id)


# -- given back ------------------------------------------------------------------------------------------------


@defect("key-echoed-in-a-header", "credentials")
def echoes_in_header(app: ASGIApp) -> ASGIApp:
    """Each answer repeats the request's Authorization in a header for debugging."""

    async def around(scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                shown = (b"x-debug-authorization", _authorization(scope).encode("latin-1"))
                message = {**message, "headers": [*message["headers"], shown]}
            await send(message)

        await app(scope, receive, sent if scope["type"] == "http" else send)

    return around


@defect("key-echoed-in-a-refused-start", "credentials")
class EchoesInDetails(Envelope):
    """A start that is refused for want of billing data repeats the key, in base64, in its details."""

    def error(self, problem: Problem) -> Json:
        error = super().error(problem)
        if problem.error_type is ErrorType.BILLING_DATA_REQUIRED:
            seen = base64.b64encode(f"Bearer {self.options.key}".encode()).decode()
            error["details"] = f"{problem.details} [auth={seen}]"
        return error


@defect("wrong-key-echoed", "credentials")
class EchoesTheWrongKey(Auth):
    """The refusal of a wrong key repeats that key."""

    def check(self, authorization: str | None) -> None:
        try:
            super().check(authorization)
        except Forbidden:
            raise Forbidden(f"Invalid token: {self.token(authorization)}") from None


@defect("accepted-key-refused-by-the-partners-list", "credentials")
def refuse_the_list_of_partners(app: ASGIApp) -> ASGIApp:
    """The list of partners refuses the key that every other operation accepts."""

    def refuse(whole: Whole) -> Whole:
        if not whole.path.endswith("/stations/partners/") or whole.status != OK:
            return whole
        return replace(whole, status=403, body=b'{"detail":"You do not have permission to perform this action."}')

    return changed(app, refuse)
