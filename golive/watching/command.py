"""Stand between your backend and DEV: pass everything on, record it, and say what the traffic rules make of it.

Give your backend the base URL that is printed in the place of DEV's. Ctrl-C ends it: whatever is still charging is
stopped, and the record is written. Needs CONNECT_API_KEY or CONNECT_API_KEY_CMD, in the environment or in .env here,
unless the target is the simulator: to tell the right token from a wrong one. Exit status: 0 nothing speaks against the
backend, 1 a traffic rule is broken or something is still charging, 4 an argument or setting that cannot be used.
"""

import argparse
import os
import sys
from pathlib import Path
from textwrap import wrap
from typing import Final

from pydantic import SecretStr

from golive.settings import OPTIONS, LoopbackDefaults, Settings, SettingsError, command_line, load_settings

PORT: Final = 8500
HIGHEST_PORT: Final = 65_535
_TAKEN: Final = ("--target", "--report-dir", "--tick")
_OWN_HELP: Final = {
    "--report-dir": "where the evidence and the reports go (default: reports/runs/<run id>-gateway)",
    "--tick": "seconds between the embedded simulator's progress messages, of which a charge has ten (default: 0.2)",
}
"""What is otherwise here than in a run."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    for option in OPTIONS:
        if option.flag in _TAKEN:
            arguments = option.arguments()
            parser.add_argument(option.flag, **arguments | {"help": _OWN_HELP.get(option.flag, arguments["help"])})
    parser.add_argument("--port", default=str(PORT), metavar="N", help=f"where it listens, 0: anywhere ({PORT})")
    parser.add_argument("--tls", action="store_true", help="https, with a certificate of its own (needs openssl)")
    parser.add_argument(
        "--provoke",
        action="append",
        default=[],
        metavar="NAME",
        help="answer with this error once (repeatable: one after the other); `list` shows them",
    )


def run(args: argparse.Namespace) -> int:
    """Raises `SettingsError` for what cannot be used."""
    if "list" in args.provoke:
        return _list()
    from golive.gateway.catalogue import CATALOGUE
    from golive.watching.watch import Watch

    port = _port(args.port)
    for name in args.provoke:
        if name not in CATALOGUE:
            raise SettingsError(f"--provoke {name[:40]}: there is no such error; --provoke list shows them")
    settings = _settings(args)
    _refuse_itself(settings, port)
    return Watch(settings, port=port, tls=args.tls, provoke=[CATALOGUE[name] for name in args.provoke]).run()


def _settings(args: argparse.Namespace) -> Settings:
    from golive.simulator.options import SIMULATOR_KEY, SIMULATOR_PUBLISHABLE_KEY

    return load_settings(
        command_line(args),
        os.environ,
        Path(".env"),
        listed=None,
        loopback_defaults=LoopbackDefaults(
            key=SecretStr(SIMULATOR_KEY), publishable_key=SecretStr(SIMULATOR_PUBLISHABLE_KEY)
        ),
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(HIGHEST_PORT)) and int(text) <= HIGHEST_PORT):
        raise SettingsError(f"--port: must be a number from 0 to {HIGHEST_PORT}, 0 for any that is free")
    return int(text)


def _refuse_itself(settings: Settings, port: int) -> None:
    import httpx

    url = None if settings.target.url is None else httpx.URL(settings.target.url)
    if url is not None and settings.target.local and port == (url.port or 80):
        raise SettingsError(f"--port {port}: is the target's own; give the gateway another")


def _list() -> int:
    from golive.gateway.catalogue import CATALOGUE

    for one in CATALOGUE.values():
        named = wrap(f"{one.name:<38} {one.title}", 80, subsequent_indent=" " * 39)
        sys.stdout.write("".join(f"{line}\n" for line in named))
    return 0
