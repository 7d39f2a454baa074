"""The components of a portfolio on two axes, with their quadrants; whoever lacks a value is told apart, never at 0."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.choosing.matrix import Placed, Quadrants, Spot, place
from domain.project.words import LIVE, REPORTING, State
from projections.axes import Side, chosen, presets, quadrant_names, side
from projections.bounds import View
from projections.dated import value_of
from projections.holding import ATTRIBUTE, Held
from projections.journal import first_fact_at, is_known, versions
from projections.paging import Answer
from projections.portfolio_board import portfolios
from projections.projects import health_of
from projections.scoring_models import told

NAMED = ("key", "name", "state")
"""What is told of every component."""
Sides = tuple[Side, Side]
Group = tuple[str, str]
"""What a component has its colour by, and what that is called."""


class Size(StrEnum):
    """The figure that makes a component large."""

    COST = "cost"
    BUDGET = "budget"
    FORECAST = "forecast"
    ACTUAL = "actual"
    COMMITTED = "committed"


class Colour(StrEnum):
    """What components of one colour have in common; of several open goals, the one they weigh most in."""

    GOAL = "goal"
    STATE = "state"
    HEALTH = "health"
    KIND = "kind"


BY_ASPECT = {Colour.HEALTH: ("health",), Colour.KIND: ("kind",)}
"""What a colour needs to read of a component beside its state."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which matrix is asked for: words of measures, or `None` for the usual ones; without `states` all that is live.

    `scoring_model` and `version` are what scores and criteria are told under.
    """

    x: str | None = None
    y: str | None = None
    size: Size = Size.COST
    colour: Colour = Colour.GOAL
    states: tuple[State, ...] = ()
    scoring_model: str | None = None
    version: int | None = None


def portfolio_matrix(view: View, portfolio: UUID, wanted: Wanted) -> Answer | None:
    """The matrix of a portfolio; `None` if no fact ever named it (or it is out of scope).

    Raises `Invalid` for a word that is no measure of it.
    """
    if not view.sees(portfolio) or not is_known(view, portfolio, [f"{portfolios.name}_latest"]):
        return None
    own = portfolios.cells(view, [portfolio]).get(portfolio, {})
    asked = [word for word in (wanted.x, wanted.y) if word and word.startswith(ATTRIBUTE)]
    also = [*NAMED, *BY_ASPECT.get(wanted.colour, ()), *asked]
    held = Held(view, portfolio, own, (wanted.scoring_model, wanted.version), also)
    answer = {
        "id": str(portfolio),
        "name": value_of(own, "name"),
        **_answer(held, wanted),
        "version": versions(view, [portfolio]).get(portfolio),
    }
    return answer if own else {**answer, "first_fact_at": first_fact_at(view, portfolio)}


def _answer(held: Held, wanted: Wanted) -> Answer:
    x, y = chosen(held, (wanted.x, wanted.y))
    preset, names = quadrant_names(held, x, y)
    shown = _in_states(held, wanted.states or LIVE)
    spanned = {*shown, *_in_states(held, LIVE)} if wanted.states else shown
    sides = side(x, spanned), side(y, spanned)
    placed = _placed(held, shown, sides, names, wanted.size)
    inside = [each for each in shown if placed[each].quadrant is not None]
    groups = {each: _group(held, each, wanted.colour) for each in inside}
    return {
        "x": sides[0].answer(),
        "y": sides[1].answer(),
        "size": wanted.size,
        "colour": wanted.colour,
        "currency": held.currency(wanted.size),
        "preset": preset,
        "quadrants": _quadrants(names, inside, placed),
        "points": [_point(held, each, placed[each], sides, groups[each]) for each in inside],
        "unplaced": [_unplaced(held, each, sides) for each in shown if placed[each].quadrant is None],
        "groups": _counted(groups.values()),
        "scoring_model": told(held.model) if held.model else None,
        "measures": [{"measure": word, "name": name} for word, name in held.offered.items()],
        "presets": [{"preset": each, "x": x, "y": y} for each, (x, y) in presets(held).items()],
    }


def _in_states(held: Held, states: Collection[str]) -> list[UUID]:
    return [each for each in held.ranks if value_of(held.cells[each], "state") in states]


def _placed(held: Held, shown: Sequence[UUID], sides: Sides, names: Quadrants, size: Size) -> Mapping[UUID, Placed]:
    """Where each component stands."""
    amounts, is_money = held.amounts(size), held.currency(size) is not None
    x, y = sides
    spots = [Spot(str(each), x.value(each), y.value(each), amounts[each] if is_money else None) for each in shown]
    return dict(zip(shown, place((x.axis(), y.axis()), spots, names), strict=True))


def _quadrants(names: Quadrants, inside: Sequence[UUID], placed: Mapping[UUID, Placed]) -> list[Answer]:
    """Each quadrant, the upper ones first, from left to right, and how many are in it."""
    numbers = Counter(placed[each].quadrant for each in inside)
    return [
        {"name": name, "x": x, "y": y, "number": numbers[name]}
        for name, x, y in (
            (names.low_x_high_y, "low", "high"),
            (names.high_x_high_y, "high", "high"),
            (names.low_x_low_y, "low", "low"),
            (names.high_x_low_y, "high", "low"),
        )
    ]


def _named(held: Held, project: UUID) -> Answer:
    cells = held.cells[project]
    told = {member: value_of(cells, member) for member in NAMED}
    return {"project": str(project), **told, "rank": held.ranks[project]}


def _point(held: Held, project: UUID, placed: Placed, sides: Sides, group: Group | None) -> Answer:
    return {
        **_named(held, project),
        "x": f"{sides[0].of.values[project]:f}",
        "y": f"{sides[1].of.values[project]:f}",
        "quadrant": placed.quadrant,
        "from_left": f"{placed.from_left:f}",
        "from_bottom": f"{placed.from_bottom:f}",
        "money": None if placed.money is None else f"{placed.money:f}",
        "size": None if placed.size is None else f"{placed.size:f}",
        "group": group[0] if group else None,
    }


def _unplaced(held: Held, project: UUID, sides: Sides) -> Answer:
    """A component that lacks a value on an axis, and what it lacks."""
    x, y = (each.of.values.get(project) for each in sides)
    return {
        **_named(held, project),
        "x": None if x is None else f"{x:f}",
        "y": None if y is None else f"{y:f}",
        "missing": [
            {"axis": axis, "measure": each.of.key, "what": each.of.lacking(project)}
            for axis, each in zip("xy", sides, strict=True)
            if project not in each.of.values
        ],
    }


def _group(held: Held, project: UUID, colour: Colour) -> Group | None:
    cells = held.cells[project]
    if colour is Colour.GOAL:
        return _main_goal(held, project)
    if colour is Colour.HEALTH:
        word = health_of(cells) if value_of(cells, "state") in REPORTING else None
    else:
        word = value_of(cells, colour)
    return (word, word.replace("_", " ")) if word else None


def _main_goal(held: Held, project: UUID) -> Group | None:
    """The open goal a component weighs most in; of two of one weight the first by name."""
    weights, names = held.weights.get(project, {}), held.goal_names
    goal = min(weights, key=lambda each: (-weights[each], names[each], each), default=None)
    return (str(goal), names[goal]) if goal else None


def _counted(groups: Iterable[Group | None]) -> list[Answer]:
    """The groups in the matrix, the largest first; those in none last."""
    numbers = Counter(groups)
    order = sorted(numbers, key=lambda each: (each is None, -numbers[each], each[1] if each else "", each or ("", "")))
    return [
        {"group": each[0] if each else None, "name": each[1] if each else None, "number": numbers[each]}
        for each in order
    ]
