"""What the components of a portfolio can be laid out by: a measure tells a value of each, or what is missing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from domain.kernel.numbers import NUMBER_PATTERN
from domain.strategy.words import GoalState
from projections.bounds import View
from projections.costs import asked_for, cost_of, currencies_of
from projections.dated import Cell, Cells, value_of
from projections.goals import GoalFilter, found_goals, weights_of
from projections.money import SUMMED, Entries, entries_of, rates_in, value_in
from projections.projects import ranks_in

ATTRIBUTE, GOAL = "attribute:", "goal:"
ALIGNMENT = "alignment"
COST = "cost"
NAMES = {
    "rank": "Rank",
    COST: "Cost",
    **{each: each.capitalize() for each in SUMMED},
    ALIGNMENT: "Weight in open goals",
}
"""What a measure is called that every portfolio has."""


@dataclass(frozen=True)
class Measure:
    """Values of components by one word; of whom there is none, `lacking` says why.

    `low` and `high` are there if it has a scale; `first_is_high` where 1 is the best, as in ranks.
    """

    key: str
    name: str
    values: Mapping[UUID, Decimal]
    lacking: Callable[[UUID], str]
    unit: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    first_is_high: bool = False


class Held:
    """What a portfolio holds within the bounds, read at once, and all it can be measured by."""

    def __init__(self, view: View, portfolio: UUID, own: dict[str, Cell], cells: Cells) -> None:
        self.view, self.portfolio, self.own = view, portfolio, own
        self.ranks = {each: rank for each, rank in ranks_in(cells, portfolio).items() if view.sees(each)}
        self.cells: Cells = {each: cells[each] for each in self.ranks}

    @cached_property
    def entries(self) -> Entries:
        """The months of its figures."""
        return entries_of(self.view, list(self.cells))

    @cached_property
    def goals(self) -> Cells:
        """Its open goals."""
        return found_goals(self.view, GoalFilter(self.portfolio, GoalState.OPEN))

    @cached_property
    def weights(self) -> dict[UUID, dict[UUID, Decimal]]:
        """By component the weight it has in each open goal."""
        found: dict[UUID, dict[UUID, Decimal]] = {}
        for goal, cells in self.goals.items():
            for project, weight in weights_of(cells).items():
                found.setdefault(project, {})[goal] = weight
        return found

    @cached_property
    def offered(self) -> dict[str, str]:
        """Word and name of everything by which the components can be laid out."""
        found = dict(NAMES)
        goals = {goal: str(value_of(cells, "name")) for goal, cells in self.goals.items()}
        found |= {f"{GOAL}{goal}": goals[goal] for goal in sorted(goals, key=lambda goal: (goals[goal], goal))}
        numeric = {aspect for cells in self.cells.values() for aspect in cells if _is_numeric(cells, aspect)}
        return found | {aspect: aspect.removeprefix(ATTRIBUTE) for aspect in sorted(numeric)}

    @cached_property
    def asked(self) -> Cells:
        """What its proposals ask for."""
        return asked_for(self.view, self.cells)

    def currencies(self, figure: str, project: UUID) -> set[str]:
        """In which currencies a figure of a component is told."""
        own = self.cells[project]
        if figure == COST:
            return currencies_of(own, self.asked.get(project, {}))
        single = value_of(own, figure)
        months = {entry.currency for entry in self.entries.get(project, ()) if entry.figure == figure}
        return months | ({single["currency"]} if single else set())

    def currency(self, figure: str) -> str | None:
        """In what a figure is told here: the currency of the portfolio, else the only one there is."""
        home: str | None = value_of(self.own, "currency")
        found = set[str]().union(*(self.currencies(figure, each) for each in self.cells)) if home is None else {home}
        return found.pop() if len(found) == 1 else None

    def amounts(self, figure: str) -> dict[UUID, Decimal | None]:
        """A figure of each component in that currency; `None` without one, or without a rate."""
        rates = rates_in(self.own, self.currency(figure))
        if figure == COST:
            return {each: cost_of(cells, self.asked.get(each, {}), rates) for each, cells in self.cells.items()}
        return {each: value_in(cells, self.entries.get(each, ()), figure, rates) for each, cells in self.cells.items()}


def measure(held: Held, word: str) -> Measure | None:
    """The measure of a word that is offered, or of the bare name of one; `None` if there is none."""
    if word in NAMES:
        return _of_every_portfolio(held, word)
    if word.startswith(GOAL):
        return _of_goal(held, word)
    if word.startswith(ATTRIBUTE):
        return _of_attribute(held, word)
    named = next((key for key, name in held.offered.items() if name.casefold() == word.casefold()), None)
    return measure(held, named) if named else None


def _of_every_portfolio(held: Held, word: str) -> Measure:
    if word == "rank":
        ranks = {each: Decimal(rank) for each, rank in held.ranks.items()}
        last = Decimal(max(2, len(ranks)))
        return Measure(word, NAMES[word], ranks, str, low=Decimal(1), high=last, first_is_high=True)
    if word == ALIGNMENT:
        sums = {each: sum(own.values(), Decimal(0)) for each, own in held.weights.items()}
        return Measure(word, NAMES[word], sums, lambda _: "contributes to no open goal")
    amounts, home = held.amounts(word), held.currency(word)
    return Measure(word, NAMES[word], _present(amounts.items()), lambda each: _no_money(held, each, word), home)


def _no_money(held: Held, project: UUID, figure: str) -> str:
    """Why a component has no amount of a figure in the currency of the portfolio."""
    home, told = held.currency(figure), held.currencies(figure, project)
    if not told:
        return f"no {figure}"
    return f"no rate from {' and '.join(sorted(told - {home}))} to {home}" if home else "several currencies here"


def _of_goal(held: Held, word: str) -> Measure:
    """The weight in one goal; in one that is not open nothing has any."""
    goal = next((each for each in held.goals if word == f"{GOAL}{each}"), None)
    name = str(value_of(held.goals[goal], "name")) if goal else "goal"
    weights = {each: own[goal] for each, own in held.weights.items() if goal in own} if goal else {}
    lacking = f"does not contribute to {name}" if goal else "this goal is not open"
    return Measure(word, name, weights, lambda _: lacking, low=Decimal(0), high=Decimal(1))


def _of_attribute(held: Held, word: str) -> Measure:
    name = word.removeprefix(ATTRIBUTE)
    values = _present((each, _number(value_of(cells, word))) for each, cells in held.cells.items())

    def lacking(project: UUID) -> str:
        return f"no {name}" if value_of(held.cells[project], word) is None else f"{name} is no number"

    return Measure(word, name, values, lacking)


def _present(pairs: Iterable[tuple[UUID, Decimal | None]]) -> dict[UUID, Decimal]:
    return {each: value for each, value in pairs if value is not None}


def _is_numeric(cells: Mapping[str, Cell], aspect: str) -> bool:
    return aspect.startswith(ATTRIBUTE) and _number(cells[aspect][0]) is not None


def _number(value: Any) -> Decimal | None:
    """An attribute as a number, if it is one of a plain spelling."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value)
    return Decimal(text) if NUMBER_PATTERN.fullmatch(text) else None
