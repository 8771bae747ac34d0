"""The simulator as a server: in a thread, and from the command line."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from golive.simulator import (
    SIMULATOR_KEY,
    BusyAs,
    EmbeddedSimulator,
    InvalidOption,
    SimulatorOptions,
)
from golive.simulator.cli import held, main, parser
from golive.simulator.cli import options as cli_options

HEADERS = {"Authorization": f"Bearer {SIMULATOR_KEY}"}


def test_it_serves_on_a_free_loopback_port_and_leaves_nothing_behind() -> None:
    threads = set(threading.enumerate())
    with EmbeddedSimulator() as one, EmbeddedSimulator() as two:
        assert one.url != two.url
        for sim in (one, two):
            answer = httpx.get(f"{sim.api_url}/stations/partners/", headers=HEADERS)
            assert answer.status_code == 200
            assert answer.json()[0]["logo_url"].startswith(sim.url)
            assert "date" in answer.headers
        url = httpx.URL(one.url)
    assert set(threading.enumerate()) == threads
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind((url.host, url.port))


def test_its_world_can_be_changed_while_it_serves() -> None:
    with EmbeddedSimulator() as sim:
        url = f"{sim.api_url}/stations/details/?id=DEQRMEF7GRC21&type=evse_id"
        with httpx.Client(headers=HEADERS) as client:
            assert client.get(url).json()["evses"][0]["status"] == "AVAILABLE"
            sim.world.hold("DEQRMEF7GRC21")
            assert client.get(url).json()["evses"][0]["status"] == "CHARGING"


def test_it_stops_though_a_client_still_holds_a_connection() -> None:
    with httpx.Client(headers=HEADERS) as client:
        sim = EmbeddedSimulator().start()
        client.get(f"{sim.api_url}/users/")
        sim.stop()
        sim.stop()


def test_a_taken_port_is_an_os_error() -> None:
    with EmbeddedSimulator() as sim, pytest.raises(OSError, match="in use"):
        EmbeddedSimulator(port=httpx.URL(sim.url).port or 0).start()


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"tick": 0}, "tick"),
        ({"tick": float("nan")}, "tick"),
        ({"cdr_delay": -1}, "cdr_delay"),
        ({"start_delay": float("inf")}, "start_delay"),
        ({"progress_messages": 11}, "progress_messages"),
        ({"held": {"X": -1}}, "held"),
        ({"key": ""}, "key"),
        ({"publishable_key": "sk_test_1"}, "publishable_key"),
        ({"busy_as": "shrug"}, "busy_as"),
        ({"session_limit": 0}, "session_limit"),
    ],
    ids=repr,
)
def test_an_option_out_of_range_is_named_in_one_line(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidOption, match=named) as caught:
        SimulatorOptions(**wrong)
    assert "\n" not in str(caught.value)


def test_delays_follow_the_tick_unless_given() -> None:
    assert SimulatorOptions(tick=3).seconds_to_cdr == SimulatorOptions(tick=3).seconds_to_invoice == 3
    assert SimulatorOptions(tick=3, cdr_delay=0).seconds_to_cdr == 0


def test_the_command_lines_defaults_are_the_options_own() -> None:
    assert cli_options(parser().parse_args([])) == SimulatorOptions()


def test_the_command_line_reaches_every_option() -> None:
    words = "--tick 1 --progress-messages 3 --cdr-delay 2 --invoice-delay 3 --payment-method-delay 4 --start-delay 5"
    words += " --session-limit 6 --held A=7 --held B --busy-as station_availability_issue_409 --contradict --unpaid"
    words += " --seed 8 --key k --publishable-key pk_test_k"
    assert cli_options(parser().parse_args(words.split())) == SimulatorOptions(
        tick=1,
        progress_messages=3,
        cdr_delay=2,
        invoice_delay=3,
        payment_method_delay=4,
        start_delay=5,
        session_limit=6,
        held={"A": 7, "B": float("inf")},
        busy_as=BusyAs.AVAILABILITY_409,
        contradict=True,
        unpaid=True,
        seed=8,
        key="k",
        publishable_key="pk_test_k",
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["--tick", "-1"],
        ["--held", "NOWHERE"],
        ["--held", "DEQRMEF7GRC21=x"],
        ["--host", "192.0.2.1"],
        ["--host", "example.org"],
        ["--port", "70000"],
        ["--publishable-key", "pk_live_x"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_is_refused_in_one_line_with_status_4(arguments: list[str], capsys: Any) -> None:
    assert main(arguments) == 4
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)


def test_held_wants_a_number_of_seconds() -> None:
    assert held(["A=1.5", "B"]) == {"A": 1.5, "B": float("inf")}
    with pytest.raises(InvalidOption, match="--held A=soon"):
        held(["A=soon"])


@contextmanager
def _served(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """A simulator in a process of its own, and the settings it printed."""
    command = [sys.executable, "-W", "error", "-m", "golive.simulator", "--port", "0", *arguments]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            settings = {}
            while "Ctrl-C" not in (line := process.stdout.readline()):
                assert line, process.stderr and process.stderr.read()
                name, equals, value = line.strip().partition("=")
                if equals and name.isupper():
                    settings[name] = value
            yield process, settings
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_served_simulator_prints_its_settings_and_stops_cleanly(number: signal.Signals) -> None:
    with _served() as (process, settings):
        assert set(settings) == {"CONNECT_API_DOMAIN", "CONNECT_API_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_API_BASE"}
        answer = httpx.get(
            f"{settings['CONNECT_API_DOMAIN']}/users/",
            headers={"Authorization": f"Bearer {settings['CONNECT_API_KEY']}"},
        )
        assert answer.json()["count"] == 0
        port = str(httpx.URL(settings["STRIPE_API_BASE"]).port)
        assert main(["--port", port]) == 4
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
        assert (process.returncode, err, out.strip()) == (0, "", "Stopped.")
