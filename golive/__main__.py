"""`python -m golive COMMAND`: what is done with a dossier beside running the suite.

Each command is a module with `add_arguments(parser)` and `run(args) -> exit status`, imported when it is asked for.
"""

import argparse
import importlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

from golive.settings import SettingsError

UNUSABLE: Final = 4
"""Exit status for a command line or a file that cannot be used, as pytest has it."""


@dataclass(frozen=True)
class Command:
    """Where a command is, and what it does."""

    module: str
    help: str


COMMANDS: Mapping[str, Command] = {
    "init": Command("golive.dossier.init", "write a dossier (golive.toml) to be filled in"),
    "check": Command("golive.dossier.check", "read a dossier as a run would, and say what is still open"),
    "scan": Command("golive.scanning.command", "look for tokens in source code or a web page"),
    "verify": Command("golive.bundle.commands.verify", "see whether a bundle is what it says"),
    "sign": Command("golive.bundle.commands.sign", "sign a bundle with a key of SSH"),
    "replay": Command("golive.replay.command", "judge a record again, without network or keys"),
    "diff": Command("golive.bundle.commands.diff", "say what changed between two bundles"),
}


class _Parser(argparse.ArgumentParser):
    """Refuses in one line, as the settings do."""

    def error(self, message: str) -> NoReturn:
        raise SettingsError(f"{self.prog}: {message}; {self.prog} --help says how")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status, or 4 and one line on stderr where something cannot be used."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(given)
    except SettingsError as refusal:
        sys.stderr.write(f"ERROR: {refusal}\n")
        return UNUSABLE


def _run(given: Sequence[str]) -> int:
    parser = _Parser(
        prog="python -m golive",
        description="What is done with a dossier beside running the suite.",
        epilog="commands:\n" + "\n".join(f"  {name:<10}{command.help}" for name, command in COMMANDS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("command", metavar="COMMAND", choices=sorted(COMMANDS), help=", ".join(COMMANDS))
    name = parser.parse_args(given[:1]).command
    command = COMMANDS[name]
    module = importlib.import_module(command.module)
    inner = _Parser(prog=f"python -m golive {name}", description=module.__doc__, allow_abbrev=False)
    module.add_arguments(inner)
    status: int = module.run(inner.parse_args(given[1:]))
    return status


if __name__ == "__main__":
    sys.exit(main())
