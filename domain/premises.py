"""What the figures of premises come to, and since when one fails: one rule for agendas and for views.

A figure that cannot be told, because something it rests on is not known, is `None`, never 0.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from domain.kernel.premises import Premise
from domain.project.words import FINISHED, LIVE, RELEASED, Kind, State

NOTHING = Decimal(0)
COST, BUDGET, FORECAST, ACTUAL = "cost", "budget", "forecast", "actual"
Amounts = Mapping[str, Decimal | None]
"""What was said of a component, by figure; `None` where a part of it has no rate."""
DRAWN_BY: Mapping[State, tuple[str, ...]] = {
    State.SELECTED: (COST, BUDGET),
    **dict.fromkeys(RELEASED, (FORECAST, BUDGET)),
    **dict.fromkeys(FINISHED, (ACTUAL, FORECAST, BUDGET)),
    State.CANCELLED: (ACTUAL,),
}
"""By which of its amounts a component draws on the budget, the first that was said; in other states it does not.

The cost is that of its proposal: the months of its business case, else the upper end of its cost range.
"""
WAY = (State.SELECTED, *RELEASED)
"""The way of what was chosen: a step on it stands while the component is there or further."""
F = TypeVar("F")


def drawn(state: State | None, kind: Kind | None, amounts: Amounts) -> Decimal | None:
    """What a component takes of the budget of a portfolio.

    A program without amounts of its own counts by what it holds; one that was cancelled before it had a budget cost
    nothing.
    """
    asked = DRAWN_BY.get(state, ()) if state else ()
    said = next((figure for figure in asked if figure in amounts), None)
    if said is not None:
        return amounts[said]
    is_free = not asked or kind is Kind.PROGRAM or (state is State.CANCELLED and BUDGET not in amounts)
    return NOTHING if is_free else None


def budget_left(budgets: Iterable[Decimal | None] | None, drawn_by_each: Iterable[Decimal | None]) -> Decimal | None:
    """All that a portfolio may spend less what its components draw; `budgets` is `None` if no budget was ever set."""
    if budgets is None:
        return None
    left = NOTHING
    for sign, amounts in ((1, budgets), (-1, drawn_by_each)):
        for amount in amounts:
            if amount is None:
                return None
            left += sign * amount
    return left


def goal_weight(weights: Mapping[UUID, Decimal], project: UUID | None, *, is_retired: bool) -> Decimal:
    """The weight with which a project, or everything, contributes to a goal; to a retired one nothing does."""
    if is_retired:
        return NOTHING
    return weights.get(project, NOTHING) if project else sum(weights.values(), NOTHING)


def fails(premise: Premise, value: Decimal | None) -> bool:
    """Whether a value is known and outside the bounds."""
    return premise.holds(value) is False


def broken_by(premise: Premise, at_first: Decimal | None, since: Iterable[tuple[F, Decimal | None]]) -> F | None:
    """The fact from which on a premise has failed without a break, of those `since` its decision in commit order.

    Each comes with the value behind it; `at_first` is the one behind the decision. `None` if it failed already then:
    no fact broke it since.
    """
    was_failing, breaker = fails(premise, at_first), None
    for fact, value in since:
        is_failing = fails(premise, value)
        if is_failing and not was_failing:
            breaker = fact
        was_failing = is_failing
    return breaker


def stands(led_to: State | None, state: State | None, *, is_latest_move: bool) -> bool:
    """Whether a decision about a component still has its effect, so that its premises are worth watching.

    `led_to` is the state that a move led to, `None` for any other decision. A move stands until it is undone, and once
    a component has come to an end only the move that ended it does.
    """
    if is_latest_move:
        return True
    if state in WAY and led_to in WAY[:-1]:
        return WAY.index(led_to) <= WAY.index(state)
    return led_to is None and state in LIVE
