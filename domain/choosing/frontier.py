"""The efficient frontier: the most value over a budget (Markowitz's word, taken over by portfolio management)."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, localcontext

from domain.choosing.candidates import Selection
from domain.choosing.figures import PRECISE, cents, known, ratio
from domain.choosing.rows import Chosen, program
from domain.choosing.solver import Deadline, Found, Solution, solve
from domain.kernel.refusal import Invalid
from domain.kernel.types import Strictly


class FrontierPoint(Strictly):
    """The most value that a budget buys.

    `marginal` is the value of one more unit of money since the point before. `value` is null where nothing keeps
    the constraints.
    """

    budget: Decimal
    found: Found
    gap_percent: Decimal | None
    value: Decimal | None
    marginal: Decimal | None
    selected: tuple[str, ...]


def frontier(given: Selection, budget: int, amounts: Sequence[Decimal]) -> tuple[FrontierPoint, ...]:
    """A point for each amount of the budget at this place, ascending.

    The `seconds` are divided between them, what is fast leaves its time to those that follow.
    Each search begins with what the budget before bought, so that more money never buys less, proven or not.
    Raises `Invalid` for a budget that is not there, or amounts that do not ascend.
    """
    known(str(budget), map(str, range(len(given.budgets))), "/budget", "place of a budget")
    if not amounts or list(amounts) != sorted(set(amounts)):
        raise Invalid({"/amounts": "expected amounts that ascend, each once"})
    with localcontext(PRECISE):
        return _frontier(given, f"/budgets/{budget}", amounts)


def _frontier(given: Selection, pointer: str, amounts: Sequence[Decimal]) -> tuple[FrontierPoint, ...]:
    wanted = program(given)
    points: list[FrontierPoint] = []
    hint: Chosen | None = None
    deadline = Deadline(float(given.seconds))
    for number, amount in enumerate(amounts):
        rows = [replace(row, high=amount) if row.at == pointer else row for row in wanted.rows]
        changed = replace(wanted, rows=rows)
        found = solve(changed, Deadline(deadline.left() / (len(amounts) - number)), hint)
        hint = found.chosen
        names = [given.candidates[place].project for place in sorted(changed.candidates(hint or frozenset()))]
        points.append(_point(amount, found, names, points[-1] if points else None))
    return tuple(points)


def _point(amount: Decimal, found: Solution, names: Sequence[str], before: FrontierPoint | None) -> FrontierPoint:
    marginal = None
    if before and before.value is not None and found.chosen is not None:
        marginal = ratio(found.value - before.value, amount - before.budget)
    return FrontierPoint(
        budget=cents(amount),
        found=found.found,
        gap_percent=found.gap_percent,
        value=None if found.chosen is None else found.value,
        marginal=marginal,
        selected=tuple(names),
    )
