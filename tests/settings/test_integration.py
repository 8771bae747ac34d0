"""Which integration is under test, and where its backend finds the gateway."""

import pytest

from tests.settings.conftest import Load, Refused


def test_without_one_there_is_no_gateway(load: Load, refused: Refused) -> None:
    assert (load().integration, load().gateway_port) == (None, None)
    assert "without --integration there is no gateway" in refused({"--gateway-port": "8500"})


def test_a_person_finds_the_gateway_where_it_was(load: Load) -> None:
    assert load({"--integration": " Manual "}).integration == "manual"
    assert load({"--integration": "manual"}).gateway_port == 8500


def test_a_charge_on_the_simulator_lasts_long_enough_for_a_person(load: Load) -> None:
    assert load({"--integration": "manual"}).tick == 5
    assert load({"--integration": "manual", "--tick": "1"}).tick == 1
    assert load({"--integration": "manual", "--target": "http://127.0.0.1:8400"}).tick == load({}).tick
    assert load({"--integration": "our.app:make"}).gateway_port is None
    assert load({"--integration": "our.app:make", "--gateway-port": "9000"}).gateway_port == 9000


@pytest.mark.parametrize(
    "text", ["our.app", "our.app:", ":make", "our app:make", "1app:make", "our..app:make", "a:b:c"]
)
def test_what_names_no_factory_is_refused(text: str, refused: Refused) -> None:
    said = refused({"--integration": text})
    assert said.startswith("--integration: ")
    assert "names no factory" in said


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http", "8500.5"])
def test_what_is_no_port_is_refused(text: str, refused: Refused) -> None:
    assert "a port from 1 to 65535" in refused({"--integration": "manual", "--gateway-port": text})
