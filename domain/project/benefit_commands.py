"""What may be asked about benefits; each class is the body of one route."""

from domain.kernel.command import Given
from domain.kernel.rationale import GivenRationale
from domain.kernel.types import Amount, Day, Line, Prose


class PlanBenefit(Given):
    """Promise a benefit: what its `measure` will reach, by when, and who answers for it.

    `baseline` is where the measure stands before; to plan the same benefit anew needs a reason.
    """

    benefit: Line
    owner: Line
    measure: Line
    unit: Line
    baseline: Amount | None = None
    target: Amount
    due_on: Day
    rationale: GivenRationale | None = None


class RecordBenefit(Given):
    """Say where the measure of a benefit stood on a day; a correction needs a reason."""

    benefit: Line
    actual: Amount
    on: Day
    text: Prose | None = None
    rationale: GivenRationale | None = None


class ReviewBenefit(Given):
    """Judge what came of a benefit, by where its measure stood on a day."""

    benefit: Line
    actual: Amount
    on: Day
    text: Prose
    rationale: GivenRationale | None = None
