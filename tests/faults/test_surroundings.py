"""What surrounds a run: certificates, names, clocks, proxies of the environment, addresses of either family."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import trustme

from tests.faults.child import KNOWN_NAME
from tests.faults.passing import Rule, dated
from tests.faults.proxy import LOOPBACK_6, Proxy
from tests.faults.survival import assert_survived, survive
from tests.plugin.launch import Finished

# -- TLS -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def _over_tls(directory: Path, authority: trustme.CA, cert: trustme.LeafCert, *, trusted: bool) -> Finished:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    cert.configure_cert(context)
    directory.mkdir(exist_ok=True)
    bundle = directory / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    env = {"FAULTS_CA": str(bundle)} if trusted else {}
    return survive(directory, through=lambda upstream: Proxy(upstream, tls=context), env=env)


def _assert_not_reached(finished: Finished, *words: str) -> None:
    assert_survived(finished, owners={"environment"})
    (probe,) = finished.evidence["preflight"]
    assert probe["outcome"] == "failed"
    assert any(word in probe["message"] for word in words), probe["message"]
    assert finished.facts["created"] == 0


def test_a_certificate_that_is_trusted(tmp_path: Path, authority: trustme.CA) -> None:
    finished = _over_tls(tmp_path, authority, authority.issue_cert("127.0.0.1"), trusted=True)
    assert_survived(finished, owners=set(), passes=True)


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path, authority: trustme.CA) -> None:
    finished = _over_tls(tmp_path, authority, authority.issue_cert("127.0.0.1"), trusted=False)
    _assert_not_reached(finished, "self-signed certificate", "self signed certificate", "unable to get local issuer")
    assert finished.facts["requests"] == [], "not a byte of a request was sent"


def test_a_certificate_that_has_expired(tmp_path: Path, authority: trustme.CA) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    finished = _over_tls(tmp_path, authority, authority.issue_cert("127.0.0.1", not_after=yesterday), trusted=True)
    _assert_not_reached(finished, "expired")
    assert finished.facts["requests"] == []


def test_a_certificate_of_another_host(tmp_path: Path, authority: trustme.CA) -> None:
    finished = _over_tls(tmp_path, authority, authority.issue_cert("elsewhere.test"), trusted=True)
    _assert_not_reached(finished, "not valid for", "mismatch")
    assert finished.facts["requests"] == []


def test_a_server_that_speaks_no_tls(tmp_path: Path) -> None:
    finished = survive(tmp_path, url=lambda proxy: proxy.url.replace("http://", "https://"))
    _assert_not_reached(finished, "SSL", "TLS", "read operation timed out", "timed out")


# -- names ---------------------------------------------------------------------------------------------------


def test_a_name_that_does_not_resolve(tmp_path: Path) -> None:
    finished = survive(tmp_path, url=lambda _proxy: "https://nowhere.test")
    _assert_not_reached(finished, "Name or service not known")


def test_a_name_that_resolves(tmp_path: Path, authority: trustme.CA) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(KNOWN_NAME).configure_cert(context)
    bundle = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    finished = survive(
        tmp_path / "run",
        through=lambda upstream: Proxy(upstream, tls=context),
        url=lambda proxy: proxy.url.replace("127.0.0.1", KNOWN_NAME),
        env={"FAULTS_CA": str(bundle), "STRIPE_API_BASE": ""},
        args=("-k", "test_the_key_is_accepted"),
    )
    assert_survived(finished, owners={"environment"})


# -- clocks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ahead_s", [3600, -3600])
@pytest.mark.parametrize("whose", ["the target's", "this machine's"])
def test_a_clock_that_is_an_hour_off(tmp_path: Path, whose: str, ahead_s: int) -> None:
    theirs = datetime.now(UTC) + timedelta(seconds=ahead_s if whose == "the target's" else 0)
    env = {"FAULTS_CLOCK_S": str(ahead_s)} if whose == "this machine's" else {}
    finished = survive(tmp_path, Rule(dated(format_datetime(theirs, usegmt=True))), env=env)
    assert_survived(finished, owners={"partner"})
    last = finished.evidence["preflight"][-1]
    assert (last["name"], last["outcome"]) == ("clock", "failed")
    assert ("behind" if (ahead_s > 0) == (whose == "the target's") else "ahead of") in last["message"]


@pytest.mark.parametrize("ahead_s", [60, -60])
def test_a_clock_that_is_a_minute_off_does_no_harm(tmp_path: Path, ahead_s: int) -> None:
    finished = survive(tmp_path, env={"FAULTS_CLOCK_S": str(ahead_s)})
    assert_survived(finished, owners=set(), passes=True)


@pytest.mark.parametrize("date", ["yesterday, more or less", "%a, %d %b %Y %H:%M:%S -0000"], ids=["none", "no zone"])
def test_a_date_that_is_none_or_says_no_zone(tmp_path: Path, date: str) -> None:
    finished = survive(tmp_path, Rule(dated(datetime.now(UTC).strftime(date))))
    assert_survived(finished, owners=set(), passes=True)


# -- the way out ---------------------------------------------------------------------------------------------


def test_a_proxy_of_the_environment_is_ignored(tmp_path: Path) -> None:
    with socket.socket() as dead:
        dead.bind(("127.0.0.1", 0))  # bound, but not listening
        address = f"http://127.0.0.1:{dead.getsockname()[1]}"
        names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
        finished = survive(tmp_path, env=dict.fromkeys(names, address) | {"NO_PROXY": "", "no_proxy": ""})
    assert_survived(finished, owners=set(), passes=True)


def _has_ipv6_loopback() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as sock:
            sock.bind((LOOPBACK_6, 0))
    except OSError:
        return False
    return True


@pytest.mark.skipif(not _has_ipv6_loopback(), reason="this machine has no IPv6 loopback")
def test_a_target_on_ipv6(tmp_path: Path) -> None:
    finished = survive(tmp_path, through=lambda upstream: Proxy(upstream, host=LOOPBACK_6))
    assert "[::1]" in finished.evidence["run"]["target"]
    assert_survived(finished, owners=set(), passes=True)
