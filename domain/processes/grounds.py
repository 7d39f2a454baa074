"""What the figures of premises rest on, and what they come to, told from the streams."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from domain.kernel.aggregate import Aggregate
from domain.kernel.decide import Reading
from domain.kernel.money import Rates, last_day
from domain.kernel.premises import Premise, Watched
from domain.portfolio.events import ComponentAdded, ComponentRestored
from domain.portfolio.portfolio import Portfolio
from domain.premises import ACTUAL, BUDGET, COST, FORECAST, Amounts, budget_left, drawn, goal_weight
from domain.project.costs import proposed
from domain.project.money_events import Figure
from domain.project.project import Project
from domain.resources.resource import Resource
from domain.resources.weeks import Person, Window, person_of, pieces_of, role_load, window_of
from domain.strategy.goal import Goal

Streams = Mapping[UUID, type[Aggregate]]
States = Mapping[UUID, Any]
MONTHLY = {FORECAST: Figure.FORECAST, ACTUAL: Figure.ACTUAL}


@dataclass
class Part:
    """Something worked out for each of many states, and again only for one that is another."""

    of: Callable[[Any], Any]
    known: dict[UUID, tuple[Aggregate, Any]] = field(default_factory=dict)

    def __call__(self, state: Aggregate) -> Any:
        """What it comes to for a state."""
        if self.known.get(state.id, (None, None))[0] is not state:
            self.known[state.id] = state, self.of(state)
        return self.known[state.id][1]


class Grounds(NamedTuple):
    """What a figure rests on, and what it comes to by their states."""

    streams: Streams
    value: Callable[[States], Decimal | None]


def grounds_of(read: Reading, premise: Premise) -> Grounds:
    """The streams of the figure that a premise names, and how to tell it from their states."""
    today = read.moment.date()
    match premise:
        case Premise(figure=Watched.BUDGET_LEFT, portfolio=UUID() as portfolio):
            return _budget_left(read, portfolio, today)
        case Premise(figure=Watched.GOAL_WEIGHT, goal=UUID() as goal):
            return Grounds({goal: Goal}, lambda states: _weight(states[goal], premise.project))
        case Premise(figure=Watched.ROLE_LOAD, portfolio=UUID() as portfolio, role=str(role)):
            return _role_load(read, portfolio, role, window_of(premise.starts_on, premise.ends_on, today))
        case Premise(figure=Watched.FORECAST, project=UUID() as project):
            holders = dict.fromkeys(read.owners_about([project], Portfolio.kind), Portfolio)
            return Grounds({project: Project, **holders}, lambda states: _forecast(states, project))
        case Premise(figure=Watched.SCORE, project=UUID() as project):
            return Grounds({project: Project}, lambda states: _score(states[project]))
    raise AssertionError(f"a premise is well formed when it is recorded; this one is not: {premise}")


def _ever_held(read: Reading, portfolio: UUID) -> list[UUID]:
    """Every component there ever was in a portfolio."""
    joined = (fact.event for fact in read.facts_about(portfolio) if fact.stream_id == portfolio)
    return list(
        dict.fromkeys(each.component for each in joined if isinstance(each, ComponentAdded | ComponentRestored))
    )


def _budget_left(read: Reading, portfolio_id: UUID, today: date) -> Grounds:
    by_rates: dict[str, Part] = {}

    def value(states: States) -> Decimal | None:
        portfolio: Portfolio = states[portfolio_id]
        home = portfolio.home()
        rates = Rates(home, portfolio.quoted)
        part = by_rates.setdefault(repr(rates), Part(lambda project: _drawn(project, rates, today)))
        lines = [money.amount if money.currency == home else None for money in portfolio.budgets.values()]
        return budget_left(
            lines if portfolio.is_allotted else None, (part(states[member]) for member in portfolio.members)
        )

    members = dict.fromkeys(_ever_held(read, portfolio_id), Project)
    return Grounds({portfolio_id: Portfolio, **members}, value)


def _drawn(project: Project, rates: Rates, today: date) -> Decimal | None:
    return drawn(project.state, project.component, _amounts(project, rates, today))


def _amounts(project: Project, rates: Rates, today: date) -> Amounts:
    """What was said of a component: its months if there are any, else its single amount, for the day it was said."""
    plan = project.plan
    found: dict[str, Decimal | None] = {}
    for name in (BUDGET, FORECAST, ACTUAL):
        if single := plan.known.get(name):
            found[name] = rates.worth(single.amount, single.currency, plan.said_on[name])
    for name, figure in MONTHLY.items():
        if months := [(month, money) for (of, month, _), money in project.books.held.items() if of is figure]:
            found[name] = _sum(rates.worth(money.amount, money.currency, last_day(month)) for month, money in months)
    if asked := proposed(project):
        found[COST] = _sum(
            rates.worth(each.money.amount, each.money.currency, last_day(each.month) if each.month else today)
            for each in asked
        )
    return found


def _sum(worths: Iterable[Decimal | None]) -> Decimal | None:
    known = list(worths)
    return None if None in known else sum((each for each in known if each is not None), Decimal(0))


def _weight(goal: Goal, project: UUID | None) -> Decimal | None:
    return goal_weight(goal.weights, project, is_retired=goal.is_retired) if goal.version else None


def _role_load(read: Reading, portfolio_id: UUID, role: str, window: Window) -> Grounds:
    people = read.owners_about(_ever_held(read, portfolio_id), Resource.kind)
    weeks = Part(lambda resource: _person(resource, window))

    def value(states: States) -> Decimal | None:
        held = states[portfolio_id].members
        everybody: list[Person] = [weeks(states[each]) for each in people]
        return role_load((each for each in everybody if not each.promised_to.isdisjoint(held)), role)

    return Grounds({portfolio_id: Portfolio, **dict.fromkeys(people, Resource)}, value)


def _person(resource: Resource, window: Window) -> Person:
    as_role = resource.profile.as_role
    pieces = pieces_of(resource.id, resource.bookings, as_role, window)
    return person_of(resource.id, as_role, pieces, resource.availability.capacity, window)


def _forecast(states: States, project_id: UUID) -> Decimal | None:
    """In the months' own currency if they have one, else in that of the only portfolio that holds it."""
    project: Project = states[project_id]
    currencies = project.books.currencies(Figure.FORECAST)
    single = project.plan.known.get(FORECAST)
    if not currencies:
        return single.amount if single else None
    holders = [each for each in states.values() if isinstance(each, Portfolio) and project_id in each.members]
    rates = Rates(next(iter(currencies))) if len(currencies) == 1 else Rates(None)
    if len(currencies) > 1 and len(holders) == 1:
        rates = holders[0].rates()
    months = [(month, money) for (of, month, _), money in project.books.held.items() if of is Figure.FORECAST]
    return _sum(rates.worth(money.amount, money.currency, last_day(month)) for month, money in months)


def _score(project: Project) -> Decimal | None:
    """Under the model of its evaluation."""
    evaluation = project.scores.evaluation
    return project.scores.value(*evaluation.model.key, evaluation.portfolio) if evaluation else None
