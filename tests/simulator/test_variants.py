"""Another behaviour is a small class put over one part, or middleware around the whole."""

from datetime import datetime

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from golive.simulator import SIMULATOR_KEY, EmbeddedSimulator
from golive.simulator.dev import Parts
from golive.simulator.services.wire import Wire
from golive.simulator.state.identifiers import Identifiers
from tests.simulator.bench import TYPE_2, Bench


class PlainTimes(Wire):
    def timestamp(self, instant: datetime) -> str:
        return instant.isoformat(timespec="seconds")


class Talkative(Wire):
    def body(self, content: object) -> object:
        return {**content, "unheard_of": 1} if isinstance(content, dict) else content


class Counting(Identifiers):
    def user(self) -> str:
        self._users = getattr(self, "_users", 0) + 1
        return str(self._users)


def test_times_ids_and_extra_fields_can_take_another_form() -> None:
    dev = Bench(Parts().mixed(wire=PlainTimes).mixed(wire=Talkative, identifiers=Counting))
    user, method = dev.driver()
    session = dev.session(user, dev.start(user, method, TYPE_2[0]))
    assert (user, session["start_time"], session["unheard_of"]) == ("1", "2026-03-02T10:00:00+00:00", 1)
    assert dev.send("GET", "/api/v1/users/9/").json() == {"detail": "Not found.", "unheard_of": 1}


def test_the_same_seed_makes_the_same_ids() -> None:
    one, two, other = Bench(seed=1), Bench(seed=1), Bench(seed=2)
    assert one.driver() == two.driver() != other.driver()


def test_middleware_stands_around_the_served_simulator() -> None:
    def elsewhere(app: ASGIApp) -> ASGIApp:
        async def around(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["path"] != "/api/v1/stations/partners/":
                return await app(scope, receive, send)
            headers = [(b"location", b"/elsewhere")]
            await send({"type": "http.response.start", "status": 302, "headers": headers})
            return await send({"type": "http.response.body", "body": b""})

        return around

    with EmbeddedSimulator(middleware=[elsewhere]) as sim:
        headers = {"Authorization": f"Bearer {SIMULATOR_KEY}"}
        assert httpx.get(f"{sim.api_url}/stations/partners/", headers=headers).status_code == 302
        assert httpx.get(f"{sim.api_url}/users/", headers=headers).status_code == 200
