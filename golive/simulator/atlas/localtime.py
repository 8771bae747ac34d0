"""Local time at a station. All three countries keep Central European Time, so no time zone database is needed."""

from datetime import UTC, datetime, timedelta, timezone

_WINTER = timezone(timedelta(hours=1), "CET")
_SUMMER = timezone(timedelta(hours=2), "CEST")
WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_SATURDAY = 5


def _last_sunday(year: int, month: int) -> datetime:
    """01:00 UTC on the last Sunday of a month of 31 days: when the clocks change."""
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def local(instant: datetime) -> datetime:
    """The instant in Central European Time, summer time included."""
    utc = instant.astimezone(UTC)
    summer = _last_sunday(utc.year, 3) <= utc < _last_sunday(utc.year, 10)
    return utc.astimezone(_SUMMER if summer else _WINTER)


def is_weekend(instant: datetime) -> bool:
    """Whether it is Saturday or Sunday at the stations."""
    return local(instant).weekday() >= _SATURDAY
