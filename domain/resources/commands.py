"""What may be asked of a resource; each class is the body of one route."""

from domain.kernel.command import Given, Reasoned
from domain.kernel.rationale import GivenRationale
from domain.kernel.types import Day, Id, Line, Share
from domain.resources.events import ResourceKind, ResourceKindWord


class AddResource(Given):
    """Make a person or team assignable. A person's name is stored apart from the facts."""

    name: Line
    kind: ResourceKindWord = ResourceKind.PERSON
    rationale: GivenRationale | None = None


class AssignResource(Reasoned, names={"project": "project"}):
    """Give a share of the time to a project; without `ends_on` until further notice."""

    project: Id
    share: Share
    starts_on: Day
    ends_on: Day | None = None
    as_role: Line | None = None
    deliverable: Line | None = None


class ReassignResource(Reasoned, names={"from_project": "project", "to_project": "project"}):
    """Move a share of the time from one project to another."""

    from_project: Id
    to_project: Id
    share: Share
    starts_on: Day
    ends_on: Day | None = None


class ReleaseResource(Reasoned, names={"project": "project"}):
    """Take the resource off a project from a day on."""

    project: Id
    from_day: Day
