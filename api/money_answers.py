"""The shapes of answers about money, as `/openapi.json` tells them. No value is `null`, never 0."""

from datetime import date, datetime
from uuid import UUID

from api.answers import Echo, MoneyAnswer, PortfolioMoney, Responses, Shape, Sum
from domain.kernel.money import MonthlyAmount


class MonthAnswer(Shape):
    """Plan and actual of one month; `variance` is actual minus forecast, `null` if a value of either is missing."""

    month: str
    forecast: Sum
    actual: Sum
    committed: Sum
    variance: MoneyAnswer | None


class LineAnswer(Shape):
    """All figures of one month and category, as they were said."""

    month: str
    category: str
    forecast: MoneyAnswer | None
    actual: MoneyAnswer | None
    committed: MoneyAnswer | None


class ProposalAnswer(Shape):
    """A change above the threshold: open, approved, withdrawn or superseded."""

    id: UUID
    status: str
    lines: list[MonthlyAmount]
    change: MoneyAnswer | None
    threshold: MoneyAnswer
    text: str
    proposed_by: str
    proposed_at: datetime
    settled_by: str | None
    settled_at: datetime | None


class RolledUp(PortfolioMoney):
    """What the components of a program come to, in any depth."""

    components: int
    months: list[MonthAnswer]


class ProjectMoney(Echo):
    """The money of a component; in `totals` a sum is over its amounts, in `rolled_up` over components."""

    id: UUID
    name: str | None
    currency: str | None
    totals: PortfolioMoney
    months: list[MonthAnswer]
    lines: list[LineAnswer]
    proposals: list[ProposalAnswer]
    rolled_up: RolledUp | None
    version: int | None
    first_fact_at: datetime | None = None


class BudgetAnswer(Shape):
    """What the portfolio may spend in a calendar year for a category."""

    year: int
    category: str
    money: MoneyAnswer


class RateAnswer(Shape):
    """What one unit of a currency is worth in the portfolio's from a day on."""

    currency: str
    valid_from: date
    rate: str
    published_by: str


class PortfolioAccounts(Echo):
    """The budgets and rates of a portfolio; sums are over its components, in a month over their categories."""

    id: UUID
    name: str | None
    currency: str | None
    budgets: list[BudgetAnswer]
    rates: list[RateAnswer]
    totals: PortfolioMoney
    months: list[MonthAnswer]
    version: int | None
    first_fact_at: datetime | None = None


PROJECT_MONEY: Responses = {200: {"model": ProjectMoney}}
PORTFOLIO_MONEY: Responses = {200: {"model": PortfolioAccounts}}
