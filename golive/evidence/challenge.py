"""The id of a run, and how it is bound to what Cariqa gave as a challenge: each of its requests carries it."""

import hashlib
import re
import uuid
from datetime import UTC, datetime

_RUN_ID = re.compile(r"(?P<stamp>\d{8}t\d{6}z)-(?P<tag>[0-9a-f]{6})-[0-9a-f]{2}")


def tag(challenge: str, stamp: str) -> str:
    """Six hexadecimal digits of a SHA-256 over the challenge and the run's UTC time (`20260302t101500z`)."""
    return hashlib.sha256(f"{challenge}/{stamp}".encode()).hexdigest()[:6]


def run_id(challenge: str | None = None) -> str:
    """A new run's id: its UTC time to the second, a tag, and figures that tell two runs of one second apart.

    The tag is that of the challenge where there is one, so that no earlier run can have this id.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ").lower()
    drawn = uuid.uuid4().hex
    return f"{stamp}-{drawn[:6] if challenge is None else tag(challenge, stamp)}-{drawn[-2:]}"


def is_bound(run_id: str, challenge: str) -> bool:
    """Whether the run with this id was begun with the challenge: no earlier run can have such an id but by chance."""
    found = _RUN_ID.fullmatch(run_id)
    return found is not None and found["tag"] == tag(challenge, found["stamp"])
