"""The facts of a portfolio's money: what it may spend, and what other currencies are worth."""

from typing import Annotated

from pydantic import BeforeValidator, Field, Strict

from domain.kernel.event import Decision, Event
from domain.kernel.money import Category, Currency, Money
from domain.kernel.rationale import Evidence
from domain.kernel.types import Day, Line, Rate, Strictly, as_tuple

Year = Annotated[int, Field(ge=1000, le=9999)]


class YearlyAmount(Strictly):
    """What one category comes to in one calendar year; `money` is null when nothing holds any more."""

    year: Year
    category: Category
    money: Money | None


YearlyAmounts = Annotated[
    tuple[YearlyAmount, ...], Strict(False), BeforeValidator(as_tuple), Field(min_length=1, max_length=1000)
]


class BudgetSet(Decision, name="portfolio.budget_set.v1", lifecycle=True):
    """What the portfolio may spend was decided; each line replaces what its year and category had."""

    lines: YearlyAmounts


class RateSet(Event, name="portfolio.rate_set.v1", lifecycle=True):
    """One unit of `currency` is worth `rate` of the portfolio's currency from a day on, as somebody published."""

    currency: Currency
    rate: Rate
    valid_from: Day
    published_by: Line
    evidence: Evidence | None = None
