"""`python -m golive COMMAND`: what is done with a dossier beside running the suite.

Each command is a module with `add_arguments(parser)` and `run(args) -> exit status`, imported when it is asked for.
"""

import argparse
import importlib
import io
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, NoReturn

from golive.bundle.commands.words import harmless
from golive.settings import SettingsError

INTERRUPTED: Final = 2
STUMBLED: Final = 3
UNUSABLE: Final = 4
"""Exit statuses where there is no answer, as pytest has them: Ctrl-C, a fault of this suite's own, a command line or a
file that cannot be used. 1 is an answer: not agreed, or differences."""
UNREAD: Final = 141
"""Exit status where nobody reads what is said, as any program has it that SIGPIPE ends."""


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
    "recover": Command("golive.bundle.commands.recover", "make a record of what a killed run had written"),
    "gateway": Command("golive.watching.command", "stand between your backend and DEV, and watch"),
    "release": Command("golive.safekeeping.command", "stop and remove what a run that died left behind"),
    "diff": Command("golive.bundle.commands.diff", "say what changed between two bundles"),
}


class _Parser(argparse.ArgumentParser):
    """Refuses in one line, as the settings do."""

    def error(self, message: str) -> NoReturn:
        raise SettingsError(f"{self.prog}: {message}; {self.prog} --help says how")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status, or one line on stderr and an exit status that is never 1."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a sign is no reason to stop
    try:
        status = _run(given)
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go_of_stdout()
        return UNREAD
    except SettingsError as refusal:
        return _refused(str(refusal), UNUSABLE)
    except OSError as fault:
        where = f"{fault.filename}: " if fault.filename is not None else ""
        return _refused(f"{where}{fault.strerror or fault}", UNUSABLE)
    except KeyboardInterrupt:
        return _refused("interrupted", INTERRUPTED)
    except Exception as fault:
        return _refused(
            f"this suite stumbled, which says nothing of the file: {type(fault).__name__}: {fault}", STUMBLED
        )
    return status


def _refused(message: str, status: int) -> int:
    with suppress(OSError):
        sys.stderr.write(f"ERROR: {harmless(message)}\n")
    return status


def _let_go_of_stdout() -> None:
    """Python flushes it once more at its end, and would complain."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
