"""Verdicts: what a committed scenario says of a component, and why."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, Strict, WithJsonSchema

from domain.kernel.money import Money
from domain.kernel.types import Id, Line, Prose, Slug, Strictly, as_tuple, is_absent, one_of

Worth = Annotated[Decimal, Strict(False), WithJsonSchema({"type": "string", "examples": ["7.25"]})]
"""A value, in the unit of what it was told by: a score, money, or hundredths of a blend."""
Sentences = Annotated[tuple[Prose, ...], Strict(False), BeforeValidator(as_tuple)]


class Outcome(StrEnum):
    """What becomes of a component; what is kept was in before."""

    SELECTED = "selected"
    NOT_SELECTED = "not_selected"
    KEPT = "kept"


class Why(StrEnum):
    """Reason codes of what was not selected, each told by what keeps it out."""

    FORCED_OUT = "forced_out"
    BLOCKED_BY_DEPENDENCY = "blocked_by_dependency"
    NO_CAPACITY = "no_capacity"
    BELOW_WATERLINE = "below_waterline"
    KEPT_OUT_BY_RULE = "kept_out_by_rule"
    INCOMPLETE = "incomplete"


class Verdict(Strictly):
    """One row of what was committed: `reason` in a code, `sentence` in words, `forced` why it was ruled in or out."""

    project: Id
    verdict: Annotated[Outcome, Strict(False), one_of(Outcome)]
    reason: Slug
    sentence: Prose
    start: Line | None = None
    value: Worth | None = None
    cost: Money | None = None
    forced: Line | None = None


class Beaten(Strictly):
    """A component that was not selected, and what it was called then."""

    project: Id
    name: Line


Those = Annotated[tuple[Beaten, ...], Strict(False), BeforeValidator(as_tuple), Field(max_length=5)]


class Winning(Strictly):
    """How a component was selected: `over` are the most valuable of so many losers, `forced_in` is why it had to be."""

    scenario: Id
    value: Worth | None
    cost: Money | None
    start: Line
    forced_in: Line | None = Field(default=None, exclude_if=is_absent)
    over: Those
    of_losers: Annotated[int, Field(ge=0)]


class Losing(Strictly):
    """How it was not: what kept it out, each change that would let it in, and what its being in would take off the
    value of all that is selected: `lost`, at most that if not `lost_is_exact`, `null` where it is not known.
    """

    scenario: Id
    value: Worth | None
    cost: Money | None
    kept_out: Sentences
    let_in_by: Sentences
    lost: Worth | None
    lost_is_exact: bool | None
    forced_out: Line | None = Field(default=None, exclude_if=is_absent)
