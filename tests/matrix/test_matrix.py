"""Each defect turns red what the ledger says, with the owner it says, and nothing else; each habit accuses nobody."""

import pytest

from golive.simulator.defects import DEFECTS
from golive.simulator.habits import HABITS
from tests.matrix.ledger import Said, expected, observed

OF_DEFECTS = expected("defects")
OF_HABITS = expected("habits")


def say(name: str, entry: Said, *, of_checks_alone: bool) -> Said:
    """What the suites say of a deviation; where it is not the ledger's `entry`, what they say when given more time.

    A busy machine can let a journey miss what there was to see. The second look is held to the same entry.
    """
    said, _ = observed(name)
    seen = Said(said.checks) if of_checks_alone else said
    if seen != entry:
        said, _ = observed(name, pace="patient")
        seen = Said(said.checks) if of_checks_alone else said
    return seen


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_the_suites_say_of_a_defect_what_the_ledger_says(name: str) -> None:
    """An unexpected finding and an expected one that is missing both fail, and so does another owner."""
    said = say(name, OF_DEFECTS[name], of_checks_alone=True)
    assert said == OF_DEFECTS[name], f"the ledger's entry would be\n{said.as_toml(name)}"


@pytest.mark.parametrize("name", sorted(HABITS))
def test_the_suites_accuse_no_conformant_habit(name: str) -> None:
    """A DEV within the contract passes, or stays inconclusive where the ledger says so; forms are observed."""
    said = say(name, OF_HABITS[name], of_checks_alone=False)
    assert said == OF_HABITS[name], f"the ledger's entry would be\n{said.as_toml(name)}"


def test_the_plain_simulator_is_accused_of_nothing() -> None:
    """Without a deviation everything passes and nothing is observed."""
    said, record = observed()
    assert said == Said({})
    assert record["tests"], "no check ran"
