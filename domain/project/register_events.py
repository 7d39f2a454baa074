"""The facts of a component's register: what might happen to it, and what did."""

from typing import Annotated

from pydantic import Field

from domain.kernel.event import Decision, Event
from domain.kernel.rationale import Rationale
from domain.kernel.types import Day, Line, Prose

Number = Annotated[int, Field(ge=1)]
"""Risks and issues of one component are each numbered from 1."""
Level = Annotated[int, Field(ge=1, le=5)]
"""1 is very low, 5 is very high."""


class RegisterFact(Event):
    """Something was said about a risk or an issue of a component."""


class RiskRecorded(RegisterFact, name="project.risk_recorded.v1"):
    """Something might happen; `probability` and `impact` are absent while nobody has assessed them."""

    risk: Number
    title: Line
    description: Prose | None = None
    probability: Level | None = None
    impact: Level | None = None
    response: Prose | None = None
    owner: Line
    due_on: Day


class RiskRevised(RegisterFact, name="project.risk_revised.v1"):
    """An open risk is seen otherwise; a member that is absent did not change."""

    risk: Number
    title: Line | None = None
    description: Prose | None = None
    probability: Level | None = None
    impact: Level | None = None
    response: Prose | None = None
    owner: Line | None = None
    due_on: Day | None = None


class RiskClosed(RegisterFact, Decision, name="project.risk_closed.v1"):
    """It can no longer happen, or is watched no longer."""

    why: Rationale
    risk: Number


class IssueRecorded(RegisterFact, name="project.issue_recorded.v1"):
    """Something happened that has to be dealt with; `risk` is the one that came true by it, if any."""

    issue: Number
    title: Line
    description: Prose | None = None
    impact: Level | None = None
    response: Prose | None = None
    owner: Line
    due_on: Day
    risk: Number | None = None


class IssueRevised(RegisterFact, name="project.issue_revised.v1"):
    """An open issue is seen otherwise; a member that is absent did not change."""

    issue: Number
    title: Line | None = None
    description: Prose | None = None
    impact: Level | None = None
    response: Prose | None = None
    owner: Line | None = None
    due_on: Day | None = None


class IssueClosed(RegisterFact, Decision, name="project.issue_closed.v1"):
    """It was dealt with, or is no concern any more."""

    why: Rationale
    issue: Number
