"""The local page on which a person sees what to do now, and says what the app showed."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import asdict
from importlib import resources
from typing import TYPE_CHECKING, Final

from golive.integration.manual.board import Answer, Board
from golive.serving import LOOPBACK, Served, listen, make_server

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

MOST_BYTES: Final = 2 * 2**20
"""Of a screenshot."""


class UnusablePicture(Exception):  # noqa: N818 - carries half a message
    """The picture is none that is taken; the message says why and what to do."""


class Page:
    """Served on a free loopback port, below a path that only who reads the terminal knows."""

    def __init__(self, board: Board, base_url: str, clean: Callable[[bytes], bytes]) -> None:
        self._board = board
        self._base_url = base_url
        self._clean = clean
        self._path = f"/{secrets.token_urlsafe(12)}"
        self._socket = listen(LOOPBACK, 0)
        self._served = Served(make_server(self._app()), self._socket, name="page")

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._socket.getsockname()[1]}{self._path}/"

    def start(self) -> None:
        """Returns once it answers."""
        self._served.start()

    def stop(self) -> None:
        """Returns once its port is free."""
        self._served.stop()

    def _app(self) -> Starlette:
        from starlette.applications import Starlette
        from starlette.middleware.trustedhost import TrustedHostMiddleware
        from starlette.routing import Route

        app = Starlette(
            routes=[
                Route(f"{self._path}/", self._show),
                Route(f"{self._path}/steps", self._steps),
                Route(f"{self._path}/answer", self._take, methods=["POST"]),
            ]
        )
        # No page of another host's name can reach it.
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=[LOOPBACK, "localhost"])
        return app

    async def _show(self, request: Request) -> Response:  # noqa: ARG002
        from starlette.responses import HTMLResponse

        html = resources.files("golive.integration.manual").joinpath("page.html.j2").read_text(encoding="utf-8")
        policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'"
        return HTMLResponse(html, headers={"content-security-policy": policy, "cache-control": "no-store"})

    async def _steps(self, request: Request) -> Response:  # noqa: ARG002
        from starlette.responses import JSONResponse

        steps = [asdict(step) for step in self._board.steps]
        return JSONResponse({"base_url": self._base_url, "steps": steps}, headers={"cache-control": "no-store"})

    async def _take(self, request: Request) -> Response:
        from starlette.datastructures import UploadFile
        from starlette.responses import PlainTextResponse

        async with request.form(max_files=1, max_fields=10, max_part_size=MOST_BYTES) as form:
            picture, sent = None, form.get("picture")
            if isinstance(sent, UploadFile) and sent.size:
                if sent.size > MOST_BYTES:
                    return PlainTextResponse("The picture is larger than 2 MiB; make it smaller.", 400)
                try:
                    picture = self._clean(await sent.read())
                except UnusablePicture as fault:
                    return PlainTextResponse(f"The picture {fault}.", 400)
            said = {name: str(value).strip() for name, value in form.items() if isinstance(value, str)}
        answer = Answer(
            worked=said.get("worked") != "no",
            state=said.get("state", ""),
            kwh=said.get("kwh", ""),
            message=said.get("message", ""),
            picture=picture,
        )
        number = said.get("number", "")
        taken = self._board.answer(int(number) if number.isdecimal() else 0, answer)
        return PlainTextResponse("taken" if taken else "This step is over.", 200 if taken else 409)
