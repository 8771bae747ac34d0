"""`python -m examples.partner_app`: serves the app until it is stopped."""

import argparse
import sys
from pathlib import Path

from examples.partner_app.app import LOOPBACK, listen, make_app, make_server
from examples.partner_app.settings import Settings, UnusableSettings, from_environment

UNUSABLE = 4


def main() -> int:
    """Exit status 0 after a stop, 2 for a misspelled option, 4 where it cannot start as asked."""
    parser = argparse.ArgumentParser(
        prog="python -m examples.partner_app",
        description="Serve the example app. CONNECT_API_KEY and STRIPE_PUBLISHABLE_KEY come from the environment.",
    )
    parser.add_argument("--connect-base", required=True, metavar="URL", help="such as http://127.0.0.1:8500/api/v1")
    parser.add_argument("--port", type=int, default=8600, help="0 takes any free one (default: %(default)s)")
    parser.add_argument("--database", type=Path, default=Path("partner_app.sqlite3"), metavar="FILE")
    parser.add_argument("--log-file", type=Path, metavar="FILE", help="default: standard error")
    arguments = parser.parse_args()
    try:
        settings: Settings = from_environment(
            arguments.connect_base, database=arguments.database, log_file=arguments.log_file
        )
        sock = listen(arguments.port)
    except (UnusableSettings, ValueError, OSError, OverflowError) as problem:
        print(f"partner_app: {problem}", file=sys.stderr)
        return UNUSABLE
    with sock:
        print(f"http://{LOOPBACK}:{sock.getsockname()[1]}", flush=True)
        make_server(make_app(settings)).run(sockets=[sock])
    return 0


if __name__ == "__main__":
    sys.exit(main())
