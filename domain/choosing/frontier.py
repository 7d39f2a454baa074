"""The efficient frontier: the most value over one limit (Markowitz's word, taken over by portfolio management)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext

from domain.choosing.candidates import Selection
from domain.choosing.figures import PRECISE, cents, known, ratio
from domain.choosing.program import Program, program
from domain.choosing.solver import Deadline, Found, Solution, no_worse, solve
from domain.kernel.refusal import Invalid
from domain.kernel.types import Strictly

UNPROVEN = (Found.BEST_FOUND, Found.NOTHING_FOUND)


class FrontierPoint(Strictly):
    """The most value that a `budget` buys, or so many people (`capacity`).

    `marginal` is the value of one more unit of it since the point before. `value` is null where nothing keeps
    the constraints.
    """

    budget: Decimal | None = None
    capacity: Decimal | None = None
    found: Found
    gap_percent: Decimal | None
    value: Decimal | None
    marginal: Decimal | None
    selected: tuple[str, ...]


def frontier(
    given: Selection, amounts: Sequence[Decimal], budget: int = 0, capacity: int | None = None
) -> tuple[FrontierPoint, ...]:
    """A point for each amount, ascending, of the budget at this place, or of the capacity if one is named.

    The `seconds` are divided between them, what is fast leaves its time to those that follow, and what is left in the
    end to those that are not proven. More of it never buys less, proven or not.
    Raises `Invalid` for a limit that is not there, or amounts that do not ascend.
    """
    if capacity is None:
        known(str(budget), map(str, range(len(given.budgets))), "/budget", "place of a budget")
    else:
        known(str(capacity), map(str, range(len(given.capacities))), "/capacity", "place of a capacity")
    if not amounts or list(amounts) != sorted(set(amounts)):
        raise Invalid({"/amounts": "expected amounts that ascend, each once"})
    deadline = Deadline(float(given.seconds))
    pointer = f"/budgets/{budget}" if capacity is None else f"/capacities/{capacity}"
    with localcontext(PRECISE):
        wanted = program(given)
        every = [_with(wanted, pointer, amount) for amount in amounts]
        found = _searched(every, deadline)
        return tuple(_points(every, amounts, found, is_money=capacity is None))


def _with(wanted: Program, pointer: str, amount: Decimal) -> Program:
    return replace(wanted, rows=[replace(row, high=amount) if row.at == pointer else row for row in wanted.rows])


def _searched(every: Sequence[Program], deadline: Deadline) -> list[Solution]:
    """The best found for each, twice where the first search proved nothing, and what each says about the others."""
    found: list[Solution] = []
    for place, wanted in enumerate(every):
        hint = found[-1].chosen if found else None
        found.append(solve(wanted, deadline.part(len(every) - place), hint))
    open_ = [place for place, each in enumerate(found) if each.found in UNPROVEN]
    for number, place in enumerate(open_):
        if deadline.left():
            again = solve(every[place], deadline.part(len(open_) - number), found[place].chosen)
            found[place] = replace(again, bound=min(again.bound, found[place].bound)) if again.chosen else again
    for place in range(1, len(every)):
        before = found[place - 1].chosen
        found[place] = found[place] if before is None else no_worse(every[place], found[place], before)
    return found


def _points(
    every: Sequence[Program], amounts: Sequence[Decimal], found: Sequence[Solution], *, is_money: bool
) -> Iterator[FrontierPoint]:
    for place, (wanted, amount, each) in enumerate(zip(every, amounts, found, strict=True)):
        marginal = None
        if place and each.chosen is not None and found[place - 1].chosen is not None:
            marginal = ratio(each.value - found[place - 1].value, amount - amounts[place - 1])
        inside = sorted(wanted.candidates(each.chosen or frozenset()))
        yield FrontierPoint(
            budget=cents(amount) if is_money else None,
            capacity=None if is_money else amount,
            found=each.found,
            gap_percent=each.gap_percent,
            value=None if each.chosen is None else each.value,
            marginal=marginal,
            selected=tuple(wanted.given.candidates[n].project for n in inside),
        )
