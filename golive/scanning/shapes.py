"""Secrets that are known by their shape, in one piece of text.

Our expressions find candidates in time linear in the text: a bundle's line may be megabytes long, on which the
expressions of secret scanners take minutes. Whether a candidate is a JSON Web Token or a live key of Stripe's is for
the detectors of `detect_secrets` to say (the fork that is kept up, `bc-detect-secrets`). Of these only `analyze_string`
is ever called: their `verify` would send what was found to somebody else.

Our own is what they lack: that the token's header names an algorithm, Stripe's test mode, and the header
`Authorization: Bearer` with a literal behind it. The Connect key is a JWT ("Authentication").
"""

import base64
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, Protocol

from golive.scanning.kinds import Kind
from golive.scanning.placeholders import is_placeholder

LONGEST: Final = 16_384
"""Characters of a secret; a longer run of letters is data."""

_JWT: Final = re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]{2,}+\.[A-Za-z0-9_-]{8,}+")
_STRIPE: Final = re.compile(r"(?<![A-Za-z0-9])[sr]k_(live|test)_([A-Za-z0-9_]{16,}+)")
_BEARER: Final = re.compile(
    r"""(?:authorization[\s"'`\]\\:=,(>)]{1,20}+[bfru]{0,2}["'`]?|["'`])"""
    r"""bearer(?:\s{1,8}+|\s{0,8}+["'`]\s{0,8}+[+.]\s{0,8}+["'`])"""
    r"""([A-Za-z0-9_-][A-Za-z0-9._~+/-]{14,}+={0,2}+)(?![(\[{$%\u2026])""",
    re.IGNORECASE,
)
_OPAQUE: Final = 32
"""From this length on a run of letters without a digit is no word any more."""

Found = tuple[int, int, Kind]


class _Detector(Protocol):
    def analyze_string(self, string: str) -> Iterable[str]: ...


def shapes_in(text: str) -> Iterator[Found]:
    """Where a secret stands in `text`, and of what kind it is."""
    if "eyJ" in text:
        yield from _tokens(text)
    if "k_live_" in text or "k_test_" in text:
        yield from _stripe_keys(text)
    if "earer" in text or "EARER" in text:
        yield from _bearers(text)


def _tokens(text: str) -> Iterator[Found]:
    for match in _JWT.finditer(text):
        if len(match[0]) <= LONGEST and _names_algorithm(match[0]) and _says(_jwt_detector(), match[0]):
            yield *match.span(), Kind.TOKEN


def _names_algorithm(token: str) -> bool:
    """Whether the first part is a header as RFC 7515, 4.1.1 wants it: a JSON object with `alg`."""
    part = token.partition(".")[0]
    try:
        header = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        return False
    return isinstance(header, dict) and isinstance(header.get("alg"), str)


def _stripe_keys(text: str) -> Iterator[Found]:
    for match in _STRIPE.finditer(text):
        if len(match[0]) > LONGEST or is_placeholder(match[2]) or not any(c.isdigit() for c in match[2]):
            continue
        if match[1] == "test":
            yield *match.span(), Kind.STRIPE_TEST
        elif _says(_stripe_detector(), match[0]):
            yield *match.span(), Kind.STRIPE_LIVE


def _bearers(text: str) -> Iterator[Found]:
    for match in _BEARER.finditer(text):
        value = match[1]
        random = any(c.isdigit() for c in value) or len(value) >= _OPAQUE
        if random and len(value) <= LONGEST and not is_placeholder(value):
            yield *match.span(1), Kind.BEARER


def _says(detector: _Detector, candidate: str) -> bool:
    try:
        return any(True for _ in detector.analyze_string(candidate))
    except RecursionError:  # a token whose content is JSON nested beyond all reason
        return False


@cache
def _jwt_detector() -> _Detector:
    from detect_secrets.plugins.jwt import JwtTokenDetector

    return JwtTokenDetector()


@cache
def _stripe_detector() -> _Detector:
    from detect_secrets.plugins.stripe import StripeDetector

    return StripeDetector()
