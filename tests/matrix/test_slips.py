"""A slip of the suite's own client is an error of the harness: it is seen, and no one else is accused of it."""

import pytest

from tests.matrix.ledger import observed
from tests.matrix.slips import SLIPS

SEEN_BY = {
    "client-leaves-the-key-out": "traffic::test_the_key_was_in_every_requests_header",
    "client-shows-the-key-in-a-url": "traffic::test_the_key_was_in_no_url",
    "client-asks-another-host": "traffic::test_no_request_went_to_production",
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_of_the_client_is_the_suites_own_error(name: str) -> None:
    said, _ = observed(name)
    assert said.checks == {SEEN_BY[name]: "error suite"}
