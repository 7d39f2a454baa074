"""Words of strategy: weights and progress as parts of a whole, the period of a key result."""

import re
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Strict, WithJsonSchema

from domain.kernel.types import Day, Strictly

WHOLE = Decimal(1)
NOTHING = Decimal(0)


class GoalState(StrEnum):
    """Whether a goal is still pursued."""

    OPEN = "open"
    RETIRED = "retired"


class Period(Strictly):
    """From one day to another, both included."""

    starts_on: Day
    ends_on: Day


PART_PATTERN = re.compile(r"0(\.[0-9]{1,4})?|1(\.0{1,4})?")


def _part(expected: str, *, may_be_nothing: bool) -> Callable[[Any], Decimal]:
    def check(value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
            raise ValueError(expected)
        if not PART_PATTERN.fullmatch(str(value)) or not (may_be_nothing or Decimal(str(value))):
            raise ValueError(f"{expected}; got {str(value)[:60]}")
        return Decimal(str(value))

    return check


GIVEN = WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "number"}], "examples": ["0.4"]}, mode="validation")
TOLD = WithJsonSchema(
    {"type": "string", "pattern": f"^({PART_PATTERN.pattern})$", "examples": ["0.4"]}, mode="serialization"
)
Weight = Annotated[
    Decimal,
    Strict(False),
    BeforeValidator(
        _part(
            'expected a weight above 0 and up to 1, such as "0.4" with at most 4 decimal places', may_be_nothing=False
        )
    ),
    GIVEN,
    TOLD,
]
"""How much of reaching a goal depends on one contribution; all weights to one goal sum to at most 1."""
Progress = Annotated[
    Decimal,
    Strict(False),
    BeforeValidator(
        _part('expected progress from 0 to 1, such as "0.4" with at most 4 decimal places', may_be_nothing=True)
    ),
    GIVEN,
    TOLD,
]
"""How much of its contribution a project has delivered: 0 is nothing, 1 is all of it."""
