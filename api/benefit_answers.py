"""The shapes of answers about benefits. What is not known is `null`, never 0."""

from datetime import date, datetime

from api.answers import Decision, NamedSubject, Responses, Shape, StoryOf
from domain.project.words import BenefitStatus


class MeasuredAnswer(Shape):
    """Where the measure of a benefit stood on a day."""

    on: date
    actual: str
    text: str | None


class ReviewAnswer(Shape):
    """The last review: for which day, and what was said by whom."""

    on: date
    text: str
    by: str


class BenefitAnswer(Shape):
    """A benefit, actual against plan.

    `actual` is the latest that was measured, `variance` is actual minus target, `realized` the part of the way from
    baseline to target (below 0 or above 1 if it goes beyond); `null` while something of it is not known.
    """

    project: NamedSubject
    benefit: str
    owner: str
    measure: str
    unit: str
    baseline: str | None
    target: str
    due_on: date
    status: BenefitStatus
    actual: str | None
    measured_on: date | None
    variance: str | None
    realized: str | None
    measured: list[MeasuredAnswer]
    review: ReviewAnswer | None
    review_due: bool
    planned_at: datetime
    last_decision: Decision | None


class ReviewsAnswer(Shape):
    """Of so many benefits so many were reviewed, and for so many the day has come and nobody has."""

    of: int
    reviewed: int
    due: int


class BenefitSum(Shape):
    """The sum over `of` benefits that are measured in one unit, `missing` of them without an actual.

    `variance` is `null` while any is missing.
    """

    unit: str
    of: int
    missing: int
    target: str
    actual: str | None
    variance: str | None


class BenefitsAnswer(StoryOf[BenefitAnswer]):
    """One page of benefits; `reviews` and `sums` are over all of them but those that were given up."""

    reviews: ReviewsAnswer
    sums: list[BenefitSum]


BENEFITS: Responses = {200: {"model": BenefitsAnswer}}
