"""The Retry-After header (RFC 9110, 10.2.3): seconds, or a date."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def http_date(value: str | None) -> datetime | None:
    """The moment that a date of HTTP names (RFC 9110, 5.6.7); None where it is absent or cannot be read."""
    try:
        date = parsedate_to_datetime((value or "").strip())
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date  # "-0000" says UTC without saying where


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds from `now`, never negative, and infinite where they are beyond counting; None where the header is absent
    or cannot be read."""
    text = (value or "").strip()
    if re.fullmatch(r"[0-9]+", text):
        return float(text)
    date = http_date(text)
    return None if date is None else max(0.0, (date - now).total_seconds())
