"""Selection: the candidates of the most value under constraints, and what kept the others out.

What is told is exact; the search is `solver.py`, the rows are `program.py`.
"""

from decimal import Decimal, localcontext
from importlib.metadata import version

from domain.choosing.candidates import Basis, Selection
from domain.choosing.conflicts import Conflict
from domain.choosing.figures import NOTHING, PRECISE, RATIO, cents
from domain.choosing.losers import losers
from domain.choosing.program import Program, program
from domain.choosing.reasons import Loser
from domain.choosing.rows import Chosen, Kind, Row, share_of
from domain.choosing.solver import Deadline, Found, Solution, solve
from domain.kernel.money import Currency
from domain.kernel.types import Strictly


class Selected(Strictly):
    """A candidate that is in, and the period it starts in."""

    project: str
    start: str
    value: Decimal
    cost: Decimal


class Used(Strictly):
    """A constraint with a limit, what is used of it and what is left."""

    at: str
    sentence: str
    used: Decimal
    limit: Decimal
    left: Decimal


class Named(Strictly):
    """A constraint: where it was given, and what it says."""

    at: str
    sentence: str


class Served(Strictly):
    """Which part of the cost, or of the value, of what is selected serves a goal."""

    goal: str
    at_least: Decimal
    share: Decimal | None


class SelectionResult(Strictly):
    """`said` is "proven optimal", "best found, gap g %", "infeasible" or "nothing found in the time given".

    Infeasible: `conflict` are constraints that cannot all be kept; if it `conflict_is_minimal`, the rest can without
    any one of them. `unlimited` are roles and categories that nothing limits.
    """

    found: Found
    said: str
    gap_percent: Decimal | None
    currency: Currency
    value: Decimal | None
    cost: Decimal | None
    selected: tuple[Selected, ...]
    losers: tuple[Loser, ...]
    used: tuple[Used, ...]
    goals: tuple[Served, ...]
    conflict: tuple[Named, ...]
    conflict_is_minimal: bool | None
    unlimited: tuple[str, ...]
    solver: str


def select(given: Selection) -> SelectionResult:
    """The selection of the most value, for `seconds` at most.

    Raises `Invalid` for what `program.program` refuses.
    """
    deadline = Deadline(float(given.seconds))
    with localcontext(PRECISE):
        wanted = program(given)
        return _told(wanted, solve(wanted, deadline))


def _told(wanted: Program, solution: Solution) -> SelectionResult:
    given, chosen = wanted.given, solution.chosen
    more = Deadline(float(given.seconds))
    conflict = Conflict(wanted, more) if solution.found is Found.INFEASIBLE else None
    return SelectionResult(
        found=solution.found,
        said=_said(solution),
        gap_percent=solution.gap_percent,
        currency=given.currency,
        value=None if chosen is None else solution.value,
        cost=None if chosen is None else cents(sum((wanted.cost[n] for n in wanted.candidates(chosen)), NOTHING)),
        selected=() if chosen is None else _selected(wanted, chosen),
        losers=() if chosen is None else losers(wanted, solution, more if given.explain else None),
        used=() if chosen is None else tuple(_used(row, chosen) for row in wanted.rows if row.kind in LIMITED),
        goals=() if chosen is None else _goals(wanted, chosen),
        conflict=tuple(Named(at=row.at, sentence=row.sentence) for row in conflict.rows) if conflict else (),
        conflict_is_minimal=conflict.is_minimal if conflict else None,
        unlimited=_unlimited(given),
        solver=f"HiGHS {version('highspy')}",
    )


LIMITED = (Kind.BUDGET, Kind.CAPACITY)


def _said(solution: Solution) -> str:
    if solution.found is Found.BEST_FOUND:
        gap = "unknown" if solution.gap_percent is None else f"{solution.gap_percent:f} %"
        return f"best found, gap {gap}"
    return {
        Found.PROVEN_OPTIMAL: "proven optimal",
        Found.INFEASIBLE: "infeasible",
        Found.NOTHING_FOUND: "nothing found in the time given",
    }[solution.found]


def _selected(wanted: Program, chosen: Chosen) -> tuple[Selected, ...]:
    starts = sorted((wanted.starts[each] for each in chosen), key=lambda start: start.candidate)
    return tuple(
        Selected(
            project=wanted.given.candidates[start.candidate].project,
            start=wanted.given.periods[start.period],
            value=start.value,
            cost=cents(wanted.cost[start.candidate]),
        )
        for start in starts
    )


def _used(row: Row, chosen: Chosen) -> Used:
    used, limit = row.use(chosen), row.high or NOTHING
    return Used(at=row.at, sentence=row.sentence, used=used, limit=limit, left=limit - used)


def _goals(wanted: Program, chosen: Chosen) -> tuple[Served, ...]:
    return tuple(
        Served(goal=goal.goal, at_least=goal.at_least, share=_share(wanted, chosen, goal.goal, goal.of))
        for goal in wanted.given.goals
    )


def _share(wanted: Program, chosen: Chosen, goal: str, of: Basis) -> Decimal | None:
    parts = []
    for each in chosen:
        start = wanted.starts[each]
        whole = share_of(of, start, wanted.cost)
        parts.append((whole, wanted.given.candidates[start.candidate].goals.get(goal, NOTHING)))
    total = sum((whole for whole, _ in parts), NOTHING)
    return (sum((whole * part for whole, part in parts), NOTHING) / total).quantize(RATIO) if total else None


def _unlimited(given: Selection) -> tuple[str, ...]:
    roles = {need.role for each in given.candidates for need in each.needs} - {each.role for each in given.capacities}
    limited = {each.category for each in given.budgets}
    categories = (
        set() if None in limited else {cost.category for each in given.candidates for cost in each.costs} - limited
    )
    return tuple(_named("role", roles) + _named("category", categories))


def _named(kind: str, names: set[str]) -> list[str]:
    return [f"{kind} {name}" for name in sorted(names)]
