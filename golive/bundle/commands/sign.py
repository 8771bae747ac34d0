"""`python -m golive sign BUNDLE --key PRIVATE_KEY`: a detached signature beside the bundle."""

import argparse
from pathlib import Path

from golive.bundle.commands.words import harmless
from golive.bundle.errors import BundleError
from golive.bundle.signature import sign
from golive.settings import SettingsError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="golive-….zip, as a run left it")
    parser.add_argument(
        "--key",
        type=Path,
        required=True,
        metavar="PRIVATE_KEY",
        help="a private key of SSH, or the public one whose other half an agent holds",
    )


def run(args: argparse.Namespace) -> int:
    """0 with the signature's path. Raises SettingsError where it could not be made."""
    try:
        signature = sign(args.bundle, args.key)
    except BundleError as problem:
        raise SettingsError(str(problem)) from None
    print(f"Signature: {harmless(str(signature))}")
    return 0
