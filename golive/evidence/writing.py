"""The record as it is written to a file: always these bytes, so that its digest can be told beforehand."""

import hashlib

from golive.evidence.model import Evidence


def written(evidence: Evidence) -> bytes:
    """The bytes of evidence.json."""
    return evidence.model_dump_json(indent=1).encode()


def record_digest(evidence: Evidence) -> str:
    """SHA-256 of these bytes, in hexadecimal digits: each view that shows it is a view of this very record."""
    return hashlib.sha256(written(evidence)).hexdigest()
