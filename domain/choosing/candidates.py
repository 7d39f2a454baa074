"""What a selection is chosen from and under which constraints, as it is given."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, Strict

from domain.choosing.figures import NOTHING, Above0, GivenRate, Listed, Nonnegative, Number, Part, Some
from domain.kernel.money import Category, Currency, Money
from domain.kernel.types import Line, Strictly, is_absent, one_of

Later = Annotated[int, Field(ge=0, le=1_000)]
Count = Annotated[int, Field(ge=0, le=100_000)]


class Basis(StrEnum):
    """What the share of a goal is a share of."""

    COST = "cost"
    VALUE = "value"


class PlannedCost(Strictly):
    """What a candidate costs `after` that many periods from its start (0 = in the first)."""

    after: Later = 0
    category: Category
    money: Money


class Need(Strictly):
    """How much of a role a candidate needs `after` that many periods from its start, in full-time people."""

    after: Later = 0
    role: Line
    amount: Nonnegative


class Candidate(Strictly):
    """What may be selected; sentences call it by its `name`, if it has one.

    It starts in one of the periods `earliest` to `latest` (by default the first, and no later than the earliest);
    each period later takes `loss_per_period` off its value. `goals` tells which part of it serves which goal.
    """

    project: Line
    name: Line | None = Field(default=None, exclude_if=is_absent)
    value: Number
    costs: Listed[PlannedCost] = ()
    needs: Listed[Need] = ()
    goals: dict[Line, Part] = Field(default_factory=dict)
    earliest: Line | None = None
    latest: Line | None = None
    loss_per_period: Nonnegative = NOTHING

    @property
    def called(self) -> str:
        """How people speak of it."""
        return self.name or self.project


class BudgetLimit(Strictly):
    """What may be spent, in one period or in all together, on one category or on all together.

    `through` is the last of several periods, from `period` on, that are limited together.
    """

    period: Line | None = None
    through: Line | None = Field(default=None, exclude_if=is_absent)
    category: Category | None = None
    money: Money


class CapacityLimit(Strictly):
    """How many full-time people of a role there are, in one period or in each."""

    role: Line
    period: Line | None = None
    amount: Nonnegative


class Forced(Strictly):
    """A candidate that has to be in, or has to stay out, and why."""

    project: Line
    reason: Line


class Requirement(Strictly):
    """A candidate that makes no sense without another."""

    project: Line
    needs: Line


class Exclusion(Strictly):
    """Two candidates of which one at most is selected."""

    project: Line
    other: Line


class Group(Strictly):
    """Candidates of which at least and at most so many are selected."""

    name: Line
    projects: Some[Line]
    at_least: Count | None = None
    at_most: Count | None = None


class GoalShare(Strictly):
    """A goal that at least the part `at_least` of what is selected has to serve, by cost or by value.

    A candidate whose cost, or value, is below 0 counts for nothing in it.
    """

    goal: Line
    name: Line | None = Field(default=None, exclude_if=is_absent)
    at_least: Part = NOTHING
    of: Annotated[Basis, Strict(False), one_of(Basis)] = Basis.COST

    @property
    def called(self) -> str:
        """How people speak of it."""
        return self.name or self.goal


class Selection(Strictly):
    """Candidates and constraints; the most value is looked for, for `seconds` at most.

    A role without capacity and a category without a budget are not limited. With `explain`, as many seconds again go
    into what would let each loser in.
    """

    currency: Currency
    rates: Listed[GivenRate] = ()
    periods: Some[Line]
    candidates: Some[Candidate]
    budgets: Listed[BudgetLimit] = ()
    capacities: Listed[CapacityLimit] = ()
    mandatory: Listed[Forced] = ()
    excluded: Listed[Forced] = ()
    requires: Listed[Requirement] = ()
    excludes: Listed[Exclusion] = ()
    groups: Listed[Group] = ()
    goals: Listed[GoalShare] = ()
    seconds: Annotated[Above0, Field(le=60)] = Decimal(10)
    explain: bool = True
