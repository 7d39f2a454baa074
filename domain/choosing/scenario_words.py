"""What a scenario is asked to be: where its values come from, and what it is held to."""

from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, Strict, model_validator

from domain.choosing.candidates import (
    BudgetLimit,
    CapacityLimit,
    Exclusion,
    GoalShare,
    Group,
    Need,
    PlannedCost,
    Requirement,
)
from domain.choosing.figures import Listed, Nonnegative, Number, Part
from domain.choosing.periods import Period, Periods
from domain.kernel.types import DAY_PATTERN, Id, Instant, Line, Strictly, is_absent, one_of


class ValueBasis(StrEnum):
    """Where the value of a candidate comes from."""

    SCORE = "score"
    NPV = "npv"
    BLEND = "blend"


class ProjectAnalysis(Strictly):
    """The kept cost-benefit analysis whose net present value is that of a project."""

    project: Line
    analysis: Id


class Weights(Strictly):
    """How much the score and the net present value count in a blend."""

    score: Part
    npv: Part

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.score + self.npv != 1:
            raise ValueError(f"expected weights that sum to 1; these sum to {self.score + self.npv:f}")
        return self


class ValueSource(Strictly):
    """`score`: under a version of a scoring model, by default the one that the policy sets, or the newest of the only
    one there is; `npv`: of analyses.

    A `blend` is 100 x (weight x score / the highest score + weight x npv / the highest npv), each by its absolute.
    """

    basis: Annotated[ValueBasis, Strict(False), one_of(ValueBasis)]
    scoring_model: Line | None = None
    version: Annotated[int, Field(ge=1)] | None = None
    analyses: Listed[ProjectAnalysis] = ()
    weights: Weights | None = None

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        if (self.basis is ValueBasis.BLEND) != (self.weights is not None):
            raise ValueError("expected weights for a blend, and for nothing else")
        if self.basis is ValueBasis.NPV and (self.scoring_model or self.version):
            raise ValueError("expected no scoring model for a value by npv")
        if self.basis is ValueBasis.SCORE and self.analyses:
            raise ValueError("expected no analyses for a value by score")
        if self.version and not self.scoring_model:
            raise ValueError("expected the scoring_model that has this version")
        return self


class Starting(Strictly):
    """When a candidate may start, and what it loses of its value by each period later than the earliest."""

    project: Line
    earliest: Period | None = None
    latest: Period | None = None
    loss_per_period: Nonnegative | None = None


class Adjustment(Strictly):
    """What is taken for a candidate in the place of what the plan says; `costs` and `needs` count from its start."""

    project: Line
    value: Number | None = None
    costs: Listed[PlannedCost] | None = None
    needs: Listed[Need] | None = None


def _moment(value: Any) -> Any:
    if isinstance(value, str) and DAY_PATTERN.fullmatch(value):
        try:
            return datetime.combine(date.fromisoformat(value), time.max, UTC)
        except ValueError:
            raise ValueError(f"no such date: {value}") from None
    return value


Moment = Annotated[Instant, BeforeValidator(_moment)]
"""An instant, or a date, which means its end in UTC."""


def _as_derived(description: str) -> Any:
    return Field(default=None, description=f"{description}; null = as the plan has it", exclude_if=is_absent)


class Constraints(Strictly):
    """What the choice is held to; projects and goals are named by their ids."""

    periods: Periods | None = _as_derived("years, quarters or months in a row")
    budgets: Listed[BudgetLimit] | None = _as_derived("what may be spent, by period and category")
    capacities: Listed[CapacityLimit] | None = _as_derived("how many full-time people of a role there are")
    requires: Listed[Requirement] | None = _as_derived("which candidate needs which other")
    goals: Listed[GoalShare] | None = _as_derived("the least share that serves a goal")
    excludes: Listed[Exclusion] = ()
    groups: Listed[Group] = ()
    starts: Listed[Starting] = ()
    adjustments: Listed[Adjustment] = ()


class Spec(Constraints):
    """The whole of what a scenario asks.

    `as_of` and `inputs_position` fix the plan it is made from: what happened by then, of what was recorded by then;
    without them it is made from the plan as it stands when it is solved.
    """

    value: ValueSource
    as_of: Moment | None = Field(default=None, exclude_if=is_absent)
    inputs_position: Annotated[int, Field(ge=0)] | None = Field(default=None, exclude_if=is_absent)


class What(StrEnum):
    """What may be missing of a candidate."""

    VALUE = "value"
    COST = "cost"


class Missing(Strictly):
    """What is not known of a component: it cannot be chosen then, or, if it is in anyway, it counts for nothing."""

    project: Line
    name: Line
    what: Annotated[What, Strict(False), one_of(What)]
    is_in: bool
    sentence: Line
