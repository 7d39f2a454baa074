"""What selecting one more candidate brings with it: what it needs, what that breaks, what would have to go. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from domain.choosing.beside import Beside
from domain.choosing.figures import NOTHING
from domain.choosing.program import Program
from domain.choosing.rows import Chosen, Kind, Row

RAISED = (Kind.BUDGET, Kind.CAPACITY, Kind.AT_MOST)
"""Limits that more room can be asked of; the others are rules."""


@dataclass(frozen=True)
class Joined:
    """What is selected and, beside it, a candidate with all it needs, whatever that breaks.

    `added` are those it needs that were not in, `new` the starts of both.
    """

    all: Beside
    added: Sequence[int]
    new: Collection[int]

    def short(self) -> dict[str, tuple[Row, Decimal]]:
        """What is broken, once for each limit as it was given: one of every period is one limit, short by its worst."""
        found: dict[str, tuple[Row, Decimal]] = {}
        for row, short in self.all.broken():
            if row.at not in found or found[row.at][1] < short:
                found[row.at] = row, short
        return found


def joined(held: Beside, place: int) -> Joined:
    """A candidate joins what is held."""
    waiting, new = [place], list[int]()
    while waiting:
        each = waiting.pop()
        if each not in new and each not in held.inside:
            new.append(each)
            waiting += held.wanted.needed.get(each, ())
    together, starts = held, []
    for each in new:
        starts.append(together.best_start(each)[0])
        together = together.adding(starts[-1])
    return Joined(together, [each for each in new if each != place], starts)


def roomier(wanted: Program, short: Mapping[str, tuple[Row, Decimal]], added: Sequence[int]) -> Program:
    """The same where limits are higher by what is short, broken rules are lifted, and what is needed is in."""
    rows = []
    for row in wanted.rows:
        if row.at not in short:
            rows.append(row)
        elif row.kind in RAISED and row.high is not None:
            rows.append(replace(row, high=row.high + short[row.at][1]))
    changed = replace(wanted, rows=rows)
    for each in added:
        changed = changed.forcing(each)
    return changed


def squeezed(crowd: Joined) -> Chosen | None:
    """What is left when others go, each the one whose value is least for the room it gives, until all is kept.

    A plan that is good enough to begin with, and no more; `None` if taking others out does not do.
    """
    left = crowd.all
    while broken := left.broken():
        row, short = broken[0]
        relief = {n: min(short, each) for n in left.chosen if n not in crowd.new and (each := _relief(row, n)) > 0}
        if not relief:
            return None
        starts = left.wanted.starts
        left = left.without(min(relief, key=lambda n: (max(NOTHING, starts[n].value) / relief[n], n)))
    return left.chosen


def _relief(row: Row, start: int) -> Decimal:
    """How much nearer a broken row comes to being kept without a start."""
    term = row.terms.get(start, NOTHING)
    return term if row.high is not None else -term
