"""Comparisons of pairs, as scorers say them on Saaty's scale; `domain/choosing/ahp.py` makes priorities of them."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, Strict

from domain.kernel.numbers import GIVEN, TOLD
from domain.kernel.types import Line, Strictly, as_tuple

INTENSITY_PATTERN = re.compile(r"[1-9](\.[0-9]{1,4})?|1/[1-9]|0\.[0-9]{1,6}")
EXPECTED = 'expected how many times as important, from 1/9 to 9, such as "3" or "1/3"'


def _intensity(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(EXPECTED)
    if not INTENSITY_PATTERN.fullmatch(str(value)):
        raise ValueError(f"{EXPECTED}; got {str(value)[:60]}")
    if not 1 / 9.001 <= ratio_of(str(value)) <= 9:
        raise ValueError(f"{EXPECTED}; got {value}")
    return str(value)


def ratio_of(text: str) -> float:
    """The number that an intensity says: 3 or 1/3."""
    whole, _, by = text.partition("/")
    return float(whole) / float(by or 1)


Intensity = Annotated[str, BeforeValidator(_intensity), GIVEN, TOLD]
"""Kept as it was said."""


class Judgement(Strictly):
    """`one` is `times` as important (or as good) as `other`, says a scorer; `under` names the criterion, if any."""

    one: Line
    other: Line
    times: Intensity
    under: Line | None = None
    scorer: Line = "all"


Judgements = Annotated[tuple[Judgement, ...], Strict(False), BeforeValidator(as_tuple), Field(max_length=2_000)]
