"""The shapes of answers about goals."""

from datetime import datetime
from uuid import UUID

from api.answers import Decision, Echo, ListOf, MoneyAnswer, NamedSubject, Responses, Shape, StoryOf, Sum
from domain.project.words import State
from domain.strategy.words import GoalState, Period


class KeyResult(Shape):
    """What a goal is measured by. `progress` is (current - start) / (target - start), from 0 to 1, rounded down."""

    measure: str
    unit: str
    start: str
    target: str
    period: Period
    current: str | None
    progress: str | None
    measured_at: datetime | None


class GoalContribution(Shape):
    """A component that contributes to a goal, with its weight since when, and the part of it that is delivered."""

    project: UUID
    name: str | None
    state: State | None
    weight: str
    since: datetime
    progress: str | None
    reported_at: datetime | None
    budget: MoneyAnswer | None
    forecast: MoneyAnswer | None


class GoalProgress(Shape):
    """Σ weight × progress over the contributions whose progress is known; `null` if that of none is.

    `of` contributions, `missing` of them without progress; `weight` is the sum of all weights, `known_weight`
    that of those that are counted.
    """

    value: str | None
    of: int
    missing: int
    weight: str
    known_weight: str


class GoalMoney(Shape):
    """Sums over the contributing components, each as a whole, whatever its weight."""

    budget: Sum
    forecast: Sum


class Goal(Shape):
    """An objective of a portfolio."""

    id: UUID
    portfolio: UUID | None
    name: str | None
    description: str | None
    owner: str | None
    state: GoalState | None
    key_results: list[KeyResult]
    contributions: list[GoalContribution]
    progress: GoalProgress | None
    money: GoalMoney | None
    last_decision: Decision | None
    version: int | None


class OneGoal(Goal, Echo):
    """A goal, for the bounds asked."""

    first_fact_at: datetime | None = None


class PortfolioGoals(StoryOf[Goal]):
    """One page of the goals of a portfolio, and what stands alone: open goals that nothing contributes to but
    what was rejected or cancelled, live components that contribute to no open goal.
    """

    goals_without_projects: list[NamedSubject]
    projects_without_goals: list[NamedSubject]


GOALS: Responses = {200: {"model": ListOf[Goal]}}
ONE_GOAL: Responses = {200: {"model": OneGoal}}
PORTFOLIO_GOALS: Responses = {200: {"model": PortfolioGoals}}
