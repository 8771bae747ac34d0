"""Each habit breaks exactly the rules that the ledger names; the app without habits breaks none, whatever it meets."""

import tomllib
from pathlib import Path

import pytest

from examples.partner_app.backend import Parts
from golive.traffic import RULES
from tests.partner_habits.drive import drive, page_copy
from tests.partner_habits.register import load
from tests.partner_habits.scenarios import SCENARIOS

LEDGER = tomllib.loads((Path(__file__).parent / "ledger.toml").read_text(encoding="utf-8"))
BESIDES_TRAFFIC = {"driver-told", "errors-told-apart", "no-start-unasked", "unstopped", "scan"}


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_app_itself_breaks_no_rule(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with drive(Parts(), monkeypatch.setenv) as driven:
        SCENARIOS[name](driven)
        assert driven.broken() == {}


@pytest.mark.parametrize("name", load())
def test_a_habit_is_caught_by_the_rules_that_are_meant_for_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    habit = load()[name]
    with drive(habit.parts(page_copy(tmp_path)), monkeypatch.setenv) as driven:
        SCENARIOS[habit.scenario](driven)
        broken = driven.broken()
        assert sorted(broken) == LEDGER[name]["breaks"], broken


def test_the_ledger_and_the_habits_are_the_same() -> None:
    assert list(LEDGER) == sorted(load())
    assert len(LEDGER) >= 25


def test_each_rule_is_broken_by_a_habit() -> None:
    broken = {rule for entry in LEDGER.values() for rule in entry["breaks"]}
    assert broken == {rule.name for rule in RULES} | BESIDES_TRAFFIC
