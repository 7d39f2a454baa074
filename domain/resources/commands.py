"""What may be asked of a resource; each class is the body of one route."""

from typing import Annotated

from pydantic import Field

from domain.kernel.rationale import GivenRationale
from domain.kernel.types import Day, Id, Instant, Line, Share, Strictly
from domain.resources.events import ResourceKind, ResourceKindWord


class AddResource(Strictly):
    """Make a person or team assignable. A person's name is stored apart from the facts."""

    name: Line
    kind: ResourceKindWord = ResourceKind.PERSON
    occurred_at: Instant | None = None
    inputs_position: Annotated[int, Field(ge=0)] | None = None
    rationale: GivenRationale | None = None


class _Reasoned(Strictly):
    rationale: GivenRationale
    occurred_at: Instant | None = None
    inputs_position: Annotated[int, Field(ge=0)] | None = None


class AssignResource(_Reasoned):
    """Give a share of the time to a project; without `ends_on` until further notice."""

    project: Id
    share: Share
    starts_on: Day
    ends_on: Day | None = None
    as_role: Line | None = None
    deliverable: Line | None = None


class ReassignResource(_Reasoned):
    """Move a share of the time from one project to another."""

    from_project: Id
    to_project: Id
    share: Share
    starts_on: Day
    ends_on: Day | None = None


class ReleaseResource(_Reasoned):
    """Take the resource off a project from a day on."""

    project: Id
    from_day: Day
