"""A selection as a 0-1 program: one variable a candidate and possible start, one row a constraint. Exact and pure.

The project selection problem as in Weingartner, *Mathematical Programming and the Analysis of Capital Budgeting
Problems* (1963), with starts as in Pritsker, Watters and Wolfe (1969).
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from domain.choosing.candidates import Basis, Selection
from domain.choosing.circles import check_circle
from domain.choosing.figures import NOTHING, WHOLE, each_once, exchanger, known
from domain.choosing.rows import Kind, Row, Start, budgets, capacities, goal, logic, period_of
from domain.kernel.refusal import Invalid


@dataclass(frozen=True)
class Program:
    """The whole problem. `starts` are the variables; of one candidate at most one is 1."""

    given: Selection
    starts: Sequence[Start]
    rows: Sequence[Row]
    cost: Mapping[int, Decimal]

    @cached_property
    def _own(self) -> Sequence[Sequence[int]]:
        own: list[list[int]] = [[] for _ in self.given.candidates]
        for number, start in enumerate(self.starts):
            own[start.candidate].append(number)
        return own

    def of(self, candidate: int) -> Sequence[int]:
        """The variables of a candidate, the earliest start first."""
        return self._own[candidate]

    @cached_property
    def needed(self) -> Mapping[int, Sequence[int]]:
        """Which candidates each one requires, both by their places."""
        places = {each.project: number for number, each in enumerate(self.given.candidates)}
        found: dict[int, list[int]] = {}
        for pair in self.given.requires:
            found.setdefault(places[pair.project], []).append(places[pair.needs])
        return found

    @cached_property
    def step(self) -> Decimal:
        """The least by which two values given can differ."""
        exponents = [int(start.value.normalize().as_tuple().exponent) for start in self.starts if start.value]
        return WHOLE.scaleb(min([0, *exponents]))

    @cached_property
    def everything(self) -> Decimal:
        """A bound that needs no search: all that adds to the value."""
        values = ([self.starts[number].value for number in own] for own in self._own)
        return sum((max(NOTHING, *own) for own in values), NOTHING)

    @cached_property
    def shares_value(self) -> bool:
        """Whether a goal is to have a share of the value, so that a value decides what is allowed."""
        return any(each.of is Basis.VALUE and each.at_least for each in self.given.goals)

    def value(self, chosen: Collection[int]) -> Decimal:
        """What the chosen are worth together."""
        return sum((self.starts[each].value for each in chosen), NOTHING)

    def candidates(self, chosen: Collection[int]) -> set[int]:
        """The candidates that are in."""
        return {self.starts[each].candidate for each in chosen}

    def broken(self, chosen: Collection[int]) -> list[Row]:
        """The rows that the chosen break, exactly."""
        return [row for row in self.rows if row.beyond(row.use(chosen))]

    def forcing(self, candidate: int) -> "Program":
        """The same with a candidate in."""
        name = self.given.candidates[candidate].called
        row = Row(Kind.MANDATORY, "", f"{name} is in", dict.fromkeys(self.of(candidate), WHOLE), low=WHOLE)
        return replace(self, rows=[*self.rows, row])

    def raising(self, by: Mapping[int, Decimal]) -> "Program":
        """The same with more value of candidates, which also changes the shares of goals by value."""
        starts = [start._replace(value=start.value + by.get(start.candidate, NOTHING)) for start in self.starts]
        by_value = {f"/goals/{n}" for n, each in enumerate(self.given.goals) if each.of is Basis.VALUE}
        rows = [goal(self.given, starts, self.cost, row.at) if row.at in by_value else row for row in self.rows]
        return replace(self, starts=starts, rows=rows)


def program(given: Selection) -> Program:
    """The rows of a selection.

    Raises `Invalid` for unknown names, two of one name, a start that ends before it begins or a plan that does not
    end within the periods, money without a rate, and a circle of requirements, which it names.
    """
    each_once(given.periods, str, "/periods", "period")
    each_once(given.candidates, lambda each: each.project, "/candidates", "candidate")
    each_once(given.goals, lambda each: each.goal, "/goals", "goal")
    check_circle(given.requires, {each.project: each.called for each in given.candidates})
    starts = [start for place in range(len(given.candidates)) for start in _starts(given, place)]
    told = exchanger(given.currency, given.rates)
    costs = _costs(given, told)
    rows = [*budgets(given, starts, costs, told), *capacities(given, starts), *logic(given, starts)]
    whole = {place: sum((amount for _, _, amount in costs[place]), NOTHING) for place in range(len(given.candidates))}
    rows += [goal(given, starts, whole, f"/goals/{n}") for n, each in enumerate(given.goals) if each.at_least]
    return Program(given, starts, rows, whole)


def _starts(given: Selection, place: int) -> Iterator[Start]:
    candidate, pointer = given.candidates[place], f"/candidates/{place}"
    first = period_of(given, candidate.earliest, f"{pointer}/earliest") if candidate.earliest else 0
    last = period_of(given, candidate.latest, f"{pointer}/latest") if candidate.latest else first
    if last < first:
        told = f"expected a period from {given.periods[first]} on; got {candidate.latest}"
        raise Invalid({f"{pointer}/latest": told})
    long = max([0, *(cost.after for cost in candidate.costs), *(need.after for need in candidate.needs)])
    if last + long >= len(given.periods):
        told = f"a plan of {long + 1} periods that starts in {given.periods[last]} ends after {given.periods[-1]}"
        raise Invalid({f"{pointer}/{'latest' if candidate.latest else 'earliest'}": told})
    for served in candidate.goals:
        known(served, (each.goal for each in given.goals), f"{pointer}/goals/{served}", "goal")
    for period in range(first, last + 1):
        yield Start(place, period, candidate.value - candidate.loss_per_period * (period - first))


def _costs(given: Selection, told: Callable[..., Decimal]) -> list[list[tuple[int, str, Decimal]]]:
    return [
        [
            (each.after, each.category, told(each.money, f"/candidates/{place}/costs/{number}/money"))
            for number, each in enumerate(candidate.costs)
        ]
        for place, candidate in enumerate(given.candidates)
    ]
