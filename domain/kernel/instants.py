"""Instants as numbers and as text; always UTC."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def micros(instant: datetime) -> int:
    """Microseconds since 1970: exact, and sorts the same in every database."""
    return (instant - BEGINNING) // MICROSECOND


def from_micros(microseconds: int) -> datetime:
    """The instant that many microseconds after the beginning of 1970."""
    return BEGINNING + timedelta(microseconds=microseconds)


@lru_cache(1_000)
def rfc3339(instant: datetime) -> str:
    """The instant as text, such as 2026-03-31T09:00:00Z."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
