"""The facts of a component's benefits: what was promised of each, what came of it."""

from typing import Annotated

from pydantic import BeforeValidator, Strict

from domain.kernel.event import Event
from domain.kernel.types import Amount, Day, Line, Prose, Strictly, as_tuple


class BenefitFact(Event):
    """Something was said about a benefit of a component."""


class BenefitPlanned(BenefitFact, name="project.benefit_planned.v1"):
    """A benefit is to reach `target` by a day; `baseline` is where its measure stood before, if that is known.

    The same benefit planned again replaces the plan of before.
    """

    benefit: Line
    owner: Line
    measure: Line
    unit: Line
    baseline: Amount | None = None
    target: Amount
    due_on: Day


class BenefitRecorded(BenefitFact, name="project.benefit_recorded.v1"):
    """The measure of a benefit stood at `actual` on a day."""

    benefit: Line
    actual: Amount
    on: Day
    text: Prose | None = None


class BenefitReviewed(BenefitFact, name="project.benefit_reviewed.v1"):
    """Somebody judged what came of a benefit: where its measure stood on a day, and what to say of it."""

    benefit: Line
    actual: Amount
    on: Day
    text: Prose


class BenefitResult(Strictly):
    """Actual against plan: `variance` is actual minus target. What is not known is absent."""

    benefit: Line
    unit: Line
    baseline: Amount | None = None
    target: Amount
    actual: Amount | None = None
    variance: Amount | None = None
    reviewed_on: Day | None = None


BenefitResults = Annotated[tuple[BenefitResult, ...], Strict(False), BeforeValidator(as_tuple)]
