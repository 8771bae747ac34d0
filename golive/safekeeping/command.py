"""Stop what a run left charging, and remove the users that it made: when even its guardian could not.

Needs CONNECT_API_KEY or CONNECT_API_KEY_CMD, in the environment or in .env here: the key that the run used. Exit
status: 0 nothing is left, 1 something is, or another process is still at it, 4 an argument or setting that cannot be
used.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from golive.connect.reading import one_line
from golive.guard import ForbiddenTarget
from golive.safekeeping.former import Former, finish, unfinished
from golive.settings import SettingsError
from golive.settings.model import fingerprint
from golive.settings.scanned import load_scan_settings

RUNS: Final = Path("reports") / "runs"
PATIENCE_S: Final = 120.0
_LONGEST: Final = 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", nargs="*", metavar="FOLDER", help=f"a run's folder, or one with several (default: {RUNS.as_posix()})"
    )


def run(args: argparse.Namespace) -> int:
    """Raises `SettingsError` for what cannot be used."""
    folders = [Path(folder) for folder in args.folder] or [RUNS]
    for folder in folders:
        if args.folder and not folder.is_dir():
            raise SettingsError(f"{folder}: is no folder; name one with {RUNS.as_posix()}/… in it, or none")
    left = [former for folder in folders for former in unfinished(folder)]
    if not left:
        sys.stdout.write("no run left anything that a journal knows of\n")
        return 0
    key = load_scan_settings([], [], os.environ, Path(".env")).key
    if key is None:
        raise SettingsError(
            f"CONNECT_API_KEY: is not set, but runs left something ({len(left)}); set the key that they used"
        )
    return max(_release(former, key) for former in left)


def _release(former: Former, key: SecretStr) -> int:
    header = former.told.header
    _say(f"run {header.run_id} at {header.url}")
    if fingerprint(key) != header.key_fingerprint:
        _say(f"was made with another key ({header.key_fingerprint}, not {fingerprint(key)}): nothing was sent", 2)
        return 1
    try:
        released = finish(former, key, until_s=PATIENCE_S, users_s=PATIENCE_S, at_once=True)
    except (ForbiddenTarget, OSError) as refusal:
        _say(str(refusal), 2)
        return 1
    if released is None:
        _say("is still under way, or its guardian is", 2)
        return 1
    _say(f"{len(released.stopped)} sessions stopped, {len(released.removed)} users removed", 2)
    for thing in released.left:
        _say(f"left: {thing}", 2)
    return 1 if released.left else 0


def _say(what: str, indent: int = 0) -> None:
    """One line, and nothing that steers a terminal: a journal may say anything."""
    sys.stdout.write(f"{' ' * indent}{one_line(what, _LONGEST)}\n")
