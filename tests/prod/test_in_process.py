"""Settings, transport, redirects, next links, scans: nothing comes to the production host, nor looks its name up."""

import contextlib
import json
import socket
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from golive import guard
from golive.connect import ConnectClient
from golive.connect.errors import ConnectError
from golive.guard import ForbiddenTarget
from golive.recording import Recorder, Redactor, live_transport
from golive.scanning import scan_page
from golive.settings import OPTIONS, SettingsError, load_settings
from tests.plugin.servers import Counting, serving
from tests.prod.bench import Prod, prod, proxies, spellings
from tests.prod.resolver import PROD, resolver
from tests.recording.clock import FakeClock
from tests.settings.conftest import LISTED, SIMULATOR

REDIRECTS = [301, 302, 303, 307, 308]


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Prod]:
    """Where the production host's name leads while a test runs; it must have had no visit at the end."""
    guard._prod_addresses.cache_clear()
    with prod(tmp_path) as found:
        monkeypatch.setattr(socket, "getaddrinfo", resolver(found.port, lambda: found.lookups.append("x")))
        yield found
    guard._prod_addresses.cache_clear()


def recorder() -> Recorder:
    return Recorder(Redactor({"CONNECT_API_KEY": "canary-key-0123456789"}), FakeClock())


def client(**options: Any) -> httpx.Client:
    """A client that follows every redirect, so that nothing but the transport stands in the way."""
    return httpx.Client(transport=live_transport(recorder()), trust_env=False, follow_redirects=True, **options)


# -- that it would be found out ------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [f"http://{PROD}/", f"http://{PROD.upper()}.:8443/", f"https://{PROD}/"])
def test_whoever_is_not_stopped_comes_there(url: str, there: Prod) -> None:
    with pytest.raises(httpx.HTTPError) if url.startswith("https") else httpx.Client():
        httpx.get(url, trust_env=False)
    assert there.server.connections == 1
    assert there.visits == 2


def test_without_the_guard_the_transport_goes_there(there: Prod, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("golive.recording.transport.check_request", lambda _: None)
    with serving(lambda _: (307, {"Location": f"http://{PROD}/"}, b"")) as server, client() as http:
        assert http.get(server.url).status_code == 200
    assert there.server.hits == ["GET /"]


def test_a_proxy_of_the_environment_is_where_a_careless_client_goes(
    there: Prod, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_proxies(monkeypatch)
    assert httpx.get("http://dev.connect.cariqa.com/").status_code == 200
    assert there.server.hits == ["GET http://dev.connect.cariqa.com/"]


def set_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in proxies().items():
        monkeypatch.setenv(name, value)


# -- the ways ------------------------------------------------------------------------------------------------

PLACES = ["GOLIVE_TARGET", "CONNECT_API_DOMAIN", "STRIPE_API_BASE", "GOLIVE_OPENAPI", "GOLIVE_SCAN_URL"]


@pytest.mark.parametrize("url", spellings(), ids=ascii)
def test_no_setting_takes_it(url: str, there: Prod, tmp_path: Path) -> None:
    def refused(line: dict[str, Any], env: dict[str, str], dotenv: Path | None = None) -> str:
        with pytest.raises(SettingsError) as caught:
            load_settings(line, {"CONNECT_API_KEY": "k", **env}, dotenv, listed=LISTED, loopback_defaults=SIMULATOR)
        return str(caught.value)

    for option in OPTIONS:
        if option.environment in PLACES:
            assert refused({option.name: (url, option.flag)}, {}).startswith(option.flag)
    for name in PLACES:
        assert name in refused({}, {name: url})
        file = tmp_path / ".env"
        file.write_text(f"{name}='{url}'\n", encoding="utf-8")
        assert name in refused({}, {}, file)
    assert there.visits == 0


@pytest.mark.parametrize("url", spellings() + spellings(scheme="http"), ids=ascii)
def test_the_transport_sends_nothing_there(url: str, there: Prod) -> None:
    with client() as http:
        try:
            request = http.build_request("GET", url)
        except httpx.InvalidURL:
            return
        with pytest.raises((ForbiddenTarget, httpx.UnsupportedProtocol)):
            http.send(request)
    assert there.visits == 0


def test_the_transport_uses_no_proxy(there: Prod, monkeypatch: pytest.MonkeyPatch) -> None:
    set_proxies(monkeypatch)
    with serving(lambda _: (200, {}, b"")) as server, client() as http:
        assert http.get(server.url).status_code == 200
        with pytest.raises(httpx.ConnectError):
            http.get("https://dev.connect.cariqa.com/")
    assert there.visits == 0


@pytest.mark.parametrize("told", [{"headers": {"Host": PROD}}, {"extensions": {"sni_hostname": PROD}}], ids=str)
def test_no_request_says_by_other_means_that_production_is_meant(told: dict[str, Any], there: Prod) -> None:
    with serving(lambda _: (200, {}, b"")) as server, client() as http:
        with pytest.raises(ForbiddenTarget, match="another host than its URL"):
            http.get(server.url, **told)
        assert server.connections == 0
    assert there.visits == 0


def locations() -> list[str]:
    return [*spellings(), *spellings(scheme="http"), f"//{PROD}/", f"/\\{PROD}/", f"\\\\{PROD}\\", f"HTTPS:{PROD}"]


@pytest.mark.parametrize("status", REDIRECTS)
def test_no_redirect_leads_there(status: int, there: Prod) -> None:
    for location in locations():
        header = location.encode("utf-8").decode("latin-1")

        def respond(path: str, header: str = header) -> tuple[int, dict[str, str], bytes]:
            return status, {"Location": "/again" if path == "/" else header}, b""

        with serving(respond) as server:
            if "\n" not in header:
                ignored = contextlib.suppress(ForbiddenTarget, httpx.HTTPError, httpx.InvalidURL)
                with client() as http, ignored:
                    http.get(server.url)
            with connect(server) as api:
                for ask in (api.get_user, lambda _: api.send("GET", "/users/"), api.delete_user):
                    with contextlib.suppress(ConnectError):
                        ask("u1")
        assert there.visits == 0, location


def connect(server: Counting) -> ConnectClient:
    kept = recorder()
    return ConnectClient(
        server.url,
        SecretStr("canary-key-0123456789"),
        actor="checks",
        transport=live_transport(kept),
        recorder=kept,
        clock=FakeClock(),
        user_agent="tests",
    )


def _answer(body: bytes, _path: str) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "application/json"}, body


def test_no_next_link_leads_there(there: Prod) -> None:
    for link in locations():
        body = json.dumps({"count": 9, "next": link + "?page=2", "previous": None, "results": [{"id": "u1"}]}).encode()
        with serving(partial(_answer, body)) as server:
            with connect(server) as api, pytest.raises(ConnectError):
                list(api.list_users())
            assert set(server.hits) == {"GET /api/v1/users/"}, link
        assert there.visits == 0, link


@pytest.mark.parametrize(
    "path", [f"@{PROD}/", f":x@{PROD}/", f"//{PROD}/", f"/../../{PROD}", f".{PROD}", f"\\@{PROD}", f"http://{PROD}/"]
)
def test_no_path_leads_there(path: str, there: Prod) -> None:
    with serving(lambda _: (404, {}, b"")) as server, connect(server) as api:
        for wanted in (path, path.lstrip("/")):
            with contextlib.suppress(ForbiddenTarget, ConnectError, httpx.InvalidURL):
                api.send("GET", wanted)
    assert there.visits == 0


def test_no_page_that_is_scanned_leads_there(there: Prod) -> None:
    links = "".join(
        f'<script src="{url}app.js"></script><link rel=preload as=script href="{url}"><iframe src="{url}"></iframe>'
        f'<meta http-equiv=refresh content="0;url={url}">'
        for url in locations()
    )
    answers: dict[str, tuple[int, dict[str, str], bytes]] = {
        "/": (200, {"Content-Type": "text/html; charset=utf-8"}, f"<script src=/a.js></script>{links}".encode()),
        "/a.js": (200, {"Content-Type": "text/javascript", "SourceMap": f"http://{PROD}/a.map"}, b"import '/b.js'"),
        "/based": (
            200,
            {"Content-Type": "text/html"},
            f"<base href=http://{PROD}/><script src=c.js></script>".encode(),
        ),
    }
    with serving(lambda path: answers.get(path, (302, {"Location": f"http://{PROD}{path}"}, b""))) as server:
        assert scan_page(f"{server.url}/", None).files >= 2
        scan_page(f"{server.url}/based", None)
        assert "GET /a.js" in server.hits
    assert there.visits == 0


# -- by address ----------------------------------------------------------------------------------------------

ADDRESSES = ["203.0.113.5", "[2001:db8::5]", "[::ffff:203.0.113.5]", "[64:ff9b::203.0.113.5]", "[2002:cb00:7105::1]"]
KNOWN = [("203.0.113.5", 443), ("2001:db8::5", 443, 0, 0)]


class Resolver:
    """Says which addresses the production host has, and counts who asks."""

    def __init__(self, *found: tuple[Any, ...], fault: OSError | None = None) -> None:
        self.asked: list[object] = []
        self._found, self._fault = found, fault

    def __call__(self, host: object, *_args: object, **_kwargs: object) -> list[tuple[Any, ...]]:
        self.asked.append(host)
        if host != PROD:
            raise socket.gaierror("nothing else is known")
        if self._fault:
            raise self._fault
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", sockaddr) for sockaddr in self._found]


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Resolver], Resolver]]:
    def install(resolver: Resolver) -> Resolver:
        guard._prod_addresses.cache_clear()
        monkeypatch.setattr(socket, "getaddrinfo", resolver)
        return resolver

    yield install
    guard._prod_addresses.cache_clear()


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_of_production_is_refused_wherever_a_request_is_sent(
    address: str, known: Callable[[Resolver], Resolver]
) -> None:
    asked = known(Resolver(*KNOWN)).asked
    url = f"https://{address}/api/v1/"
    with client() as http, pytest.raises(ForbiddenTarget, match="is an address of the production host"):
        http.get(url)
    assert "production host" in str(scan_page(url, None).skipped)
    with pytest.raises(ForbiddenTarget, match="--target: is an address of"):
        guard.refuse_prod_address(url, what="--target")
    assert asked == [PROD], "its name was looked up more than once, or another was"


def test_a_redirect_to_such_an_address_is_refused(known: Callable[[Resolver], Resolver]) -> None:
    real = socket.getaddrinfo
    unknown = Resolver(*KNOWN)
    known(lambda host, *args, **kw: real(host, *args, **kw) if host == "127.0.0.1" else unknown(host, *args))  # type: ignore[arg-type]
    redirect = serving(lambda _: (302, {"Location": "https://203.0.113.5/"}, b""))
    with redirect as server, client() as http, pytest.raises(ForbiddenTarget):
        http.get(server.url)


@pytest.mark.parametrize("url", ["https://203.0.113.6", "https://[2001:db8::6]", "https://[2002:cb00:7106::1]"])
def test_another_address_is_not(url: str, known: Callable[[Resolver], Resolver]) -> None:
    known(Resolver(*KNOWN))
    guard.refuse_prod_address(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1", guard.DEV_URL])
def test_nothing_is_looked_up_for_this_machine_or_for_a_name(url: str, known: Callable[[Resolver], Resolver]) -> None:
    """In a rehearsal no name leaves this machine; and DEV may share its addresses with PROD."""
    asked = known(Resolver(*KNOWN, ("127.0.0.1", 443))).asked
    guard.refuse_prod_address(url)
    assert asked == []


def test_where_the_name_is_not_known_an_address_is_not_refused(known: Callable[[Resolver], Resolver]) -> None:
    asked = known(Resolver(fault=socket.gaierror("no network"))).asked
    guard.refuse_prod_address("https://203.0.113.5")
    guard.refuse_prod_address("https://203.0.113.5")
    assert asked == [PROD]
