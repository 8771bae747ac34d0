"""The Retry-After header (RFC 9110, 10.2.3): seconds, or a date."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds from `now`, never negative; None where the header is absent or cannot be read."""
    text = (value or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError):
        return None
    if date.tzinfo is None:  # "-0000" says UTC without saying where
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - now).total_seconds())
