"""The production host is refused in every spelling; what is plainly something else is not."""

import re
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import example, given
from hypothesis import settings as of_hypothesis
from hypothesis import strategies as st

from golive.guard import DEV_URL, PROD_HOST, ForbiddenTarget, check_url, is_loopback, names_prod

# -- spellings of the production host ------------------------------------------------------------------------

_DOTS = st.sampled_from([".", "%2E", "%2e", "%252E", "\u3002", "\uff0e", "\uff61", "%E3%80%82"])


def _letter(letter: str) -> st.SearchStrategy[str]:
    full_width = chr(ord(letter) - 0x61 + 0xFF41)
    return st.sampled_from([letter, letter, letter, letter.upper(), f"%{ord(letter):02X}", full_width])


@st.composite
def prod_hosts(draw: st.DrawFn) -> str:
    host = "".join(draw(_DOTS) if char == "." else draw(_letter(char)) for char in PROD_HOST)
    if draw(st.booleans()):
        at = draw(st.integers(0, len(PROD_HOST)))
        host = host[:at] + draw(st.sampled_from(["\u200b", "\u00ad", "\ufeff", "\t", "\n", " "])) + host[at:]
    return host + draw(st.sampled_from(["", "", ".", "..", "%2E", "\u3002"]))


@st.composite
def prod_urls(draw: st.DrawFn) -> str:
    space = st.sampled_from(["", "", "", " ", "\t", "\r\n", "\u00a0"])
    scheme = draw(
        st.sampled_from(["https://", "HTTPS://", "http://", "//", "", "https:", "https:/", "https:///", "ftp://"])
    )
    user = draw(st.sampled_from(["", "", "dev.connect.cariqa.com@", "user:pass@", "dev.connect.cariqa.com\\@", "@"]))
    port = draw(st.sampled_from(["", "", ":443", ":80", ":8443", ":"]))
    path = draw(st.sampled_from(["", "/", "/api/v1/", "?x=1", "#dev.connect.cariqa.com", "\\", "\\@dev.example.org"]))
    return draw(space) + scheme + user + draw(prod_hosts()) + port + path + draw(space)


@of_hypothesis(deadline=None)
@given(prod_urls())
@example("https://dev.connect.cariqa.com@connect.cariqa.com")
@example("https://connect.cariqa.com\\@dev.connect.cariqa.com/")
@example("https://a%2fb@connect.cariqa.com")
def test_guard_refuses_the_production_host_in_any_spelling(url: str) -> None:
    with pytest.raises(ForbiddenTarget) as caught:
        check_url(url, what="--target")

    message = str(caught.value)
    assert message.startswith("--target: ")
    assert len(message.splitlines()) == 1
    assert "pass" not in message


@of_hypothesis(deadline=None)
@given(prod_urls())
def test_guard_refuses_it_also_where_the_url_is_parsed_already(url: str) -> None:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return
    with pytest.raises(ForbiddenTarget):
        check_url(parsed)


@of_hypothesis(deadline=None)
@given(prod_hosts())
def test_a_host_that_reads_as_production_is_called_so(host: str) -> None:
    assert names_prod(f"https://{host}/api/v1/")
    assert names_prod(host)


@pytest.mark.parametrize(
    "url",
    [
        DEV_URL,
        "https://dev.connect.cariqa.com/?next=https://connect.cariqa.com",
        "https://dev.connect.cariqa.com/connect.cariqa.com",
        "https://connect.cariqa.com.example.org",
        "https://connect-cariqa.com",
        "https://play.connect.cariqa.com",
    ],
)
def test_other_hosts_are_not_taken_for_production(url: str) -> None:
    assert str(check_url(url)) == url
    assert not names_prod(url)


# -- agreement with other parsers ----------------------------------------------------------------------------

_PIECES = st.sampled_from(
    ["https:", "http:", "/", "//", "\\", "@", ":", "443", "?", "#", "[", "]", "::1", "%2e", "%40", "%", ".", "..",
     "127.0.0.1", "localhost", "connect.cariqa.com", "dev.connect.cariqa.com", "example.org", "x", "\u3002", " "]
)  # fmt: skip


@of_hypothesis(deadline=None)
@given(st.lists(_PIECES, max_size=8).map("".join), st.booleans())
def test_two_parsers_agree_on_the_host_of_whatever_is_let_through(text: str, prefixed: bool) -> None:
    text = f"https://{text}" if prefixed else text
    try:
        url = check_url(text)
    except ForbiddenTarget:
        return
    assert url.host != PROD_HOST
    assert urlsplit(text).hostname in (url.host, f"{url.host}.")
    assert url.scheme == "https" or is_loopback(url)
    assert check_url(url) == url


# -- everything else -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "normalised"),
    [
        ("HTTPS://DEV.Connect.Cariqa.COM", DEV_URL),
        ("https://dev.connect.cariqa.com.", DEV_URL),
        ("https://dev.connect.cariqa.com:443", DEV_URL),
        ("http://127.0.0.1:8400/api/v1/", "http://127.0.0.1:8400/api/v1/"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:8400", "http://[::1]:8400"),
        ("http://LOCALHOST:8400", "http://localhost:8400"),
        ("https://connect_stub:8443/x", "https://connect_stub:8443/x"),
    ],
)
def test_guard_normalises_what_it_lets_through(url: str, normalised: str) -> None:
    assert str(check_url(url)) == normalised
    assert str(check_url(httpx.URL(url))) == normalised


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://example.org", "plain http"),
        ("http://dev.connect.cariqa.com", "plain http"),
        ("http://localhost.example.org", "plain http"),
        ("http://128.0.0.1", "plain http"),
        ("http://[::2]", "plain http"),
        ("ftp://example.org", "scheme"),
        ("file:///etc/hosts", "scheme"),
        ("example.org", "scheme"),
        ("//example.org", "scheme"),
        ("", "scheme"),
        ("https://", "no host"),
        ("https:///x", "no host"),
        ("https://user@example.org", "user name"),
        ("https://:hunter2@example.org", "user name"),
        ("https://[fe80::1%25eth0]/", "plainly"),
        ("https://127.1", "plainly"),
        ("https://0x7f000001", "plainly"),
        ("https://2130706433", "plainly"),
        ("https://a..b", "plainly"),
        ("https://exa%6dple.org", "plainly"),
        (f"https://{'a' * 64}.org", "plainly"),
        ("https://127.0.0.01", "not a valid URL"),
        ("https://example.org:x", "not a valid URL"),
        ("https://example.org:70000", "port"),
        ("https://bücher.example", "ASCII"),
        (" https://example.org", "white space"),
        ("https://example.org\n", "white space"),
        ("https://example.org\\@example.com", "backslash"),
    ],
)
def test_guard_says_what_is_wrong_with_a_url(url: str, says: str) -> None:
    with pytest.raises(ForbiddenTarget, match=re.escape(says)) as caught:
        check_url(url, what="STRIPE_API_BASE")
    assert str(caught.value).startswith("STRIPE_API_BASE: ")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1", "http://127.255.255.254:1", "https://localhost./x", "http://[::1]"]
)
def test_this_machine_is_recognised(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url", ["https://example.org", "http://128.0.0.1", "http://127.1", "localhost", "", "http://["]
)
def test_nothing_else_counts_as_this_machine(url: str) -> None:
    assert not is_loopback(url)
