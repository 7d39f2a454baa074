"""Prioritization matrix: candidates by two axes, and the quadrant each falls into. Pure.

Value against effort is the usual one of product work; urgency against importance is Covey, *The 7 Habits of Highly
Effective People* (1989), after Eisenhower.
"""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

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


class Placed(Strictly):
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
    amounts = _amounts(given)
    largest = max((abs(each) for each in amounts if each is not None), default=NOTHING)
    placed = tuple(_placed(given, place, names, amounts[place], largest) for place, _ in enumerate(given.points))
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


def _placed(given: Matrix, place: int, names: Quadrants, money: Decimal | None, largest: Decimal) -> Placed:
    point = given.points[place]
    for axis, value, member in ((given.x, point.x, "x"), (given.y, point.y, "y")):
        if value is not None and not axis.low <= value <= axis.high:
            told = f"expected {axis.name} from {axis.low:f} to {axis.high:f}; got {value:f}"
            raise Invalid({f"/points/{place}/{member}": told})
    return Placed.model_construct(
        project=point.project,
        x=point.x,
        y=point.y,
        quadrant=_quadrant(given, point, names),
        from_left=_part(given.x, point.x),
        from_bottom=_part(given.y, point.y),
        money=None if money is None else cents(money),
        size=None if money is None or not largest else round(abs(money) / largest, 4),
        group=point.group,
    )


def _quadrant(given: Matrix, point: Point, names: Quadrants) -> str | None:
    if point.x is None or point.y is None:
        return None
    side = point.x >= given.x.divides_at(), point.y >= given.y.divides_at()
    return {
        (True, True): names.high_x_high_y,
        (False, True): names.low_x_high_y,
        (True, False): names.high_x_low_y,
        (False, False): names.low_x_low_y,
    }[side]


def _part(axis: Axis, value: Decimal | None) -> Decimal | None:
    return None if value is None else round((value - axis.low) / (axis.high - axis.low), 4)
