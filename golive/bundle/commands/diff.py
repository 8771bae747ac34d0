"""`python -m golive diff OLD NEW`: what changed between two bundles, or two records.

Timings are told where they differ by more than 1 s and by more than half.
"""

import argparse
import json
from pathlib import Path

from golive.bundle.changes.found import Change, Differences, differences
from golive.bundle.commands.words import harmless, paragraph
from golive.bundle.errors import BundleError
from golive.bundle.opening import evidence_of
from golive.evidence.model import Evidence
from golive.settings import SettingsError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("old", type=Path, metavar="OLD", help="a bundle, or an evidence.json")
    parser.add_argument("new", type=Path, metavar="NEW", help="the same of a later run")
    parser.add_argument("--json", action="store_true", help="for machines")


def run(args: argparse.Namespace) -> int:
    """0 where both came to the same outcomes, 1 where not. Raises SettingsError where a file cannot be read."""
    records = []
    for path in (args.old, args.new):
        try:
            records.append(evidence_of(path))
        except BundleError as problem:
            said = str(problem)
            raise SettingsError(said if str(path) in said else f"{path}: {said}") from None
    old, new = records
    found = differences(old, new)
    print(_as_json(old, new, found) if args.json else _as_text(old, new, found))
    return 1 if found.in_outcomes else 0


def _as_text(old: Evidence, new: Evidence, found: Differences) -> str:
    lines = [paragraph("old", _described(old), 5), paragraph("new", _described(new), 5)]
    for part, changes in found.parts.items():
        if changes:
            lines += ["", f"{part} ({len(changes)})"]
            lines += [line for change in changes for line in _told(change)]
    quiet = [part for part, changes in found.parts.items() if not changes]
    if quiet:
        lines += ["", paragraph("unchanged: ", ", ".join(quiet), 11)]
    said = "the outcomes differ" if found.in_outcomes else "no difference in outcomes"
    return "\n".join([*lines, "", said])


def _told(change: Change) -> list[str]:
    """The thing on a line of its own: a node id is long, and what became of it is to be seen at a glance."""
    if change.old is None:
        became = f"new: {change.new}"
    elif change.new is None:
        became = f"gone, was {change.old}"
    else:
        became = f"{change.old} → {change.new}"
    one = f"  {harmless(change.what)}: {harmless(became)}"
    return [one] if len(one) <= 80 else [paragraph("  ", change.what, 2), paragraph("      ", became, 6)]


def _described(evidence: Evidence) -> str:
    kind = "rehearsal" if evidence.run.rehearsal else "DEV"
    return (
        f"{evidence.run.id}, {kind}, {evidence.verdict.status.value.replace('_', ' ')}, "
        f"{len(evidence.tests)} checks, suite {evidence.run.suite_version}"
    )


def _as_json(old: Evidence, new: Evidence, found: Differences) -> str:
    return json.dumps(
        {
            "old": old.run.id,
            "new": new.run.id,
            "outcomes_differ": found.in_outcomes,
            "changes": {
                part: [{"what": change.what, "old": change.old, "new": change.new} for change in changes]
                for part, changes in found.parts.items()
            },
        },
        indent=1,
        ensure_ascii=False,
    )
