"""The shapes of answers about who may do what, and who did."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from api.answers import FeedFact, ListOf, Responses, Shape


class Reason(Shape):
    """Why a role was given."""

    code: str
    text: str


class HeldRole(Shape):
    """A role, in one place or (all `null`) in the organisation; `verbs` are the commands it lets one give.

    `until` is its last day; `expired` = that day is over, and it gives nothing.
    """

    role: str
    portfolio: UUID | None
    portfolio_name: str | None
    program: UUID | None
    program_name: str | None
    project: UUID | None
    project_name: str | None
    since: datetime
    granted_by: str
    granted_by_name: str | None
    reason: Reason | None
    until: date | None
    expired: bool
    verbs: list[str]


class Access(Shape):
    """What a person may do."""

    id: UUID
    name: str | None
    erased: bool
    roles: list[HeldRole]


class ValueChange(Shape):
    """A value that a fact changed: `from` is what the log before it said for the time at which the fact occurred."""

    subject: UUID
    aspect: str
    from_: Any = Field(alias="from")
    to: Any


class AuditedFact(FeedFact):
    """A fact as it was stored, and the values it changed."""

    changes: list[ValueChange]


ACCESS: Responses = {200: {"model": ListOf[Access]}}
TRAIL: Responses = {200: {"model": ListOf[AuditedFact]}}
