"""What may be asked about a business case; each class is the body of one route."""

from typing import Annotated

from pydantic import AfterValidator, Field

from domain.kernel.command import Given
from domain.kernel.money import GivenMonthlyAmounts, MonthlyAmounts, total_of
from domain.kernel.rationale import GivenRationale, SaidText
from domain.project.business_case import BusinessCase, Points


def _each_once(points: Points) -> Points:
    titles = [point.title for point in points]
    twice = next((title for title in titles if titles.count(title) > 1), None)
    if twice:
        raise ValueError(f"expected each title once; {twice} comes twice")
    return points


def _known_in_one_currency(costs: MonthlyAmounts) -> MonthlyAmounts:
    if any(line.money is None for line in costs):
        raise ValueError("expected an amount in every line; what costs nothing is left out")
    if len({line.money.currency for line in costs if line.money}) > 1:
        raise ValueError("expected all costs in one currency, so that they have a sum")
    if total_of(line.money for line in costs if line.money) is None:
        raise ValueError("expected costs whose sum has at most 15 digits before the point")
    return costs


class SetBusinessCase(BusinessCase, Given):
    """Say what speaks for the proposal; what is left out stays, `null` takes it away."""

    problem: SaidText | None = None
    options: Annotated[Points, AfterValidator(_each_once)] | None = None
    costs: Annotated[GivenMonthlyAmounts, AfterValidator(_known_in_one_currency)] | None = Field(
        default=None, description="by month and category, in one currency; all that were said before are replaced"
    )
    rationale: GivenRationale | None = None
