"""Where to, and with which token: one host, the right Bearer token on every request, the token nowhere else."""

import re
from collections.abc import Iterator
from typing import Any, Final

from golive.traffic.calls import Call, split
from golive.traffic.rule import Point, Rule, Traffic, broken, counted, kept

TOKEN: Final = "$CONNECT_API_KEY"  # noqa: S105 - what stands in the record in its place
"""What the record shows where the expected token stood."""

PRODUCTION: Final = "connect.cariqa.com"
"""The host of the environment where nothing may be tried out."""

_RIGHT: Final = re.compile(rf"bearer {re.escape(TOKEN)}", re.IGNORECASE)
_JWT: Final = re.compile(r"(?<![\w-])eyJ[\w-]{8,1000}\.[\w-]{2,4000}\.[\w-]{8,2000}")
_HIDDEN_JWT: Final = re.compile(r"jwt_\[redacted(?:-\d+)?\]")
_REDACTED: Final = re.compile(r"\[redacted(?:-\d+)?\]")
PARAMETERS: Final = frozenset(
    {"token", "access_token", "accesstoken", "auth_token", "api_token", "api_key", "apikey", "connect_api_key"}
    | {"key", "auth", "authorization", "bearer", "jwt"}
)
"""Names under which tokens travel in queries; the API has no parameter of these names, and no record shows a value."""


def _hosts(traffic: Traffic) -> Iterator[Point]:
    base = split(traffic.base_url)
    for call in traffic.calls:
        error = call.exchange.error
        if error is not None and error.kind == "ForbiddenTarget":
            yield broken(f"{call.id} was for a host that is forbidden, and was not sent on", call)
        elif _host_header(call) == PRODUCTION:
            yield broken(f"{call.id} was meant for the production host ({PRODUCTION}), by its Host header", call)
        elif (call.url.scheme, _place(call)) != (base.scheme, (base.hostname, base.port)):
            shown = call.url.hostname or "an address that cannot be read"
            yield broken(f"{call.id} was for {shown}, not for {base.hostname}", call)
    if traffic.calls:
        yield kept(f"{counted(len(traffic.calls), 'request')}, all for {base.hostname}", *traffic.calls)


def _place(call: Call) -> tuple[str | None, int | None]:
    return call.url.hostname, call.url.port


def _host_header(call: Call) -> str:
    return call.exchange.request.headers.get("host", "").partition(":")[0].rstrip(".").lower()


def _bearers(traffic: Traffic) -> Iterator[Point]:
    for call in traffic.calls:
        given = call.exchange.request.headers.get("authorization")
        if not given:
            yield broken(f"{call.id} ({_named(call)}) had no Authorization header", call)
        elif _REDACTED.fullmatch(given):  # another token, or the right one without its scheme: nobody can tell
            yield broken(
                f"{call.id} ({_named(call)}) had another Authorization header than the issued Bearer token", call
            )
        elif not given.lower().startswith("bearer "):
            yield broken(f"{call.id} ({_named(call)}) had an Authorization header that is no Bearer token", call)
        elif not _RIGHT.fullmatch(given):
            yield broken(f"{call.id} ({_named(call)}) had another token than the one that was issued", call)
    if traffic.calls:
        yield kept(f"{counted(len(traffic.calls), 'request')}, each with the token in its header", *traffic.calls)


def _elsewhere(traffic: Traffic) -> Iterator[Point]:
    for call in traffic.calls:
        request = call.exchange.request
        others = {name: text for name, text in request.headers.items() if name.lower() != "authorization"}
        if is_token(request.url) or any(_is_token_parameter(name, value) for name, value in call.query):
            yield broken(f"{call.id} ({_named(call)}) had a token in its address, which logs and proxies keep", call)
        elif is_token(request.body or "") or _in_field(call.sent):
            yield broken(f"{call.id} ({_named(call)}) had a token in its body", call)
        elif name := next((name for name, text in others.items() if _in_header(name, text)), None):
            yield broken(f"{call.id} ({_named(call)}) had the token in the header {name} as well", call)
    if traffic.calls:
        yield kept(
            f"{counted(len(traffic.calls), 'request')}, none with a token beside the Authorization header",
            *traffic.calls,
        )


def is_token(text: str) -> bool:
    """Whether the expected token, or anything of the shape of a token, stands in a text of the record."""
    return TOKEN in text or _JWT.search(text) is not None or _HIDDEN_JWT.search(text) is not None


def _is_token_parameter(name: str, value: str) -> bool:
    return name.lower().replace("-", "_") in PARAMETERS and bool(value)


def _in_header(name: str, text: str) -> bool:
    """Whether a header has a token, or is named like one, as X-API-Key is, and its value had to be hidden."""
    named = _is_token_parameter(name.lower().removeprefix("x-"), text)
    return is_token(text) or (named and _REDACTED.search(text) is not None)


def _in_field(value: Any, depth: int = 0) -> bool:
    """Whether a member that is named like a token holds something that the record had to hide."""
    if depth > 8:
        return False
    if isinstance(value, dict):
        return any(
            (isinstance(inner, str) and _is_token_parameter(str(name), inner) and bool(_REDACTED.search(inner)))
            or _in_field(inner, depth + 1)
            for name, inner in value.items()
        )
    return isinstance(value, list) and any(_in_field(inner, depth + 1) for inner in value)


def _named(call: Call) -> str:
    return call.operation or f"{call.exchange.request.method} on no known operation"


RULES: Final = (
    Rule(
        "only-dev",
        "Requests go to the one host that is under test, never to production",
        ("ENV-NO-PROD",),
        _hosts,
        "The backend sent no request.",
    ),
    Rule(
        "bearer-token",
        "Every request carries the issued Bearer token",
        ("BE-2",),
        _bearers,
        "The backend sent no request.",
    ),
    Rule(
        "token-in-header-only",
        "No token is in an address, a body or another header",
        ("BE-2",),
        _elsewhere,
        "The backend sent no request.",
    ),
)
