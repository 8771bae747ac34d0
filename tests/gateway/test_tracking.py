"""What a backend begins through the gateway is known until it has ended, and stopped at the end."""

import socket
import threading
from pathlib import Path
from unittest.mock import Mock

import httpx
import pytest

from golive.journeys.sessions import OpenSessions
from golive.safekeeping import journal
from golive.safekeeping.journal import Header, Journal
from golive.simulator import SimulatorOptions
from tests.connect.loopback import Script, hang_up, say
from tests.gateway.bench import (
    BEARER,
    KEY,
    PATIENCE_S,
    Dev,
    answer,
    bench,
    body_of,
    dev,
    eventually,
    free_port,
    in_front_of,
    lines_of,
    request,
)

EVSE, SHARED = "DE*EUL*EAUT0002*01", "DE*CIQ*EWBNHHLM82TLA*1"
JSON = "Content-Type: application/json"
START = "/api/v1/users/u1/charging/start/"
SLOW = SimulatorOptions(tick=5.0, key=KEY)
"""A charge that does not end by itself while a test looks."""


def start(at: Dev, user: str, method: str, evse: str = EVSE) -> httpx.Response:
    return at.http.post(f"/users/{user}/charging/start/", json={"evse_id": evse, "payment_method_id": method})


def test_a_session_that_nobody_stopped_is_stopped_with_the_partners_own_key() -> None:
    with dev(options=SLOW) as at:
        user, method = at.driver()
        session = start(at, user, method, SHARED).json()["id"]
        assert at.gateway.sessions.open_ids == (session,)
        assert at.gateway.release() == []
        assert at.gateway.sessions.open == ()
        (stop,) = at.of("gateway")
        assert stop.operation == "users_charging_stop_create"
        assert stop.request.headers["authorization"] == "Bearer $CONNECT_API_KEY"
        assert stop.response is not None
        assert stop.response.status == 204


@pytest.mark.parametrize(
    "target",
    [
        "/api/v1/users/u1/charging/start",
        "/api/v1/users/u1/charging/start/?a=/b/",
        "/api/v1/users/%75%31/charging/st%61rt/",
        "/api/v1//users/u1//charging/start//",
        "/api/v1/./users/u2/../u1/charging/start/.",
    ],
)
def test_a_start_is_known_as_one_however_its_path_is_spelled(target: str) -> None:
    with bench(closing(answer(SESSION, JSON, status="201 Created")), ENDED) as at:
        at.say(request("POST", target, BEARER.strip(), body=b'{"evse_id": "x"}'))
        assert lines_of(at.asked)[0] == f"POST {target} HTTP/1.1"
        assert at.only.operation == "users_charging_start_create"
        assert at.gateway.stop() == []
        assert lines_of(at.server.requests[-1])[0] == "POST /api/v1/users/u1/charging/stop/s1/ HTTP/1.1"


def test_the_end_of_the_gateway_stops_what_is_open() -> None:
    with dev(options=SLOW) as at:
        user, method = at.driver()
        start(at, user, method, SHARED)
        at.gateway.stop()
        assert [exchange.operation for exchange in at.of("gateway")] == ["users_charging_stop_create"]


def test_a_session_that_its_driver_stopped_is_left_alone() -> None:
    with dev() as at:
        user, method = at.driver()
        session = start(at, user, method).json()["id"]
        assert at.http.post(f"/users/{user}/charging/stop/{session}/").status_code == 204
        assert at.gateway.sessions.open == ()
        assert at.gateway.release() == []
        assert at.of("gateway") == []


def test_a_stop_that_was_too_late_means_that_the_session_has_ended() -> None:
    with dev() as at:
        user, method = at.driver()
        session = start(at, user, method).json()["id"]
        eventually(lambda: not at.active(user))
        assert at.http.post(f"/users/{user}/charging/stop/{session}/").json()["error"]["type"] == "already_stopped"
        assert at.gateway.sessions.open == ()


@pytest.mark.parametrize("path", ["charging-sessions/", "charging-sessions/{session}/"])
def test_a_session_that_is_seen_to_have_ended_is_left_alone(path: str) -> None:
    with dev(options=SimulatorOptions(tick=0.3, key=KEY)) as at:
        user, method = at.driver()
        session = start(at, user, method).json()["id"]
        at.http.get(f"/users/{user}/{path.format(session=session)}")
        assert at.gateway.sessions.open_ids == (session,)
        eventually(lambda: not at.active(user))
        at.http.get(f"/users/{user}/{path.format(session=session)}")
        assert at.gateway.sessions.open == ()


def test_a_refused_start_leaves_nothing_to_be_done() -> None:
    with dev() as at:
        user, _ = at.driver()
        assert start(at, user, "pm_unknown").status_code == 400
        assert at.gateway.sessions.open == ()


def test_a_second_start_of_a_user_who_charges_does_not_strike_out_the_first() -> None:
    with dev(options=SLOW) as at:
        user, method = at.driver()
        session = start(at, user, method, SHARED).json()["id"]
        assert start(at, user, method, SHARED).status_code == 409
        assert at.gateway.sessions.open_ids == (session,)


def test_starts_at_the_same_moment_do_not_strike_each_other_out() -> None:
    with dev(options=SimulatorOptions(tick=5.0, start_delay=0.05, key=KEY)) as at:
        user, method = at.driver()
        threads = [threading.Thread(target=start, args=(at, user, method, SHARED)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_S)
        (active,) = at.active(user)
        assert at.gateway.sessions.open_ids == (active,)
        at.gateway.release()
        assert at.of("gateway")[-1].request.url.endswith(f"/charging/stop/{active}/")


# -- answers that are lost ---------------------------------------------------------------------------------------------

SESSION = b'{"id": "s1", "is_active": true, "evse_id": "x"}'
LISTED = b'{"count": 1, "next": null, "previous": null, "results": [%s]}' % SESSION
NONE_YET = b'{"count": 0, "next": null, "previous": null, "results": []}'


def begin(*scripts: Script, patience_s: float = 5.0) -> tuple[list[str], list[str], tuple[object, ...]]:
    """A start whose answer is the first script; what release then asks, what it could not do, what is left."""
    with bench(*scripts, patience_s=patience_s) as at:
        at.say(request("POST", START, BEARER.strip(), body=b'{"evse_id": "x", "payment_method_id": "pm_1"}'))
        before = len(at.server.requests)
        problems = at.gateway.release()
        asked = [lines_of(message)[0].removesuffix(" HTTP/1.1") for message in at.server.requests[before:]]
        return asked, problems, at.gateway.sessions.open


def closing(data: bytes) -> Script:
    """Answers once and closes, so that the next script gets the next request."""
    return say(data.replace(b"\r\n", b"\r\nConnection: close\r\n", 1), then=hang_up)


ENDED = closing(answer(b"", status="204 No Content"))
SEEN = closing(answer(LISTED, JSON))
LIST, STOP = "GET /api/v1/users/u1/charging-sessions/", "POST /api/v1/users/u1/charging/stop/s1/"


def test_the_session_of_a_start_whose_answer_was_lost_is_looked_for_and_stopped() -> None:
    assert begin(hang_up, SEEN, SEEN, ENDED) == ([LIST, LIST, STOP], [], ())


def test_a_session_that_shows_up_late_is_waited_for() -> None:
    nothing = closing(answer(NONE_YET, JSON))
    assert begin(hang_up, nothing, SEEN, SEEN, ENDED) == ([LIST, LIST, LIST, STOP], [], ())


def test_a_session_that_never_shows_up_is_not_waited_for_longer_than_a_start_may_take() -> None:
    asked, problems, left = begin(hang_up, closing(answer(NONE_YET, JSON)), patience_s=0.0)
    assert (asked, problems, left) == ([LIST], [], ())


@pytest.mark.parametrize(
    "refusal",
    [
        answer(b'{"error": {"type": "charging_provider_error"}}', JSON, status="424 Failed Dependency"),
        answer(b'{"error": {"type": "unexpected_error"}}', JSON, status="500 Internal Server Error"),
        answer(b"<html>", "Content-Type: text/html", status="502 Bad Gateway"),
    ],
    ids=["424", "500", "502"],
)
def test_a_start_of_which_nobody_can_say_what_became_is_looked_after(refusal: bytes) -> None:
    assert begin(closing(refusal), SEEN, SEEN, ENDED) == ([LIST, LIST, STOP], [], ())


@pytest.mark.parametrize("body", [b"", b'{"id": ', b"[]", b'{"id": null}'])
def test_a_start_that_was_accepted_without_saying_which_session_is_looked_after(body: bytes) -> None:
    created = closing(answer(body, JSON, status="201 Created"))
    assert begin(created, SEEN, SEEN, ENDED) == ([LIST, LIST, STOP], [], ())


@pytest.mark.parametrize("status", ["400 x", "402 x", "403 x", "404 x", "409 x"])
def test_a_start_that_was_refused_for_sure_is_not(status: str) -> None:
    assert begin(closing(answer(b"{}", JSON, status=status))) == ([], [], ())


def test_a_start_that_never_left_is_not() -> None:
    with in_front_of(f"http://127.0.0.1:{free_port()}") as at:
        got = at.say(request("POST", START, BEARER.strip(), body=b"{}"))
        assert b"no-connection" in got
        assert at.gateway.sessions.open == ()


def test_what_could_not_be_stopped_is_said_and_stays() -> None:
    created = closing(answer(SESSION, JSON, status="201 Created"))
    asked, problems, left = begin(created, closing(answer(b"{}", JSON, status="500 No")))
    assert asked == [STOP]
    assert problems[0].startswith("the session on x of user u1 may still be open: ")
    assert len(left) == 1


# -- on disk -----------------------------------------------------------------------------------------------------------


def test_a_start_is_on_disk_before_it_is_sent(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    seen: list[int] = []

    def script(connection: socket.socket, head: bytes) -> None:
        told = journal.read(file)
        seen.append(len(told.begun) if told else 0)
        closing(answer(SESSION, JSON, status="201 Created"))(connection, head)

    kept = Journal(file, Header("run", "http://127.0.0.1", "fingerprint"))
    with bench(script, ENDED, sessions=OpenSessions(kept)) as at:
        at.say(request("POST", START, BEARER.strip(), body=b'{"evse_id": "x"}'))
        told = journal.read(file)
        assert seen == [1]
        assert told is not None
        assert [begun.session_id for begun in told.begun.values()] == ["s1"]
    kept.close()
    assert KEY not in file.read_text(encoding="utf-8")


def test_a_start_that_cannot_be_written_down_is_not_sent() -> None:
    disk = Mock(spec=Journal)
    disk.starting.side_effect = OSError(28, "No space left on device")
    with bench(say(answer()), sessions=OpenSessions(disk)) as at:
        got = at.say(request("POST", START, BEARER.strip(), body=b"{}"))
        assert lines_of(got)[0].split()[1] == "503"
        assert b"not-written-down" in body_of(got)
        assert at.server.requests == []
