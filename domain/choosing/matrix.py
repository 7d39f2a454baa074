"""Prioritization matrix: candidates by two axes, and the quadrant each falls into. Pure.

Value against effort is the usual one of product work; urgency against importance is Covey, *The 7 Habits of Highly
Effective People* (1989), after Eisenhower.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import Strict

from domain.choosing.figures import NOTHING, GivenRate, Listed, Number, Some, cents, each_once, exchanger
from domain.kernel.money import Currency, Money
from domain.kernel.refusal import Invalid
from domain.kernel.types import Line, Strictly, one_of


class Preset(StrEnum):
    """Names of quadrants that are usual."""

    VALUE_EFFORT = "value_effort"
    URGENCY_IMPORTANCE = "urgency_importance"


class Quadrants(Strictly):
    """The names of the four quadrants, by whether x and y are high; a value at the line is high."""

    high_x_high_y: Line
    low_x_high_y: Line
    high_x_low_y: Line
    low_x_low_y: Line


PRESETS = {
    Preset.VALUE_EFFORT: Quadrants(
        low_x_high_y="Quick wins", high_x_high_y="Big bets", low_x_low_y="Fill-ins", high_x_low_y="Time sinks"
    ),
    Preset.URGENCY_IMPORTANCE: Quadrants(
        high_x_high_y="Do first", low_x_high_y="Schedule", high_x_low_y="Delegate", low_x_low_y="Drop"
    ),
}
"""x is effort, or urgency; y is value, or importance."""


class Axis(Strictly):
    """What is measured from `low` to `high`, in halves at `line`, by default the middle."""

    name: Line
    low: Number
    high: Number
    line: Number | None = None

    def divides_at(self) -> Decimal:
        """Where low ends and high begins."""
        return (self.low + self.high) / 2 if self.line is None else self.line

    def check(self, pointer: str) -> None:
        """Raises `Invalid` unless low < high and the line is between."""
        if self.high <= self.low:
            raise Invalid({f"{pointer}/high": f"expected more than low, {self.low:f}; got {self.high:f}"})
        if not self.low <= self.divides_at() <= self.high:
            told = f"expected a line from {self.low:f} to {self.high:f}; got {self.divides_at():f}"
            raise Invalid({f"{pointer}/line": told})


class Point(Strictly):
    """Where a candidate stands; `null` = nobody has said. `money` is its size, `group` its colour (a goal, say)."""

    project: Line
    x: Number | None = None
    y: Number | None = None
    money: Money | None = None
    group: Line | None = None


class Matrix(Strictly):
    """Candidates on two axes. `names` of quadrants, or those of a `preset`."""

    x: Axis
    y: Axis
    points: Some[Point]
    preset: Annotated[Preset, Strict(False), one_of(Preset)] | None = None
    names: Quadrants | None = None
    currency: Currency | None = None
    rates: Listed[GivenRate] = ()


class Spot(NamedTuple):
    """A candidate with its values on both axes, `None` = nobody has said, and its money in one currency."""

    project: str
    x: Decimal | None
    y: Decimal | None
    money: Decimal | None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A candidate in the matrix. `quadrant` is null while x or y is missing; places and size are parts of 0 to 1."""

    project: str
    x: Decimal | None
    y: Decimal | None
    quadrant: str | None
    from_left: Decimal | None
    from_bottom: Decimal | None
    money: Decimal | None
    size: Decimal | None
    group: str | None


class MatrixResult(Strictly):
    """Every candidate in the order given, who is in each quadrant, and who is in none for want of a value.

    The area of a candidate goes by `size`, its money as a part of the largest.
    """

    placed: tuple[Placed, ...]
    quadrants: dict[str, tuple[str, ...]]
    unplaced: tuple[str, ...]
    currency: Currency | None
    divides: tuple[Decimal, Decimal]


def matrix(given: Matrix) -> MatrixResult:
    """Place every candidate. Raises `Invalid` for a value off its axis, a project twice, money without a rate."""
    given.x.check("/x")
    given.y.check("/y")
    each_once(given.points, lambda point: point.project, "/points", "project")
    names = given.names or PRESETS.get(given.preset or Preset.VALUE_EFFORT, PRESETS[Preset.VALUE_EFFORT])
    spots = [
        Spot(each.project, each.x, each.y, money, each.group)
        for each, money in zip(given.points, _amounts(given), strict=True)
    ]
    placed = place((given.x, given.y), spots, names)
    inside = {name: tuple(each.project for each in placed if each.quadrant == name) for name in _listed(names)}
    return MatrixResult(
        placed=placed,
        quadrants=inside,
        unplaced=tuple(each.project for each in placed if each.quadrant is None),
        currency=given.currency,
        divides=(given.x.divides_at(), given.y.divides_at()),
    )


def _listed(names: Quadrants) -> Sequence[str]:
    return [names.high_x_high_y, names.low_x_high_y, names.high_x_low_y, names.low_x_low_y]


def _amounts(given: Matrix) -> list[Decimal | None]:
    if given.currency is None:
        for place, point in enumerate(given.points):
            if point.money:
                raise Invalid({"/currency": f"required, because /points/{place} has money"})
        return [None for _ in given.points]
    told = exchanger(given.currency, given.rates)
    return [
        told(point.money, f"/points/{place}/money") if point.money else None for place, point in enumerate(given.points)
    ]


def place(axes: tuple[Axis, Axis], spots: Sequence[Spot], names: Quadrants) -> tuple[Placed, ...]:
    """Where each candidate stands, in the order given. Raises `Invalid` for a value off its axis."""
    x, y = axes
    from_left, from_bottom = _part_of(x), _part_of(y)
    line_x, line_y = x.divides_at(), y.divides_at()
    largest = max((abs(each.money) for each in spots if each.money is not None), default=NOTHING)
    quadrants = {
        (True, True): names.high_x_high_y,
        (False, True): names.low_x_high_y,
        (True, False): names.high_x_low_y,
        (False, False): names.low_x_low_y,
    }
    found = []
    for number, (project, at_x, at_y, money, group) in enumerate(spots):
        _must_be_on(x, at_x, f"/points/{number}/x")
        _must_be_on(y, at_y, f"/points/{number}/y")
        found.append(
            Placed(
                project=project,
                x=at_x,
                y=at_y,
                quadrant=None if at_x is None or at_y is None else quadrants[at_x >= line_x, at_y >= line_y],
                from_left=None if at_x is None else from_left(at_x),
                from_bottom=None if at_y is None else from_bottom(at_y),
                money=None if money is None else cents(money),
                size=None if money is None or not largest else round(abs(money) / largest, 4),
                group=group,
            )
        )
    return tuple(found)


def _must_be_on(axis: Axis, value: Decimal | None, pointer: str) -> None:
    if value is not None and not axis.low <= value <= axis.high:
        raise Invalid({pointer: f"expected {axis.name} from {axis.low:f} to {axis.high:f}; got {value:f}"})


def _part_of(axis: Axis) -> Callable[[Decimal], Decimal]:
    """A function that tells how far along an axis a value lies, from 0 to 1."""
    low, length = axis.low, axis.high - axis.low
    return lambda value: round((value - low) / length, 4)
