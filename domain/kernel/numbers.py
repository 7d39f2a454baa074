"""Plain numbers as they are given and told, and the context they are computed in.

Given numbers are decimal, as text or as JSON numbers of a plain spelling; ratios and scores are told to 4 places,
half to even; what is between is not rounded.
"""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Strict, WithJsonSchema

NUMBER_PATTERN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?")
PLAIN_PATTERN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
NOTHING, WHOLE = Decimal(0), Decimal(1)
RATIO = Decimal("0.0001")
PRECISE = Context(prec=50, rounding=ROUND_HALF_EVEN)
"""Room for what is between the given and the told."""


def number(expected: str, accepts: Callable[[Decimal], bool]) -> BeforeValidator:
    """Reads a number of a plain spelling; any other is refused in a sentence that says what was `expected`."""

    def check(value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
            raise ValueError(f"expected {expected}")
        text = f"{value:f}" if isinstance(value, Decimal) else str(value)
        if PLAIN_PATTERN.fullmatch(text) and not NUMBER_PATTERN.fullmatch(text):
            digits = "at most 15 digits before the point and 12 behind it"
            raise ValueError(f"expected {expected}, of {digits}; got {text[:60]}")
        if not NUMBER_PATTERN.fullmatch(text) or not accepts(Decimal(text)):
            raise ValueError(f"expected {expected}; got {text[:60]}")
        return Decimal(text)

    return BeforeValidator(check)


GIVEN = WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "number"}], "examples": ["0.4"]}, mode="validation")
TOLD = WithJsonSchema({"type": "string", "examples": ["0.4"]}, mode="serialization")
Number = Annotated[Decimal, Strict(False), number('a number such as "12.5"', lambda _: True), GIVEN, TOLD]
