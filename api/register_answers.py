"""The shapes of answers about risks, issues, milestones and dependencies. No value is `null`, never 0."""

from datetime import date, datetime
from uuid import UUID

from api.answers import Decision, Echo, NamedSubject, Responses, Shape, StoryOf
from api.milestone_answer import Milestone
from domain.project.words import DependencyKind, Met, RegisterState, State


class RegisterEntry(Shape):
    """What a risk and an issue have in common; both are numbered within their project."""

    project: NamedSubject
    title: str
    description: str | None
    impact: int | None
    response: str | None
    owner: str
    due_on: date
    overdue: bool
    state: RegisterState
    recorded_at: datetime
    closed_at: datetime | None
    last_decision: Decision | None


class RiskAnswer(RegisterEntry):
    """What might happen. `severity` is probability × impact, each 1 to 5, `null` while either was not assessed.

    `issue` is the number of the one it became, if it occurred.
    """

    risk: int
    probability: int | None
    severity: int | None
    issue: int | None


class IssueAnswer(RegisterEntry):
    """What happened; `risk` is the number of the one that came true by it, if any."""

    issue: int
    risk: int | None


class MilestoneAnswer(Milestone):
    """A milestone in whole."""

    reached_on: date | None
    set_at: datetime
    last_decision: Decision | None


class DependencyAnswer(Shape):
    """Another component that is needed, or needs this one, with the decision that made it so.

    `state` is that of the other component; `status` says whether what is needed has finished.
    """

    project: NamedSubject
    state: State | None
    kind: DependencyKind
    status: Met | None
    since: datetime
    decision: Decision


class Dependencies(Echo):
    """What a component needs, and what needs it."""

    id: UUID
    name: str | None
    needs: list[DependencyAnswer]
    needed_by: list[DependencyAnswer]
    version: int | None
    first_fact_at: datetime | None = None


RISKS: Responses = {200: {"model": StoryOf[RiskAnswer]}}
ISSUES: Responses = {200: {"model": StoryOf[IssueAnswer]}}
MILESTONES: Responses = {200: {"model": StoryOf[MilestoneAnswer]}}
DEPENDENCIES: Responses = {200: {"model": Dependencies}}
