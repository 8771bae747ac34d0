"""Traffic: what the record of the whole run shows of the key and of the hosts that were asked."""

from fixtures.connecting import Traffic
from fixtures.marks import requirement


@requirement("BE-2")
def test_the_key_was_in_every_requests_header(traffic: Traffic) -> None:
    """Each request to the API carried the key as Bearer token, but for those that showed a wrong one on purpose."""
    assert traffic.api, "no request was recorded"
    assert traffic.without_key() == []


@requirement("BE-2")
def test_the_key_was_in_no_url(traffic: Traffic) -> None:
    """No request had the key in its URL or body."""
    assert traffic.with_key_outside_the_header() == []


@requirement("BE-2", "BE-6")
def test_no_answer_echoes_the_key(traffic: Traffic) -> None:
    """No answer gave the key back, in its headers or in its body."""
    assert traffic.echoing_the_key() == []


@requirement("ENV-NO-PROD")
def test_no_request_went_to_production(traffic: Traffic) -> None:
    """Every request went to the target or to the card processor's test mode, none to production."""
    assert traffic.hosts() <= traffic.allowed_hosts()
    assert traffic.led_to_production() == []
