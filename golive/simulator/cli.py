"""`python -m golive.simulator`: serves a simulated DEV until it is stopped."""

import argparse
import contextlib
import ipaddress
import math
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from golive.serving import LOOPBACK, listen, make_server
from golive.simulator.defects import DEFECTS
from golive.simulator.deviations import Register, UnknownDeviation, options_with, parts_with, wrappers_of
from golive.simulator.habits import HABITS
from golive.simulator.options import (
    MOST_MESSAGES,
    SIMULATOR_KEY,
    SIMULATOR_PUBLISHABLE_KEY,
    BusyAs,
    InvalidOption,
    SimulatorOptions,
)
from golive.simulator.state.world import UnknownEvse

if TYPE_CHECKING:
    from starlette.types import ASGIApp

DEFAULT_PORT = 8400
HIGHEST_PORT = 65_535
USAGE_ERROR = 4
"""Exit status when the simulator cannot start as asked."""

_EPILOG = """\
examples:
  python -m golive.simulator                                  a DEV on port 8400
  python -m golive.simulator --tick 2                         progress messages every two seconds
  python -m golive.simulator --held 'DE*CIQ*EWBNHHLM82TLA*1=30'   another party charges there for 30 s
"""


def parser() -> argparse.ArgumentParser:
    """The command line; times are seconds."""
    p = argparse.ArgumentParser(
        prog="python -m golive.simulator",
        description="Serve a simulated Connect API DEV, with the card processor's test mode, until stopped.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    p.add_argument("--host", default=LOOPBACK, help="loopback address to listen on (default: %(default)s)")
    p.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 takes any free one (default: %(default)s)")
    pace = p.add_argument_group("pace (seconds)")
    pace.add_argument("--tick", type=float, default=0.2, metavar="S", help="between progress messages (%(default)s)")
    pace.add_argument(
        "--progress-messages",
        type=int,
        default=MOST_MESSAGES,
        metavar="N",
        help=f"of a type-2 session, 0 to {MOST_MESSAGES} (%(default)s)",
    )
    pace.add_argument("--cdr-delay", type=float, metavar="S", help="from the end of charging to the CDR (one tick)")
    pace.add_argument("--invoice-delay", type=float, metavar="S", help="from the CDR to the invoice (one tick)")
    pace.add_argument(
        "--payment-method-delay", type=float, default=0.0, metavar="S", help="until a confirmed card is listed (0)"
    )
    pace.add_argument("--start-delay", type=float, default=0.0, metavar="S", help="until a start answers (0)")
    pace.add_argument(
        "--session-limit", type=float, default=900.0, metavar="S", help="ends a type-1 session nobody stopped (900)"
    )
    world = p.add_argument_group("the world at its worst")
    world.add_argument(
        "--held",
        action="append",
        default=[],
        metavar="EVSE[=S]",
        help="another party holds this EVSE, for S seconds or for good (repeatable)",
    )
    world.add_argument(
        "--busy-as",
        choices=[str(answer) for answer in BusyAs],
        default=str(BusyAs.PROVIDER_ERROR),
        help="the answer of a busy VCP (default: %(default)s)",
    )
    world.add_argument("--contradict", action="store_true", help="station data says the opposite of the VCP")
    world.add_argument("--unpaid", action="store_true", help="every final charge is declined and leaves a debt")
    named = p.add_argument_group("named deviations (repeatable; `list` shows them)")
    named.add_argument("--defect", action="append", default=[], metavar="NAME", help="deviate from the contract")
    named.add_argument("--habit", action="append", default=[], metavar="NAME", help="differ within the contract")
    keys = p.add_argument_group("identity")
    keys.add_argument("--seed", type=int, default=0, metavar="N", help="of ids and of the map (%(default)s)")
    keys.add_argument("--key", default=SIMULATOR_KEY, help="the API key to accept (a public default)")
    keys.add_argument("--publishable-key", default=SIMULATOR_PUBLISHABLE_KEY, help="pk_test_… (a public default)")
    return p


def held(values: Sequence[str]) -> dict[str, float]:
    """`EVSE` or `EVSE=SECONDS`; raises `InvalidOption`."""
    result = {}
    for value in values:
        evse_id, equals, seconds = value.partition("=")
        try:
            result[evse_id] = float(seconds) if equals else math.inf
        except ValueError:
            raise InvalidOption(f"--held {value}: the part after = must be a number of seconds") from None
    return result


def options(arguments: argparse.Namespace) -> SimulatorOptions:
    """Raises `InvalidOption`."""
    return SimulatorOptions(
        tick=arguments.tick,
        progress_messages=arguments.progress_messages,
        cdr_delay=arguments.cdr_delay,
        invoice_delay=arguments.invoice_delay,
        payment_method_delay=arguments.payment_method_delay,
        start_delay=arguments.start_delay,
        session_limit=arguments.session_limit,
        held=held(arguments.held),
        busy_as=BusyAs(arguments.busy_as),
        contradict=arguments.contradict,
        unpaid=arguments.unpaid,
        seed=arguments.seed,
        key=arguments.key,
        publishable_key=arguments.publishable_key,
    )


def check_address(host: str, port: int) -> None:
    """Raises `InvalidOption`: the simulator's key is public, so it listens to this machine only."""
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback or ":" in host:
        raise InvalidOption(f"--host must be an IPv4 loopback address such as {LOOPBACK}, not {host}")
    if not 0 <= port <= HIGHEST_PORT:
        raise InvalidOption(f"--port must be 0 to {HIGHEST_PORT}, not {port}")


def settings_text(url: str, chosen: SimulatorOptions) -> str:
    """What to paste: into a `.env`, or behind the suite's command."""
    return "\n".join(
        [
            f"Simulated DEV at {url} - put this into your .env:",
            "",
            f"CONNECT_API_DOMAIN={url}/api/v1",
            f"CONNECT_API_KEY={chosen.key}",
            f"STRIPE_PUBLISHABLE_KEY={chosen.publishable_key}",
            f"STRIPE_API_BASE={url}",
            "",
            f"or run the suite against it: pytest --target {url}",
            "Stop with Ctrl-C.",
        ]
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 after a stop, 2 for a misspelled option, 4 when it cannot start as asked."""
    arguments = parser().parse_args(argv)
    if "list" in arguments.defect + arguments.habit:
        return _list(DEFECTS if "list" in arguments.defect else HABITS)
    from golive.simulator.dev import Dev
    from golive.simulator.web.app import make_app

    try:
        check_address(arguments.host, arguments.port)
        deviations = [*map(DEFECTS.named, arguments.defect), *map(HABITS.named, arguments.habit)]
        chosen = options_with(options(arguments), deviations)
        dev = Dev(chosen, parts=parts_with(deviations))
        sock = listen(arguments.host, arguments.port)
    except (InvalidOption, UnknownEvse, UnknownDeviation) as problem:
        return _refuse(str(problem))
    except OSError as problem:
        reason = problem.strerror or str(problem)
        return _refuse(f"cannot listen on {arguments.host}:{arguments.port}: {reason}; choose another with --port")
    with sock:
        host, port = sock.getsockname()[:2]
        print(settings_text(f"http://{host}:{port}", chosen), flush=True)
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # uvicorn hands both on once it has stopped
        app: ASGIApp = make_app(dev)
        for around in wrappers_of(deviations):
            app = around(app)
        with contextlib.suppress(KeyboardInterrupt):
            make_server(app).run(sockets=[sock])
    print("Stopped.", flush=True)
    return 0


def _list(register: Register) -> int:
    for deviation in register.values():
        print(f"{deviation.name:<40} {deviation.section}: {deviation.sentence}")
    return 0


def _refuse(problem: str) -> int:
    print(f"golive.simulator: {problem}", file=sys.stderr)
    return USAGE_ERROR
