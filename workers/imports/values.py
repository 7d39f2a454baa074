"""Values of a source as values of a project. One spelling only: nothing is guessed."""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Strict, TypeAdapter, ValidationError
from pydantic_core import to_json

from domain.kernel.money import Money
from domain.kernel.types import DAY_PATTERN, Instant, Line

NUMBER_PATTERN = re.compile(r"[+-]?\d+(\.\d+)?")
EXPECTED_INSTANT = "expected a date such as 2026-03-31, or an instant such as 2026-03-31T09:00:00Z"
PENCE = Decimal("0.01")
SMALLEST = Decimal("0.0001")
INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
LINE: TypeAdapter[str] = TypeAdapter(Line)


class Unreadable(ValueError):
    """The source has a text where a number or a date is due."""


def _source_instant(value: Any) -> Any:
    if isinstance(value, str) and DAY_PATTERN.fullmatch(value.strip()):
        return datetime.combine(date.fromisoformat(value.strip()), time.min, UTC)
    try:
        return INSTANT.validate_python(value.strip() if isinstance(value, str) else value)
    except ValidationError:
        raise ValueError(EXPECTED_INSTANT) from None


SourceInstant = Annotated[datetime, Strict(False), BeforeValidator(_source_instant)]
"""An instant with offset, or a date, which means 00:00 UTC."""


def value_or_none(value: Any) -> Any:
    """The value, `None` for what says nothing: blank text, an empty list."""
    if isinstance(value, str) and not value.strip():
        return None
    return None if value == [] else value


def one_line(value: Any) -> str:
    """Names and people as one line of text; a list is joined with commas. Raises `ValidationError`."""
    if isinstance(value, list):
        return one_line(", ".join(one_line(item) for item in value))
    text = value if isinstance(value, str) else to_json(value).decode()
    return LINE.validate_python(" ".join(text.split()))


def money(value: Any, scale: Decimal, currency: str) -> dict[str, str]:
    """A plain decimal number of the source as money, exact to 4 decimal places. Raises `Unreadable`."""
    text = str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    if not NUMBER_PATTERN.fullmatch(text):
        raise Unreadable(text)
    try:
        exact = (Decimal(text) * scale).quantize(SMALLEST)
        amount = exact.quantize(PENCE) if exact == exact.quantize(PENCE) else exact.normalize()
        found = Money.model_validate({"amount": f"{amount:f}", "currency": currency})
    except (ArithmeticError, ValidationError):
        raise Unreadable(text) from None
    return found.model_dump(mode="json")


def day(value: Any) -> str:
    """The day of a date or instant of the source. Raises `Unreadable`."""
    try:
        return _source_instant(value).date().isoformat()  # type: ignore[no-any-return]
    except ValueError:
        raise Unreadable(str(value)) from None
