"""The script that has an independent checker judge the simulator: what it adds to the contract, and nothing more."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture
def script() -> ModuleType:
    path = Path(__file__).parents[2] / "scripts" / "check_simulator_contract.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _contract() -> dict[str, Any]:
    return {
        "paths": {
            "/users/": {"get": {"parameters": [{"name": "page"}], "responses": {"200": {}}}},
            "/users/{user_id}/charging/start/": {"post": {"responses": {"201": {}, "404": {"x": 1}}}},
            "/stations/partners/": {"get": {"responses": {"200": {}}}},
        }
    }


def test_only_the_written_list_is_added_and_nothing_replaced(script: ModuleType) -> None:
    amended = script.amended(_contract())["paths"]
    statuses = {path: set(operation["responses"]) for path, item in amended.items() for operation in item.values()}
    assert statuses == {
        "/users/": {"200", "401", "404", "405"},
        "/users/{user_id}/charging/start/": {"201", "400", "401", "404", "405"},
        "/stations/partners/": {"200", "401", "405"},
    }
    assert amended["/users/{user_id}/charging/start/"]["post"]["responses"]["404"] == {"x": 1}
    added = {status for path, found in statuses.items() for status in found} - {"200", "201"}
    assert added == set(script.OMITTED)


def test_an_operation_that_never_succeeded_is_named(script: ModuleType, tmp_path: Path, capsys: Any) -> None:
    log = tmp_path / "log"
    log.write_text("GET /users/ 200\nGET /users/ 404\nPOST /users/{user_id}/charging/start/ 409\n")
    never = script.unreached(_contract(), log)
    assert never == ["POST /users/{user_id}/charging/start/", "GET /stations/partners/"]
    assert "GET /users/: 1 x 200, 1 x 404" in capsys.readouterr().out


def test_without_a_file_it_says_so(script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr("sys.argv", ["check_simulator_contract.py"])
    assert script.main() == 4
    assert "OpenAPI file" in capsys.readouterr().err
