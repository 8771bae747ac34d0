"""What is answered in DEV's place: each error as it is documented, once or for a while, one at a time."""

import contextlib
import json
import re
import time
from decimal import Decimal
from typing import Any

import httpx
import pytest

from golive.connect.operations import OPERATIONS
from golive.gateway import Gateway, Provocation, Provocations
from golive.gateway.acts import NoProgress
from golive.gateway.asked import LIST, READ, START, STOP
from golive.gateway.catalogue import CATALOGUE
from golive.simulator import SimulatorOptions
from tests.connect.loopback import hang_up, say
from tests.gateway.bench import KEY, Dev, answer, bench, body_of, dev, eventually, recorder, request

PROGRESS, SHARED = "DE*EUL*EAUT0002*01", "DE*CIQ*EWBNHHLM82TLA*1"


class Backend:
    """A partner's backend that asks for one thing after the other, whatever it is answered."""

    def __init__(self, at: Dev, evse: str = SHARED) -> None:
        self.at = at
        self.user, self.method = at.driver()
        self.evse = evse

    def start(self) -> httpx.Response:
        body = {"evse_id": self.evse, "payment_method_id": self.method}
        return self.at.http.post(f"/users/{self.user}/charging/start/", json=body)

    def stop(self, session: str) -> httpx.Response:
        return self.at.http.post(f"/users/{self.user}/charging/stop/{session}/")

    def read(self, session: str) -> dict[str, Any]:
        said: dict[str, Any] = self.at.http.get(f"/users/{self.user}/charging-sessions/{session}/").json()
        return said

    def list(self) -> httpx.Response:
        return self.at.http.get(f"/users/{self.user}/charging-sessions/")

    def ask(self, operation: str, session: str = "s1") -> httpx.Response:
        """Any operation, with what it needs in its path."""
        known = OPERATIONS[operation]
        path = known.url_path(
            **{
                name: {"user_id": self.user, "session_id": session}.get(name, "x")
                for name in re.findall(r"\{(\w+)\}", known.path)
            }
        )
        body = {"evse_id": self.evse, "payment_method_id": self.method} if known.method != "GET" else None
        return self.at.http.request(known.method, path, json=body)


# -- the catalogue -----------------------------------------------------------------------------------------------------


def test_a_402_is_provoked_with_and_without_what_a_driver_can_confirm() -> None:
    with dev() as at:
        backend = Backend(at)
        for name in ("payment-error", "pre-authorization-failed"):
            at.gateway.provoke(name)
            assert "payment_intent_client_secret" not in backend.start().json()["error"]
            at.gateway.provoke(f"{name}-with-secret")
            secret = backend.start().json()["error"]["payment_intent_client_secret"]
            assert re.fullmatch(r"pi_\w{8,}_secret_\w{16,}", secret)
            assert secret not in at.exchanges[-1].model_dump_json()
            assert "_secret_[redacted" in (at.exchanges[-1].response or pytest.fail("no answer")).model_dump_json()


ANSWERED = [one for one in CATALOGUE.values() if one.status is not None and one.name != "already-stopped"]


@pytest.mark.parametrize("one", ANSWERED, ids=lambda one: one.name)
def test_an_error_is_answered_in_devs_place(one: Provocation) -> None:
    with dev() as at:
        backend = Backend(at)
        operation = sorted(one.operations)[0]
        handle = at.gateway.provoke(one.name, on=operation)
        answer = backend.ask(operation)
        assert answer.status_code == one.status
        assert handle.met.is_set()
        assert handle.over.is_set()
        (exchange,) = at.exchanges
        assert handle.exchanges == (exchange.id,)
        assert (exchange.actor, exchange.operation, exchange.provoked) == ("partner", operation, one.name)
        assert exchange.response is not None
        assert exchange.response.status == one.status
        if one.error_type is not None:
            error = answer.json()["error"]
            assert error["type"] == one.error_type
            assert error["details"]
            assert answer.json()["detail"]
        elif answer.headers["content-type"] == "application/json":
            assert set(answer.json()) == {"detail"}
        assert "x-golive-gateway" not in answer.headers, "a backend must not be able to tell"


def test_a_500_has_a_support_code_that_is_another_each_time() -> None:
    codes = set()
    with dev() as at:
        backend = Backend(at)
        for _ in range(2):
            at.gateway.provoke("unexpected-error-on-start")
            found = re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f-]{17}", backend.start().text)
            assert found
            codes.add(found[0])
    assert len(codes) == 2


def test_what_is_random_comes_from_the_seed() -> None:
    def said(seed: int) -> str:
        with dev(provocations=Provocations(seed=seed)) as at:
            at.gateway.provoke("pre-authorization-failed-with-secret")
            return Backend(at).start().text

    assert said(1) == said(1) != said(2)


# -- how it is armed ---------------------------------------------------------------------------------------------------


def test_what_is_not_meant_passes() -> None:
    with dev() as at:
        backend = Backend(at)
        handle = at.gateway.provoke("already-charging")
        assert backend.list().status_code == 200
        assert not handle.met.is_set()
        assert at.exchanges[0].provoked is None


def test_it_is_answered_as_often_as_it_was_asked_for() -> None:
    with dev() as at:
        backend = Backend(at)
        handle = at.gateway.provoke("forbidden", times=3, on=LIST)
        assert [backend.list().status_code for _ in range(5)] == [403, 403, 403, 200, 200]
        assert handle.exchanges == ("x0001", "x0002", "x0003")


def test_it_is_answered_for_a_while() -> None:
    with dev() as at:
        backend = Backend(at)
        at.gateway.provoke("forbidden", seconds=0.3, on=LIST)
        began = time.monotonic()
        while backend.list().status_code == 403:
            assert time.monotonic() - began < 20
        assert time.monotonic() - began >= 0.3


def test_one_at_a_time() -> None:
    with dev() as at:
        at.gateway.provoke("already-charging")
        with pytest.raises(RuntimeError, match="already-charging is still armed"):
            at.gateway.provoke("not-found")
        at.gateway.quiet()
        handle = at.gateway.provoke("already-stopped")
        at.gateway.quiet()
        assert handle.over.is_set()
        assert not handle.met.is_set()


def test_what_cannot_be_provoked_is_refused() -> None:
    gateway = Gateway("http://127.0.0.1:1", recorder())
    with pytest.raises(KeyError, match="alredy"):
        gateway.provoke("alredy-charging")
    with pytest.raises(KeyError, match="users_list"):
        gateway.provoke("already-charging", on="users_list")


# -- on the way --------------------------------------------------------------------------------------------------------


def lost(ask: Any) -> bool:
    try:
        ask()
    except httpx.RemoteProtocolError:
        return True
    return False


@pytest.mark.parametrize(("name", "arrives"), [("lost-start", False), ("lost-start-answer", True)])
def test_a_lost_start(name: str, arrives: bool) -> None:
    with dev() as at:
        backend = Backend(at)
        handle = at.gateway.provoke(name)
        assert lost(backend.start)
        assert bool(at.active(backend.user)) is arrives
        partner = at.of("partner")[0]
        assert handle.exchanges == (partner.id,)
        assert (partner.provoked, partner.response) == (name, None)
        assert partner.error is not None
        assert partner.error.kind == "AnswerLost"
        assert [exchange.operation for exchange in at.of("gateway")] == ([START] if arrives else [])


@pytest.mark.parametrize(("name", "arrives"), [("lost-stop", False), ("lost-stop-answer", True)])
def test_a_lost_stop(name: str, arrives: bool) -> None:
    with dev() as at:
        backend = Backend(at)
        session = backend.start().json()["id"]
        at.gateway.provoke(name)
        assert lost(lambda: backend.stop(session))
        assert (at.gateway.sessions.open == ()) is arrives
        if arrives:
            eventually(lambda: not at.active(backend.user))
        else:
            assert at.active(backend.user) == [session]


def test_a_slow_answer_is_devs_own() -> None:
    with dev(provocations=Provocations(slow_s=0.3)) as at:
        backend = Backend(at)
        at.gateway.provoke("slow-start")
        began = time.monotonic()
        started = backend.start()
        assert time.monotonic() - began >= 0.3
        assert started.status_code == 201
        partner, gateway = at.of("partner")[0], at.of("gateway")[0]
        assert partner.response is not None
        assert gateway.response is not None
        assert partner.response.body == gateway.response.body
        assert partner.took_s >= 0.3 > gateway.took_s


def test_a_slow_answer_that_nobody_waits_for_is_recorded_as_lost() -> None:
    with dev(provocations=Provocations(slow_s=60.0)) as at:
        backend = Backend(at)
        handle = at.gateway.provoke("slow-start")
        body = {"evse_id": SHARED, "payment_method_id": backend.method}
        with pytest.raises(httpx.ReadTimeout):
            at.http.post(f"/users/{backend.user}/charging/start/", json=body, timeout=0.3)
        assert handle.met.wait(20)
        partner = at.of("partner")[0]
        assert partner.error is not None
        assert (partner.error.kind, partner.provoked) == ("ClientGone", "slow-start")
        assert at.gateway.sessions.open_ids == tuple(at.active(backend.user))


@pytest.mark.parametrize("name", ["malformed-start", "malformed-answer"])
def test_a_malformed_answer_is_half_of_devs_own(name: str) -> None:
    with dev() as at:
        backend = Backend(at)
        at.gateway.provoke(name)
        answers = [backend.start(), backend.list()]
        spoilt = answers[name == "malformed-answer"]
        assert spoilt.is_success
        with pytest.raises(json.JSONDecodeError):
            spoilt.json()
        (gateway,) = at.of("gateway")
        assert gateway.response is not None
        assert (gateway.response.body or "").startswith(spoilt.text)


def test_already_stopped_is_true_when_it_is_said() -> None:
    with dev() as at:
        backend = Backend(at)
        session = backend.start().json()["id"]
        at.gateway.provoke("already-stopped")
        refused = backend.stop(session)
        assert (refused.status_code, refused.json()["error"]["type"]) == (409, "already_stopped")
        assert at.gateway.sessions.open == ()
        eventually(lambda: not at.active(backend.user))


# -- sessions that are shown otherwise than they are -------------------------------------------------------------------


def energies(backend: Backend, session: str) -> list[tuple[bool, str | None]]:
    """What is shown until the session is final, each reading that differs from the one before."""
    seen: list[tuple[bool, str | None]] = []
    while not seen or seen[-1][0]:
        said = backend.read(session)
        shown = (said["is_active"], said["consumed_energy"])
        if not seen or shown != seen[-1]:
            seen.append(shown)
    return seen


def test_a_session_without_progress_shows_none_until_it_has_ended() -> None:
    with dev() as at:
        backend = Backend(at, PROGRESS)
        handle = at.gateway.provoke("no-progress")
        *active, final = energies(backend, backend.start().json()["id"])
        assert active == [(True, "0.000")]
        assert Decimal(final[1] or 0) > 0
        marked = {exchange.id for exchange in at.of("partner") if exchange.provoked}
        assert set(handle.exchanges) == marked != set()
        assert at.of("partner")[-1].provoked is None


def test_a_list_shows_no_progress_either() -> None:
    with dev() as at:
        backend = Backend(at, PROGRESS)
        session = backend.start().json()["id"]
        eventually(lambda: Decimal(backend.read(session)["consumed_energy"]) > 0)
        at.gateway.provoke("no-progress")
        (listed,) = backend.list().json()["results"]
        assert (listed["is_active"], listed["consumed_energy"]) in ((True, "0.000"), (False, listed["consumed_energy"]))


def test_nothing_is_changed_that_cannot_be_read() -> None:
    assert not NoProgress().change({"is_active": True, "consumed_energy": "much"})
    assert not NoProgress().change({})


@pytest.mark.parametrize(("name", "rises"), [("late-cdr", False), ("progress-after-stop", True)])
def test_a_session_that_was_stopped_stays_active_for_a_while(name: str, rises: bool) -> None:
    with dev(options=SimulatorOptions(tick=0.01, key=KEY), provocations=Provocations(hold_s=0.5)) as at:
        backend = Backend(at)
        session = backend.start().json()["id"]
        handle = at.gateway.provoke(name)
        backend.read(session)
        assert not handle.met.is_set(), "before the stop everything is as it is"
        began = time.monotonic()
        assert backend.stop(session).status_code == 204
        eventually(lambda: not at.active(backend.user))
        held = backend.read(session)
        assert (held["is_active"], held["end_time"], held["duration"]) == (True, None, None)
        assert {value for name, value in held["session_cost"].items() if name != "currency"} == {None}
        (listed,) = backend.list().json()["results"]
        assert listed["is_active"]
        shown = energies(backend, session)
        assert time.monotonic() - began >= 0.5
        rising = [Decimal(kwh) for active, kwh in shown if active and kwh is not None]
        assert rising == sorted(set(rising))
        assert (len(rising) > 1) is rises
        final = backend.read(session)
        assert final["end_time"]
        assert final["session_cost"]["invoice_summary"]


def test_a_session_can_end_though_its_driver_stopped_nothing() -> None:
    with dev() as at:
        backend = Backend(at)
        session = backend.start().json()["id"]
        handle = at.gateway.provoke("cdr-without-stop")
        energies(backend, session)
        assert handle.met.is_set()
        assert [exchange.operation for exchange in at.of("gateway")] == [STOP, READ]
        assert at.gateway.sessions.open == ()
        assert backend.stop(session).json()["error"]["type"] == "already_stopped"


def test_a_session_that_has_ended_before_does_not_use_up_the_end_of_another() -> None:
    with dev() as at:
        backend = Backend(at)
        former = backend.start().json()["id"]
        backend.stop(former)
        eventually(lambda: not backend.read(former)["is_active"])
        handle = at.gateway.provoke("cdr-without-stop")
        assert not backend.read(former)["is_active"]
        assert not handle.over.is_set()
        session = backend.start().json()["id"]
        energies(backend, session)
        assert handle.exchanges
        assert handle.over.is_set()


def test_an_error_that_could_not_be_answered_is_answered_next_time() -> None:
    with bench(hang_up, say(answer(b'{"id": "s1"}'))) as at:
        handle = at.gateway.provoke("malformed-answer")
        asked = request("GET", "/api/v1/users/u1/charging-sessions/s1/")
        assert b"connection-lost" in at.say(asked)
        assert not handle.met.is_set()
        assert not handle.over.is_set()
        assert body_of(at.say(asked)) == b'{"id":'
        assert handle.over.is_set()


# -- whatever is provoked, nothing is left charging --------------------------------------------------------------------


@pytest.mark.parametrize("name", CATALOGUE)
def test_nothing_is_left_charging(name: str) -> None:
    with dev(provocations=Provocations(slow_s=0.01, hold_s=0.05), patience_s=0.5) as at:
        backend = Backend(at)
        at.gateway.provoke(name, times=2)
        session = "s1"
        with contextlib.suppress(httpx.HTTPError, KeyError, ValueError):
            session = backend.start().json()["id"]
        for ask in (lambda: backend.read(session), backend.list, lambda: backend.stop(session), backend.start):
            with contextlib.suppress(httpx.HTTPError, ValueError):
                ask()
        assert at.gateway.stop() == []
        eventually(lambda: not at.active(backend.user))
