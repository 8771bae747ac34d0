"""The register of requirements: complete, and honest about what shows each of them."""

from dataclasses import replace
from typing import Any

import pytest

from golive.evidence.checklist import BY_ID, DIGESTS, REQUIREMENTS, VERSION, Backing, Requirement, register_digest
from golive.evidence.model import Assurance

NAMED = [
    *(f"BE-{n}" for n in range(1, 7)),
    *(f"FE-{n}" for n in range(1, 7)),
    *(f"REV-{n}" for n in range(1, 7)),
    *(f"PROD-{n}" for n in range(1, 5)),
    *("DEV-USERS", "DEV-PAYMENT", "DEV-STATIONS", "DEV-CHARGING", "DEV-HISTORY", "DEV-UPDATES"),
    *("VCP1-START", "VCP1-STOP", "VCP1-CDR", "VCP1-BUSY"),
    *("VCP2-PROGRESS", "VCP2-AFTER-STOP", "VCP2-CDR"),
    *("ENV-ISOLATION", "ENV-NO-PROD"),
]
PARTNERS_OWN = ("BE-", "FE-", "REV-", "PROD-")


def test_the_register_has_exactly_the_requirements_of_the_document() -> None:
    assert [requirement.id for requirement in REQUIREMENTS] == NAMED
    assert list(BY_ID) == NAMED


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda requirement: requirement.id)
def test_a_requirement_says_what_it_asks_and_where_it_stands(requirement: Requirement) -> None:
    assert requirement.title.strip() == requirement.title
    assert not requirement.title.endswith(".")
    assert requirement.source
    assert requirement.section
    assert requirement.needed is not Assurance.NONE


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda requirement: requirement.id)
def test_what_speaks_of_the_partners_own_work_is_never_met_by_this_suites_client(requirement: Requirement) -> None:
    by_own_client = requirement.needed is Assurance.EXERCISED
    assert by_own_client != requirement.id.startswith(PARTNERS_OWN)


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda requirement: requirement.id)
def test_what_only_people_can_see_says_why_it_has_no_check(requirement: Requirement) -> None:
    assert (requirement.no_check is not None) == (requirement.needed is Assurance.ATTESTED)


def test_the_lines_of_a_list_keep_their_order_and_number() -> None:
    for requirement in REQUIREMENTS:
        prefix, _, number = requirement.id.partition("-")
        if number.isdigit():
            assert requirement.source.endswith(f"line {number}"), prefix


def test_no_two_requirements_have_the_same_wording() -> None:
    assert len({requirement.title for requirement in REQUIREMENTS}) == len(REQUIREMENTS)


def test_a_register_that_was_changed_has_a_version_of_its_own() -> None:
    assert DIGESTS[VERSION] == register_digest(), "raise VERSION, and add the digest of the new register to DIGESTS"
    assert list(DIGESTS)[-1] == VERSION
    assert len(set(DIGESTS.values())) == len(DIGESTS)


@pytest.mark.parametrize("member", ["title", "source", "needed", "no_check", "backing", "may_not_apply"])
def test_a_change_of_any_member_changes_the_registers_digest(member: str) -> None:
    value: Any = {"needed": Assurance.NONE, "backing": Backing.REVIEW}.get(member, "another")
    changed = replace(REQUIREMENTS[0], **{member: value})
    assert register_digest((changed, *REQUIREMENTS[1:])) != register_digest()
