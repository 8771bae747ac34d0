"""One request, as the handlers see it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from golive.simulator.services.base import Context, Json
from golive.simulator.state.entities import Session, User
from golive.simulator.web.bodies import read_body
from golive.simulator.web.fields import BodyReader, QueryReader
from golive.simulator.web.pages import PageRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from golive.simulator.dev import Dev

T = TypeVar("T")


@dataclass(frozen=True)
class Call:
    """A request to one simulated DEV, seen at one instant."""

    request: Request
    dev: Dev

    @cached_property
    def context(self) -> Context:
        return Context(self.dev.clock.now(), self.base_url)

    def later(self) -> Context:
        """The world as it is now, where answering took its time."""
        return Context(self.dev.clock.now(), self.base_url)

    @cached_property
    def base_url(self) -> str:
        host = self.request.headers.get("host") or "{}:{}".format(*self.request.scope["server"])
        return f"{self.request.scope['scheme']}://{host}"

    def path_value(self, name: str) -> str:
        return str(self.request.path_params[name])

    @property
    def user(self) -> User:
        """Raises `NotFound`."""
        return self.dev.users.get(self.path_value("user_id"))

    @property
    def session(self) -> Session:
        """Raises `NotFound`."""
        return self.dev.sessions.get(self.user, self.path_value("session_id"))

    @cached_property
    def query(self) -> QueryReader:
        return QueryReader(parse_qsl(self.raw_query, keep_blank_values=True))

    @property
    def raw_query(self) -> str:
        return bytes(self.request.scope["query_string"]).decode("latin-1")

    async def body(self) -> BodyReader:
        """Raises `Invalid`."""
        return await read_body(self.request)

    def page(self, items: Sequence[T], render: Callable[[T], Json]) -> Response:
        """One page of `items`; only those on it are rendered. Raises `NotFound`."""
        wanted = PageRequest(
            url=self.base_url + self.request.scope["path"],
            query=self.raw_query,
            page=self.query.get("page"),
            page_size=self.query.get("page_size"),
        )
        page, shown = self.dev.pages.cut(items, wanted)
        return self.answer(self.dev.pages.render(page, [render(item) for item in shown], wanted))

    def answer(self, content: object, status: int = 200) -> Response:
        return answer(self.dev.wire.body(content), status)


def answer(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer; a lone surrogate stays an escape, so that the answer is always valid UTF-8."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    body = text.encode("utf-8", "backslashreplace")
    return Response(body, status, headers, media_type="application/json")


def no_content() -> Response:
    return Response(status_code=204)
