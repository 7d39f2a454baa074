"""What asks for attention in a portfolio, as the agenda of a review holds it."""

from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, Strict

from domain.kernel.types import Day, Id, Strictly, as_tuple, is_absent, one_of


class Reason(StrEnum):
    """Why a component, or the portfolio itself, asks for attention; what is worst comes first."""

    OFF_TRACK = "off_track"
    AT_RISK = "at_risk"
    BROKEN_PREMISE = "broken_premise"
    OVERDUE_UPDATE = "overdue_update"
    PAST_REVIEW_DATE = "past_review_date"
    RESUME_PASSED = "resume_passed"
    UNALIGNED = "unaligned"
    GOAL_ALONE = "goal_without_projects"


ReasonWord = Annotated[Reason, Strict(False), one_of(Reason)]


class AgendaItem(Strictly):
    """One thing on the agenda and why it is there.

    `project` is null for what is about the portfolio itself or a goal; `since` is the day that was due or passed, or
    that of the report; `fact` is the event id of the fact that put it there. `goal` is there for a goal that no project
    serves, `decision` is that of a premise which fails: its event id, while `fact` broke it.
    """

    reason: ReasonWord
    project: Id | None
    since: Day
    fact: Id
    goal: Id | None = Field(default=None, exclude_if=is_absent)
    decision: Id | None = Field(default=None, exclude_if=is_absent)


Agenda = Annotated[tuple[AgendaItem, ...], Strict(False), BeforeValidator(as_tuple)]
