"""The facts of a resource: a person or a team. Names of persons are kept apart from facts."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, Strict

from domain.kernel.event import Decision, Event
from domain.kernel.types import Day, Id, Line, Share, one_of


class ResourceKind(StrEnum):
    """What sort of resource it is."""

    PERSON = "person"
    TEAM = "team"


ResourceKindWord = Annotated[ResourceKind, Strict(False), one_of(ResourceKind)]


class ResourceAdded(Event, name="resource.added.v1", lifecycle=True):
    """A person or team can be assigned from now on. A person's name is no part of the fact."""

    kind: ResourceKindWord
    team_name: Line | None = None


class ResourceErased(Decision, name="resource.person_erased.v1"):
    """The name of a person was blanked; the id and what their time was promised to stay."""


class ResourceAssigned(Decision, name="resource.assigned.v1", about={"project": "project"}, lifecycle=True):
    """A share of the time was given to a project, from one day to another, both included."""

    project: Id
    share: Share
    starts_on: Day
    ends_on: Day | None = None
    as_role: Line | None = None
    deliverable: Line | None = None


class ResourceReassigned(
    Decision,
    name="resource.reassigned.v1",
    about={"from_project": "project", "to_project": "project"},
    lifecycle=True,
):
    """A share of the time moved from one project to another."""

    from_project: Id
    to_project: Id
    share: Share
    starts_on: Day
    ends_on: Day | None = None


class ResourceReleased(Decision, name="resource.released.v1", about={"project": "project"}, lifecycle=True):
    """The project holds none of the time from `from_day` on."""

    project: Id
    from_day: Day = Field(description="the first day that is free again")
