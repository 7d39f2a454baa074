"""Why a candidate is not in, and what would let it in.

A change is told if the selection was solved again with it and had the candidate in, or if it follows from a bound: what
was searched proved that no selection without the candidate is worth as much as one with it would be. So time that ends
makes the changes larger than they had to be, never wrong.
"""

from collections.abc import Sequence
from decimal import ROUND_CEILING

from domain.choosing import reasons
from domain.choosing.beside import Beside, beside
from domain.choosing.figures import NOTHING
from domain.choosing.making_room import Joined, joined, roomier, squeezed
from domain.choosing.program import Program
from domain.choosing.reasons import LetIn, Loser, Reason
from domain.choosing.solver import Deadline, Found, Solution, solve


def losers(wanted: Program, solution: Solution, deadline: Deadline | None) -> tuple[Loser, ...]:
    """Every candidate that is not in, each with its part of the time; without a deadline only why."""
    chosen = solution.chosen or frozenset()
    held = beside(wanted, chosen)
    out = [place for place in range(len(wanted.given.candidates)) if place not in held.inside]
    return tuple(
        _loser(held, solution, place, deadline.part(len(out) - number) if deadline else None)
        for number, place in enumerate(out)
    )


def _loser(held: Beside, solution: Solution, place: int, deadline: Deadline | None) -> Loser:
    wanted, name = held.wanted, held.wanted.given.candidates[place].project
    start, broken = held.best_start(place)
    kept_out = tuple(reasons.broken(wanted, row, short) for row, short in broken)
    kept_out = kept_out or (reasons.worthless(wanted, start),)
    if deadline is None:
        return Loser(project=name, kept_out=kept_out)
    crowd = joined(held, place)
    forced = _with(held, crowd, place, deadline.part(3))
    more = _worth(wanted, place, solution, forced, deadline)
    found = _changes([more] if more else []), _by_room(wanted, crowd, place, more, deadline)
    told = tuple(each for each in found if each)
    is_exact = solution.found is Found.PROVEN_OPTIMAL and forced.found in (Found.PROVEN_OPTIMAL, Found.INFEASIBLE)
    return Loser(
        project=name,
        kept_out=kept_out,
        lost=None if forced.chosen is None else max(NOTHING, solution.value - forced.value),
        lost_is_exact=is_exact,
        let_in=told if told or deadline.left() else None,
    )


def _with(held: Beside, crowd: Joined, place: int, deadline: Deadline) -> Solution:
    """The best plan with a candidate that is found in time; where none is left, one for which others are taken out."""
    begin = squeezed(crowd)
    if deadline.left():
        return solve(held.wanted.forcing(place), deadline, begin)
    if begin is None:
        return Solution(Found.NOTHING_FOUND)
    return Solution(Found.BEST_FOUND, begin, held.wanted.value(begin), held.wanted.everything)


def _changes(changes: Sequence[Reason]) -> LetIn | None:
    return LetIn(sentence=", and ".join(each.sentence for each in changes), changes=tuple(changes)) if changes else None


def _worth(wanted: Program, place: int, best: Solution, forced: Solution, deadline: Deadline) -> Reason | None:
    """More value, so that the best found with it (`forced`) is worth more than any without it can be.

    What the others serve of a goal stays as it is, so that the bound of those without it holds; its own plan has to be
    looked at again where goals have shares of value.
    """
    if forced.chosen is None or best.chosen is None:
        return None
    steps = max(NOTHING, best.bound - forced.value) / wanted.step
    by = (steps.to_integral_value(ROUND_CEILING) + 1) * wanted.step
    if wanted.shares_value:
        raised = wanted.raising({place: by})
        if raised.broken(forced.chosen):
            again = solve(raised, deadline)
            if again.chosen is None or place not in raised.candidates(again.chosen):
                return None
    return reasons.worth_more(by)


def _by_room(wanted: Program, crowd: Joined, place: int, alone: Reason | None, deadline: Deadline) -> LetIn | None:
    """Room beside what is in: higher limits, what it needs, rules lifted; and more value if that is not enough.

    As much more value as would do `alone` is no help.
    """
    short = crowd.short()
    if not short or not deadline.left():
        return None
    changes = [reasons.room(wanted, row, by) for row, by in short.values()]
    changes += [reasons.also(wanted, each) for each in crowd.added]
    roomy = roomier(wanted, short, crowd.added)
    found = solve(roomy, deadline.part(2), crowd.all.chosen)
    if found.found is not Found.PROVEN_OPTIMAL or place not in roomy.candidates(found.chosen or ()):
        forced = solve(roomy.forcing(place), deadline, crowd.all.chosen)
        more = _worth(roomy, place, found, forced, deadline)
        if more is None or (alone and alone.short_by and more.short_by and more.short_by >= alone.short_by):
            return None
        changes.append(more)
    return _changes(changes)
