"""The plan of a portfolio as it stood at a position: all that a scenario is made from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.choosing.analysis import Analysis
from domain.choosing.scenario_words import Spec
from domain.kernel.decide import Past
from domain.kernel.refusal import Invalid
from domain.portfolio.portfolio import Portfolio
from domain.project.project import Project
from domain.project.words import RELEASED, State
from domain.resources.events import ResourceKind
from domain.resources.resource import Resource
from domain.strategy.goal import Goal

OPEN = (State.UNDER_EVALUATION, State.DEFERRED, State.SELECTED)
"""States in which a component may be chosen."""


@dataclass(frozen=True)
class PlanThen:
    """`projects` are the members of the portfolio and what these need; `on` is the day it is looked at.

    `people` are all persons with a role or a skill, if anybody's time is asked for.
    """

    portfolio: Portfolio
    projects: Mapping[UUID, Project]
    goals: Collection[Goal]
    analyses: Mapping[UUID, Analysis]
    people: Collection[Resource]
    on: date
    as_of: datetime | None

    def members(self) -> list[Project]:
        """What the portfolio holds, from rank 1 down."""
        return [self.projects[each] for each in self.portfolio.ranking()]

    def candidates(self) -> list[Project]:
        """What may be chosen, and what is released and so in anyway, from rank 1 down."""
        return [each for each in self.members() if each.state in (*OPEN, *RELEASED)]


def plan_then(past: Past, portfolio_id: UUID, spec: Spec, on: date) -> PlanThen:
    """The plan as it stood. Raises `Invalid` for a portfolio that was not there yet."""
    portfolio = past(Portfolio, [portfolio_id])[portfolio_id]
    if not portfolio.version:
        raise Invalid({_bound(spec): f"no portfolio with the id {portfolio_id} was there then"})
    projects = past(Project, sorted(portfolio.members))
    needed = {other for each in projects.values() for other in each.outlook.needs.on} - projects.keys()
    projects |= past(Project, sorted(needed))
    goals = [goal for goal in past.about(portfolio_id, Goal) if goal.portfolio == portfolio_id and not goal.is_retired]
    analyses = past(Analysis, [each.analysis for each in spec.value.analyses])
    return PlanThen(portfolio, projects, goals, analyses, _people(past, spec, projects), on, past.as_of)


def _bound(spec: Spec) -> str:
    if spec.as_of is not None:
        return "/as_of"
    return "/portfolio" if spec.inputs_position is None else "/inputs_position"


def _people(past: Past, spec: Spec, projects: Mapping[UUID, Project]) -> list[Resource]:
    """Nobody where nobody is asked for, or the scenario says how many people there are: there may be thousands."""
    if spec.capacities is not None or not any(each.requests.still_open() for each in projects.values()):
        return []
    every = past.every(Resource)
    return [each for each in every if each.profile.kind is ResourceKind.PERSON and _can_something(each)]


def _can_something(person: Resource) -> bool:
    return person.profile.as_role is not None or bool(person.profile.skills)


def name_of(project: Project) -> str:
    """What a component is called, in one line; its id if nobody said."""
    return line(project.values.get("name")) or str(project.id)


def line(text: object) -> str:
    """A text in one line of at most 400 characters."""
    printable = "".join(each if each.isprintable() else " " for each in str(text or ""))
    return " ".join(printable.split())[:400].strip()
