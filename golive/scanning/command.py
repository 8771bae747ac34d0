"""Look for tokens that must not lie in source code, in a built frontend or in a web page.

Needs no credentials: with CONNECT_API_KEY or CONNECT_API_KEY_CMD in the environment or in .env here, that very key
is looked for too. Exit status: 0 nothing was found, 1 a secret was found, one of the places could not be read at all
or not to its end, 4 an argument that cannot be used.
"""

import argparse
import os
import sys
from pathlib import Path

from golive.evidence.statements import Scan
from golive.scanning.told import finding, summary
from golive.settings import SettingsError
from golive.settings.scanned import ScanSettings, load_scan_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", nargs="*", metavar="PATH", help="a source tree, a built frontend, or one file")
    parser.add_argument("--url", action="append", default=[], metavar="URL", help="a page, with the scripts it loads")


def run(args: argparse.Namespace) -> int:
    """Raises `SettingsError` for what cannot be used."""
    settings = load_scan_settings(args.path, args.url, os.environ, Path(".env"))
    if not (settings.paths or settings.urls):
        raise SettingsError("PATH: nothing is given to look through; give a directory, a file, or --url URL")
    scans = _made(settings)
    out = sys.stdout
    for scan in scans:
        for found in scan.findings:
            out.write(f"{finding(found)}\n")
        for note in scan.skipped:
            out.write(f"not read: {note}\n")
        out.write(f"{summary(scan)}\n")
    if settings.key is None:
        out.write("CONNECT_API_KEY is not set: that key itself was not looked for, only what looks like one\n")
    return 1 if any(scan.findings or not scan.files or not scan.complete for scan in scans) else 0


def _made(settings: ScanSettings) -> list[Scan]:
    from golive.scanning import scan_page, scan_tree

    trees = [scan_tree(path, settings.key) for path in settings.paths]
    return trees + [scan_page(url, settings.key) for url in settings.urls]
