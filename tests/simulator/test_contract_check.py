"""The script that has an independent checker judge the simulator: what it adds to the contract, and nothing more."""

import importlib
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from golive.simulator.habits import HABITS

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(SCRIPTS)
    return importlib.import_module("check_simulator_contract")


@pytest.fixture
def habits(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(SCRIPTS)
    return importlib.import_module("contract_habits")


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


def test_an_unknown_habit_is_named(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: Any, file: Path
) -> None:
    monkeypatch.setattr("sys.argv", ["check_simulator_contract.py", str(file), "--habit", "pages-of-on"])
    assert script.main() == 4
    assert "pages-of-one" in capsys.readouterr().err


def test_the_lists_name_habits_that_there_are(habits: ModuleType) -> None:
    assert {*habits.OUTSIDE, *habits.UNREACHED, *habits.IN_FRONT} <= set(HABITS)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(PUBLISHED))
    return path


PUBLISHED: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "", "version": ""},
    "paths": {
        "/api/v1/users/{user_id}/setup-intents/": {
            "get": {
                "parameters": [{"name": "user_id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": {
                    "200": {
                        "description": "",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "properties": {"setup_intent_client_secret": {"type": "string"}},
                                    "required": ["setup_intent_client_secret"],
                                }
                            }
                        },
                    },
                    "404": {"description": ""},
                },
            }
        }
    },
}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("setup-secret-as-client-secret", []),
        ("pages-of-one", []),
        ("times-without-zone", ["violates nothing like"]),
        ("partners-locked", []),
    ],
)
def test_a_habit_violates_what_is_written_and_nothing_else(habits: ModuleType, name: str, wrong: list[str]) -> None:
    verdict = habits.judge(name, PUBLISHED, 2)
    assert len(verdict.wrong) == len(wrong), verdict.wrong
    assert all(said.startswith(begin) for said, begin in zip(verdict.wrong, wrong, strict=True))


def test_a_habit_that_is_not_on_the_list_may_violate_nothing(
    habits: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(habits.OUTSIDE, "setup-secret-as-client-secret")
    (said,) = habits.judge("setup-secret-as-client-secret", PUBLISHED, 2).wrong
    assert "required property" in said
