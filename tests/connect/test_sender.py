"""What the User-Agent tells of who is asking: enough to find a request in a log, bounded, and no secret."""

import re

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from golive.connect import StripeClient
from golive.connect.models import SetupIntent
from golive.connect.sender import MOST_CHARACTERS, on_behalf_of, user_agent
from tests.connect.bench import BASE, KEY, PUBLISHABLE, Bench, ok, user

AGENT = user_agent("1.2.3", "20260302t090000z-1a2b3c-4d")
GRAMMAR = re.compile(r"cariqa-golive/\S+(?: \(run \S+\))?(?: \([!-'*-\[\]-~ ]+\))?")
"""A product and comments, as RFC 9110 (10.1.5, 5.6.5) has them, without escapes."""


@pytest.mark.parametrize(
    ("test", "named"),
    [
        (
            "suites/test_05_stations.py::test_is_found[AT*VIE*E2334770022*2]",
            "05_stations::is_found[AT*VIE*E2334770022*2]",
        ),
        ("test_02_users.py::TestA::test_b", "02_users::TestA::test_b"),
        (None, "driver AT*VIE*E2334770022*2"),
    ],
    ids=["check", "class", "journey"],
)
def test_the_asker_is_named_in_short(test: str | None, named: str) -> None:
    assert on_behalf_of(AGENT, test=test, actor="driver AT*VIE*E2334770022*2") == f"{AGENT} ({named})"


@given(st.none() | st.text(), st.text())
def test_whatever_asks_the_header_is_ascii_and_bounded(test: str | None, actor: str) -> None:
    said = on_behalf_of(AGENT, test=test, actor=actor)
    assert GRAMMAR.fullmatch(said), said
    assert len(said) <= len(AGENT) + MOST_CHARACTERS + 3


def test_each_request_names_the_check_that_runs_or_its_actor() -> None:
    bench = Bench(ok(user()))
    bench.client.acting_as("driver 1").get_user("u1")
    with bench.recorder.running("suites/test_02_users.py::test_read"):
        bench.client.get_user("u1")
    assert [request.headers["user-agent"] for request in bench.sent] == [
        "golive-tests (driver 1)",
        "golive-tests (02_users::read)",
    ]


def test_a_key_in_the_name_of_a_check_is_not_sent() -> None:
    bench = Bench(ok(user()))
    with bench.recorder.running(f"suites/test_02_users.py::test_read[{KEY}]"):
        bench.client.get_user("u1")
    assert bench.sent[0].headers["user-agent"] == "golive-tests (02_users::read[$CONNECT_API_KEY])"


@pytest.mark.parametrize("names_asker", [True, False], ids=["double", "stripe"])
def test_stripe_is_told_of_no_check(names_asker: bool) -> None:
    bench = Bench(ok({"status": "succeeded", "payment_method": "pm_1"}))
    stripe = StripeClient(
        BASE,
        SecretStr(PUBLISHABLE),
        actor="driver",
        transport=httpx.MockTransport(bench._answer),
        recorder=bench.recorder,
        clock=bench.clock,
        user_agent=AGENT,
        names_asker=names_asker,
    )
    stripe.confirm_setup_intent(SetupIntent(client_secret=SecretStr("seti_1_secret_2")), payment_method="pm_card_visa")
    assert bench.sent[0].headers["user-agent"] == (f"{AGENT} (driver)" if names_asker else AGENT)
