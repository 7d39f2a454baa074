"""Periods of the calendar that costs and people are counted in: years, quarters or months."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, Strict

from domain.kernel.types import as_tuple

PATTERN = re.compile(r"([1-9][0-9]{3})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")
MOST = 60
MONTHS = {"year": 12, "quarter": 3, "month": 1}
"""How many months a period of each length has."""


def _length(name: str) -> str:
    return {4: "year", 7: "quarter" if "Q" in name else "month"}[len(name)]


def _begins(name: str) -> int:
    """The month a period begins in, counted from the year 0."""
    found = PATTERN.fullmatch(name)
    assert found, name
    year, quarter, month = found.groups()
    return int(year) * 12 + (int(month) - 1 if month else 3 * int(quarter) - 3 if quarter else 0)


def named(number: int, length: str) -> str:
    """The period of a length that holds a month, counted from the year 0."""
    year, month = divmod(number, 12)
    return {"year": f"{year:04}", "quarter": f"{year:04}-Q{month // 3 + 1}", "month": f"{year:04}-{month + 1:02}"}[
        length
    ]


def _in_a_row(names: tuple[str, ...]) -> tuple[str, ...]:
    length = _length(names[0])
    for place, name in enumerate(names):
        expected = named(_begins(names[0]) + place * MONTHS[length], length)
        if name != expected:
            raise ValueError(f"expected periods of one length in a row, so {expected}; got {name}")
    return names


Period = Annotated[str, Field(pattern=f"^{PATTERN.pattern}$", examples=["2026", "2026-Q3", "2026-09"])]
Periods = Annotated[
    tuple[Period, ...],
    Strict(False),
    BeforeValidator(as_tuple),
    Field(min_length=1, max_length=MOST),
    AfterValidator(_in_a_row),
]
"""Years, quarters or months, one after the other."""


def years(first: int, last: int) -> tuple[str, ...]:
    """Calendar years as periods."""
    return tuple(f"{year:04}" for year in range(first, min(last, first + MOST - 1) + 1))


@dataclass(frozen=True)
class Calendar:
    """Periods in a row; a day has a place among them, below 0 before the first of them."""

    names: Sequence[str]

    def place(self, day: date) -> int:
        """The place of the period that holds a day."""
        return (day.year * 12 + day.month - 1 - self._first) // self._length

    def place_of(self, month: str) -> int:
        """The place of the period that holds a month such as 2026-03."""
        return (int(month[:4]) * 12 + int(month[5:]) - 1 - self._first) // self._length

    @cached_property
    def _first(self) -> int:
        return _begins(self.names[0])

    @cached_property
    def _length(self) -> int:
        return MONTHS[_length(self.names[0])]

    def name(self, place: int) -> str:
        """The period at a place, which may be behind the last."""
        return named(self._first + place * self._length, _length(self.names[0]))

    def days(self, place: int) -> tuple[date, date]:
        """The first and the last day of the period at a place."""
        first = self._first + place * self._length
        last = first + self._length - 1
        year, month = last // 12, last % 12 + 1
        return date(first // 12, first % 12 + 1, 1), date(year, month, monthrange(year, month)[1])

    def of_year(self, year: int) -> tuple[str, str] | None:
        """The first and the last of the periods within a calendar year, `None` if it has none of them."""
        within = [name for name in self.names if int(name[:4]) == year]
        return (within[0], within[-1]) if within else None
