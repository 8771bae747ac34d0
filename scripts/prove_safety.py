"""Prove that a run leaves nothing behind, whatever ends it, and print all figures.

    python scripts/prove_safety.py [--points N] [--cuts N] [--rehearsals N] [--at-once N] [--quick]

Runs against a simulated DEV are killed with SIGKILL at points spread over a whole run; the same with the network cut
for 3 s at the kill. After at most 5 s no session may be open, later no user be left, and the guardian be gone. Then
rehearsals follow each other against one simulator, of which no user, session, handle, thread or process may be left.
Needs Linux (/proc). Exits with 1 where anything is not as promised.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from safety_kills import BOUND_S, CUT_S, STATES, Killed, Point, kill_at, measured, points  # noqa: E402 - beside it
from safety_soak import soak  # noqa: E402


def say(line: str) -> None:
    print(line, flush=True)


def kills(what: str, places: Sequence[Point], *, cut: bool, at_once: int) -> tuple[bool, Counter[str]]:
    """Whether all is as promised, and how often each state of the journal was met."""
    found: list[Killed] = []
    for killed in kill_at(places, cut=cut, at_once=at_once):
        say(f"  {killed}")
        found.append(killed)
    good = sum(not killed.faults for killed in found)
    met = Counter(state for killed in found for state in killed.states)
    slowest = max((killed.open_for_s for killed in found), default=0.0)
    say(
        f"{what}: {good} of {len(found)} as promised; {sum(k.open_then for k in found)} sessions were open or on their "
        f"way, none for longer than {slowest:.1f} s (bound: {BOUND_S:g} s); "
        f"journal: {', '.join(f'{state} {met[state]} times' for state in STATES)}"
    )
    return good == len(found), met


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, metavar="N", help="runs that are killed (default: 50, quick: 6)")
    parser.add_argument("--cuts", type=int, metavar="N", help="with the network cut (default: 50, quick: 3)")
    parser.add_argument("--rehearsals", type=int, metavar="N", help="back to back (default: 200, quick: 1)")
    parser.add_argument("--at-once", type=int, default=3, metavar="N", help="runs killed at a time (default: 3)")
    parser.add_argument("--quick", action="store_true", help="a shortened proof, for CI")
    args = parser.parse_args()
    usual = (6, 3, 1) if args.quick else (50, 50, 200)
    given = (args.points, args.cuts, args.rehearsals)
    n_points, n_cuts, n_rehearsals = (
        usual_ if given_ is None else given_ for given_, usual_ in zip(given, usual, strict=True)
    )
    began = time.monotonic()
    holds, met = True, Counter[str]()
    if n_points or n_cuts:
        lines = measured()
        say(f"a run that nobody kills writes {lines['journal']} lines of its journal, {lines['record']} of its record")
        for what, number, cut in (
            ("kill -9", n_points, False),
            (f"kill -9 with the network cut for {CUT_S:g} s", n_cuts, True),
        ):
            if not number:
                continue
            good, states = kills(what, points(number, lines), cut=cut, at_once=args.at_once)
            holds, met = holds and good, met + states
        if missing := [state for state in STATES if not met[state]]:
            say(f"no run was killed in these states of the journal: {', '.join(missing)}")
            holds = holds and args.quick
    if n_rehearsals:
        soaked = soak(n_rehearsals, lambda line: say(f"  {line}"))
        say(f"soak: {soaked.done} of {soaked.wanted} rehearsals in {soaked.seconds:.0f} s")
        say(f"  before: {soaked.before}")
        say(f"  after:  {soaked.after}")
        holds = holds and soaked.holds
    say(f"{'all as promised' if holds else 'NOT AS PROMISED'}, in {time.monotonic() - began:.0f} s")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
