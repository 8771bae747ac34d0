"""How a run is bound to what Cariqa gave as a challenge: its id, which each of its requests carries, depends on it."""

import hashlib
import re

_RUN_ID = re.compile(r"(?P<stamp>\d{8}t\d{6}z)-(?P<tag>[0-9a-f]{6})-[0-9a-f]{2}")


def tag(challenge: str, stamp: str) -> str:
    """Six hexadecimal digits of a SHA-256 over the challenge and the run's UTC time (`20260302t101500z`)."""
    return hashlib.sha256(f"{challenge}/{stamp}".encode()).hexdigest()[:6]


def is_bound(run_id: str, challenge: str) -> bool:
    """Whether the run with this id was begun with the challenge: no earlier run can have such an id but by chance."""
    found = _RUN_ID.fullmatch(run_id)
    return found is not None and found["tag"] == tag(challenge, found["stamp"])
