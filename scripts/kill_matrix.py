"""Write the kill matrix into docs/kill-matrix.md and its summary into the suite, from the ledger of the tests.

    python scripts/kill_matrix.py [--check]

With --check nothing is written: exit status 1 says that a file is not what the ledger makes of it. That the ledger is
true is another matter: `pytest tests/matrix` runs the suites against every deviation.
"""

import sys
from collections import defaultdict
from pathlib import Path

from golive import __version__
from golive.evidence.model import Proof
from golive.evidence.proof import FILE as PROOF

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from golive.simulator.defects import DEFECTS  # noqa: E402 - the tests are no installed package
from golive.simulator.habits import HABITS  # noqa: E402
from tests.matrix.ledger import Said, expected  # noqa: E402

DOCUMENT = ROOT / "docs" / "kill-matrix.md"
HEAD = """# Kill matrix

Every check has failed at least once, for the right reason: the suites run against a simulated DEV with one seeded
defect after the other, and the ledger in `tests/matrix` says exactly which checks turn red, and whose move each names.
An unexpected finding fails the build, and so does an expected one that is missing. `pytest tests -k NAME` proves one
line alone; `python -m golive.simulator --defect NAME` serves it.

This page is made from the ledger by `scripts/kill_matrix.py`.
"""


def failed(said: Said) -> list[str]:
    """The checks that a deviation fails, without their parameters."""
    return sorted({check.split("[")[0] for check, verdict in said.checks.items() if verdict.startswith("failed")})


def proof() -> Proof:
    ledger = expected("defects")
    checks = {check for said in ledger.values() for check in failed(said)}
    return Proof(
        suite_version=__version__,
        defects_seeded=len(DEFECTS),
        defects_caught=sum(1 for name in DEFECTS if name in ledger and failed(ledger[name])),
        habits=len(HABITS),
        checks=len(checks),
    )


def document() -> str:
    ledger, summary = expected("defects"), proof()
    killers: dict[str, list[str]] = defaultdict(list)
    for name, said in sorted(ledger.items()):
        for check in failed(said):
            killers[check].append(name)
    lines = [HEAD]
    lines.append(
        f"{summary.defects_caught} of {summary.defects_seeded} seeded defects are caught, by {summary.checks} checks; "
        f"{summary.habits} conformant habits are not accused.\n"
    )
    lines.append("## Checks, and the defects that turn them red\n")
    lines.append("| check | defects |\n| --- | --- |")
    lines += [f"| {check} | {', '.join(f'`{name}`' for name in names)} |" for check, names in sorted(killers.items())]
    lines.append("\n## Defects\n")
    lines.append("| defect | what DEV does | fails | leaves inconclusive |\n| --- | --- | ---: | ---: |")
    for name, defect in sorted(DEFECTS.items(), key=lambda entry: (entry[1].section, entry[0])):
        said = ledger.get(name, Said({}))
        open_ = {check.split("[")[0] for check, verdict in said.checks.items() if verdict.startswith("inconclusive")}
        lines.append(f"| `{name}` ({defect.section}) | {defect.sentence} | {len(failed(said))} | {len(open_)} |")
    lines.append("\n## Conformant habits\n")
    lines.append("| habit | what DEV does | observed as |\n| --- | --- | --- |")
    for name, habit in sorted(HABITS.items(), key=lambda entry: (entry[1].section, entry[0])):
        codes = expected("habits").get(name, Said({})).observations
        lines.append(f"| `{name}` ({habit.section}) | {habit.sentence} | {', '.join(codes)} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    files = {DOCUMENT: document(), PROOF: proof().model_dump_json(indent=1) + "\n"}
    if "--check" in sys.argv:
        stale = [file.name for file, text in files.items() if not file.exists() or file.read_text("utf-8") != text]
        print(f"not what the ledger makes of them: {', '.join(stale)}" if stale else "up to date")
        return 1 if stale else 0
    for file, text in files.items():
        file.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
