"""Traffic: what the record of the whole run shows of the key and of the hosts that were asked."""

import pytest

from fixtures.connecting import Traffic
from fixtures.marks import requirement


@requirement("BE-2")
def test_the_key_was_in_every_requests_header(traffic: Traffic) -> None:
    """Each request to the API carried the key as Bearer token, but for those that showed a wrong one on purpose, and
    none that carried it was answered as if it had not."""
    assert traffic.api, "no request was recorded"
    traffic.shows_the_key_in_each_header()
    assert traffic.taken_for_keyless() == [], "a request with the key was answered with 401"


@requirement("BE-2")
def test_the_key_was_in_no_url(traffic: Traffic) -> None:
    """No request had the key in its URL or body, and no answer asked for that."""
    traffic.shows_the_key_nowhere_else()
    assert traffic.asking_for_the_key_in_a_url() == [], "a next link carries the key"


@requirement("BE-2", "BE-6")
def test_no_answer_echoes_the_key(traffic: Traffic) -> None:
    """No answer gave the key back, or a wrong one that it refused, in its headers or in its body."""
    assert traffic.echoing_a_key() == [], "an answer repeats a key"


@requirement("ENV-NO-PROD")
def test_no_request_went_to_production(traffic: Traffic) -> None:
    """Every request went to the target or to the card processor's test mode, and no answer led to production."""
    traffic.went_to_allowed_hosts()
    assert traffic.led_to_production() == [], "an answer leads to the production host"


@requirement("DEV-CHARGING", "BE-4")
@pytest.mark.parametrize("command", ["start", "stop"])
def test_commands_are_answered(traffic: Traffic, command: str) -> None:
    """Starts and stops that work are answered: the line may lose some of the answers, but not all of them."""
    commands = traffic.acted_on(command)
    assert commands.answered, f"{len(commands.lost)} times a {command} worked, and its answer never came whole"
