"""When the next status update is due, and when a declared health is old. One rule for decisions and for views.

A day that is due is in time until it is over, in UTC.
"""

from datetime import date, datetime, timedelta


def next_due(since: datetime, reported_at: datetime | None, cadence_days: int) -> date:
    """One cadence after the latest report, or after work began or went on if that was later."""
    start = max(since, reported_at) if reported_at else since
    return start.date() + timedelta(days=cadence_days)


def days_past(day: date, today: date) -> int:
    """How many days a day is over; 0 as long as it is not."""
    return max((today - day).days, 0)


def is_stale(reported_at: datetime, cadence_days: int, today: date) -> bool:
    """Whether a report is older than the cadence."""
    return (today - reported_at.date()).days > cadence_days
