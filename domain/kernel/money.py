"""Money: a decimal amount with its currency; amounts by month; rates between currencies."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, Strict

from domain.kernel.types import Amount, Line, Strictly, as_tuple

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Month = Annotated[str, Field(pattern=r"^[1-9][0-9]{3}-(0[1-9]|1[0-2])$", examples=["2026-03"])]
"""A month of the calendar as text, such as 2026-03."""
Category = Annotated[Line, Field(max_length=100)]
"""What money is for, in the organisation's own words: capex, opex, labour, …"""
CENT = Decimal("0.01")
TOO_LARGE = Decimal(10) ** 15
EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
"""Room for every digit of any amount times any rate."""


class Money(Strictly):
    """`amount` as decimal text with at most 4 places, `currency` as ISO 4217 code."""

    amount: Amount
    currency: Currency


class MonthlyAmount(Strictly):
    """What one category comes to in one month; `money` is null when nothing holds any more."""

    month: Month
    category: Category
    money: Money | None


def _each_once(lines: tuple[MonthlyAmount, ...]) -> tuple[MonthlyAmount, ...]:
    seen = set()
    for line in lines:
        if (line.month, line.category) in seen:
            raise ValueError(f"expected each category once a month; {line.category} in {line.month} comes twice")
        seen.add((line.month, line.category))
    return lines


MonthlyAmounts = Annotated[
    tuple[MonthlyAmount, ...], Strict(False), BeforeValidator(as_tuple), Field(min_length=1, max_length=1000)
]
GivenMonthlyAmounts = Annotated[MonthlyAmounts, AfterValidator(_each_once)]
"""Amounts as a command gives them: each category once a month."""


def total_of(amounts: Iterable[Money]) -> Money | None:
    """The sum in the only currency there is; `None` without any, in several, or with more digits than an amount has."""
    found = list(amounts)
    total = sum((money.amount for money in found), Decimal(0))
    if len({money.currency for money in found}) != 1 or abs(total) >= TOO_LARGE:
        return None
    return Money(amount=total, currency=found[0].currency)


def last_day(month: str) -> date:
    """The last day of a month, for which its amounts are converted."""
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, monthrange(year, number)[1])


@dataclass(frozen=True)
class Rates:
    """What one unit of a foreign currency is worth in the `home` currency, from a day on.

    `quoted` maps a currency to its rates by their first day.
    """

    home: str | None
    quoted: Mapping[str, Mapping[date, Decimal]] = field(default_factory=dict)

    def worth(self, amount: Decimal, currency: str, on: date) -> Decimal | None:
        """An amount in the home currency by the rate that is valid on a day, which is the latest from before it.

        Converted amounts are rounded to two places, half to even; `None` = there is no rate.
        """
        if currency == self.home:
            return amount
        valid = [day for day in self.quoted.get(currency, {}) if day <= on]
        if not valid:
            return None
        return EXACT.quantize(EXACT.multiply(amount, self.quoted[currency][max(valid)]), CENT)
