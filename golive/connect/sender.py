"""Who asks, as the User-Agent tells it: the suite with its version, the run, and the check or driver that is asking.

Whoever reads the target's logs can tell this suite's requests from others, and each of them from the next.
"""

import re
from typing import Final

MOST_CHARACTERS: Final = 100
"""Of what names the check or the actor; the rest is cut out of its middle."""

_UNFIT: Final = re.compile(r"[^!#-'*-\[\]-~ ]")
"""What may not stand in a header's comment: controls, all outside ASCII, and the signs that end or escape one."""


def user_agent(version: str, run_id: str | None = None) -> str:
    """The suite, and the run where there is one: ``cariqa-golive/1.0 (run 20260302t090000z-1a2b3c-4d)``."""
    return f"cariqa-golive/{version}" + (f" (run {run_id})" if run_id else "")


def on_behalf_of(agent: str, *, test: str | None, actor: str) -> str:
    """`agent` with who is asking: the check in short where one runs, else the actor (a driver, the preflight)."""
    asking = actor if test is None else _short(test)
    fit = " ".join(_UNFIT.sub("?", asking).split())
    if len(fit) > MOST_CHARACTERS:
        half = (MOST_CHARACTERS - 3) // 2
        fit = f"{fit[:half]}...{fit[-half:]}"
    return f"{agent} ({fit or 'unnamed'})"


def _short(nodeid: str) -> str:
    """A node id without its directories and what all of them share: ``05_stations::is_found[AT*VIE*E1]``."""
    file, _, name = nodeid.rpartition("/")[2].partition("::")
    return f"{file.removeprefix('test_').removesuffix('.py')}::{name.removeprefix('test_')}"
