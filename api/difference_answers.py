"""The shapes of answers about what differs between two moments."""

from datetime import datetime

from pydantic import Field

from api.answers import Decision, MoneyAnswer, NamedSubject, Responses, Shape, StoryOf
from projections.difference import Axis, Difference


class DifferenceRow(Shape):
    """One difference: a state, rank, finish date, sum of money, share of a person's time or declared health.

    `person` says whose time it is, and is `null` otherwise. What came or went shows its name on one side.
    """

    kind: Difference
    subject: NamedSubject
    person: NamedSubject | None
    from_: str | int | MoneyAnswer | None = Field(alias="from")
    to: str | int | MoneyAnswer | None
    decision: Decision | None


class Differences(StoryOf[DifferenceRow]):
    """One page of what differs between two moments, on one of the clocks."""

    from_: datetime = Field(alias="from")
    to: datetime
    clock: Axis


DIFFERENCES: Responses = {200: {"model": Differences}}
