"""The shapes of answers about business cases, as `/openapi.json` tells them."""

from datetime import datetime
from uuid import UUID

from api.answers import Echo, MoneyAnswer, Responses, Shape
from domain.project.business_case import BusinessCase
from domain.project.words import State


class HandedIn(Shape):
    """The proposal as it was last submitted."""

    problem: str
    expected_benefit: str
    cost_low: MoneyAnswer
    cost_high: MoneyAnswer
    by: str
    at: datetime


class MissingMember(Shape):
    """What a submit would be refused for: the place in the business case or the submit, and what belongs there."""

    pointer: str
    detail: str


class ToFix(Shape):
    """What a recycled proposal has to mend, until it is moved on or handed in again."""

    text: str
    reason: str
    by: str
    at: datetime


class CaseVersion(Shape):
    """One version of the business case; in full it is read at its `position`."""

    number: int
    text: str | None
    by: str
    at: datetime
    position: int


class ProjectCase(Echo):
    """The business case of a component.

    `complete` and `missing` are `null` once the proposal is decided, and say before what a submit would need.
    """

    id: UUID
    name: str | None
    state: State | None
    business_case: BusinessCase | None
    handed_in: HandedIn | None
    complete: bool | None
    missing: list[MissingMember] | None
    to_fix: ToFix | None
    versions: list[CaseVersion]
    version: int | None
    first_fact_at: datetime | None = None


PROJECT_CASE: Responses = {200: {"model": ProjectCase}}
