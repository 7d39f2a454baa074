"""What a portfolio holds, read at once, and all that it can be measured by."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from domain.kernel.money import Rates
from domain.kernel.scoring import BUCKET
from domain.strategy.words import GoalState
from projections.bounds import View
from projections.costs import asked_for, cost_of, currencies_of
from projections.dated import Cell, Cells, value_of
from projections.goals import GoalFilter, found_goals, weights_of
from projections.money import SUMMED, Entries, entries_of, rates_in, value_in
from projections.number_board import number_in, numbers
from projections.project_board import cost_benefit_in, ever_held, order_in
from projections.projects import ranks_in
from projections.score_board import Standing
from projections.scores import standings_under
from projections.scoring_models import Model, asked_model, models_in

Asked = tuple[str | None, int | None]
"""Name and version of a scoring model; `None` = the usual one."""
ATTRIBUTE, GOAL, CRITERION = "attribute:", "goal:", "criterion:"
ALIGNMENT, SCORE = "alignment", "score"
COST, RANK = "cost", "rank"
WORTH = {
    "npv": "Net present value",
    "irr": "Internal rate of return",
    "roi": "Return on investment",
    "bcr": "Benefit-cost ratio",
    "payback_years": "Payback in years",
}
"""Figures of the latest cost-benefit analysis, offered where any component has one."""
NAMES = {
    RANK: "Rank",
    COST: "Cost",
    **{each: each.capitalize() for each in SUMMED},
    ALIGNMENT: "Weight in open goals",
}
"""What a measure is called that every portfolio has."""


class Held:
    """What a portfolio holds within the bounds, read at once, and all it can be measured by."""

    def __init__(self, view: View, portfolio: UUID, own: Mapping[str, Cell], model: Asked, also: Sequence[str]) -> None:
        """`also` are aspects of its components that are wanted beside those which measures come from."""
        self.view, self.portfolio, self.own, self._asked_model = view, portfolio, own, model
        self._amounts: dict[str, dict[UUID, Decimal | None]] = {}
        self.numeric = [each for each in numbers.every_aspect(view) if each.startswith(ATTRIBUTE)]
        aspects = [*SUMMED, *self.numeric, cost_benefit_in(portfolio), order_in(portfolio), *also]
        cells = ever_held(view, portfolio, aspects)
        self.ranks = {each: rank for each, rank in ranks_in(cells, portfolio).items() if view.sees(each)}
        self.cells: Cells = {each: cells[each] for each in self.ranks}

    @cached_property
    def entries(self) -> Entries:
        """The months of its figures."""
        return entries_of(self.view, held_by=self.portfolio)

    @cached_property
    def goals(self) -> Cells:
        """Its open goals."""
        return found_goals(self.view, GoalFilter(self.portfolio, GoalState.OPEN))

    @cached_property
    def goal_names(self) -> dict[UUID, str]:
        """What those are called."""
        return {goal: str(value_of(cells, "name")) for goal, cells in self.goals.items()}

    @cached_property
    def weights(self) -> dict[UUID, dict[UUID, Decimal]]:
        """By component the weight it has in each open goal."""
        found: dict[UUID, dict[UUID, Decimal]] = {}
        for goal, cells in self.goals.items():
            for project, weight in weights_of(cells).items():
                found.setdefault(project, {})[goal] = weight
        return found

    @cached_property
    def model(self) -> Model | None:
        """The scoring model that is asked for, `None` if the portfolio has none."""
        return asked_model(self.view, self.portfolio, self.own, *self._asked_model)

    @cached_property
    def standings(self) -> dict[UUID, Standing]:
        """How each component stands under that model."""
        return standings_under(self.view, self.portfolio, self.model, list(self.cells)) if self.model else {}

    @cached_property
    def criteria(self) -> tuple[str, ...]:
        """What the model asks scorers for as a number; a bucket is none, and its order is the score."""
        return tuple(each for each in self.model.said.asks if each != BUCKET) if self.model else ()

    @cached_property
    def offered(self) -> dict[str, str]:
        """Word and name of everything by which the components can be laid out."""
        found = dict(NAMES)
        if self.model:
            found |= {SCORE: "Score", **{f"{CRITERION}{each}": each for each in self.criteria}}
        goals = self.goal_names
        found |= {f"{GOAL}{goal}": goals[goal] for goal in sorted(goals, key=lambda goal: (goals[goal], goal))}
        analysed = {word for each in self.worth.values() for word in WORTH if each[word] is not None}
        found |= {word: name for word, name in WORTH.items() if word in analysed}
        return found | {aspect: aspect.removeprefix(ATTRIBUTE) for aspect in self._attributes()}

    def knows(self, word: str) -> bool:
        """Whether a goal, a criterion or an attribute of this word is there; what is there later may be asked about a
        past, where nobody has it.
        """
        if not self.view.bounds.are_live():
            return True
        if word.startswith(GOAL):
            return any(word == f"{GOAL}{each}" for each in found_goals(self.view, GoalFilter(self.portfolio)))
        if word.startswith(CRITERION):
            return any(
                word == f"{CRITERION}{asked}" for each in models_in(self.own).values() for asked in each.said.asks
            )
        return not word.startswith(ATTRIBUTE) or any(word in cells for cells in self.cells.values())

    def _attributes(self) -> list[str]:
        """Those that are a number for anybody."""
        every = self.cells.values()
        return [each for each in self.numeric if any(number_in(value_of(cells, each)) is not None for cells in every)]

    @cached_property
    def asked(self) -> Cells:
        """What its proposals ask for."""
        return asked_for(self.view, self.cells)

    @cached_property
    def worth(self) -> dict[UUID, dict[str, Any]]:
        """The figures of the latest cost-benefit analyses."""
        latest = cost_benefit_in(self.portfolio)
        return {each: told for each, cells in self.cells.items() if (told := value_of(cells, latest))}

    def currencies(self, figure: str, project: UUID) -> set[str]:
        """In which currencies a figure of a component is told."""
        own = self.cells[project]
        if figure == COST:
            return currencies_of(own, self.asked.get(project, {}))
        if figure in WORTH:
            return {self.worth[project]["currency"]} if project in self.worth else set()
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
        if figure not in self._amounts:
            self._amounts[figure] = self._told_in(figure, rates_in(self.own, self.currency(figure)))
        return self._amounts[figure]

    def _told_in(self, figure: str, rates: Rates) -> dict[UUID, Decimal | None]:
        if figure == COST:
            return {each: cost_of(cells, self.asked.get(each, {}), rates) for each, cells in self.cells.items()}
        return {each: value_in(cells, self.entries.get(each, ()), figure, rates) for each, cells in self.cells.items()}
