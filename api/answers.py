"""The shapes of answers, as `/openapi.json` tells them. No value is `null`, never 0."""

from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from api.milestone_answer import Milestone
from domain.kernel.premises import Premise
from domain.kernel.rationale import Alternative, Evidence, Rationale
from domain.portfolio.policy import NumberedPolicy
from domain.project.words import Health, Kind, State

T = TypeVar("T")


class Shape(BaseModel):
    """Base of every answer; nothing else is in it."""

    model_config = ConfigDict(extra="forbid")


class MissedFact(Shape):
    """A parked fact, which the read models could not take in."""

    stream_id: UUID
    position: int


class Echo(Shape):
    """What the answer is for: the bounds asked for, and the position it is complete up to.

    `incomplete` is only there if the answer misses parked facts.
    """

    incomplete: list[MissedFact] = []

    as_of: datetime | None
    known_at: datetime | None
    at: int | None
    position: int
    model_version: int


class NamedSubject(Shape):
    """A thing a decision is about."""

    id: UUID
    kind: str
    name: str | None


class Decided(Shape):
    """Who decided what, when, and why, apart from its premises."""

    event_id: UUID
    fact: str
    stream_id: UUID
    subjects: list[NamedSubject]
    code: str
    text: str
    alternatives: list[Alternative]
    evidence: list[Evidence]
    actor: str
    actor_name: str | None
    role: str
    occurred_at: datetime
    recorded_at: datetime
    stored_at: datetime
    position: int
    inputs_position: int | None
    review_on: date | None
    supersedes: UUID | None
    superseded_by: UUID | None
    data: dict[str, Any]


class Decision(Decided):
    """Who decided what, when, and why, on which premises."""

    premises: list[Premise]


class BareSubject(Shape):
    """A thing a fact is about."""

    id: UUID
    kind: str


class FeedFact(Shape):
    """A fact as it was stored."""

    position: int
    event_id: UUID
    name: str
    stream_id: UUID
    version: int
    subjects: list[BareSubject]
    occurred_at: datetime
    recorded_at: datetime
    stored_at: datetime
    actor: str
    role: str
    correlation_id: str
    causation_id: str | None
    inputs_position: int | None
    rationale: Rationale | None
    data: dict[str, Any]


class MoneyAnswer(Shape):
    """Decimal text and ISO 4217 code."""

    amount: str
    currency: str


class HealthAnswer(Shape):
    """Declared by a reporter, in the source's word if imported; computed by rules.

    `is_stale` = older than the cadence of updates; `null` if nobody asks for any, or nobody reported.
    """

    declared: Health | None
    source_word: str | None
    computed: str | None
    reported_at: datetime | None
    text: str | None
    path_to_green: str | None
    dimensions: dict[str, Health | None]
    is_stale: bool | None


class Due(Shape):
    """The last day on which a report or a review is in time, and for how many days it has been overdue."""

    due_on: date
    is_overdue: bool
    days_overdue: int
    cadence_days: int


class Project(Shape):
    """A component."""

    id: UUID
    key: str | None
    name: str | None
    kind: Kind | None
    parent_id: UUID | None
    portfolios: list[UUID]
    state: State | None
    state_since: datetime | None
    source_word: str | None
    health: HealthAnswer
    status_due: Due | None
    owner: str | None
    sponsor: str | None
    rank: int | None
    score: str | None
    budget: MoneyAnswer | None
    forecast: MoneyAnswer | None
    actual: MoneyAnswer | None
    committed: MoneyAnswer | None
    next_milestone: Milestone | None
    attributes: dict[str, Any]
    last_decision: Decision | None
    allowed_moves: list[str]
    removed: bool | None
    version: int | None


class Counts(Shape):
    """How many components by state, and live ones not on hold by declared health."""

    by_state: dict[State, int]
    by_health: dict[Health, int]


class Sum(Shape):
    """A sum that says how many values it has: `of` components, `missing` of them without one."""

    amount: str | None
    currency: str | None
    of: int
    missing: int


class PortfolioMoney(Shape):
    """The sums over the components."""

    budget: Sum
    actual: Sum
    forecast: Sum
    committed: Sum


class RollUp(Shape):
    """What a portfolio and all below it hold, each component once, in the currency of the portfolio."""

    components: int
    counts: Counts
    money: PortfolioMoney


class Portfolio(Shape):
    """A portfolio, what it holds and what that sums to; `with_subsidiaries` is `null` where none belongs to it."""

    id: UUID
    name: str | None
    currency: str | None
    policy: NumberedPolicy | None
    components: int | None
    counts: Counts | None
    money: PortfolioMoney | None
    parent_id: UUID | None
    subsidiaries: list[NamedSubject]
    with_subsidiaries: RollUp | None
    overdue_updates: int | None
    stale_health: int | None
    review_due: Due | None
    decisions_waiting: int | None
    over_allocated: int | None
    last_decision: Decision | None
    version: int | None


class OneProject(Project, Echo):
    """A component, for the bounds asked."""

    first_fact_at: datetime | None = None


class OnePortfolio(Portfolio, Echo):
    """A portfolio, for the bounds asked."""

    first_fact_at: datetime | None = None


class ListOf(Echo, Generic[T]):
    """One page; `first_fact_at` is there when the bounds end before the first fact."""

    items: list[T]
    next_cursor: str | None
    first_fact_at: datetime | None = None


class StoryOf(ListOf[T], Generic[T]):
    """One page about one thing."""

    id: UUID


class Feed(ListOf[FeedFact]):
    """One page of the feed; `next_after` goes into the next call."""

    next_after: int


Responses = dict[int | str, dict[str, Any]]


def _answers(model: Any) -> Responses:
    return {200: {"model": model}}


PROJECTS = _answers(ListOf[Project])
ONE_PROJECT = _answers(OneProject)
PORTFOLIOS = _answers(ListOf[Portfolio])
ONE_PORTFOLIO = _answers(OnePortfolio)
DECISIONS = _answers(ListOf[Decision])
HISTORY = _answers(StoryOf[FeedFact])
EVENTS = _answers(Feed)
