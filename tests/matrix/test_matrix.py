"""Each defect turns red what the ledger says, with the owner it says, and nothing else; each habit accuses nobody."""

import pytest

from golive.simulator.defects import DEFECTS
from golive.simulator.habits import HABITS
from tests.matrix.ledger import Said, expected, observed

OF_DEFECTS = expected("defects")
OF_HABITS = expected("habits")


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_the_suites_say_of_a_defect_what_the_ledger_says(name: str) -> None:
    """An unexpected finding and an expected one that is missing both fail, and so does another owner."""
    said, _ = observed(name)
    assert said.checks == OF_DEFECTS[name].checks, f"the ledger's entry would be\n{Said(said.checks).as_toml(name)}"


@pytest.mark.parametrize("name", sorted(HABITS))
def test_the_suites_accuse_no_conformant_habit(name: str) -> None:
    """A DEV within the contract passes, or stays inconclusive where the ledger says so; forms are observed."""
    said, _ = observed(name)
    assert said == OF_HABITS[name], f"the ledger's entry would be\n{said.as_toml(name)}"


def test_the_plain_simulator_is_accused_of_nothing() -> None:
    """Without a deviation everything passes and nothing is observed."""
    said, record = observed()
    assert said == Said({})
    assert record["tests"], "no check ran"
