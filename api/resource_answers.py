"""The shapes of answers about people, teams and their time."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from api.answers import Echo, ListOf, NamedSubject, Responses, Shape
from domain.resources.words import AbsenceReason, OverrideCode, Skill, Week
from projections.requests import RequestStatus
from projections.weeks import Whom
from projections.workload import By


class Assignment(Shape):
    """A share of full time for a project, from one day to another, both included."""

    project: UUID
    name: str | None
    share: str
    starts_on: date
    ends_on: date | None
    as_role: str | None
    deliverable: str | None


class Calendar(Shape):
    """What each day of a period gives, in parts of full time; a calendar further down holds over those above."""

    starts_on: date
    ends_on: date | None
    week: Week
    days_off: list[date]


class Absence(Shape):
    """A period in which somebody is away, and the working days that takes. `id` is what `cancel-absence` names."""

    id: UUID
    starts_on: date
    ends_on: date
    reason: AbsenceReason
    days: list[date]


class TooMuch(Shape):
    """Days on which more was promised than there was; free days between them are none of them."""

    starts_on: date
    ends_on: date | None
    promised: str
    capacity: str


class Overridden(Shape):
    """An assignment that was more than there was, the first days of that, and why it was made all the same."""

    event_id: UUID
    project: UUID
    name: str | None
    share: str
    starts_on: date
    ends_on: date | None
    code: OverrideCode
    text: str
    over: list[TooMuch]


class Resource(Shape):
    """A person or team, the role they play if an assignment names none, what they can do, who a team is made of.

    `capacity` is the share of full time on the day of the answer, `null` if nobody said.
    """

    id: UUID
    name: str | None
    kind: str | None
    as_role: str | None
    skills: list[Skill]
    members: list[NamedSubject]
    capacity: str | None
    calendars: list[Calendar]
    absences: list[Absence]
    assignments: list[Assignment]
    overrides: list[Overridden]
    version: int | None


class OneResource(Resource, Echo):
    """A person or team, for the bounds asked."""

    first_fact_at: datetime | None = None


class RequestAnswer(Shape):
    """How a request was answered, by whom and why; if it was filled, with whose time."""

    status: RequestStatus
    code: str
    text: str
    by: str
    by_name: str | None
    at: datetime
    resource: UUID | None
    name: str | None
    share: str | None
    starts_on: date | None
    ends_on: date | None


class Request(Shape):
    """What a project asks for, and why; `answer` says what became of it. `id` is what `assign` and others name."""

    id: UUID
    project: UUID
    name: str | None
    as_role: str | None
    skill: str | None
    share: str
    starts_on: date
    ends_on: date | None
    deliverable: str | None
    status: RequestStatus
    code: str
    text: str
    by: str
    by_name: str | None
    at: datetime
    answer: RequestAnswer | None


class WeekName(Shape):
    """An ISO week, Monday to Sunday."""

    week: str
    starts_on: date
    ends_on: date


class CellAssignment(Shape):
    """What takes `days` of a week: a share of somebody's time. A project out of scope and the role in it are `null`."""

    resource: UUID
    name: str | None
    project: UUID | None
    project_name: str | None
    as_role: str | None
    share: str
    starts_on: date
    ends_on: date | None
    days: str


class LoadCell(Shape):
    """A week in days of full time, added up day by day.

    `capacity` is what there is (of a role: of those of its `of` people of whom that is known, `missing` are not),
    `promised` what the assignments take, on days that are not free; `over` what is too much, each day by itself for a
    person. `load` is promised ÷ capacity. Both are `null` where it is not known of each day and of everybody how much
    there is. Of a role, `requested` is what open requests want and `gap` what is missing for all of that.
    """

    week: str
    capacity: str | None
    of: int
    missing: int
    promised: str
    over: str | None
    load: str | None
    requested: str | None
    gap: str | None
    assignments: list[CellAssignment]


class LoadRow(Shape):
    """A person or team with the role they usually play; or a role, `null` for whatever names none."""

    resource: UUID | None
    name: str | None
    as_role: str | None
    cells: list[LoadCell]


class Workload(Echo):
    """The weeks of those who work for a portfolio, whatever else they work for."""

    id: UUID
    name: str | None
    by: By
    people: Whom
    from_: date = Field(alias="from")
    to: date
    weeks: list[WeekName]
    rows: list[LoadRow]
    version: int | None
    first_fact_at: datetime | None = None


WORKLOAD: Responses = {200: {"model": Workload}}
REQUESTS: Responses = {200: {"model": ListOf[Request]}}
RESOURCES: Responses = {200: {"model": ListOf[Resource]}}
ONE_RESOURCE: Responses = {200: {"model": OneResource}}
