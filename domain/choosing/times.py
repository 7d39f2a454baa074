"""When something falls due: a year, a month or a day, each in one spelling. Pure."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field

from domain.choosing.figures import NOTHING, WHOLE

WHEN_PATTERN = re.compile(r"[1-9]\d{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
EXPECTED_WHEN = "expected a year, a month or a day, such as 2026, 2026-03 or 2026-03-31"
UNIT = {4: "year", 7: "month", 10: "day"}
LONG = {4: WHOLE, 7: WHOLE / 12, 10: NOTHING}
"""How long, in years, the amount of one time takes to come; that of a day comes on it."""
LATEST = 9999
"""The last year that may be told."""


def _when(text: str) -> str:
    if not WHEN_PATTERN.fullmatch(text):
        raise ValueError(f"{EXPECTED_WHEN}; got {text[:60]!r}")
    if len(text) == 10:
        try:
            date.fromisoformat(text)
        except ValueError:
            raise ValueError(f"no such date: {text}") from None
    return text


When = Annotated[str, Field(examples=["2026-03"]), AfterValidator(_when)]
"""A year, a month or a day; all of one analysis are of one kind."""


def later(when: str, periods: int) -> str:
    """The year or month so many after another one; a day only after none."""
    if len(when) == 4:
        return str(int(when) + periods)
    months = int(when[:4]) * 12 + int(when[5:7]) - 1 + periods
    return f"{months // 12}-{months % 12 + 1:02d}" if periods else when


def in_years(when: str) -> Decimal:
    """A time in years: months are twelfths, days are parts of 365."""
    if len(when) == 10:
        return Decimal(date.fromisoformat(when).toordinal()) / 365
    return int(when[:4]) + (Decimal(int(when[5:7]) - 1) / 12 if len(when) == 7 else NOTHING)
