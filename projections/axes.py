"""The two axes of a matrix: which measures they are, from where to where they go, and where they are in halves."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID

from domain.choosing.matrix import PRESETS, Axis, Preset, Quadrants
from domain.kernel.refusal import Invalid
from projections.holding import COST, RANK, SCORE, Held
from projections.measures import Measure, measure

SIDES: Mapping[Preset, tuple[str, str]] = {
    Preset.VALUE_EFFORT: ("effort", "value"),
    Preset.URGENCY_IMPORTANCE: ("urgency", "importance"),
}
"""What the measures of a preset are called, that to the right first."""


class Side(NamedTuple):
    """One axis: its measure, its ends, and the line between low and high."""

    of: Measure
    low: Decimal
    high: Decimal
    line: Decimal

    def axis(self) -> Axis:
        """The same in the domain, where more is higher: ranks count from the top, so they go in as negatives."""
        low, high, line = self.low, self.high, self.line
        if self.of.first_is_high:
            low, high, line = -high, -low, -line
        return Axis.model_construct(name=self.of.name, low=low, high=high, line=line)

    def value(self, project: UUID) -> Decimal | None:
        """Where a component stands on that axis; `None` = nobody has said."""
        value = self.of.values.get(project)
        return -value if value is not None and self.of.first_is_high else value

    def answer(self) -> dict[str, Any]:
        """The axis as it is told."""
        of = self.of
        ends = {"low": f"{self.low:f}", "high": f"{self.high:f}", "line": f"{self.line:f}"}
        return {"measure": of.key, "name": of.name, "unit": of.unit, **ends, "first_is_high": of.first_is_high}


def presets(held: Held) -> dict[Preset, tuple[str, str]]:
    """The presets whose measures there are, with the words of those."""
    words = {name.casefold(): word for word, name in reversed(held.offered.items())}
    return {preset: (words[x], words[y]) for preset, (x, y) in SIDES.items() if x in words and y in words}


def chosen(held: Held, words: tuple[str | None, str | None]) -> tuple[Measure, Measure]:
    """The measures of two words; without any those of the first preset, else cost and score, or rank without scores.

    Raises `Invalid` for a word that is no measure of the portfolio.
    """
    x, y = words
    if x is None or y is None:
        usual = _usual(held, words)
        x, y = x or usual[0], y or usual[1]
    return _must_be(held, "x", x), _must_be(held, "y", y)


def _usual(held: Held, words: tuple[str | None, str | None]) -> tuple[str, str]:
    first = next(iter(presets(held).values()), None) if words == (None, None) else None
    return first or (COST, SCORE if any(each.given for each in held.standings.values()) else RANK)


def _must_be(held: Held, axis: str, word: str) -> Measure:
    found = measure(held, word) if held.knows(word) else None
    if found is None:
        raise Invalid({f"query:{axis}": f"expected one of {', '.join(held.offered)}; got {word[:100]}"})
    return found


def side(of: Measure, among: Collection[UUID]) -> Side:
    """An axis from end to end of a scale, in halves in the middle; without a scale from 0 (or the least value, if
    that is less) to the largest value among some, in halves at their median.
    """
    if of.low is not None and of.high is not None:
        return Side(of, of.low, of.high, (of.low + of.high) / 2)
    values = [of.values[each] for each in among if each in of.values]
    low = min([*values, Decimal(0)])
    high = max([*values, low])
    high = high if high > low else low + 1
    return Side(of, low, high, median(values) if values else (low + high) / 2)


def quadrant_names(held: Held, x: Measure, y: Measure) -> tuple[Preset | None, Quadrants]:
    """The names of a preset, if these are its measures; else what is high and what is low there."""
    for preset, words in presets(held).items():
        if words == (x.key, y.key):
            return preset, PRESETS[preset]
    return None, Quadrants.model_construct(
        high_x_high_y=f"{y.name} high, {x.name} high",
        low_x_high_y=f"{y.name} high, {x.name} low",
        high_x_low_y=f"{y.name} low, {x.name} high",
        low_x_low_y=f"{y.name} low, {x.name} low",
    )
