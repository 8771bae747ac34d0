"""A partner's mistakes, in a whole run: each is told in one line, and none leaves a traceback or a run that hangs."""

import socket
from pathlib import Path

import pytest

from tests.integration.test_manual import free_port
from tests.plugin.launch import Finished, error_lines, run_pytest

ADAPTER = """
import threading
import warnings

from golive.integration import AppError

class App:
    def sign_up(self, driver):
        pass

    def start(self, driver, evse_id):
        raise AppError("The charging service cannot be reached.")

    def close(self):
        raise OSError("no such process")

class Careless(App):
    def sign_up(self, driver):
        warnings.warn("this call is old", DeprecationWarning)
        open(__file__)
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()

    def start(self, driver, evse_id):
        raise AppError("Please try again in a minute.")

def make(base_url):
    return App()

def careless(base_url):
    return Careless()

def fails(base_url):
    raise OSError("cannot reach the database")

def gives_nothing(base_url):
    pass
"""
CHECK = ("suites/test_12_integration.py", "--evse=DE*PWA*EALP22541X01617*01", "--provoke=none")


def run(directory: Path, factory: str, *args: str) -> Finished:
    (directory / "their_adapter.py").write_text(ADAPTER, encoding="utf-8")
    name = f"--integration=their_adapter:{factory}"
    return run_pytest(directory, name, *CHECK, *args, env={"PYTHONPATH": str(directory)})


@pytest.mark.parametrize(
    ("factory", "says"),
    [
        ("fails", "ERROR: --integration: the adapter's factory failed: OSError: cannot reach the database"),
        ("gives_nothing", "ERROR: --integration: the factory gave NoneType, which offers nothing that a driver does; "),
    ],
)
def test_a_factory_that_cannot_be_used_ends_the_run_before_it_begins(factory: str, says: str, tmp_path: Path) -> None:
    finished = run(tmp_path, factory)
    assert finished.status == 4, finished.output
    assert error_lines(finished)[-1].startswith(says)
    assert "Traceback" not in finished.output
    assert not list(finished.report.glob("evidence.*")), "there is nothing to report"


def test_what_the_partners_code_warns_of_fails_no_check(tmp_path: Path) -> None:
    finished = run(tmp_path, "careless")
    words = " ".join(finished.output.split())
    assert "start: the app showed the driver an error: Please try again in a minute." in words
    assert "raised DeprecationWarning" not in words
    assert "error, suite" not in words, finished.output
    assert "DeprecationWarning: this call is old" in words, "the partner can see it"


def test_a_backend_that_is_elsewhere_is_told_where_the_gateway_is(tmp_path: Path) -> None:
    port = free_port()
    finished = run(tmp_path, "make", f"--gateway-port={port}")
    assert finished.status == 1, finished.output
    said = [line.strip() for line in finished.output.splitlines()]
    at = said.index(f"CONNECT_API_DOMAIN=http://127.0.0.1:{port}/api/v1")
    assert [line.partition("=")[0] for line in said[at + 1 : at + 4]] == [
        "CONNECT_API_KEY",
        "STRIPE_PUBLISHABLE_KEY",
        "STRIPE_API_BASE",
    ], "a rehearsal's backend needs the keys of the embedded DEV"
    words = " ".join(said)
    assert f"partner: nothing came to the gateway: let your backend use http://127.0.0.1:{port}/api/v1" in words
    assert "close of the adapter raised OSError: no such process" in words
    assert "Traceback" not in finished.output


def test_a_port_that_is_taken_is_told_with_another_to_take(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        finished = run(tmp_path, "make", f"--gateway-port={port}")
    assert finished.status == 4, finished.output
    assert error_lines(finished)[-1].startswith(f"ERROR: --gateway-port: port {port} cannot be used")
    assert "Traceback" not in finished.output
