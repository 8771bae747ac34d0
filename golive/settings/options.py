"""The table of options: what may be set on the command line, and as `GOLIVE_…` in the environment or `.env`.

The plugin registers its command line from it and the README's table is checked against it.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Option:
    """One option. `expects` ends the sentence "… is not", for a value that cannot be used."""

    flag: str
    help: str
    expects: str
    metavar: str | None = None
    repeatable: bool = False
    boolean: bool = False

    @property
    def name(self) -> str:
        """The attribute of `Settings`."""
        return self.flag.removeprefix("--").replace("-", "_")

    @property
    def dest(self) -> str:
        """The attribute of pytest's options: prefixed, so that no other plugin's option can be meant."""
        return f"golive_{self.name}"

    @property
    def environment(self) -> str:
        """The option's name in the environment and in `.env`."""
        return f"GOLIVE_{self.name.upper()}"

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments for `addoption` or `add_argument`. There is never a default: only so can the
        settings tell what was given from what was not."""
        common = {"action": Collect, "dest": self.dest, "default": None, "help": self.help}
        return common | ({"nargs": 0} if self.boolean else {"metavar": self.metavar})


_SECONDS = "a number of seconds above 0 and up to 86400, such as 5 or 0.5"

OPTIONS: tuple[Option, ...] = (
    Option(
        "--target",
        "where the API is: simulator (default, started by itself), dev, or a URL",
        "simulator, dev or a URL such as https://api.example.org",
        "simulator|dev|URL",
    ),
    Option(
        "--report-dir",
        "where the evidence and the reports go (default: reports/runs/<run id>)",
        "a directory that can be written",
        "DIR",
    ),
    Option(
        "--evse",
        "only this listed EVSE ID, written with or without separators (repeatable; default: all)",
        "one of the listed EVSE IDs",
        "ID",
        repeatable=True,
    ),
    Option(
        "--poll-interval",
        "seconds between two reads of a session (default: 5; simulator: a quarter of a tick)",
        _SECONDS,
        "S",
    ),
    Option("--start-timeout", "seconds a start may take (default: 120; simulator: 30)", _SECONDS, "S"),
    Option(
        "--cdr-timeout",
        "seconds to wait for the final CDR (default: 900; simulator: 60, more with a slow tick)",
        _SECONDS,
        "S",
    ),
    Option(
        "--invoice-timeout",
        "seconds to wait for the invoice after the CDR (default: 300; simulator: 30, more with a slow tick)",
        _SECONDS,
        "S",
    ),
    Option(
        "--busy-patience",
        "seconds to wait for a shared VCP that another party holds (default: 120; simulator: 2)",
        _SECONDS,
        "S",
    ),
    Option(
        "--max-hold",
        "seconds after which a session on a shared VCP is stopped, whatever checks still want (default: 60)",
        _SECONDS,
        "S",
    ),
    Option(
        "--max-in-flight",
        "requests under way at once (default: 8; simulator: 32)",
        "a whole number from 1 to 32",
        "N",
    ),
    Option(
        "--max-rate",
        "requests begun per second (default: 10; simulator: no bound)",
        "a number of requests per second from 0.1 to 1000, such as 10 or 2.5",
        "R",
    ),
    Option(
        "--fuzz-examples",
        "malformed values per fuzzed input, 0 for none (default: 5; simulator: 25)",
        "a whole number from 0 to 10000",
        "N",
    ),
    Option(
        "--seed",
        "where all that is random in the run comes from (default: a fresh one, kept in the evidence)",
        "a whole number from 0 to 2**63-1",
        "N",
    ),
    Option(
        "--keep-users",
        "leave the users and payment methods that the run made",
        "1, 0, true, false, yes or no",
        boolean=True,
    ),
    Option(
        "--gate",
        "exit with 1 unless the verdict is ready (rehearsal: unless nothing failed or stayed inconclusive)",
        "1, 0, true, false, yes or no",
        boolean=True,
    ),
    Option(
        "--openapi",
        "compare every recorded exchange with this published OpenAPI 3.0 or 3.1 document; differences are observations",
        "an OpenAPI file that can be read, or an https URL of one",
        "FILE|URL",
    ),
    Option(
        "--dossier",
        "who asks for production and what people attest (default: golive.toml here, where there is one)",
        "a dossier that can be read; python -m golive init FILE writes one",
        "FILE",
    ),
    Option(
        "--scan",
        "look for the key and other tokens in this source tree or built frontend (repeatable)",
        "a directory or a file that can be read",
        "PATH",
        repeatable=True,
    ),
    Option(
        "--scan-url",
        "look for the key and other tokens in this page and the scripts it loads; sends no key (repeatable)",
        "an https URL of a page",
        "URL",
        repeatable=True,
    ),
    Option(
        "--replay",
        "judge this record again: its exchanges answer in place of the target, without network or keys",
        "a bundle, a report directory or an evidence.json",
        "FILE|DIR",
    ),
    Option(
        "--integration",
        "put this integration of yours under test: the factory of its adapter, or `manual` for a person who drives it",
        "package.module:factory, or manual",
        "MODULE:FACTORY|manual",
    ),
    Option(
        "--provoke",
        "provoke only this error in your integration, or none (repeatable; default: all; manual: a choice of them)",
        "the name of an error that can be provoked, or none",
        "NAME",
        repeatable=True,
    ),
    Option(
        "--gateway-port",
        "loopback port on which your backend finds the gateway to the target (default: 8500 with manual, else any)",
        "a port from 1 to 65535",
        "PORT",
    ),
    Option(
        "--tick",
        "seconds between the embedded simulator's progress messages (default: 0.2; manual: 5)",
        "a number of seconds above 0 and up to 3600, such as 0.2",
        "S",
    ),
)


class Collect(argparse.Action):
    """Keeps every different value given for an option, so that `load_settings` can refuse two that disagree.

    Registered with `parser.addoption(option.flag, **option.arguments())`. Reading the same line twice, as pytest
    does, changes nothing.
    """

    def __call__(
        self,
        parser: argparse.ArgumentParser,  # noqa: ARG002 - argparse names the arguments
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,  # noqa: ARG002
    ) -> None:
        given: tuple[str, ...] = getattr(namespace, self.dest, None) or ()
        value = values if isinstance(values, str) else "1"
        if value not in given:
            setattr(namespace, self.dest, (*given, value))


def command_line(parsed: argparse.Namespace) -> Mapping[str, tuple[tuple[str, ...], str]]:
    """What the command line gives, as `load_settings` takes it, from pytest's `config.option`."""
    given = {option: getattr(parsed, option.dest, None) for option in OPTIONS}
    return {option.name: (values, option.flag) for option, values in given.items() if values}
