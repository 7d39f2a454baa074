"""The shapes of answers about the policy of a portfolio and about its flow. No value is `null`, never 0."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from api.answers import Decision, Echo, ListOf, MoneyAnswer, Responses, Shape
from domain.kernel.scoring import ModelVersion
from domain.portfolio.policy import NumberedPolicy
from domain.project.words import State


class WipLimit(Shape):
    """How many components may be in a state at once, and how many are."""

    state: State
    limit: int
    number: int


class GuardrailAnswer(Shape):
    """A share of the budget, kept or not. It rests on `of` values: the budget lines of the portfolio, all years
    together, or the budgets of components that are authorized, active or on hold; `missing` of them are not there,
    and then nobody can tell.
    """

    category: str | None
    goal: UUID | None
    name: str | None
    at_least: str | None
    at_most: str | None
    verdict: Literal["kept", "broken", "cannot_tell"]
    share: str | None
    amount: MoneyAnswer | None
    whole: MoneyAnswer | None
    of: int
    missing: int


class PortfolioPolicy(Echo):
    """What a portfolio holds its decisions to: the reason codes by verb, what the policy means now, and each version
    with its reason, newest first. `scoring_model` is what new evaluations are held to; without one (`null`) they freeze
    the name "standard" alone, and no criteria are kept.
    """

    id: UUID
    name: str | None
    currency: str | None
    policy: NumberedPolicy | None
    scoring_model: ModelVersion | None
    codes: dict[str, list[str]] | None
    limits: list[WipLimit] | None
    guardrails: list[GuardrailAnswer] | None
    history: list[Decision]
    version: int | None
    first_fact_at: datetime | None = None


class Age(Shape):
    """For how many days the components in a state have been there."""

    median_days: str
    oldest_days: str


class TimeInState(Shape):
    """How many stays in a state ended, and how many days they took; 85 % took at most `p85_days`."""

    visits: int
    median_days: str
    p85_days: str
    longest_days: str


class StateFlow(Shape):
    """One state: how many are in it, against the limit if there is one, and how long that takes."""

    state: State
    number: int
    limit: int | None
    age: Age | None
    time_in_state: TimeInState | None


class Work(Shape):
    """A component that is active or on hold. `age_days` count from its first activation, `active_days` leave out
    what it was on hold.
    """

    project: UUID
    name: str | None
    state: State
    since: datetime
    days_in_state: str
    started_at: datetime | None
    age_days: str | None
    active_days: str | None


class Period(Shape):
    """A calendar week from Monday, or a month, in UTC, and how many components were completed in it."""

    starts_on: date
    ends_on: date
    completed: int
    is_over: bool


class Throughput(Shape):
    """The latest weeks and months, from that in which the portfolio began."""

    week: list[Period]
    month: list[Period]


class PortfolioFlow(Echo):
    """How work flows through a portfolio, while it held each component."""

    id: UUID
    name: str | None
    states: list[StateFlow] | None
    in_progress: list[Work] | None
    throughput: Throughput | None
    version: int | None
    first_fact_at: datetime | None = None


class PolicyPreset(Shape):
    """Rules to begin with; a sum of money gets the currency of the portfolio."""

    name: str
    title: str
    description: str
    rules: dict[str, Any]


PORTFOLIO_POLICY: Responses = {200: {"model": PortfolioPolicy}}
PORTFOLIO_FLOW: Responses = {200: {"model": PortfolioFlow}}
POLICY_PRESETS: Responses = {200: {"model": ListOf[PolicyPreset]}}
