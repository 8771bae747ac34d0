"""The copied command says to the shell exactly what was sent, and gives the key only where it belongs."""

import shlex
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golive.evidence.model import Request
from golive.report.curl import LARGEST_BODY, caveat, command, quote

needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here to read the words")


def request(**changes: object) -> Request:
    values: dict[str, object] = {
        "method": "GET",
        "url": "https://dev.example/api/v1/users/",
        "headers": {},
        "body": None,
    }
    return Request.model_validate(values | changes)


def test_the_key_is_a_variable_of_the_shell() -> None:
    sent = request(headers={"Authorization": "Bearer $CONNECT_API_KEY"})
    assert command(sent).endswith("-H 'Authorization: Bearer '\"$CONNECT_API_KEY\"")


def test_the_publishable_key_is_the_basic_user() -> None:
    sent = request(headers={"authorization": "Basic $STRIPE_PUBLISHABLE_KEY"})
    assert '--user "$STRIPE_PUBLISHABLE_KEY:"' in command(sent)


@pytest.mark.parametrize(
    "sent",
    [
        request(url="https://evil.example/?k=$CONNECT_API_KEY"),
        request(body="$CONNECT_API_KEY"),
        request(headers={"X-Note": "$CONNECT_API_KEY $(id) `id`"}),
        request(method="GET$(id)"),
        request(headers={"Authorization": "Bearer $OTHER $(id) $CONNECT_API_KEYS"}),
    ],
    ids=["url", "body", "header", "method", "other-variable"],
)
def test_nothing_else_is_expanded_by_the_shell(sent: Request) -> None:
    assert "$" not in _outside_single_quotes(command(sent))


def test_headers_that_curl_writes_are_left_out() -> None:
    sent = request(headers={"Host": "a", "Content-Length": "3", "Accept-Encoding": "gzip", "X-A": "", "Accept": "*/*"})
    assert shlex.split(command(sent).replace("\\\n", "")) == [
        *("curl", "-sS", "--globoff", "-X", "GET", "https://dev.example/api/v1/users/"),
        *("-H", "X-A;", "-H", "Accept: */*"),
    ]


def test_a_body_goes_as_it_was() -> None:
    sent = request(method="POST", body="@file it's {}")
    assert shlex.split(command(sent).replace("\\\n", ""))[-2:] == ["--data-raw", "@file it's {}"]


def test_a_long_body_is_left_to_a_file_and_the_reader_is_told() -> None:
    sent = request(method="POST", body="a" * (LARGEST_BODY + 1))
    assert command(sent).endswith("--data-binary @request-body")
    assert "save it as request-body" in (caveat(sent) or "")


def test_a_redacted_secret_is_mentioned() -> None:
    assert "redacted secret" in (caveat(request(body="client_secret=seti_1_secret_[redacted-1]")) or "")
    assert caveat(request()) is None


@needs_bash
@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1, max_size=20))
def test_bash_reads_each_word_as_it_was(words: list[str]) -> None:
    script = "printf '%s\\0' " + " ".join(quote(word) for word in words)
    read = subprocess.run(["bash", "-c", script], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"})
    assert read.stdout == b"".join(word.encode() + b"\0" for word in words)


@given(st.text())
def test_a_quoted_word_shows_no_hidden_character(word: str) -> None:
    assert not any(ord(c) < 32 and c != "\n" for c in quote(word))
    assert not {"\u202e", "\u2066", "\u200b"} & set(quote(word))


def _outside_single_quotes(script: str) -> str:
    """The parts of `script` that a shell would expand."""
    return "".join(script.split("'")[::2])
