"""A matrix as a figure: where everything is drawn. The line between low and high is in the middle of each side."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from math import cos, pi, sin, sqrt
from typing import Any, NamedTuple

from api.dashboard.screen import templates
from api.dashboard.wording import HEALTH_WORDS, number, short_money
from projections.paging import Answer

WIDTH, HEIGHT = 640, 560
LEFT, TOP, RIGHT, BOTTOM = 72, 16, 624, 484
LARGEST, SMALLEST = 26.0, 4.0
"""Radii: the area goes by the money."""
ASIDE = 30
"""How far from an edge the outermost centre is; above and below there is room for the names of the quadrants too."""
ROOMY = 40
"""Up to so many components the circles have their full size, and a number each."""
GOLDEN = pi * (3 - sqrt(5))
"""The angle by which things of one place are turned about it, so that they fill it evenly."""
COLOURS = 8
LONG = 26
"""Letters up to which the name of a quadrant finds room in it, on a phone too."""
LEGEND, PER_ROW = 24, 2
UNPRINTABLE = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
"""What XML has no place for."""


class Dot(NamedTuple):
    """A component as a circle; its number is its rank."""

    x: float
    y: float
    radius: float
    colour: str
    number: int | None
    beside: bool
    title: str


class Label(NamedTuple):
    """A text at a place."""

    x: float
    y: float
    anchor: str
    text: str


class Swatch(NamedTuple):
    """What a colour means, and of how many."""

    colour: str
    name: str
    number: int
    x: float
    y: float


class Figure(NamedTuple):
    """All that is drawn."""

    title: str
    told: str
    dots: Sequence[Dot]
    corners: Sequence[Label]
    ticks: Sequence[Label]
    legend: Sequence[Swatch]
    x: str
    y: str
    uneven: bool
    height: float
    middle: tuple[float, float]
    frame: tuple[float, float, float, float]


def figure_of(matrix: Answer) -> Figure:
    """The figure of an answer of `/matrix`."""
    colours = _colours(matrix)
    legend = list(_legend(matrix, colours))
    x, y = (_axis_name(matrix[axis]) for axis in "xy")
    counted = f"{len(matrix['points'])} placed, {len(matrix['unplaced'])} without a value on an axis"
    return Figure(
        title=_printable(f"{matrix['name'] or 'Portfolio'}: {matrix['y']['name']} and {matrix['x']['name']}"),
        told=_printable(f"To the right {x}, upwards {y}. {counted}; larger means more {matrix['size']}."),
        dots=_apart(list(_dots(matrix, colours))),
        corners=list(_corners(matrix)),
        ticks=[*_ticks(matrix)],
        legend=legend,
        x=x,
        y=y,
        uneven=any(_middle(matrix[axis]) != Decimal("0.5") for axis in "xy"),
        height=HEIGHT + LEGEND * -(-len(legend) // PER_ROW),
        middle=((LEFT + RIGHT) / 2, (TOP + BOTTOM) / 2),
        frame=(LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP),
    )


def svg_of(matrix: Answer) -> str:
    """The figure as a document of its own."""
    return templates.get_template("matrix.svg").render(figure=figure_of(matrix))


def _dots(matrix: Answer, colours: Mapping[str | None, str]) -> Iterator[Dot]:
    largest = LARGEST * min(1, sqrt(ROOMY / max(1, len(matrix["points"]))))
    middle_x, middle_y = (float(_middle(matrix[axis])) for axis in "xy")
    for point in matrix["points"]:
        radius = max(SMALLEST, largest * sqrt(float(point["size"] or 0)))
        yield Dot(
            x=round(_x(_half(middle_x, float(point["from_left"]))), 1),
            y=round(_y(_half(middle_y, float(point["from_bottom"]))), 1),
            radius=round(radius, 1),
            colour=colours.get(point["group"], "c0") + ("" if point["size"] else " unsized"),
            number=point["rank"] if len(matrix["points"]) <= ROOMY else None,
            beside=radius < 9,
            title=_printable(_title(matrix, point)),
        )


def _x(part: float) -> float:
    return LEFT + ASIDE + part * (RIGHT - LEFT - 2 * ASIDE)


def _y(part: float) -> float:
    return BOTTOM - 2 * ASIDE - part * (BOTTOM - TOP - 4 * ASIDE)


def _half(line: float, part: float) -> float:
    """A place on an axis whose line is drawn in the middle: each half has a scale of its own."""
    if part < line:
        return part / line / 2
    return 1 - (1 - part) / (1 - line) / 2 if line < 1 else 1.0


def _middle(axis: Answer) -> Decimal:
    """Where the line is, as a part of the axis."""
    low, high, line = (Decimal(axis[end]) for end in ("low", "high", "line"))
    part = (line - low) / (high - low)
    return 1 - part if axis["first_is_high"] else part


def _apart(dots: Sequence[Dot]) -> list[Dot]:
    """The largest behind; those of one place side by side."""
    together: dict[tuple[int, int], list[Dot]] = defaultdict(list)
    for dot in sorted(dots, key=lambda dot: -dot.radius):
        together[round(dot.x), round(dot.y)].append(dot)
    return [moved for here in together.values() for moved in _about(here)]


def _about(dots: Sequence[Dot]) -> Iterator[Dot]:
    largest, *others = dots
    yield largest
    step = 1.7 * sum(dot.radius for dot in dots) / len(dots)
    for place, dot in enumerate(others, start=1):
        away, turn = step * sqrt(place), place * GOLDEN
        x, y = dot.x + away * cos(turn), dot.y + away * sin(turn)
        yield dot._replace(
            x=round(min(max(x, LEFT + dot.radius), RIGHT - dot.radius), 1),
            y=round(min(max(y, TOP + dot.radius), BOTTOM - dot.radius), 1),
        )


def _title(matrix: Answer, point: Answer) -> str:
    values = ", ".join(f"{matrix[axis]['name']} {told_on(matrix[axis], point[axis])}" for axis in "yx")
    money = {"amount": point["money"], "currency": matrix["currency"]}
    told = f"{matrix['size']} {short_money(money)}" if point["money"] else f"no {matrix['size']}"
    return f"{point['rank']}. {point['name'] or 'unnamed'}: {values}; {told}"


def told_on(axis: Answer, value: str) -> str:
    """A value of an axis as a person reads it."""
    if axis["unit"]:
        return short_money({"amount": value, "currency": axis["unit"]}, axis["unit"])
    return number(value)


def _axis_name(axis: Answer) -> str:
    return _printable(axis["name"] + (f", {axis['unit']}" if axis["unit"] else ""))


def _corners(matrix: Answer) -> Iterator[Label]:
    for each in matrix["quadrants"]:
        is_right, is_top = each["x"] == "high", each["y"] == "high"
        name = each["name"] if len(each["name"]) <= LONG else ""
        yield Label(
            RIGHT - 8 if is_right else LEFT + 8,
            TOP + 20 if is_top else BOTTOM - 10,
            "end" if is_right else "start",
            _printable(f"{name} ({each['number']})".strip()),
        )


def _ticks(matrix: Answer) -> Iterator[Label]:
    """Both ends and the line of each axis."""
    for axis in "xy":
        ends = ("high", "line", "low") if matrix[axis]["first_is_high"] else ("low", "line", "high")
        for place, end in enumerate(ends):
            text = told_on(matrix[axis], matrix[axis][end])
            if axis == "x":
                yield Label(_x(place / 2), BOTTOM + 20, "middle", text)
            else:
                yield Label(LEFT - 8, _y(place / 2) + 5, "end", text)


def _colours(matrix: Answer) -> dict[str | None, str]:
    """The colour of each group: health its own, of others the largest have one each and the rest one together."""
    groups = [each["group"] for each in matrix["groups"] if each["group"]]
    if matrix["colour"] == "health":
        return {each: each for each in groups}
    return {each: f"c{place}" for place, each in enumerate(groups, start=1) if place <= COLOURS}


def _legend(matrix: Answer, colours: Mapping[str | None, str]) -> Iterator[Swatch]:
    numbers: dict[tuple[str, str], int] = defaultdict(int)
    for each in matrix["groups"]:
        missing = f"no {matrix['colour']}"
        name = each["name"] if each["group"] in colours else "others" if each["group"] else missing
        name = HEALTH_WORDS[each["group"]] if matrix["colour"] == "health" and each["group"] else name
        numbers[colours.get(each["group"], "c0"), _printable(name)] += each["number"]
    for place, ((colour, name), many) in enumerate(numbers.items()):
        row, column = divmod(place, PER_ROW)
        yield Swatch(colour, name, many, LEFT + column * (RIGHT - LEFT) / PER_ROW, HEIGHT + row * LEGEND)


def _printable(text: Any) -> str:
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", str(text))
