"""The Connect API, as this app needs it. Everything that is sent to it is sent from here, so that there is one place
where the key is used, where times are limited and where an answer becomes a value or a `ConnectError`."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from examples.partner_app.settings import Settings

Json = dict[str, Any]

ANSWER_S = 20.0
START_S = 120.0
"""A start is synchronous: the station is asked while the request waits. Do not give up early: the answer would be lost,
the car would charge."""

MOST_PAGES = 20
_SUPPORT_CODE = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class ConnectError(Exception):
    """A request that was refused, or whose answer is not known.

    `status` is None where no whole answer came. `type` is for programs, `details` for people who build integrations:
    neither is ever shown to a driver (notices.py has what is).
    """

    def __init__(self, status: int | None, error: Mapping[str, Any], *, retry_after: float = 0.0) -> None:
        self.status = status
        self.type = str(error["type"]) if error.get("type") else None
        self.details = str(error.get("details") or "")
        self.client_secret = error.get("payment_intent_client_secret")
        found = _SUPPORT_CODE.search(self.details)
        self.support_code = found[0] if found else None
        self.retry_after = retry_after
        super().__init__(f"{self.type or 'no type'} ({status or 'no answer'})")

    @property
    def unclear(self) -> bool:
        """Whether the request may have been carried out all the same: then the state has to be read first."""
        return self.status is None or self.status >= 500


class Connect:
    """One method per operation. Each raises `ConnectError`. Nothing is sent twice from here: whether a request may be
    repeated depends on what it was, which only the caller knows."""

    def __init__(self, settings: Settings) -> None:
        self.http = httpx.AsyncClient(
            base_url=settings.connect_base,
            headers={"Authorization": f"Bearer {settings.connect_key}", "Accept": "application/json"},
            timeout=ANSWER_S,
            follow_redirects=False,  # the key must not travel to wherever a redirect points
            trust_env=False,  # nor may a .netrc put another one in its place
        )

    async def close(self) -> None:
        await self.http.aclose()

    async def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        return await self.http.request(method, path, **more)

    async def call(self, method: str, path: str, **more: Any) -> Json:
        """The answer's JSON object, an empty one for an answer without content."""
        try:
            answer = await self.send(method, path, **more)
        except httpx.HTTPError as fault:
            raise ConnectError(None, {"details": type(fault).__name__}) from fault
        if answer.is_success and not answer.content:
            return {}
        try:
            found = answer.json()
        except ValueError:
            found = None
        body: Json = found if isinstance(found, dict) else {}
        if answer.is_success and body:
            return body
        if answer.is_success:
            raise unreadable()
        error = body.get("error")
        raise ConnectError(
            answer.status_code, error if isinstance(error, dict) else {}, retry_after=_seconds(answer.headers)
        )

    async def every(self, path: str, **params: str) -> list[Json]:
        """All results of a list. The next page is asked for by number: following the address in `next` would send the
        key to whatever host stands there."""
        found: list[Json] = []
        for page in range(1, MOST_PAGES + 1):
            answer = await self.call("GET", path, params={**params, "page": page, "page_size": 100})
            found += _results(answer)
            if not answer.get("next"):
                break
        return found

    # -- users and cards ---------------------------------------------------------------------------------------

    async def find_user(self, external_id: str) -> str | None:
        """The id of the user whom we made for this external id. A search also finds what merely contains the text."""
        for user in await self.every("/users/", search=external_id):
            if (user.get("custom_properties") or {}).get("external_id") == external_id:
                return str(user["id"])
        return None

    async def create_user(self, external_id: str) -> str:
        body = {"locale": "en", "custom_properties": {"external_id": external_id}}
        return _text(await self.call("POST", "/users/", json=body), "id")

    async def put_billing(self, user: str, details: Json) -> None:
        await self.call("PUT", f"/users/{quote(user)}/billing-details/", json=details)

    async def setup_secret(self, user: str) -> str:
        answer = await self.call("GET", f"/users/{quote(user)}/setup-intents/", params={"pm_type": "card"})
        # The reference and the guide give it different names.
        return _text(
            answer, "setup_intent_client_secret" if "setup_intent_client_secret" in answer else "client_secret"
        )

    async def cards(self, user: str) -> list[Json]:
        return await self.every(f"/users/{quote(user)}/payment-methods/")

    async def debts(self, user: str) -> list[Json]:
        return await self.every(f"/users/{quote(user)}/charging/debts/")

    # -- stations ----------------------------------------------------------------------------------------------

    async def stations_around(self, latitude: float, longitude: float) -> list[Json]:
        place = {"latitude": latitude, "longitude": longitude, "distance": 2000, "page_size": 20}
        return _results(await self.call("GET", "/stations/around/", params=place))

    async def station_of(self, evse_id: str) -> Json:
        return await self.call("GET", "/stations/details/", params={"id": evse_id, "type": "evse_id"})

    # -- charging ----------------------------------------------------------------------------------------------

    async def start(self, user: str, evse_id: str, method_id: str) -> Json:
        body = {"evse_id": evse_id, "payment_method_id": method_id}
        session = await self.call("POST", f"/users/{quote(user)}/charging/start/", json=body, timeout=START_S)
        _text(session, "id")  # without its id it cannot be followed
        return session

    async def stop(self, user: str, session_id: str) -> None:
        await self.call("POST", f"/users/{quote(user)}/charging/stop/{quote(session_id)}/", timeout=START_S)

    async def session(self, user: str, session_id: str) -> Json:
        return await self.call("GET", f"/users/{quote(user)}/charging-sessions/{quote(session_id)}/")

    async def sessions(self, user: str) -> list[Json]:
        """The user's newest sessions: one page is enough, an active one is among them."""
        return _results(await self.call("GET", f"/users/{quote(user)}/charging-sessions/"))

    async def invoices(self, user: str) -> list[Json]:
        return await self.every(f"/users/{quote(user)}/invoices/")


def unreadable() -> ConnectError:
    """Done, but what was done cannot be read: as good as no answer."""
    return ConnectError(None, {"details": "unreadable answer"})


def _results(answer: Json) -> list[Json]:
    results = answer.get("results")
    if not isinstance(results, list):
        raise unreadable()
    return results


def _text(answer: Json, name: str) -> str:
    if not answer.get(name):
        raise unreadable()
    return str(answer[name])


def _seconds(headers: httpx.Headers) -> float:
    """Of Retry-After, where it is a number."""
    value = headers.get("retry-after", "")
    return float(value) if value.isascii() and value.isdigit() else 0.0
