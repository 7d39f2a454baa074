"""What a business case says, its summary in the submit, and what it lacks."""

from typing import Annotated

from pydantic import BeforeValidator, Field, Strict

from domain.kernel.money import Money, MonthlyAmounts, total_of
from domain.kernel.types import Line, Prose, Strictly, as_tuple, titled


class Point(Strictly):
    """An option or a benefit, in a line and perhaps in words."""

    title: Line
    note: Prose | None = None


class Risk(Strictly):
    """What may go wrong, and what is done about it."""

    title: Line
    response: Prose | None = None


SOME = Field(min_length=1, max_length=40)
Points = Annotated[tuple[Point, ...], Strict(False), BeforeValidator(titled), SOME]
"""At least one; a text alone is a title."""
Risks = Annotated[tuple[Risk, ...], Strict(False), BeforeValidator(titled), SOME]
Assumptions = Annotated[tuple[Line, ...], Strict(False), BeforeValidator(as_tuple), SOME]


class BusinessCase(Strictly):
    """Why a proposal is worth its cost; a member that is null was not said."""

    problem: Prose | None = None
    options: Points | None = None
    chosen_option: Line | None = Field(default=None, description="the title of the option that is proposed")
    benefits: Points | None = None
    costs: MonthlyAmounts | None = Field(default=None, description="by month and category, in one currency")
    risks: Risks | None = None
    assumptions: Assumptions | None = None


class Summary(Strictly):
    """What is handed in: the problem, what is gained, what it may cost."""

    problem: Prose | None = None
    expected_benefit: Prose | None = None
    cost_low: Money | None = None
    cost_high: Money | None = None


NOTHING_SAID = BusinessCase()
NOT_SUMMED_UP = Summary()
EXPECTED = {
    "problem": "the problem it solves",
    "options": "the options that were considered",
    "chosen_option": "which of the options is proposed",
    "benefits": "what is gained, here or as expected_benefit of the submit",
    "costs": "what it costs by month, here or as cost_low and cost_high of the submit",
    "risks": "what may go wrong",
    "assumptions": "what is taken for granted",
    "expected_benefit": "what is gained",
    "cost_low": "the least it may cost",
    "cost_high": "the most it may cost",
}


def summed_up(case: BusinessCase, given: Summary) -> Summary:
    """The summary as it is given; what it leaves out is taken from the case."""
    cost = total_of(line.money for line in case.costs or () if line.money)
    gained = "\n".join(benefit.title for benefit in case.benefits or ())
    return Summary(
        problem=given.problem or case.problem,
        expected_benefit=given.expected_benefit or gained or None,
        cost_low=given.cost_low or cost,
        cost_high=given.cost_high or cost,
    )


def lacking(case: BusinessCase, given: Summary) -> dict[str, str]:
    """What must still be said before it can be handed in, by JSON pointer.

    A proposal needs its summary; one whose business case was begun needs all of that.
    """
    summary = summed_up(case, given)
    told = dict(summary)
    if case != NOTHING_SAID:
        said = {"benefits": summary.expected_benefit, "costs": summary.cost_low and summary.cost_high}
        told = {**dict(case), "problem": summary.problem, **said}
    return {f"/{member}": _required(member) for member, value in told.items() if value is None}


def _required(member: str) -> str:
    """What is expected; the sentence names the command that takes it where that is not the submit."""
    where = "" if member in Summary.model_fields else "; set-business-case records it"
    return f"required: {EXPECTED[member]}{where}"
