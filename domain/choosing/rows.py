"""The rows of a 0-1 program: what each constraint of a selection asks of the variables. Exact and pure."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from domain.choosing.candidates import Basis, BudgetLimit, Candidate, Selection
from domain.choosing.figures import NOTHING, WHOLE, known
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


def period_of(given: Selection, name: str, pointer: str) -> int:
    """The place of a period. Raises `Invalid` for a name that is none."""
    known(name, given.periods, pointer, "period")
    return given.periods.index(name)


def budgets(
    given: Selection,
    starts: Sequence[Start],
    costs: Sequence[Sequence[tuple[int, str, Decimal]]],
    told: Callable[..., Decimal],
) -> Iterator[Row]:
    """A row for each budget: what is spent in its periods, on its category."""
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
    first = period_of(given, limit.period, f"{at}/period")
    last = period_of(given, limit.through, f"{at}/through") if limit.through else first
    if last < first:
        raise Invalid({f"{at}/through": f"expected a period from {limit.period} on; got {limit.through}"})
    return range(first, last + 1)


def capacities(given: Selection, starts: Sequence[Start]) -> Iterator[Row]:
    """A row for each capacity and each of its periods: how much of the role is needed."""
    for place, limit in enumerate(given.capacities):
        at = f"/capacities/{place}"
        periods = [limit.period] if limit.period else list(given.periods)
        for name in periods:
            period = period_of(given, name, f"{at}/period")
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


Of = Callable[[str, str], Mapping[int, Decimal]]
"""The variables of a candidate, by its name and where that was given."""


def logic(given: Selection, starts: Sequence[Start]) -> Iterator[Row]:
    """Who has to be in or out, needs another, excludes another, and how many of a group there may be."""
    names = [each.project for each in given.candidates]
    own: dict[str, dict[int, Decimal]] = {name: {} for name in names}
    for number, start in enumerate(starts):
        own[names[start.candidate]][number] = WHOLE
    called = {each.project: each.called for each in given.candidates}

    def of(name: str, pointer: str) -> Mapping[int, Decimal]:
        if name not in own:
            known(name, names, pointer, "candidate")
        return own[name]

    yield from _forced(given, of, called)
    yield from _pairs(given, of, called)
    yield from _groups(given, of)


def _forced(given: Selection, of: Of, called: Mapping[str, str]) -> Iterator[Row]:
    for place, forced in enumerate(given.mandatory):
        at = f"/mandatory/{place}"
        terms = of(forced.project, f"{at}/project")
        yield Row(Kind.MANDATORY, at, f"{called[forced.project]} has to be in: {forced.reason}", terms, low=WHOLE)
    for place, forced in enumerate(given.excluded):
        at = f"/excluded/{place}"
        terms = of(forced.project, f"{at}/project")
        yield Row(Kind.EXCLUDED, at, f"{called[forced.project]} has to stay out: {forced.reason}", terms, high=NOTHING)


def _pairs(given: Selection, of: Of, called: Mapping[str, str]) -> Iterator[Row]:
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


def _groups(given: Selection, of: Of) -> Iterator[Row]:
    for place, group in enumerate(given.groups):
        at, terms = f"/groups/{place}", dict[int, Decimal]()
        for number, name in enumerate(group.projects):
            terms |= of(name, f"{at}/projects/{number}")
        if group.at_least is not None:
            sentence = f"at least {group.at_least} of {group.name}"
            yield Row(Kind.AT_LEAST, f"{at}/at_least", sentence, terms, low=Decimal(group.at_least))
        if group.at_most is not None:
            sentence = f"at most {group.at_most} of {group.name}"
            yield Row(Kind.AT_MOST, f"{at}/at_most", sentence, terms, high=Decimal(group.at_most))


def goal(given: Selection, starts: Sequence[Start], cost: Mapping[int, Decimal], at: str) -> Row:
    """Σ (part - minimum) × what it is a share of ≥ 0: no division, and nothing selected keeps it."""
    wanted = given.goals[int(at.rpartition("/")[2])]

    def weight(number: int, candidate: Candidate) -> Decimal:
        whole = share_of(wanted.of, starts[number], cost)
        return whole * (candidate.goals.get(wanted.goal, NOTHING) - wanted.at_least)

    terms = {number: weight(number, given.candidates[start.candidate]) for number, start in enumerate(starts)}
    sentence = f"at least {(wanted.at_least * 100).normalize():f} % of the {wanted.of} for {wanted.called}"
    return Row(Kind.GOAL, at, sentence, terms, low=NOTHING)


def share_of(basis: Basis, start: Start, cost: Mapping[int, Decimal]) -> Decimal:
    """What one start counts for in the shares of goals; what is below 0 counts for nothing."""
    return max(NOTHING, cost[start.candidate] if basis is Basis.COST else start.value)
