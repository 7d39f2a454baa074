"""The facts of a resource: a person or a team. Names of persons are kept apart from facts."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, Strict

from domain.kernel.event import Decision, Event
from domain.kernel.rationale import Rationale
from domain.kernel.types import Day, Id, Line, Share, one_of
from domain.resources.words import (
    AbsenceWord,
    AbsentDays,
    DaysOff,
    Excesses,
    FullDay,
    Members,
    Override,
    Skills,
    Week,
    WorkedWeek,
)


class ResourceKind(StrEnum):
    """What sort of resource it is."""

    PERSON = "person"
    TEAM = "team"


ResourceKindWord = Annotated[ResourceKind, Strict(False), one_of(ResourceKind)]


def _nothing(value: Any) -> bool:
    return not value


class ResourceAdded(Event, name="resource.added.v1", lifecycle=True):
    """A person or team can be assigned from now on. A person's name is no part of the fact."""

    kind: ResourceKindWord
    team_name: Line | None = None


class ResourceErased(Decision, name="resource.person_erased.v1"):
    """The name of a person was blanked; the id and what their time was promised to stay."""


class ResourceAssigned(Decision, name="resource.assigned.v1", about={"project": "project"}, lifecycle=True):
    """A share of the time was given to a project, from one day to another, both included.

    `over` names the first days on which that was more than there is, `override` says why it was done all the same;
    `request` is the event id of the project's request it answers. Each is there only if there is any.
    """

    project: Id
    share: Share
    starts_on: Day
    ends_on: Day | None = None
    as_role: Line | None = None
    deliverable: Line | None = None
    over: Excesses = Field(default=(), exclude_if=_nothing)
    override: Override | None = Field(default=None, exclude_if=_nothing)
    request: Id | None = Field(default=None, exclude_if=_nothing)


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


class CapacityFact(Event):
    """Something was said about how much of full time there is."""


class CapacitySet(CapacityFact, name="resource.capacity_set.v1", lifecycle=True):
    """From `starts_on` to `ends_on`, or until further notice, each day gives what `week` and `days_off` say.

    They are what the rule meant when it was decided: shares of full time by weekday, and the dates that are free.
    `worked` and `full_day` are the rule as it was given: parts of full time, or hours of days with so many hours.
    """

    starts_on: Day
    ends_on: Day | None
    week: Week
    days_off: DaysOff
    worked: WorkedWeek
    full_day: FullDay | None


class AbsenceRecorded(CapacityFact, name="resource.absence_recorded.v1", lifecycle=True):
    """Somebody is away; `days` are the working days that takes, as the calendar had them when it was recorded."""

    starts_on: Day
    ends_on: Day
    reason: AbsenceWord
    days: AbsentDays


class AbsenceCancelled(CapacityFact, Decision, name="resource.absence_cancelled.v1", lifecycle=True):
    """The days of an absence are there again; `absence` is the event id of its record."""

    why: Rationale
    absence: Id
    starts_on: Day
    ends_on: Day


class Departed(CapacityFact, Decision, name="resource.departed.v1", about={"projects": "project"}, lifecycle=True):
    """Somebody leaves after `last_day`; `projects` are those that lose their time, each with its own release."""

    why: Rationale
    last_day: Day
    projects: Members


class ProfileFact(Event):
    """Something was said about what somebody can do, plays, or is made of."""


class SkillsSet(ProfileFact, name="resource.skills_set.v1", lifecycle=True):
    """What somebody can do, told whole."""

    skills: Skills


class RoleSet(ProfileFact, name="resource.role_set.v1", lifecycle=True):
    """The role that somebody plays where an assignment names no other."""

    as_role: Line | None


class MembersSet(ProfileFact, name="resource.members_set.v1", about={"members": "resource"}, lifecycle=True):
    """Who a team is made of, told whole."""

    members: Members
