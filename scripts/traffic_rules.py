"""Write the tables of the traffic rules into docs/integration.md, from the rules themselves.

    python scripts/traffic_rules.py [--check | --print]

With --check nothing is written: exit status 1 says that the document is not what the rules make of it. --print shows
the tables alone.
"""

import sys
from dataclasses import fields
from pathlib import Path

from golive.traffic import RULES, SHOWN_RULES, Bounds

DOCUMENT = Path(__file__).parent.parent / "docs" / "integration.md"


def rules() -> str:
    """Every rule with its lines of the checklist and what it takes to show it."""
    rows = ["| rule | what is asked | lines | not shown where |", "| --- | --- | --- | --- |"]
    rows += [f"| `{rule.name}` | {rule.title}. | {', '.join(rule.requirement_ids)} | {rule.unseen} |" for rule in RULES]
    rows += [
        f"| `{rule.name}` | {rule.title}. | {', '.join(rule.requirement_ids)} | What the driver saw was not seen. |"
        for rule in SHOWN_RULES
    ]
    return "\n".join(rows) + "\n"


def bounds() -> str:
    """The figures, with their reasons."""
    default = Bounds()
    rows = ["| figure | value | reason |", "| --- | --- | --- |"]
    for name, why in Bounds.reasons().items():
        unit = " s" if name.endswith("_s") else ""
        rows.append(f"| `{name}` | {getattr(default, name):g}{unit} | {why} |")
    assert len(rows) == len(fields(Bounds)) + 2
    return "\n".join(rows) + "\n"


def with_table(document: str, name: str, table: str) -> str:
    """`document` with the table of this name made anew. Raises `ValueError` where its markers are missing."""
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->\n"
    before, rest = document.split(begin)
    _, after = rest.split(end)
    return f"{before}{begin}\n{table}\n{end}{after}"


def main() -> int:
    if "--print" in sys.argv:
        print(rules(), bounds(), sep="\n")
        return 0
    now = DOCUMENT.read_text(encoding="utf-8")
    right = with_table(with_table(now, "rules", rules()), "bounds", bounds())
    if "--check" in sys.argv:
        return 0 if right == now else 1
    DOCUMENT.write_text(right, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
