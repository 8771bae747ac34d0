"""What passes the gateway can be judged by its record, though the record holds no secret: each request breaks the rule
that is meant for it, and that one alone."""

from typing import Final

import pytest

from golive.evidence.integration import RuleStatus
from golive.traffic import judge
from tests.connect.loopback import say
from tests.gateway.bench import KEY, Wire, answer, bench, request

JSON: Final = "Content-Type: application/json"
BEARER: Final = f"Authorization: Bearer {KEY}"
USERS: Final = "/api/v1/users/"
BILLING: Final = "/api/v1/users/u1/billing-details/"


OTHER: Final = "eyJhbGciOiJIUzI1NiJ9.eyJlbnYiOiJwcm9kIn0.c2lnbmF0dXJlLWNhbmFyeQ"
"""The token of another environment, which the gateway was not told of."""


def broken(at: Wire) -> set[str]:
    results = judge(at.gateway.recorder.exchanges, base_url=at.gateway.base)
    return {result.rule for result in results if result.status is RuleStatus.BROKEN}


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        (request("GET", USERS), "bearer-token"),
        (request("GET", USERS, f"Authorization: Token {KEY}"), "bearer-token"),
        (request("GET", USERS, f"Authorization: {KEY}"), "bearer-token"),
        (request("GET", USERS, f"Authorization: Bearer x{KEY}"), "bearer-token"),
        (request("GET", USERS, BEARER, BEARER), "bearer-token"),
        (request("GET", f"{USERS}?token={KEY}", BEARER), "token-in-header-only"),
        (request("GET", f"{USERS}?search={KEY[:5]}%{ord(KEY[5]):x}{KEY[6:]}", BEARER), "token-in-header-only"),
        (request("GET", USERS, BEARER, f"X-Api-Key: {KEY}"), "token-in-header-only"),
        (request("PUT", BILLING, BEARER, JSON, body=f'{{"line1": "{KEY}"}}'.encode()), "token-in-header-only"),
        (request("GET", f"{USERS}?q={OTHER}", BEARER), "token-in-header-only"),
        (request("GET", USERS, BEARER, f"X-Session: {OTHER}"), "token-in-header-only"),
        (request("PUT", BILLING, BEARER, JSON, body=f'{{"line1": "{OTHER}"}}'.encode()), "token-in-header-only"),
        (request("PUT", BILLING, BEARER, JSON, body=b'{"number": "4111111111111111"}'), "no-card-data"),
        (request("PUT", BILLING, BEARER, JSON, body=b'{"line1": "5555 5555 5555 4444"}'), "no-card-data"),
        (request("PUT", BILLING, BEARER, JSON, body=b'{"number": 378282246310005}'), "no-card-data"),
        (request("PUT", BILLING, BEARER, body=b"card%5Bnumber%5D=6011111111111117"), "no-card-data"),
        (request("GET", f"{USERS}?card=4242424242424242", BEARER), "no-card-data"),
        (request("PUT", BILLING, BEARER, JSON, body=b'{"card": {"cvc": "123"}}'), "no-card-data"),
        (request("GET", USERS, BEARER).replace(b"partner.example", b"connect.cariqa.com"), "only-dev"),
    ],
)
def test_a_request_breaks_the_rule_that_is_meant_for_it(message: bytes, rule: str) -> None:
    with bench(say(answer())) as at:
        at.say(message)
        assert broken(at) == {rule}
        written = at.only.model_dump_json()
        assert KEY not in written
        assert OTHER not in written
        assert "4111" not in written


@pytest.mark.parametrize(
    "message",
    [
        request("GET", USERS, f"authorization: bearer {KEY}"),
        request("GET", USERS, f"AUTHORIZATION:   Bearer   {KEY}  "),
        request("GET", "/api/v1/stations/details/?type=evse_id&id=DE%2ACIQ%2AEWBNHHLM82TLA%2A1", BEARER),
        request("GET", "/api/v1/stations/details/?id=DE*CIQ*EWBNHHLM82TLA*1&type=evse_id", BEARER),
        request("GET", f"{USERS}?search=4242", BEARER, "X-Request-Id: 4539578763621486"),
        request("POST", USERS, BEARER, JSON, body=b'{"custom_properties": {"external_id": "4539578763621486"}}'),
        request("PUT", BILLING, BEARER, JSON, body=b'{"phone": "+4917612345679", "tax_id": "RSSMRA80A01H501U"}'),
        request("GET", "/api/v1/users", BEARER),
    ],
)
def test_a_request_as_it_may_be_breaks_none(message: bytes) -> None:
    with bench(say(answer())) as at:
        at.say(message)
        assert broken(at) == set()
