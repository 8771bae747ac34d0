"""The proxy itself: what it passes is untouched, what it breaks is broken as asked, and it leaves nothing."""

import json
import threading
from collections.abc import Iterator

import httpx
import pytest

from golive.simulator import EmbeddedSimulator
from tests.faults.passing import (
    Fault,
    Rule,
    after_informational,
    answered,
    bomb,
    half_body,
    in_turn,
    junk,
    length_off_by,
    made,
    reset_after,
    reset_before,
    silence,
    trickle,
)
from tests.faults.proxy import Proxy
from tests.plugin.bench import keys_of


@pytest.fixture(scope="module")
def sim() -> Iterator[EmbeddedSimulator]:
    with EmbeddedSimulator() as running:
        yield running


def client(sim: EmbeddedSimulator, proxy: Proxy, read_s: float = 10) -> httpx.Client:
    headers = {"Authorization": f"Bearer {keys_of(sim)['CONNECT_API_KEY']}"}
    return httpx.Client(base_url=f"{proxy.url}/api/v1", headers=headers, trust_env=False, timeout=read_s)


def users(sim: EmbeddedSimulator) -> int:
    return len(sim.world.users)


def test_what_passes_is_untouched(sim: EmbeddedSimulator) -> None:
    with Proxy(sim.url) as proxy, client(sim, proxy) as through:
        made_user = through.post("/users/", json={"email": "a@example.com"})
        assert made_user.status_code == 201
        assert through.get(f"/users/{made_user.json()['id']}/").json() == made_user.json()
        assert through.delete(f"/users/{made_user.json()['id']}/").status_code == 204
        listed = through.get("/users/", params={"page_size": 1})
        assert proxy.url in json.dumps(listed.json()) or listed.json()["next"] is None
        assert through.get("/no/such/path/").status_code == 404
    assert [line.split()[0] for line in proxy.requests] == ["POST", "GET", "DELETE", "GET", "GET"]


@pytest.mark.parametrize(
    ("fault", "raised", "acted"),
    [
        (reset_before, httpx.ReadError, False),
        (reset_after, httpx.ReadError, True),
        (half_body, httpx.RemoteProtocolError, True),
        (junk, httpx.RemoteProtocolError, True),
        (length_off_by(5), httpx.RemoteProtocolError, True),
        (trickle(0.02), httpx.ReadTimeout, True),
    ],
    ids=["reset before", "reset after", "half a body", "junk", "too long", "trickle"],
)
def test_a_fault_befalls_the_requests_it_is_meant_for(
    sim: EmbeddedSimulator, fault: Fault, raised: type[Exception], acted: bool
) -> None:
    rule = Rule(fault, r"^POST .*/users/$", skip=1, times=1)
    before = users(sim)
    with Proxy(sim.url, rule) as proxy, client(sim, proxy) as through:
        assert through.post("/users/", json={}).status_code == 201
        assert through.get("/users/").status_code == 200
        with pytest.raises(raised):
            _read_for_a_second(through)
        assert through.post("/users/", json={}).status_code == 201
    assert users(sim) - before == 2 + acted
    assert rule.struck == ["POST /api/v1/users/"]


def _read_for_a_second(through: httpx.Client) -> None:
    """httpx has no bound on a whole body; a second is this test's."""
    over = threading.Event()
    timer = threading.Timer(1, over.set)
    timer.start()
    try:
        with through.stream("POST", "/users/", json={}) as answer:
            for _ in answer.iter_raw():
                if over.is_set():
                    raise httpx.ReadTimeout("a second has passed")
    finally:
        timer.cancel()


def test_answers_are_made_up_and_dressed(sim: EmbeddedSimulator) -> None:
    busy = made("503 Service Unavailable", b"<h1>no", "Retry-After: 1", content_type="text/html")
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    faults = in_turn(answered(busy), after_informational(hints, hints), bomb(1000), length_off_by(-1))
    with Proxy(sim.url, Rule(faults)) as proxy, client(sim, proxy) as through:
        first = through.get("/users/")
        assert (first.status_code, first.headers["retry-after"], first.text) == (503, "1", "<h1>no")
        assert "results" in through.get("/users/").json()
        assert through.get("/users/").content == b" " * 1000
        assert through.get("/users/").text.endswith("]")


def test_the_network_is_cut_and_comes_back(sim: EmbeddedSimulator) -> None:
    before = threading.active_count()
    with Proxy(sim.url) as proxy, client(sim, proxy) as through:
        assert through.get("/users/").status_code == 200
        with proxy.being_cut():
            assert proxy.refused
            for _ in range(3):
                with pytest.raises((httpx.ConnectError, httpx.ReadError, httpx.RemoteProtocolError)):
                    through.get("/users/")
        assert through.get("/users/").status_code == 200
        proxy.cut(for_s=0.2)
        with pytest.raises((httpx.ConnectError, httpx.ReadError, httpx.RemoteProtocolError)):
            through.get("/users/")
        back = threading.Event()
        while proxy.refused:
            back.wait(0.02)
        assert through.get("/users/").status_code == 200
    assert threading.active_count() == before


def test_it_ends_in_the_middle_of_everything(sim: EmbeddedSimulator) -> None:
    before = threading.active_count()
    with Proxy(sim.url, Rule(silence)) as proxy:
        calls = [threading.Thread(target=_call, args=(sim, proxy)) for _ in range(4)]
        for call in calls:
            call.start()
        arrived = threading.Event()
        while len(proxy.requests) < 4:
            arrived.wait(0.01)
    for call in calls:
        call.join(30)
    assert threading.active_count() == before


def _call(sim: EmbeddedSimulator, proxy: Proxy) -> None:
    with client(sim, proxy) as through, pytest.raises(httpx.TransportError):
        through.get("/users/")
