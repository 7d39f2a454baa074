"""Strict field types shared by commands and facts.

Each type accepts one spelling only: text for ids, instants, days and amounts, so that nothing is
guessed and no digit is lost. They work the same on parsed bodies and on stored JSON.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict, WithJsonSchema
from pydantic_core import to_json

INSTANT_PATTERN = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
DAY_PATTERN = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
AMOUNT_PATTERN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,4})?")
RATE_PATTERN = re.compile(r"[0-9]{1,8}(\.[0-9]{1,8})?")


class Strictly(BaseModel):
    """Base of every command, fact and value: exact types, no unknown member, immutable."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, populate_by_name=True)


def as_tuple(value: object) -> object:
    """A list as a tuple, which nothing changes; whatever else it is, as it is."""
    return tuple(value) if isinstance(value, list) else value


def titled(value: object) -> object:
    """Points of a list, of which one may be a text alone: its title."""
    if isinstance(value, list | tuple):
        return tuple({"title": item} if isinstance(item, str) else item for item in value)
    return value


def day_in(value: Any) -> date | None:
    """The day an attribute holds, if it is one: what another system says may be any text."""
    if not isinstance(value, str) or not DAY_PATTERN.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _id(value: Any) -> Any:
    if isinstance(value, UUID):
        return value
    if not isinstance(value, str):
        raise ValueError("expected an id as text, such as 0190a1b2-0000-7000-8000-000000000000")
    try:
        return UUID(value)
    except ValueError:
        raise ValueError(f"expected an id (UUID); got {value[:60]!r}") from None


def _instant(value: Any) -> Any:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("expected an instant with its offset")
        return value.astimezone(UTC)
    if not isinstance(value, str) or not INSTANT_PATTERN.fullmatch(value):
        raise ValueError("expected an RFC 3339 instant with offset, such as 2026-03-31T09:00:00Z")
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"no such instant: {value}") from None


def _day(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not DAY_PATTERN.fullmatch(value):
        raise ValueError("expected a date, such as 2026-03-31")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"no such date: {value}") from None


def _amount(value: Any) -> Any:
    if isinstance(value, Decimal) and value.is_finite():
        return value
    if not isinstance(value, str) or not AMOUNT_PATTERN.fullmatch(value):
        raise ValueError('expected an amount as text with at most 4 decimal places, such as "1250.00"')
    return Decimal(value)


def _rate(value: Any) -> Any:
    if isinstance(value, Decimal) and value.is_finite():
        return value
    if not isinstance(value, str) or not RATE_PATTERN.fullmatch(value) or not Decimal(value):
        raise ValueError('expected a rate above 0 as text with at most 8 decimal places, such as "0.7925"')
    return Decimal(value)


def _share(whole: str) -> Callable[[Any], Decimal]:
    def read(value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
            raise ValueError(f'expected a share of {whole}, such as "0.6"')
        try:
            share = Decimal(str(value) if str(value).isascii() else "no number")
        except InvalidOperation:
            raise ValueError(f'expected a share of {whole}, such as "0.6"') from None
        if not share.is_finite() or not Decimal(0) < share <= Decimal(1) or share != round(share, 4):
            raise ValueError(f'expected a share of {whole} above 0 and up to 1, such as "0.6"; got {value}')
        return share

    return read


def _one_line(text: str) -> str:
    stripped = text.strip()
    if not stripped:
        raise ValueError("expected text; got only blanks")
    if not stripped.isprintable():
        raise ValueError("expected one line without control characters")
    return stripped


def _prose(text: str) -> str:
    stripped = text.strip()
    if not stripped:
        raise ValueError("expected text; got only blanks")
    if "\x00" in stripped:
        raise ValueError("expected text without the NUL character")
    return stripped


def _as_text(pattern: re.Pattern[str]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern.pattern}$"})


Id = Annotated[UUID, Strict(False), BeforeValidator(_id)]
Instant = Annotated[datetime, Strict(False), BeforeValidator(_instant)]
Day = Annotated[date, Strict(False), BeforeValidator(_day)]
Amount = Annotated[Decimal, Strict(False), BeforeValidator(_amount), _as_text(AMOUNT_PATTERN)]
Rate = Annotated[Decimal, Strict(False), BeforeValidator(_rate), _as_text(RATE_PATTERN)]
_SHARE_GIVEN = WithJsonSchema(
    {"anyOf": [{"type": "string"}, {"type": "number"}], "examples": ["0.6"]}, mode="validation"
)
_SHARE_TOLD = WithJsonSchema(
    {"type": "string", "pattern": r"^(0\.[0-9]+|1(\.0+)?)$", "examples": ["0.6"]}, mode="serialization"
)
Share = Annotated[Decimal, Strict(False), BeforeValidator(_share("full time")), _SHARE_GIVEN, _SHARE_TOLD]
BudgetShare = Annotated[Decimal, Strict(False), BeforeValidator(_share("the budget")), _SHARE_GIVEN, _SHARE_TOLD]
WeightShare = Annotated[Decimal, Strict(False), BeforeValidator(_share("the whole")), _SHARE_GIVEN, _SHARE_TOLD]
Line = Annotated[str, Field(min_length=1, max_length=400), AfterValidator(_one_line)]
Prose = Annotated[str, Field(min_length=1, max_length=20_000), AfterValidator(_prose)]
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
Cadence = Annotated[int, Field(ge=1, le=366)]
"""Days from one report or review to the next."""
Json = Any


def storable(value: Json) -> Json:
    """JSON as it is, if it can be stored. Raises `ValueError`."""
    try:
        to_json(value)
    except ValueError:
        told = "expected text of whole Unicode characters, and lists and objects at most 100 deep in each other"
        raise ValueError(told) from None
    return value


def is_absent(value: object) -> bool:
    """For members that came later: left out where they say nothing, so that a fact is stored as it always was."""
    return value is None


def one_of(enum: Iterable[StrEnum]) -> BeforeValidator:
    """Accepts a word of the enumeration (or of a part of it) as text; the refusal lists every word allowed."""

    words = {word.value: word for word in enum}

    def check(value: Any) -> Any:
        if isinstance(value, str) and value in words:
            return words[value]
        raise ValueError("expected one of " + ", ".join(words))

    return BeforeValidator(check)
