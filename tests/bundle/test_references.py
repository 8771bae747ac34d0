"""What a record says of the partner's integration names exchanges that are there."""

from typing import Any

import pytest

from golive.bundle.checks.references import resolved
from golive.evidence.integration import Integration
from tests.report import samples


def left_dangling(**changes: Any) -> list[str]:
    whole = samples.integrated()
    assert whole.integration is not None
    changed = whole.integration.model_copy(update=changes)
    return [said for said in resolved(whole.model_copy(update={"integration": changed})) if "x9999" in said]


@pytest.fixture
def seen() -> Integration:
    found = samples.integrated().integration
    assert found is not None
    return found


def test_an_integration_whose_exchanges_are_there_is_agreed(seen: Integration) -> None:
    assert [said for said in resolved(samples.integrated()) if "which is not there" in said] == []
    assert left_dangling(name="another") == []


@pytest.mark.parametrize("part", ["charges", "rules", "provoked"])
def test_each_part_that_names_a_missing_exchange_is_found(seen: Integration, part: str) -> None:
    first, *others = getattr(seen, part)
    member = "followed" if part == "provoked" else "exchanges"
    broken = first.model_copy(update={member: ("x9999",)})
    (said,) = left_dangling(**{part: (broken, *others)})
    assert said.endswith("names x9999, which is not there")


def test_a_rule_after_an_error_that_names_a_missing_exchange_is_found(seen: Integration) -> None:
    first, *others = seen.provoked
    rule = first.rules[0].model_copy(update={"exchanges": ("x9999",)})
    broken = first.model_copy(update={"rules": (rule,)})
    assert left_dangling(provoked=(broken, *others)) == [
        "no-start-without-the-driver after declined names x9999, which is not there"
    ]
