"""A selection as a 0-1 program: one variable a candidate and possible start, one row a constraint. Exact and pure.

The project selection problem as in Weingartner, *Mathematical Programming and the Analysis of Capital Budgeting
Problems* (1963), with starts as in Pritsker, Watters and Wolfe (1969).
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from domain.choosing.candidates import Basis, BudgetLimit, Candidate, Selection
from domain.choosing.circles import check_circle
from domain.choosing.figures import NOTHING, WHOLE, each_once, exchanger, known
from domain.kernel.refusal import Invalid

Chosen = frozenset[int]
"""The variables that are 1."""


class Kind(StrEnum):
    """What a constraint is about."""

    EXCLUDED = "excluded"
    MANDATORY = "mandatory"
    REQUIRES = "requires"
    EXCLUDES = "excludes"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    GOAL = "goal"
    CAPACITY = "capacity"
    BUDGET = "budget"


class Start(NamedTuple):
    """One candidate (by its place) that starts in one period (by its place), and what that is worth."""

    candidate: int
    period: int
    value: Decimal


@dataclass(frozen=True)
class Row:
    """low ≤ Σ coefficient × variable ≤ high. `at` points to where it was given, `sentence` says it."""

    kind: Kind
    at: str
    sentence: str
    terms: Mapping[int, Decimal]
    low: Decimal | None = None
    high: Decimal | None = None

    def use(self, chosen: Collection[int]) -> Decimal:
        """What the chosen come to."""
        return sum((self.terms[each] for each in chosen if each in self.terms), NOTHING)

    def beyond(self, use: Decimal) -> Decimal:
        """How far a use breaks it; 0 if it does not."""
        if self.high is not None and use > self.high:
            return use - self.high
        return self.low - use if self.low is not None and use < self.low else NOTHING


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
        return any(goal.of is Basis.VALUE and goal.at_least for goal in self.given.goals)

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
        by_value = {f"/goals/{n}" for n, goal in enumerate(self.given.goals) if goal.of is Basis.VALUE}
        rows = [_goal(self.given, starts, self.cost, row.at) if row.at in by_value else row for row in self.rows]
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
    rows = [*_budgets(given, starts, costs, told), *_capacities(given, starts), *_logic(given, starts)]
    whole = {place: sum((amount for _, _, amount in costs[place]), NOTHING) for place in range(len(given.candidates))}
    rows += [_goal(given, starts, whole, f"/goals/{n}") for n, goal in enumerate(given.goals) if goal.at_least]
    return Program(given, starts, rows, whole)


def _starts(given: Selection, place: int) -> Iterator[Start]:
    candidate, pointer = given.candidates[place], f"/candidates/{place}"
    first = _period(given, candidate.earliest, f"{pointer}/earliest") if candidate.earliest else 0
    last = _period(given, candidate.latest, f"{pointer}/latest") if candidate.latest else first
    if last < first:
        told = f"expected a period from {given.periods[first]} on; got {candidate.latest}"
        raise Invalid({f"{pointer}/latest": told})
    long = max([0, *(cost.after for cost in candidate.costs), *(need.after for need in candidate.needs)])
    if last + long >= len(given.periods):
        told = f"a plan of {long + 1} periods that starts in {given.periods[last]} ends after {given.periods[-1]}"
        raise Invalid({f"{pointer}/{'latest' if candidate.latest else 'earliest'}": told})
    for goal in candidate.goals:
        known(goal, (each.goal for each in given.goals), f"{pointer}/goals/{goal}", "goal")
    for period in range(first, last + 1):
        yield Start(place, period, candidate.value - candidate.loss_per_period * (period - first))


def _period(given: Selection, name: str, pointer: str) -> int:
    known(name, given.periods, pointer, "period")
    return given.periods.index(name)


def _costs(given: Selection, told: Callable[..., Decimal]) -> list[list[tuple[int, str, Decimal]]]:
    return [
        [
            (each.after, each.category, told(each.money, f"/candidates/{place}/costs/{number}/money"))
            for number, each in enumerate(candidate.costs)
        ]
        for place, candidate in enumerate(given.candidates)
    ]


def _budgets(
    given: Selection,
    starts: Sequence[Start],
    costs: Sequence[Sequence[tuple[int, str, Decimal]]],
    told: Callable[..., Decimal],
) -> Iterator[Row]:
    for place, limit in enumerate(given.budgets):
        at = f"/budgets/{place}"
        periods = _periods(given, limit, at)
        terms: dict[int, Decimal] = {}
        for number, start in enumerate(starts):
            for after, category, amount in costs[start.candidate]:
                if start.period + after in periods and limit.category in (None, category):
                    terms[number] = terms.get(number, NOTHING) + amount
        high = told(limit.money, f"{at}/money")
        name = f"the budget{f' of {limit.category}' if limit.category else ''}{_in(limit.period, limit.through)}"
        yield Row(Kind.BUDGET, at, f"{name}, {given.currency} {high:f}", terms, high=high)


def _periods(given: Selection, limit: BudgetLimit, at: str) -> range:
    """The places of the periods that a limit holds for together."""
    if limit.period is None:
        if limit.through:
            raise Invalid({f"{at}/period": f"required: the first of the periods up to {limit.through}"})
        return range(len(given.periods))
    first = _period(given, limit.period, f"{at}/period")
    last = _period(given, limit.through, f"{at}/through") if limit.through else first
    if last < first:
        raise Invalid({f"{at}/through": f"expected a period from {limit.period} on; got {limit.through}"})
    return range(first, last + 1)


def _capacities(given: Selection, starts: Sequence[Start]) -> Iterator[Row]:
    for place, limit in enumerate(given.capacities):
        at = f"/capacities/{place}"
        periods = [limit.period] if limit.period else list(given.periods)
        for name in periods:
            period = _period(given, name, f"{at}/period")
            terms: dict[int, Decimal] = {}
            for number, start in enumerate(starts):
                for need in given.candidates[start.candidate].needs:
                    if need.role == limit.role and start.period + need.after == period:
                        terms[number] = terms.get(number, NOTHING) + need.amount
            there = f"{limit.amount:f} of {limit.role}" if limit.amount else f"no {limit.role}"
            yield Row(Kind.CAPACITY, at, f"{there}{_in(name)}", terms, high=limit.amount)


def _in(period: str | None, through: str | None = None) -> str:
    if through and through != period:
        return f" from {period} to {through}"
    return f" in {period}" if period else ""


def _logic(given: Selection, starts: Sequence[Start]) -> Iterator[Row]:
    names = [each.project for each in given.candidates]
    own: dict[str, dict[int, Decimal]] = {name: {} for name in names}
    for number, start in enumerate(starts):
        own[names[start.candidate]][number] = WHOLE
    called = {each.project: each.called for each in given.candidates}

    def of(name: str, pointer: str) -> Mapping[int, Decimal]:
        if name not in own:
            known(name, names, pointer, "candidate")
        return own[name]

    for place, forced in enumerate(given.mandatory):
        at = f"/mandatory/{place}"
        terms = of(forced.project, f"{at}/project")
        yield Row(Kind.MANDATORY, at, f"{called[forced.project]} has to be in: {forced.reason}", terms, low=WHOLE)
    for place, forced in enumerate(given.excluded):
        at = f"/excluded/{place}"
        terms = of(forced.project, f"{at}/project")
        yield Row(Kind.EXCLUDED, at, f"{called[forced.project]} has to stay out: {forced.reason}", terms, high=NOTHING)
    for place, pair in enumerate(given.requires):
        at = f"/requires/{place}"
        needed = {n: -each for n, each in of(pair.needs, f"{at}/needs").items()}
        terms = {**of(pair.project, f"{at}/project"), **needed}
        sentence = f"{called[pair.project]} needs {called[pair.needs]}"
        yield Row(Kind.REQUIRES, at, sentence, terms, high=NOTHING)
    for place, rival in enumerate(given.excludes):
        at = f"/excludes/{place}"
        if rival.project == rival.other:
            raise Invalid({f"{at}/other": f"expected another than {rival.project}"})
        terms = {**of(rival.project, f"{at}/project"), **of(rival.other, f"{at}/other")}
        sentence = f"{called[rival.project]} and {called[rival.other]} exclude one another"
        yield Row(Kind.EXCLUDES, at, sentence, terms, high=WHOLE)
    for place, group in enumerate(given.groups):
        at, terms = f"/groups/{place}", {}
        for number, name in enumerate(group.projects):
            terms |= of(name, f"{at}/projects/{number}")
        if group.at_least is not None:
            sentence = f"at least {group.at_least} of {group.name}"
            yield Row(Kind.AT_LEAST, f"{at}/at_least", sentence, terms, low=Decimal(group.at_least))
        if group.at_most is not None:
            sentence = f"at most {group.at_most} of {group.name}"
            yield Row(Kind.AT_MOST, f"{at}/at_most", sentence, terms, high=Decimal(group.at_most))


def _goal(given: Selection, starts: Sequence[Start], cost: Mapping[int, Decimal], at: str) -> Row:
    """Σ (part - minimum) × what it is a share of ≥ 0: no division, and nothing selected keeps it."""
    goal = given.goals[int(at.rpartition("/")[2])]

    def weight(number: int, candidate: Candidate) -> Decimal:
        whole = share_of(goal.of, starts[number], cost)
        return whole * (candidate.goals.get(goal.goal, NOTHING) - goal.at_least)

    terms = {number: weight(number, given.candidates[start.candidate]) for number, start in enumerate(starts)}
    sentence = f"at least {(goal.at_least * 100).normalize():f} % of the {goal.of} for {goal.called}"
    return Row(Kind.GOAL, at, sentence, terms, low=NOTHING)


def share_of(basis: Basis, start: Start, cost: Mapping[int, Decimal]) -> Decimal:
    """What one start counts for in the shares of goals; what is below 0 counts for nothing."""
    return max(NOTHING, cost[start.candidate] if basis is Basis.COST else start.value)
