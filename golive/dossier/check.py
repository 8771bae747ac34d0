"""`python -m golive check [FILE]`: read a dossier as a run would, and say what it shows and what is still open."""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from golive.dossier import NAME, Loaded, load
from golive.evidence.attested import word_for
from golive.evidence.checklist import REQUIREMENTS
from golive.evidence.model import Assurance, Status
from golive.settings.scanned import load_keys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The one argument: which file."""
    parser.add_argument("file", metavar="FILE", nargs="?", type=Path, default=Path(NAME), help=f"default: {NAME}")


def run(args: argparse.Namespace) -> int:
    """Say it on stdout, 0 whatever is open. Raises `SettingsError` for a dossier that a run would refuse."""
    now = datetime.now(UTC)
    keys = {f"a key that is set here ({n})": key for n, key in enumerate(load_keys(os.environ, Path(".env")), start=1)}
    loaded = load(args.file, today=now.date(), register=REQUIREMENTS, secrets=keys)
    sys.stdout.write("\n".join(_told(loaded, now)) + "\n")
    return 0


def _told(loaded: Loaded, now: datetime) -> list[str]:
    dossier = loaded.stated(now)
    ids: dict[Status, list[str]] = {}
    for requirement in REQUIREMENTS:
        if requirement.needed is Assurance.ATTESTED:
            word = word_for(requirement, dossier, now.date())
            ids.setdefault(Status.NOT_SHOWN if word is None else word.status, []).append(requirement.id)
    lines = [f"{loaded.name} can be used: {loaded.partner}, {loaded.integration} {loaded.version}"]
    labels = {Status.MET: "attested", Status.NOT_APPLICABLE: "not applicable", Status.NOT_SHOWN: "still to be attested"}
    lines += [f"  {label}: {', '.join(ids[status])}" for status, label in labels.items() if status in ids]
    lines += [f"  waived until {waiver.until}: {waiver.requirement_id}" for waiver in dossier.waivers]
    for exhibit in dossier.exhibits:
        removed = f", without its {', '.join(exhibit.removed)}" if exhibit.removed else ""
        what = exhibit.reference or f"{exhibit.name}, {exhibit.media_type}, {exhibit.size} bytes{removed}"
        lines.append(f"  {exhibit.id}: {what}")
    return lines
