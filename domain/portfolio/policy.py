"""What a portfolio holds its decisions to."""

from collections.abc import Collection
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, Strict, model_validator

from domain.kernel.money import Category, Money
from domain.kernel.rationale import Rationale
from domain.kernel.refusal import Invalid
from domain.kernel.scoring import ModelVersion
from domain.kernel.types import Amount, BudgetShare, Cadence, Id, Line, Slug, Strictly, as_tuple, is_absent

RANK_CODES = (
    "higher_value_arrived",
    "strategy_shift",
    "value_reassessed",
    "capacity",
    "strategic_fit",
    "regulatory_mandate",
    "roi",
    "risk_reduction",
    "enabler",
    "executive_directive",
)


def _from_nothing(percent: Decimal) -> Decimal:
    if percent < 0:
        raise ValueError('expected a percentage from 0, such as "10"')
    return percent


def _each_once(words: tuple[str, ...]) -> tuple[str, ...]:
    if len({word.casefold() for word in words}) < len(words):
        raise ValueError("expected each only once")
    return words


def rule(description: str) -> Any:
    """A rule that may be left out."""
    return Field(default=None, description=description, exclude_if=is_absent)


Verb = Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=60)]
Codes = Annotated[
    tuple[Slug, ...],
    Strict(False),
    BeforeValidator(as_tuple),
    Field(min_length=1, max_length=100),
    AfterValidator(_each_once),
]
Titles = Annotated[
    tuple[Line, ...], Strict(False), BeforeValidator(as_tuple), Field(max_length=50), AfterValidator(_each_once)
]
Limit = Annotated[int, Field(ge=1, le=100_000)]


class RebaselineThreshold(Strictly):
    """How far a baseline may move without the board: by days, by percent of the cost, or both."""

    days: Annotated[int, Field(ge=0)] | None = None
    percent: Annotated[Amount, AfterValidator(_from_nothing)] | None = None

    @model_validator(mode="after")
    def _weighs_something(self) -> Self:
        if self.days is None and self.percent is None:
            raise ValueError("expected days, percent or both")
        return self

    def told(self) -> str:
        """In words."""
        days = f"{self.days} {'day' if self.days == 1 else 'days'}" if self.days is not None else ""
        percent = f"{self.percent:f} %" if self.percent is not None else ""
        return " or ".join(filter(None, (days, percent)))


class Guardrail(Strictly):
    """How much of the budget a category, or a goal, gets at least and at most."""

    category: Category | None = None
    goal: Id | None = None
    at_least: BudgetShare | None = None
    at_most: BudgetShare | None = None

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        if (self.category is None) == (self.goal is None):
            raise ValueError("expected either a category or a goal")
        if self.at_least is None and self.at_most is None:
            raise ValueError("expected at_least, at_most or both")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"expected at_least up to at_most, {self.at_most}; got {self.at_least}")
        return self


class Policy(Strictly):
    """The rules of a portfolio; a member that is null sets no rule."""

    money_threshold: Money | None = Field(
        default=None, description="changes of a forecast above it need a second person's approval"
    )
    rebaseline_threshold: RebaselineThreshold | None = rule("changes of a baseline above it are the board's alone")
    reason_codes: dict[Verb, Codes] | None = rule("for verbs that have reason codes, further ones")
    wip_limits: dict[str, Limit] | None = rule("how many components may be in a state at once, by state")
    required_gates: dict[Verb, Titles] | None = rule(
        "the titles of the evidence that a verb needs, in its rationale or an earlier one; "
        "an empty list asks for any evidence in its own rationale"
    )
    update_cadence_days: Cadence | None = rule("days from one status update of an active component to the next")
    review_cadence_days: Cadence | None = rule("days from one review of the portfolio to the next")
    guardrails: Annotated[tuple[Guardrail, ...], Strict(False), BeforeValidator(as_tuple)] | None = rule(
        "the shares of the budget to keep within; told, never in the way"
    )
    scoring_model: ModelVersion | None = rule("the model that new evaluations are held to")

    def codes(self, verb: str) -> tuple[str, ...]:
        """The reason codes a verb has here beside those it has everywhere."""
        return (self.reason_codes or {}).get(verb, ())

    def limit(self, state: str) -> int | None:
        """How many components may be in a state at once, `None` if any number may."""
        return (self.wip_limits or {}).get(state)


class NumberedPolicy(Policy):
    """A policy that holds or held, and which one of the portfolio's it is, from 1."""

    version: int


def require_evidence(rules: Collection[Policy], verb: str, why: Rationale | None, known: Collection[str] = ()) -> None:
    """Raises `Invalid` with everything that a verb needs as evidence and lacks; `known` was given before."""
    gates = [gate for each in rules if (gate := (each.required_gates or {}).get(verb)) is not None]
    given = why.evidence if why else ()
    found = {title.casefold() for title in (*known, *(each.title for each in given))}
    missing = sorted({title for gate in gates for title in gate if title.casefold() not in found})
    pointer = "/rationale/evidence" if why else "/rationale"
    if missing:
        listed = ", ".join(f'"{title}"' for title in missing)
        raise Invalid({pointer: f"{verb} needs evidence with these titles, here or in an earlier decision: {listed}"})
    if () in gates and not given:
        raise Invalid({pointer: f"{verb} needs a document as evidence in its rationale"})
