"""What may be asked about the money of a portfolio; each class is the body of one route."""

from typing import Annotated

from pydantic import AfterValidator

from domain.kernel.command import Given, Reasoned
from domain.kernel.money import Currency, coined_lines
from domain.kernel.rationale import Evidence, GivenRationale
from domain.kernel.types import Day, Line, Rate
from domain.portfolio.money_events import YearlyAmount, YearlyAmounts


def _each_once(lines: tuple[YearlyAmount, ...]) -> tuple[YearlyAmount, ...]:
    seen = set()
    for line in lines:
        if (line.year, line.category) in seen:
            raise ValueError(f"expected each category once a year; {line.category} in {line.year} comes twice")
        seen.add((line.year, line.category))
    return lines


class SetBudget(Reasoned):
    """Decide what the portfolio may spend, by calendar year and category; what these had is replaced."""

    lines: Annotated[YearlyAmounts, AfterValidator(_each_once), AfterValidator(coined_lines)]


class SetRate(Given):
    """Say what one unit of another currency is worth in the portfolio's from a day on; a correction needs a reason."""

    currency: Currency
    rate: Rate
    valid_from: Day
    published_by: Line
    evidence: Evidence | None = None
    rationale: GivenRationale | None = None
