"""The figures of premises, over the cells they rest on: as of now, or moved on fact by fact."""

from decimal import Decimal
from uuid import UUID

from domain.kernel.money import Rates
from domain.kernel.premises import Premise, Watched
from domain.premises import ACTUAL, BUDGET, COST, FORECAST, budget_left, drawn, goal_weight
from domain.project.words import Kind, State
from domain.resources.weeks import Person, Window, role_load, window_of
from projections.bounds import View
from projections.case_board import cases
from projections.costs import ASKED, proposed
from projections.dated import value_of
from projections.goal_board import RETIRED, goals
from projections.goals import weights_of
from projections.money import entries_in, rates_in, total, value_in, whole
from projections.money_board import money
from projections.paging import Answer
from projections.portfolio_board import BUDGET as LINE
from projections.portfolio_board import portfolios
from projections.project_board import board, holders_in, member_of
from projections.projects import members, portfolio_ids
from projections.replay import Figure, Ground
from projections.score_board import scored_in, scores
from projections.staffing import staff_of, staffing
from projections.weeks import person_in

SAID = (BUDGET, FORECAST, ACTUAL)


class BudgetLeft(Figure):
    """What a portfolio may spend, less what its components draw on."""

    def __init__(self, view: View, portfolio: UUID) -> None:
        self._portfolio, self._member = portfolio, member_of(portfolio)
        ever = board.subjects(view, self._member)
        aspects = ["state", "kind", *SAID, self._member]
        on_each = (Ground(board, ever, aspects), Ground(money, ever), Ground(cases, ever, ASKED))
        super().__init__(Ground(portfolios, [portfolio]), *on_each)
        self._today = view.now.date()
        self._drawn: dict[UUID, Decimal | None] = {}

    def forget(self, subject: UUID) -> None:
        """A rate changes what everything is worth."""
        self._drawn.clear() if subject == self._portfolio else self._drawn.pop(subject, None)

    def value(self) -> Decimal | None:
        """All its budgets, whatever the year."""
        own, held = self.of(portfolios, self._portfolio), members(self.cells[board.name], self._portfolio)
        home = self.currency()
        if unknown := [component for component in held if component not in self._drawn]:
            rates = rates_in(own, home)
            self._drawn |= {component: self._drawn_by(component, rates) for component in unknown}
        lines = [cell[0] for aspect, cell in own.items() if aspect.startswith(LINE)]
        said = [Decimal(line["amount"]) if line["currency"] == home else None for line in lines if line]
        return budget_left(said if lines else None, (self._drawn[component] for component in held))

    def currency(self) -> str | None:
        """The portfolio's, or else the only one its budgets have."""
        own = self.of(portfolios, self._portfolio)
        found = {cell[0]["currency"] for aspect, cell in own.items() if aspect.startswith(LINE) and cell[0]}
        return value_of(own, "currency") or (found.pop() if len(found) == 1 else None)

    def _drawn_by(self, component: UUID, rates: Rates) -> Decimal | None:
        own, entries = self.of(board, component), entries_in(self.of(money, component))
        said = {each for each in SAID if value_of(own, each)} | {entry.figure for entry in entries}
        amounts = {each: value_in(own, entries, each, rates) for each in said}
        if parts := proposed(self.of(cases, component), self._today):
            amounts[COST] = total(rates.worth(Decimal(part["amount"]), part["currency"], on) for part, on in parts)
        state, kind = value_of(own, "state"), value_of(own, "kind")
        return drawn(State(state) if state else None, Kind(kind) if kind else None, amounts)


class GoalWeight(Figure):
    """The weight with which a project, or everything, contributes to a goal."""

    def __init__(self, goal: UUID, project: UUID | None) -> None:
        super().__init__(Ground(goals, [goal]))
        self._goal, self._project = goal, project

    def value(self) -> Decimal | None:
        """A part of 1."""
        own = self.of(goals, self._goal)
        return goal_weight(weights_of(own), self._project, is_retired=bool(value_of(own, RETIRED))) if own else None


class RoleLoad(Figure):
    """How much of the time of those who play a role is promised in it."""

    def __init__(self, view: View, portfolio: UUID, role: str, window: Window) -> None:
        ever = board.subjects(view, member_of(portfolio))
        staff = Ground(staffing, sorted(staff_of(view, set(ever))))
        super().__init__(staff, Ground(board, ever, [member_of(portfolio)]))
        self._portfolio, self._role, self._window = portfolio, role, window
        self._people: dict[UUID, Person] = {}

    def forget(self, subject: UUID) -> None:
        """Somebody's time changed."""
        self._people.pop(subject, None)

    def value(self) -> Decimal | None:
        """A part of 1, over all the weeks."""
        held = set(members(self.cells[board.name], self._portfolio))
        everybody = (self._person(resource) for resource in self.cells[staffing.name])
        return role_load((each for each in everybody if not held.isdisjoint(each.promised_to)), self._role)

    def _person(self, resource: UUID) -> Person:
        if resource not in self._people:
            self._people[resource] = person_in(resource, self.of(staffing, resource), self._window)
        return self._people[resource]


class Forecast(Figure):
    """What a component is expected to cost, as it tells it itself."""

    def __init__(self, view: View, project: UUID) -> None:
        holders = portfolio_ids(view)
        aspects = ["state", FORECAST, *map(member_of, holders)]
        super().__init__(Ground(board, [project], aspects), Ground(money, [project]), Ground(portfolios, holders))
        self._project = project

    def value(self) -> Decimal | None:
        """Its months if there are any, else the single amount."""
        said = self.amount()
        return Decimal(said["amount"]) if said else None

    def currency(self) -> str | None:
        """That of its months, or else of the only portfolio that holds it."""
        said = self.amount()
        return said["currency"] if said else None

    def amount(self) -> Answer | None:
        """As money."""
        own = self.of(board, self._project)
        holders = [self.of(portfolios, each) for each in holders_in(own)]
        rates = rates_in(holders[0], value_of(holders[0], "currency")) if len(holders) == 1 else Rates(None)
        return whole(own, entries_in(self.of(money, self._project)), FORECAST, rates)


class Score(Figure):
    """The score of a component, under the model of its evaluation."""

    def __init__(self, view: View, project: UUID) -> None:
        super().__init__(Ground(scores, [project]))
        self._view, self._project = view, project

    def value(self) -> Decimal | None:
        """As the component tells it."""
        return scored_in(self.of(scores, self._project)).score(self._view)


def figure_of(view: View, premise: Premise) -> Figure:
    """The figure that a premise names."""
    match premise:
        case Premise(figure=Watched.BUDGET_LEFT, portfolio=UUID() as portfolio):
            return BudgetLeft(view, portfolio)
        case Premise(figure=Watched.GOAL_WEIGHT, goal=UUID() as goal):
            return GoalWeight(goal, premise.project)
        case Premise(figure=Watched.ROLE_LOAD, portfolio=UUID() as portfolio, role=str(role)):
            return RoleLoad(view, portfolio, role, window_of(premise.starts_on, premise.ends_on, view.now.date()))
        case Premise(figure=Watched.FORECAST, project=UUID() as project):
            return Forecast(view, project)
        case Premise(figure=Watched.SCORE, project=UUID() as project):
            return Score(view, project)
    raise AssertionError(f"a premise is well formed when it is recorded; this one is not: {premise}")
