"""How the backend says who it is, and to whom."""

from typing import Any

import httpx

from examples.partner_app.connect import Connect
from tests.partner_habits.register import habit


@habit("token-in-the-query", "charge")
class InQuery(Connect):
    """The token is sent as a parameter as well, where each log on the way keeps it."""

    async def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        token = self.http.headers["authorization"].removeprefix("Bearer ")
        more["params"] = {**(more.get("params") or {}), "access_token": token}
        return await super().send(method, path, **more)


@habit("token-in-the-body", "charge")
class InBody(Connect):
    """The token is in the body of a start."""

    async def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        if path.endswith("/start/"):
            more["json"] |= {"token": self.http.headers["authorization"].removeprefix("Bearer ")}
        return await super().send(method, path, **more)


@habit("token-in-a-second-header", "charge")
class InHeader(Connect):
    """The token is in a second header."""

    async def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        more["headers"] = {"x-api-key": self.http.headers["authorization"].removeprefix("Bearer ")}
        return await super().send(method, path, **more)


@habit("token-missing-on-one-call", "charge")
class Missing(Connect):
    """Stations are asked for without the token: another client was used."""

    async def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        if path.startswith("/stations/"):
            async with httpx.AsyncClient(base_url=self.http.base_url, trust_env=False) as other:
                return await other.request(method, path, **more)
        return await super().send(method, path, **more)


@habit("token-of-another-environment", "charge")
class Another(Connect):
    """Stations are asked for with another token."""

    async def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        if path.startswith("/stations/"):
            more["headers"] = {"authorization": "Bearer another-token-altogether"}
        return await super().send(method, path, **more)


@habit("token-under-another-scheme", "charge")
class Scheme(Connect):
    """Stations are asked for with the token, and not as a Bearer token."""

    async def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        if path.startswith("/stations/"):
            more["headers"] = {"authorization": self.http.headers["authorization"].replace("Bearer", "Token")}
        return await super().send(method, path, **more)


@habit("host-of-production", "charge")
class Production(Connect):
    """Stations are asked of production."""

    async def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        if path.startswith("/stations/"):
            more["headers"] = {"host": "connect.cariqa.com"}
        return await super().send(method, path, **more)
