"""What may be asked of a resource; each class is the body of one route."""

from domain.kernel.command import Given, Reasoned
from domain.kernel.rationale import GivenRationale
from domain.kernel.types import Day, Id, Line, Share
from domain.resources.events import ResourceKind, ResourceKindWord
from domain.resources.words import AbsenceWord, DaysOff, FullDay, GivenOverride, Members, Skills, WorkedWeek


class AddResource(Given):
    """Make a person or team assignable. A person's name is stored apart from the facts."""

    name: Line
    kind: ResourceKindWord = ResourceKind.PERSON
    rationale: GivenRationale | None = None


class AssignResource(Reasoned, names={"project": "project"}):
    """Give a share of the time to a project; without `ends_on` until further notice.

    `override` says why, where that is more than there is; `request` is the event id of the request it answers.
    """

    project: Id
    share: Share
    starts_on: Day
    ends_on: Day | None = None
    as_role: Line | None = None
    deliverable: Line | None = None
    override: GivenOverride | None = None
    request: Id | None = None


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


class SetCapacity(Given):
    """Say what somebody works from a day on, or for a time: by weekday, in parts of full time or in hours.

    `full_day` is how many hours full time is, if `week` is in hours; `days_off` are free beside it, such as public
    holidays. What is set later holds for its days over what was set before.
    """

    starts_on: Day
    ends_on: Day | None = None
    week: WorkedWeek
    full_day: FullDay | None = None
    days_off: DaysOff = ()
    rationale: GivenRationale | None = None


class RecordAbsence(Given):
    """Somebody is away from one day to another, both included."""

    starts_on: Day
    ends_on: Day
    reason: AbsenceWord
    rationale: GivenRationale | None = None


class CancelAbsence(Reasoned):
    """Take an absence back; `absence` is the event id of its record, as the resource tells it."""

    absence: Id


class Depart(Reasoned):
    """Somebody leaves after `last_day`; whatever holds their time after it loses it."""

    last_day: Day


class SetSkills(Given):
    """Say all that somebody can do; what is left out is taken away."""

    skills: Skills
    rationale: GivenRationale | None = None


class SetRole(Given):
    """Say which role somebody plays where an assignment names no other; `null` takes it away."""

    as_role: Line | None
    rationale: GivenRationale | None = None


class SetMembers(Given):
    """Say who a team is made of; who is left out leaves it."""

    members: Members
    rationale: GivenRationale | None = None
