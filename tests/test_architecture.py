"""How the parts may depend on each other, computed from the imports; and the house rules for files."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("golive", "fixtures", "suites", "examples", "tests")
MOST_LINES = 450
EDGE = {"golive.__version__"}


def files(*packages: str) -> list[Path]:
    return sorted(file for package in packages for file in (ROOT / package).rglob("*.py"))


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def imported_by(file: Path) -> frozenset[str]:
    """What a module imports, wherever in it; of `from a import b` both `a` and `a.b`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports relatively"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {node.module or ""} if node.module != "golive" else set()
    return frozenset(found)


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def strays(importer: str, *forbidden: str) -> Iterator[str]:
    """Imports in `importer` (a package or module) of what it may not know."""
    for file in files(*PACKAGES):
        if within(module := module_of(file), importer):
            yield from (f"{module} imports {name}" for name in imported_by(file) if within(name, *forbidden))


def strays_beyond(importer: str, *allowed: str) -> Iterator[str]:
    """Imports in `importer` of this project's packages other than itself and `allowed`."""
    for file in files("golive", "examples"):
        if within(module := module_of(file), importer):
            yield from (
                f"{module} imports {name}"
                for name in imported_by(file)
                if within(name, *PACKAGES) and not within(name, importer, *allowed, *EDGE)
            )


FORBIDDEN = {
    "golive": ("fixtures", "suites", "examples", "tests", "conftest"),
    "fixtures": ("suites", "examples", "tests", "conftest"),
    "suites": ("examples", "tests", "conftest"),
    "golive.recording": ("golive.connect", "golive.journeys", "golive.plugin", "httpcore"),
    "golive.connect": ("golive.judging", "golive.journeys", "golive.plugin", "golive.report", "pytest", "time"),
    "golive.judging": ("golive.evidence", "golive.journeys", "golive.plugin"),
    "golive.evidence": ("golive.connect", "golive.recording", "golive.journeys", "golive.plugin", "golive.report"),
    "golive.replay": (
        "golive.connect",
        "golive.judging",
        "golive.journeys",
        "golive.plugin",
        "pytest",
        "socket",
        "time",
    ),
    "golive.journeys": ("golive.plugin", "golive.report", "golive.settings", "golive.simulator", "pytest", "time"),
}
"""Who may not know of what."""

ALLOWED = {
    "golive.outcomes": (),
    "golive.interrupts": (),
    "golive.clock": ("golive.interrupts",),
    "golive.guard": (),
    "golive.serving": (),
    "golive.gateway": (
        "golive.clock",
        "golive.connect",
        "golive.evidence.exchange",
        "golive.evidence.model",
        "golive.guard",
        "golive.journeys.sessions",
        "golive.outcomes",
        "golive.recording",
        "golive.serving",
    ),
    "golive.watching": (
        "golive.bundle",
        "golive.clock",
        "golive.connect.operations",
        "golive.evidence",
        "golive.gateway",
        "golive.integration.judging",
        "golive.integration.wire",
        "golive.interrupts",
        "golive.journeys.sessions",
        "golive.plugin.keeping",
        "golive.plugin.unfinished",
        "golive.plugin.secrets",
        "golive.recording",
        "golive.report",
        "golive.safekeeping",
        "golive.serving",
        "golive.settings",
        "golive.simulator",
        "golive.traffic",
    ),
    "golive.simulator": ("golive.serving",),
    "golive.settings": ("golive.guard",),
    "golive.contract": ("golive.evidence.model",),
    "golive.dossier": ("golive.evidence", "golive.guard", "golive.recording", "golive.settings"),
    "golive.scanning": (
        "golive.evidence.scanned",
        "golive.evidence.statements",
        "golive.guard",
        "golive.network",
        "golive.recording",
        "golive.settings",
    ),
    "golive.report": ("golive.evidence", "golive.outcomes"),
    "golive.bundle": (
        "golive.evidence",
        "golive.integration.busy",
        "golive.integration.judging",
        "golive.integration.wire",
        "golive.traffic",
        "golive.report",
        "golive.outcomes",
        "golive.guard",
        "golive.safekeeping.locks",
        "golive.settings",
    ),
    "golive.evidence.base": (),
    "golive.evidence.statements": ("golive.evidence.base",),
    "golive.evidence.scanned": ("golive.evidence.statements",),
    "golive.evidence.exchange": ("golive.evidence.base",),
    "golive.evidence.aftermath": ("golive.evidence.base",),
    "golive.evidence.integration": ("golive.evidence.base", "golive.outcomes"),
    "golive.evidence.asked": ("golive.evidence.base",),
    "golive.evidence.model": (
        "golive.evidence.aftermath",
        "golive.evidence.asked",
        "golive.evidence.base",
        "golive.evidence.exchange",
        "golive.evidence.integration",
        "golive.evidence.statements",
        "golive.outcomes",
    ),
    "golive.evidence.checklist": ("golive.evidence.model",),
    "golive.evidence.words": (),
    "golive.evidence.exhibit_kinds": (),
    "golive.evidence.attested": (
        "golive.evidence.checklist",
        "golive.evidence.model",
        "golive.evidence.statements",
        "golive.evidence.words",
    ),
    "golive.evidence.verdict": (
        "golive.evidence.attested",
        "golive.evidence.checklist",
        "golive.evidence.model",
        "golive.evidence.scanned",
        "golive.evidence.statements",
        "golive.outcomes",
    ),
    "golive.traffic": ("golive.evidence",),
    "golive.safekeeping": (
        "golive.clock",
        "golive.connect",
        "golive.evidence.base",
        "golive.guard",
        "golive.politeness",
        "golive.recording",
        "golive.settings",
    ),
    "golive.recording": ("golive.evidence.model", "golive.guard", "golive.clock", "golive.network", "golive.outcomes"),
    "golive.network": ("golive.guard",),
    "golive.integration.adapter": (),
    "golive.integration": (
        "golive.clock",
        "golive.connect.operations",
        "golive.dossier.pictures",
        "golive.dossier.unusable",
        "golive.evidence",
        "golive.interrupts",
        "golive.journeys.vcp",
        "golive.outcomes",
        "golive.serving",
        "golive.traffic",
    ),
    "examples": ("golive.integration.adapter",),
    "golive.politeness": ("golive.clock", "golive.outcomes", "golive.recording"),
    "golive.replay": (
        "golive.bundle.errors",
        "golive.bundle.opening",
        "golive.clock",
        "golive.evidence.model",
        "golive.outcomes",
        "golive.politeness.faults",
        "golive.recording",
        "golive.report.exhibits",
    ),
}
"""Who may know of nothing in this project but itself and these."""


@pytest.mark.parametrize("importer", FORBIDDEN)
def test_no_arrow_points_back(importer: str) -> None:
    assert list(strays(importer, *FORBIDDEN[importer])) == []


@pytest.mark.parametrize("importer", ALLOWED)
def test_these_know_nothing_else_of_the_project(importer: str) -> None:
    assert list(strays_beyond(importer, *ALLOWED[importer])) == []


@pytest.mark.parametrize("importer", sorted({*FORBIDDEN, *ALLOWED}))
def test_the_arrows_speak_of_modules_that_exist(importer: str) -> None:
    assert any(within(module_of(file), importer) for file in files(*PACKAGES))


def test_the_report_needs_nothing_but_its_templates_and_models() -> None:
    allowed = {*sys.stdlib_module_names, "golive", "jinja2", "markupsafe", "pydantic"}
    found = {(module_of(file), name) for file in files("golive/report") for name in imported_by(file)}
    assert {(module, name) for module, name in found if name.split(".")[0] not in allowed} == set()


def test_the_reading_of_imports_sees_all_forms(tmp_path: Path) -> None:
    file = tmp_path / "sample.py"
    file.write_text("import a.b\nfrom golive import journeys\ndef f():\n    from c import d\n", encoding="utf-8")
    assert imported_by(file) == {"a.b", "golive.journeys", "c", "c.d"}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_file_is_a_small_room(package: str) -> None:
    long = {module_of(f): n for f in files(package) if (n := len(f.read_text("utf-8").splitlines())) > MOST_LINES}
    assert long == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_directory_of_modules_is_a_package(package: str) -> None:
    assert {file.parent for file in files(package) if not (file.parent / "__init__.py").is_file()} == set()


def test_every_test_file_has_a_test() -> None:
    def tests_in(file: Path) -> int:
        nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        named = (n.name for n in nodes if isinstance(n, (ast.FunctionDef, ast.ClassDef)))
        return sum(name.startswith("test_") or name.endswith("Machine") for name in named)

    assert [
        module_of(file) for file in files("tests", "suites") if file.name.startswith("test_") and not tests_in(file)
    ] == []


@pytest.mark.parametrize("file", sorted((ROOT / "suites").glob("test_*.py")), ids=lambda file: file.stem)
def test_every_assertion_of_a_check_says_what_is_wrong(file: Path) -> None:
    """The first line of an assertion is the reason in the report; without one it would be the same for all."""
    nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    assert [node.lineno for node in nodes if isinstance(node, ast.Assert) and node.msg is None] == []


def test_no_file_names_a_directory_of_the_machine_it_was_written_on() -> None:
    home = re.compile(r"(?<![\w.:}~/-])/(?:home|root|Users|work)/\w")
    kinds = {".py", ".toml", ".j2", ".json", ".css", ".svg", ".md"}
    texts = [f for p in PACKAGES for f in (ROOT / p).rglob("*") if f.suffix in kinds]
    assert [str(f.relative_to(ROOT)) for f in texts if home.search(f.read_text(encoding="utf-8"))] == []
