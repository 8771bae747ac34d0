"""Exchanges, as the record holds them: redacted before they get here."""

import json
from collections.abc import Iterable
from typing import Final

from pydantic import AwareDatetime, Field

from golive.evidence.base import Model

PARTNER: Final = "partner"
"""The actor of what the partner's own backend sends through the gateway."""
GATEWAY: Final = "gateway"
"""The actor of what the gateway itself asks of the target."""


class Request(Model):
    method: str
    url: str
    headers: dict[str, str]
    body: str | None = None


class Response(Model):
    status: int
    headers: dict[str, str]
    body: str | None = None
    truncated: bool = False


class TransportFault(Model):
    """A request that got no whole answer."""

    kind: str = Field(description="class of the fault, such as ReadTimeout or ConnectError")
    message: str


class Exchange(Model):
    """One recorded request and its response or error."""

    id: str = Field(description="x0001, x0002, … in the order in which the requests began")
    actor: str = Field(description="who sent it: a driver of a journey, the surveyor, the preflight, …")
    test: str | None = Field(default=None, description="node id of the check that was running it; null in a journey")
    operation: str | None = Field(default=None, description="the API operation, such as charging_start")
    started_at: AwareDatetime
    took_s: float
    request: Request
    response: Response | None = None
    error: TransportFault | None = None
    provoked: str | None = Field(
        default=None, description="name of the provoked error with which the gateway answered in DEV's place"
    )
    given_up_after: bool = Field(
        default=False, description="whether its sender had waited for something and looked no further after this answer"
    )


def by_the_suite(exchanges: Iterable[Exchange]) -> tuple[Exchange, ...]:
    """What this suite's own clients asked, without what came from or through the gateway."""
    return tuple(exchange for exchange in exchanges if exchange.actor not in (PARTNER, GATEWAY))


def error_type_of(exchange: Exchange) -> str | None:
    """The `error.type` of an answer that has one, whatever else the answer holds."""
    if exchange.response is None or exchange.response.status < 400:
        return None
    try:
        return str(json.loads(exchange.response.body or "")["error"]["type"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
