"""Each defect turns red what the ledger says, with the owner it says, and nothing else; each habit accuses nobody."""

from typing import Any

import pytest

from golive.simulator.defects import DEFECTS
from golive.simulator.habits import HABITS
from tests.matrix.ledger import Said, expected, observed

OF_DEFECTS = expected("defects")
OF_HABITS = expected("habits")


def say(name: str, entry: Said, *, of_checks_alone: bool) -> tuple[Said, dict[str, Any]]:
    """What the suites say of a deviation, and the record; where that is not the ledger's `entry`, what they say when
    given more time.

    A busy machine can let a journey miss what there was to see. The second look is held to the same entry.
    """
    said, record = observed(name)
    seen = Said(said.checks) if of_checks_alone else said
    if seen != entry:
        said, record = observed(name, pace="patient")
        seen = Said(said.checks) if of_checks_alone else said
    return seen, record


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_the_suites_say_of_a_defect_what_the_ledger_says(name: str) -> None:
    """An unexpected finding and an expected one that is missing both fail, and so does another owner."""
    said, _ = say(name, OF_DEFECTS[name], of_checks_alone=True)
    assert said == OF_DEFECTS[name], f"the ledger's entry would be\n{said.as_toml(name)}"


@pytest.mark.parametrize("name", sorted(HABITS))
def test_the_suites_accuse_no_conformant_habit(name: str) -> None:
    """A DEV within the contract passes, or stays inconclusive where the ledger says so; forms are observed. However
    late and busy it is, it is not asked for more than the bound."""
    said, record = say(name, OF_HABITS[name], of_checks_alone=False)
    assert said == OF_HABITS[name], f"the ledger's entry would be\n{said.as_toml(name)}"
    asked = record["asked"]
    assert asked["held_back"] == 0
    assert max(asked["by_evse"].values()) <= asked["bound_per_evse"]
    assert asked["sent"] <= asked["bound"]


def test_the_plain_simulator_is_accused_of_nothing() -> None:
    """Without a deviation everything passes and nothing is observed."""
    said, record = observed()
    assert said == Said({})
    assert record["tests"], "no check ran"
