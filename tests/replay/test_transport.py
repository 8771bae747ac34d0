"""Answers out of a record: the same status, headers, body and faults, and a miss where there is no whole one."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from golive.connect import ConnectClient
from golive.connect.errors import NotFound, Unreachable, Unreadable
from golive.evidence.model import Exchange, TransportFault
from golive.guard import ForbiddenTarget
from golive.judging import conclude
from golive.recording import EXTENSION, BodyTooLarge, BodyUndecodable, Recorder, Redactor
from golive.replay import ReplayClock, ReplayMiss, ReplayTransport, Shelf
from tests.replay.bench import BASE, BEGAN, exchange

KEY = SecretStr("replay-key-of-no-worth")


class Bench:
    """A replay of some exchanges."""

    def __init__(self, *entries: Exchange) -> None:
        self.shelf = Shelf(entries)
        self.clock = ReplayClock(self.shelf, began=BEGAN)
        self.recorder = Recorder(Redactor({"CONNECT_API_KEY": KEY}), self.clock)
        self.transport = ReplayTransport(self.shelf, self.clock, self.recorder)

    def send(self, path: str = "/users/", method: str = "GET", **given: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {KEY.get_secret_value()}"}
        with httpx.Client(transport=self.transport, trust_env=False) as client:
            about = {"actor": "driver", "operation": "users_list", "body_s": 1.0}
            return client.request(method, f"{BASE}{path}", headers=headers, extensions={EXTENSION: about}, **given)

    def client(self) -> ConnectClient:
        return ConnectClient(
            BASE,
            KEY,
            actor="driver",
            transport=self.transport,
            recorder=self.recorder,
            clock=self.clock,
            user_agent="tests",
        )


def test_the_recorded_answer_comes_back_and_is_recorded_the_same() -> None:
    recorded = exchange(5, at=3.0, took=0.25, answer='{"detail": "ö"}', status=404, headers={"retry-after": "7"})
    bench = Bench(recorded)
    response = bench.send()
    assert response.status_code == 404
    assert response.json() == {"detail": "ö"}
    assert response.headers["retry-after"] == "7"
    (again,) = bench.recorder.exchanges
    assert (again.id, again.started_at, again.took_s) == (recorded.id, recorded.started_at, recorded.took_s)
    assert again.response == recorded.response
    assert bench.shelf.unasked == ()


def test_a_body_is_text_already_however_it_had_travelled() -> None:
    headers = {"content-encoding": "gzip", "content-length": "23", "transfer-encoding": "chunked"}
    assert Bench(exchange(1, answer='{"a": 1}', headers=headers)).send().json() == {"a": 1}


def test_an_answer_without_a_body_has_none() -> None:
    recorded = exchange(1, status=204)
    assert recorded.response is not None
    empty = recorded.model_copy(update={"response": recorded.response.model_copy(update={"body": None})})
    assert Bench(empty).send().content == b""


@pytest.mark.parametrize(
    "kind", [httpx.ReadTimeout, httpx.ConnectError, httpx.RemoteProtocolError, BodyTooLarge, BodyUndecodable]
)
@pytest.mark.parametrize("answer", [None, '{"cut": '], ids=["no answer", "part of one"])
def test_a_recorded_fault_is_raised_again(kind: type[httpx.RequestError], answer: str | None) -> None:
    fault = TransportFault(kind=kind.__name__, message="as it was said then")
    recorded = exchange(1, answer=answer, truncated=True, fault=fault)
    bench = Bench(recorded)
    with pytest.raises(kind, match=r"^as it was said then$"):
        bench.send()
    (again,) = bench.recorder.exchanges
    assert (again.error, again.response) == (recorded.error, recorded.response)
    assert bench.transport.unanswered == {}


def test_the_client_takes_a_recorded_fault_for_one() -> None:
    lost = TransportFault(kind="ReadTimeout", message="too late")
    bench = Bench(*(exchange(n, "/users/u/", answer=None, fault=lost) for n in (1, 2, 3)))
    with pytest.raises(Unreachable):
        bench.client().get_user("u")
    too_large = TransportFault(kind="BodyTooLarge", message="the answer is larger than 5 bytes")
    with pytest.raises(Unreadable):
        Bench(exchange(1, "/users/u/", answer="{", truncated=True, fault=too_large)).client().get_user("u")
    with pytest.raises(NotFound):
        Bench(exchange(1, "/users/u/", answer='{"detail": "no"}', status=404)).client().get_user("u")


LACKING = {
    "nothing recorded": [],
    "another path": [exchange(1, "/other/")],
    "no answer yet": [exchange(1, answer=None, fault=TransportFault(kind="Unfinished", message="-"))],
    "interrupted": [exchange(1, answer=None, fault=TransportFault(kind="KeyboardInterrupt", message="-"))],
    "neither answer nor fault": [exchange(1, answer=None)],
    "cut off": [exchange(1, truncated=True)],
    "cut off by nobody": [exchange(1, fault=TransportFault(kind="SomethingElse", message="-"))],
}


@pytest.mark.parametrize("entries", LACKING.values(), ids=LACKING.keys())
def test_no_whole_answer_is_a_miss(entries: list[Exchange]) -> None:
    bench = Bench(*entries)
    with pytest.raises(ReplayMiss, match=r"the record has no (whole )?answer to GET /api/v1/users/") as caught:
        bench.send()
    assert conclude(caught.value) is None, "a miss is nobody's finding"
    (again,) = bench.recorder.exchanges
    assert again.error is not None
    assert again.error.kind == "ReplayMiss"
    assert bench.transport.unanswered == {again.id: str(caught.value)}


CALLS: dict[str, Callable[[ConnectClient], object]] = {
    "a read that may be repeated": lambda client: client.get_user("u"),
    "a raw read": lambda client: client.send("GET", "/users/"),
    "a list": lambda client: list(client.list_users()),
    "a start": lambda client: client.start_charging("u", evse_id="E", payment_method_id="p"),
    "a stop": lambda client: client.stop_charging("u", "s"),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_no_retry_and_no_second_look_hides_a_miss(call: Callable[[ConnectClient], object]) -> None:
    bench = Bench()
    with pytest.raises(ReplayMiss):
        call(bench.client())
    assert len(bench.recorder.exchanges) == 1


def test_a_miss_after_a_lost_start_is_one_too() -> None:
    body = '{"evse_id": "E", "payment_method_id": "p"}'
    lost = TransportFault(kind="ReadTimeout", message="too late")
    start = exchange(1, "/users/u/charging/start/", method="POST", body=body, answer=None, fault=lost)
    bench = Bench(start)
    with pytest.raises(ReplayMiss):
        bench.client().start_charging("u", evse_id="E", payment_method_id="p")


def test_retries_are_lived_through_at_their_times() -> None:
    unavailable = [exchange(n, "/users/u/", at=float(n), answer="", status=503) for n in (1, 2)]
    answered = exchange(3, "/users/u/", at=60.0, answer='{"id": "u"}')
    bench = Bench(*unavailable, answered)
    assert bench.client().get_user("u").id == "u"
    assert [e.started_at for e in bench.recorder.exchanges] == [e.started_at for e in (*unavailable, answered)]


def test_the_guard_stands_before_a_record_too() -> None:
    bench = Bench(exchange(1))
    with pytest.raises(ForbiddenTarget, match="production host"), httpx.Client(transport=bench.transport) as client:
        client.get("https://connect.cariqa.com/api/v1/users/")
