"""Credentials: the key opens DEV, and nothing else does."""

import pytest

from fixtures.connecting import Keys
from fixtures.marks import requirement
from golive.connect import ConnectClient


@requirement("BE-2", "ENV-ISOLATION")
def test_the_key_is_accepted(connect: ConnectClient) -> None:
    """A request with the key as Bearer token is answered."""
    answer = connect.send("GET", "/users/", params={"page_size": 1})
    assert answer.status == 200, f"the key was answered with {answer.status}"


@requirement("BE-2")
def test_a_request_without_the_header_is_refused(connect: ConnectClient) -> None:
    """A request without an Authorization header is refused with 401."""
    answer = connect.send("GET", "/users/", authorization=None)
    assert answer.status == 401, f"a request without a key was answered with {answer.status}"
    assert answer.envelope is not None, "the refusal carries no detail"


@requirement("BE-2")
@pytest.mark.parametrize("form", ["scheme only", "other scheme", "no scheme"])
def test_a_malformed_header_is_refused(connect: ConnectClient, keys: Keys, form: str) -> None:
    """A malformed Authorization header is refused with 401."""
    answer = connect.send("GET", "/users/", authorization=keys.malformed[form])
    assert answer.status == 401, f"a malformed header was answered with {answer.status}"
    assert answer.envelope is not None, "the refusal carries no detail"


@requirement("BE-2", "ENV-ISOLATION")
def test_an_altered_key_is_refused(connect: ConnectClient, keys: Keys) -> None:
    """A key that was not issued for this environment is refused with 403."""
    answer = connect.send("GET", "/users/", authorization=keys.altered)
    assert answer.status == 403, f"an altered key was answered with {answer.status}"
    assert answer.envelope is not None, "the refusal carries no detail"
