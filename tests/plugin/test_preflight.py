"""The preflight: one cause, its owner and the remedy, before any user is made."""

import re
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

from golive.serving import LOOPBACK
from golive.simulator import EmbeddedSimulator
from tests.plugin.bench import BRISK, keys_of, run_against
from tests.plugin.launch import Finished, run_pytest
from tests.plugin.servers import empty_list, html, serving

KEYS = {"CONNECT_API_KEY": "a-key-that-nobody-issued"}


def assert_blocked(finished: Finished, probe: str, owner: str, cause: str, remedy: str) -> None:
    """The run ended in the preflight, with this one cause, in the record and on the console."""
    assert finished.status == 1, finished.output
    assert finished.verdict == "not_ready"
    *before, last = finished.evidence["preflight"]
    assert all(done["outcome"] == "passed" for done in before)
    assert (last["name"], last["outcome"], last["owner"]) == (probe, "failed", owner)
    assert re.search(cause, last["message"]), last["message"]
    assert re.search(remedy, last["remedy"]), last["remedy"]
    assert {check["outcome"] for check in finished.checks} <= {"not_run", "deselected"}
    assert finished.evidence["journeys"] == []
    assert len(finished.evidence["exchanges"]) <= 12
    said = " ".join(finished.stdout.split())
    assert said.count(" ".join(last["message"].split())) == 1, finished.stdout
    assert last["remedy"] in said
    assert "Traceback" not in finished.output
    below_the_header = finished.stdout.partition("collected")[2].splitlines()
    assert len(below_the_header) < 30, finished.stdout
    (reason,) = [reason for reason in finished.evidence["verdict"]["reasons"] if reason.startswith("Preflight")]
    assert last["message"] in reason


def _target(url: str, tmp_path: Path, *args: str, env: Mapping[str, str] | None = None) -> Finished:
    return run_pytest(tmp_path, f"--target={url}", *BRISK, *args, env=KEYS | dict(env or {}))


def test_a_wrong_key(tmp_path: Path) -> None:
    def with_another_key(sim: EmbeddedSimulator) -> dict[str, str]:
        return keys_of(sim) | KEYS

    finished = run_against(tmp_path, prepare=with_another_key)
    assert_blocked(finished, "key", "partner", "refused with 403", "CONNECT_API_KEY")
    assert finished.facts["created"] == 0
    assert KEYS["CONNECT_API_KEY"] not in finished.output


def test_a_stripe_key_that_stripe_refuses(tmp_path: Path) -> None:
    def with_another_key(sim: EmbeddedSimulator) -> dict[str, str]:
        return keys_of(sim) | {"STRIPE_PUBLISHABLE_KEY": "pk_test_of_somebody_else"}

    finished = run_against(tmp_path, prepare=with_another_key)
    assert_blocked(finished, "payment set-up", "partner", "Stripe refuses", "STRIPE_PUBLISHABLE_KEY")
    assert finished.facts["created"] == 0
    assert "pk_test_of_somebody_else" not in finished.output


def test_nothing_listens(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))  # bound, but not listening: a connection is refused
        finished = _target(f"http://{LOOPBACK}:{taken.getsockname()[1]}", tmp_path)
    assert_blocked(finished, "target", "environment", "refused", "reach the target")


@pytest.mark.parametrize(
    ("date", "words"),
    [("Mon, 01 Jan 2001 00:00:00 GMT", "ahead of"), ("Fri, 01 Jan 2100 00:00:00 GMT", "behind")],
)
def test_a_clock_that_is_wrong(tmp_path: Path, date: str, words: str) -> None:
    with serving(empty_list(date)) as server:
        finished = _target(server.url, tmp_path)
    assert_blocked(finished, "clock", "partner", words, "NTP")
    assert len(server.hits) == 1


def test_a_web_site_that_is_no_api(tmp_path: Path) -> None:
    with serving(html) as server:
        finished = _target(server.url, tmp_path)
    assert_blocked(finished, "key", "cariqa", "no page of a list", "is a Connect API")


@pytest.mark.parametrize(
    ("status", "probe", "owner"),
    [(503, "target", "environment"), (500, "target", "environment"), (404, "key", "cariqa"), (401, "key", "partner")],
)
def test_a_target_that_refuses(tmp_path: Path, status: int, probe: str, owner: str) -> None:
    with serving(lambda _path: (status, {"Content-Type": "text/plain"}, b"no")) as server:
        finished = _target(server.url, tmp_path)
    assert_blocked(finished, probe, owner, str(status), ".")


def test_a_redirect_is_not_followed(tmp_path: Path) -> None:
    with serving(html) as elsewhere:
        headers = {"Location": f"{elsewhere.url}/api/v1/users/"}
        with serving(lambda _path: (301, headers, b"")) as server:
            finished = _target(server.url, tmp_path)
    assert_blocked(finished, "key", "cariqa", "301|redirect", ".")
    assert elsewhere.hits == []


def test_listed_evses_that_are_not_known(tmp_path: Path) -> None:
    with serving(_knows_no_evse) as server:
        finished = _target(server.url, tmp_path)
    assert_blocked(finished, "listed EVSE IDs", "cariqa", "none of the 8 listed EVSE IDs is known", "in use")


def _knows_no_evse(path: str) -> tuple[int, dict[str, str], bytes]:
    if "/users/" in path:
        return 200, {"Content-Type": "application/json"}, b'{"count":0,"next":null,"previous":null,"results":[]}'
    if "/setup_intents/" in path:
        return 404, {"Content-Type": "application/json"}, b'{"error":{"type":"invalid_request_error","message":"no"}}'
    return 404, {"Content-Type": "application/json"}, b'{"detail":"Not found."}'


def test_the_gate_holds_a_blocked_run_back(tmp_path: Path) -> None:
    finished = run_against(tmp_path, "--gate", prepare=lambda sim: keys_of(sim) | KEYS)
    assert finished.status == 1
