"""What stands where a secret would, and is none: `YOUR_API_KEY`, `xxxxxxxx`, `process.env.CONNECT_API_KEY`.

`detect_secrets` knows runs of the alphabet and of digits; the words are those of this trade.
"""

import re
from typing import Final

_WORDS: Final = re.compile(
    r"access|admin|api|auth|authorization|bearer|cariqa|changeme|client|config|connect|credentials?|demo|dev|"
    r"development|dummy|env|environ|example|expo|fake|foo|bar|from|get|goes|here|id|import|insert|jwt|key|live|local|"
    r"meta|mock|my|next|paste|placeholder|private|process|prod|production|public|react|redacted|replace|restricted|"
    r"sample|secret|session|settings|some|state|string|stripe|test|the|this|todo|token|user|value|vite|vue|with|"
    r"x{3,}|your|\d{1,3}(?!\d)",
    re.IGNORECASE,
)
_CONSTANT: Final = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_LEAST_LEFT: Final = 8
_LEAST_DIFFERENT: Final = 6


def is_placeholder(value: str) -> bool:
    """Whether a person would read `value` as a name or a sample instead of as a secret."""
    from detect_secrets.filters.heuristic import is_not_alphanumeric_string, is_sequential_string

    letters = re.sub(r"[^A-Za-z0-9]", "", value)
    left = re.sub(r"[^A-Za-z0-9]", "", _WORDS.sub("-", re.sub(r"[_.~+/=]", "-", value)))
    return (
        ".." in value
        or _CONSTANT.fullmatch(value) is not None
        or is_not_alphanumeric_string(value)
        or is_sequential_string(letters)
        or is_sequential_string(left)
        or len(left) < _LEAST_LEFT
        or len(set(left.lower())) < _LEAST_DIFFERENT
    )
