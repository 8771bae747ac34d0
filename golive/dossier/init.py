"""`python -m golive init [FILE]`: write a dossier to be filled in."""

import argparse
import sys
from pathlib import Path

from golive.dossier import NAME
from golive.dossier.template import template
from golive.evidence.checklist import REQUIREMENTS
from golive.settings import SettingsError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The one argument: where to."""
    parser.add_argument("file", metavar="FILE", nargs="?", type=Path, default=Path(NAME), help=f"default: {NAME}")


def run(args: argparse.Namespace) -> int:
    """Write the file; one that is there is never overwritten. Raises `SettingsError`."""
    file: Path = args.file
    text = template(REQUIREMENTS)
    try:
        with file.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
    except FileExistsError:
        raise SettingsError(f"{file}: is there already and is left as it is; name another file") from None
    except (OSError, ValueError) as fault:
        said = getattr(fault, "strerror", None) or "no usable path"
        raise SettingsError(f"{file}: cannot be written ({said}); name a file that can") from None
    sys.stdout.write(f"Wrote {file}. Fill it in, then run pytest --dossier={file}\n")
    return 0
