"""The ledger is whole: no defect without an entry, no check that nothing turns red, no habit that is accused."""

import ast
from pathlib import Path

from golive.simulator.defects import DEFECTS
from golive.simulator.habits import HABITS
from tests.matrix.child import ROOT
from tests.matrix.ledger import expected

LEAST_DEFECTS = 70
LEAST_HABITS = 30
SECTIONS = {
    "credentials",
    "users",
    "billing",
    "payment methods",
    "stations",
    "charging",
    "busy",
    "progress",
    "cdr",
    "history",
    "invoices",
    "errors",
    "isolation",
    "transport",
}


def checks_of_the_suites() -> set[str]:
    """Every check of DEV as the ledger names it, read from the files and not from a run. What a partner's integration
    can get wrong is in a ledger of its own: tests/partner_habits."""
    checks = set()
    for file in sorted((ROOT / "suites").glob("test_*.py")):
        if "pytest.mark.integration" in file.read_text(encoding="utf-8"):
            continue
        section = Path(file).stem.removeprefix("test_").lstrip("0123456789_").replace("_", " ")
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                checks.add(f"{section}::{node.name}")
    return checks


def test_the_ledger_and_the_register_name_the_same_defects() -> None:
    assert set(expected("defects")) == set(DEFECTS)
    assert len(DEFECTS) >= LEAST_DEFECTS


def test_the_ledger_and_the_register_name_the_same_habits() -> None:
    assert set(expected("habits")) == set(HABITS)
    assert len(HABITS) >= LEAST_HABITS


def test_the_defects_are_spread_over_all_sections() -> None:
    assert {defect.section for defect in DEFECTS.values()} == SECTIONS


def test_every_defect_is_caught() -> None:
    missed = [name for name, said in expected("defects").items() if not any_failed(said.checks)]
    assert missed == []


def test_every_check_has_a_defect_that_fails_it() -> None:
    """A new check without a defect cannot land."""
    killed = {
        check.split("[")[0]
        for said in expected("defects").values()
        for check, verdict in said.checks.items()
        if verdict.startswith("failed")
    }
    assert checks_of_the_suites() - killed == set()


def test_no_deviation_makes_the_harness_err() -> None:
    """Whatever DEV does, it is never an error of the suite."""
    both = {**expected("defects"), **expected("habits")}
    erring = [name for name, said in both.items() if any(v.startswith("error") for v in said.checks.values())]
    assert erring == []


def test_no_habit_fails_a_check_or_is_put_down_to_cariqa() -> None:
    accused = {
        name: said.checks
        for name, said in expected("habits").items()
        if any(verdict not in ("inconclusive environment", "skipped") for verdict in said.checks.values())
    }
    assert accused == {}


def any_failed(checks: dict[str, str]) -> bool:
    return any(verdict.startswith("failed") for verdict in checks.values())
