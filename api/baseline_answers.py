"""The shapes of answers about baselines, as `/openapi.json` tells them. What is not known is `null`, never 0."""

from datetime import date, datetime
from uuid import UUID

from api.answers import Echo, MoneyAnswer, Responses, Shape
from domain.project.words import State


class Expected(Shape):
    """The dates and the cost as they are expected by now."""

    starts_on: date | None
    finishes_on: date | None
    cost: MoneyAnswer | None


class Variance(Shape):
    """What is expected now less the baseline; above 0 is later or dearer, `null` where one of the two is not known."""

    start_days: int | None
    finish_days: int | None
    cost: MoneyAnswer | None
    cost_percent: str | None


class BaselineAnswer(Expected):
    """What the component was held to from then on, and the reason if there was one."""

    number: int
    text: str | None
    by: str
    at: datetime
    variance: Variance
    position: int


class ProjectBaselines(Echo):
    """All baselines of a component, oldest first; `current` is the number of the one that holds."""

    id: UUID
    name: str | None
    state: State | None
    expected: Expected
    current: int | None
    baselines: list[BaselineAnswer]
    version: int | None
    first_fact_at: datetime | None = None


PROJECT_BASELINES: Responses = {200: {"model": ProjectBaselines}}
