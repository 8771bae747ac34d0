"""The ASGI application of one simulated DEV."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from golive.simulator.faults import Fault, NotFound, Refusal
from golive.simulator.web.call import Call, answer
from golive.simulator.web.routes import API, OPEN, Handler

if TYPE_CHECKING:
    from golive.simulator.dev import Dev


class Resource:
    """One address: asks for the key where it must, then hands over to the method's handler."""

    def __init__(self, dev: Dev, handlers: dict[str, Handler], *, needs_key: bool) -> None:
        self._dev = dev
        self._handlers = handlers
        self._needs_key = needs_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        try:
            response = await self._respond(request)
        except Fault as fault:
            response = render_fault(self._dev, fault)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        if self._needs_key:
            self._dev.auth.check(request.headers.get("authorization"))
        method = "GET" if request.method == "HEAD" else request.method
        if method not in self._handlers:
            allowed = ", ".join(self._handlers)
            raise Refusal(405, f'Method "{request.method}" not allowed.', headers={"Allow": allowed})
        return await self._handlers[method](Call(request, self._dev))


def render_fault(dev: Dev, fault: Fault) -> Response:
    return answer(dev.wire.body(dev.envelope.render(fault)), fault.status, fault.headers)


def make_app(dev: Dev) -> ASGIApp:
    """The application that serves `dev`: Connect API, card processor's test mode, and the media they link to."""
    routes = [
        *(Route(path, Resource(dev, handlers, needs_key=True)) for path, handlers in API.items()),
        *(Route(path, Resource(dev, handlers, needs_key=False)) for path, handlers in OPEN.items()),
    ]

    async def not_found(request: Request, _: Exception) -> Response:
        """An address without its slash is led to the one with it; only for a GET, which loses nothing by it."""
        path = request.scope["path"]
        slashed = {**request.scope, "path": f"{path}/"}
        is_get = request.method in ("GET", "HEAD")
        if is_get and not path.endswith("/") and any(r.matches(slashed)[0] is Match.FULL for r in routes[: len(API)]):
            query = request.scope["query_string"].decode("latin-1")
            location = f"{request.scope['raw_path'].decode('latin-1')}/{'?' if query else ''}{query}"
            return Response(status_code=301, headers={"Location": location})
        return render_fault(dev, NotFound())

    async def crashed(_request: Request, _: Exception) -> Response:
        return render_fault(dev, dev.envelope.unexpected(str(uuid.uuid4())))

    app = Starlette(routes=routes, exception_handlers={404: not_found, Exception: crashed})
    app.router.redirect_slashes = False
    return _answered(app)


def _answered(app: ASGIApp) -> ASGIApp:
    """A crash that was answered with 500 ends there: Starlette raises it again, and the server would then close the
    connection that the next request is about to use."""

    async def around(scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await app(scope, receive, note)
        except Exception:
            if not begun:
                raise

    return around
