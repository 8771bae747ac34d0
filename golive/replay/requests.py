"""When two requests are the same, both as the record shows them: secrets replaced."""

import json
import re
from typing import Final, NamedTuple

_NUMBERED: Final = re.compile(r"\[redacted-\d+\]")


class Key(NamedTuple):
    """What tells one request from another."""

    actor: str
    method: str
    url: str
    authorization: str
    body: str


def key_of(actor: str, method: str, url: str, authorization: str | None, body: str | None) -> Key:
    """The key of a redacted request. Which number a learnt secret had depends on the order of the threads, and how
    members of a JSON object are ordered means nothing: neither tells requests apart."""
    return Key(actor, method, _NUMBERED.sub("[redacted]", url), authorization or "", _plain(body or ""))


def _plain(body: str) -> str:
    text = _NUMBERED.sub("[redacted]", body)
    if text[:1] in ("{", "["):
        try:
            return json.dumps(json.loads(text), sort_keys=True)
        except (ValueError, RecursionError):
            return text
    return text
