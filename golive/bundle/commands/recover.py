"""Make a record of what a run that was killed had written by then: partial, and never ready."""

import argparse
from pathlib import Path

from golive.bundle.commands.words import paragraph
from golive.bundle.opening import RECORD
from golive.bundle.writing import write_whole
from golive.evidence import partial
from golive.evidence.model import Evidence
from golive.evidence.writing import written
from golive.outcomes import Outcome
from golive.report import VIEWS
from golive.report.exhibits import beside
from golive.safekeeping.locks import claim
from golive.settings import SettingsError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help=f"a run's report folder, or the {partial.NAME} in it"
    )
    parser.add_argument("--to", type=Path, metavar="DIR", help="where the record goes (default: the same folder)")


def run(args: argparse.Namespace) -> int:
    """0 once the record is written. Raises SettingsError where there is nothing to be recovered, or no place for it."""
    source: Path = args.folder / partial.NAME if args.folder.is_dir() else args.folder
    directory: Path = args.to or source.parent
    evidence = _read(source)
    if (directory / RECORD).exists():
        raise SettingsError(f"{directory / RECORD} is there already; name another folder with --to=DIR")
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, render in VIEWS.items():
            write_whole(directory / name, render(evidence, beside(source.parent)).encode())
        # last: with it the folder has a record
        write_whole(directory / RECORD, written(evidence))
    except OSError as problem:
        raise SettingsError(f"{directory} cannot be written: {problem.strerror or problem}") from None
    print(_said(evidence, directory))
    return 0


def _read(source: Path) -> Evidence:
    try:
        with source.open("rb") as file:
            if not claim(file):
                raise SettingsError(f"{source}: its run is under way; wait until it has ended")
            data = file.read()
    except FileNotFoundError:
        ended = " Its run has ended by itself." if (source.parent / RECORD).exists() else ""
        raise SettingsError(f"{source}: is not there, so there is nothing to be recovered.{ended}") from None
    except OSError as problem:
        raise SettingsError(f"{source}: cannot be read: {problem.strerror or problem}") from None
    try:
        return partial.read(data)
    except partial.NothingLeftError as problem:
        raise SettingsError(f"{source}: nothing can be recovered: {problem}") from None


def _said(evidence: Evidence, directory: Path) -> str:
    run, told = evidence.run, evidence.aftermath
    done = sum(check.outcome not in (Outcome.NOT_RUN, Outcome.DESELECTED) for check in evidence.tests)
    lines = [
        paragraph("run: ", f"{run.id} against {run.target}, killed after {run.wall_s:.0f} s or later", 5),
        paragraph(
            "record: ",
            f"partial: {len(evidence.exchanges)} exchanges, {done} of {len(evidence.tests)} checks; "
            f"the verdict is {evidence.verdict.status.value.replace('_', ' ')}",
            8,
        ),
    ]
    if told.left_behind:
        said = f"{len(told.open_after)} sessions and {sum(user.fate == 'left' for user in told.users)} users"
        lines.append(
            paragraph(
                "open: ",
                f"{said} were there when it was killed; `python -m golive release` stops and removes what still is",
                6,
            )
        )
    return "\n".join([*lines, f"Report: {directory / 'evidence.html'}"])
