"""Write the tables of docs/integration.md, from the catalogue of errors and the rules themselves.

    python scripts/traffic_rules.py [--check | --print]

With --check nothing is written: exit status 1 says that the document is not what the rules make of it. --print shows
the tables of the rules alone.
"""

import sys
from dataclasses import fields
from pathlib import Path

from golive.connect.operations import OPERATIONS
from golive.gateway import Provocation
from golive.gateway.asked import LIST, READ, START, STOP
from golive.gateway.catalogue import CATALOGUE
from golive.traffic import RULES, SHOWN_RULES, Bounds

DOCUMENT = Path(__file__).parent.parent / "docs" / "integration.md"


def errors() -> str:
    """Every error that can be provoked."""
    rows = ["| error | what happens | answer | met by |", "| --- | --- | --- | --- |"]
    for one in CATALOGUE.values():
        answer = " ".join(str(part) for part in (one.status, one.error_type) if part is not None) or "DEV's own"
        if one.name.startswith("lost-"):
            answer = "none"
        rows.append(f"| `{one.name}` | {one.title}. | {answer} | {met_by(one)} |")
    return "\n".join(rows) + "\n"


def met_by(one: Provocation) -> str:
    """The requests that can be answered with it, in a word."""
    groups = {
        "any request": frozenset(OPERATIONS),
        "a start": frozenset({START}),
        "a stop": frozenset({STOP}),
        "a read of a session": frozenset({READ}),
        "a read of a session, or of all": frozenset({READ, LIST}),
        "a stop, then reads of sessions": frozenset({STOP, READ, LIST}),
        "a start, or the removal of a payment method": frozenset({START, "users_payment_methods_destroy"}),
        "the list of partners": frozenset({"stations_partners_list"}),
    }
    for words, operations in groups.items():
        if one.operations == operations:
            return words
    if START in one.operations and len(one.operations) <= 3:
        return "a start, or the removal of a user or a payment method"
    return "whatever names a user, a session or a station" if one.status == 404 else "whatever has input to be checked"


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
    right = now
    for name, table in (("errors", errors()), ("rules", rules()), ("bounds", bounds())):
        right = with_table(right, name, table)
    if "--check" in sys.argv:
        return 0 if right == now else 1
    DOCUMENT.write_text(right, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
