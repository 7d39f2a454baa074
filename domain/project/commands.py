"""What may be asked of a component; each class is the body of one route."""

from typing import Annotated, Any, Self

from pydantic import (
    BeforeValidator,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import InitErrorDetails

from domain.kernel.command import Entering, Given, Reasoned
from domain.kernel.money import GivenMoney
from domain.kernel.rationale import GivenRationale, SaidText
from domain.kernel.scoring import ModelName
from domain.kernel.types import Day, Id, Line, Prose
from domain.project.business_case import Summary
from domain.project.events import Scorers
from domain.project.words import AllocationsWord, Kind, KindWord


def _unknown_as_none(value: Any) -> Any:
    if value is None:
        raise ValueError('expected a date, such as 2026-03-31, or "unknown"')
    return None if value == "unknown" else value


def _told_again(error: Any) -> InitErrorDetails:
    details = InitErrorDetails(type=error["type"], loc=error["loc"], input=error["input"])
    return InitErrorDetails(**details, ctx=error["ctx"]) if "ctx" in error else details


DayOrUnknown = Annotated[
    Day | None,
    BeforeValidator(_unknown_as_none),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"const": "unknown"}]}),
]
"""A day, or the word "unknown", which becomes `None`."""


class DraftProject(Entering, names={"portfolio": "portfolio", "parent": "project"}):
    """Propose a component; with `portfolio` it joins that portfolio, last in rank, with `parent` that program."""

    name: Line
    sponsor: Line
    key: Line | None = None
    kind: KindWord = Kind.PROJECT
    owner: Line | None = None
    portfolio: Id | None = None
    parent: Id | None = None
    rationale: GivenRationale | None = None


class MoveProject(Reasoned, names={"program": "project"}):
    """Let a component belong to a program; with `null` it belongs to none any more."""

    program: Id | None


class SubmitProject(Summary, Entering):
    """Hand the proposal in; again, once it was recycled. What is left out is taken from the business case."""

    problem: SaidText | None = None
    expected_benefit: SaidText | None = None
    cost_low: GivenMoney | None = None
    cost_high: GivenMoney | None = None
    rationale: GivenRationale | None = None

    @model_validator(mode="wrap")
    @classmethod
    def _told_at_once(cls, given: Any, read: ModelWrapValidatorHandler[Self]) -> Self:
        """Where a member cannot be read the business case is not asked; what is absent is told beside it."""
        try:
            return read(given)
        except ValidationError as error:
            absent = [member for member in Summary.model_fields if isinstance(given, dict) and member not in given]
            told = [InitErrorDetails(type="missing", loc=(member,), input=given) for member in absent]
            raise ValidationError.from_exception_data(
                cls.__name__, [*told, *map(_told_again, error.errors())]
            ) from None


class EvaluateProject(Entering, names={"portfolio": "portfolio"}):
    """Start evaluation under a version of a scoring model; from deferred with a reason.

    It is the model named `scoring_model`, else that of the portfolio's policy, else its only one, `standard` without
    any; `portfolio` says whose, if several hold the component. Left out, the version is the one that holds. Where
    `scorers` are named (persons by their ids), they alone score it, and its score needs all of them.
    """

    scoring_model: ModelName | None = None
    scoring_model_version: Annotated[int, Field(ge=1)] | None = None
    portfolio: Id | None = None
    scorers: Scorers = ()
    rationale: GivenRationale | None = None


class RecycleProject(Entering, Reasoned):
    """Send the proposal back with what to fix."""

    to_fix: Prose


class WithdrawProject(Reasoned):
    """Take the proposal back."""


class RejectProject(Reasoned):
    """Turn the proposal down."""


class SelectProject(Entering, Reasoned):
    """Choose it for the portfolio; `force_in` says why, where that is more than its budget."""

    force_in: GivenRationale | None = None


class DeselectProject(Entering, Reasoned):
    """Take the choice back."""


class DeferProject(Entering, Reasoned):
    """Put it off; the rationale's `review_on` is required and lies in the future."""


class AuthorizeProject(Entering, Reasoned):
    """Release the budget."""

    budget: GivenMoney
    conditions: Prose | None = None


class ActivateProject(Entering):
    """Begin work under an owner; what is known by now becomes the baseline."""

    owner: Line
    starts_on: Day
    finishes_on: Day | None = None
    rationale: GivenRationale | None = None


class PauseProject(Entering, Reasoned):
    """Stop work for a while; `expected_resume` is a date or "unknown"."""

    expected_resume: DayOrUnknown
    allocations: AllocationsWord


class ResumeProject(Entering, Reasoned):
    """Go on with work under a new forecast."""

    forecast_finish: Day
    forecast: GivenMoney | None = None


class CompleteProject(Reasoned):
    """Accept the outcome, never one's own proposal (`proposed_by`, a person's id).

    What it cost is `actual_cost`, unless months of actuals were recorded.
    """

    outcome: Prose
    lessons: Prose
    actual_cost: GivenMoney | None = None
    proposed_by: Id | None = None


class CloseProject(Reasoned):
    """Shut the books; the rationale compares benefit with plan.

    Every planned benefit was reviewed before, or `unreviewed_benefits` is the reason why not.
    """

    unreviewed_benefits: GivenRationale | None = None


class CancelProject(Reasoned):
    """Stop for good."""

    sunk_cost: GivenMoney
    disposition: Prose


class ReopenProject(Entering, Reasoned):
    """Bring it back into evaluation."""

    what_is_new: Prose


class ReprioritizeProject(Reasoned, names={"portfolio": "portfolio"}):
    """Give it another place in a portfolio's order; 1 is the highest."""

    portfolio: Id
    to_rank: Annotated[int, Field(ge=1)]


class ReviseProject(Given):
    """Set name, key, owner, sponsor or the expected finish anew; leave out what stays."""

    name: Line | None = None
    key: Line | None = None
    owner: Line | None = None
    sponsor: Line | None = None
    forecast_finish: Day | None = None
    rationale: GivenRationale | None = None

    def changes(self, **now: Any) -> dict[str, Any]:
        """The members that differ from what is so now."""
        given = {field: getattr(self, field) for field in now}
        return {field: value for field, value in given.items() if value is not None and value != now[field]}
