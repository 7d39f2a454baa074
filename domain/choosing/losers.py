"""Why a candidate is not in, and what would let it in: each proposal was solved again before it is told."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from domain.choosing.beside import Beside, beside
from domain.choosing.figures import NOTHING, WHOLE
from domain.choosing.rows import Kind, Program, Row
from domain.choosing.solver import Deadline, Solution, solve
from domain.kernel.types import Strictly

RAISED = (Kind.BUDGET, Kind.CAPACITY, Kind.AT_MOST)
"""Limits that more room can be asked of; the others are rules."""


class Reason(Strictly):
    """A constraint that the candidate would break beside what is selected, by how much; or its value."""

    kind: str
    at: str | None
    sentence: str
    short_by: Decimal | None = None


class LetIn(Strictly):
    """A change after which the candidate was selected when the selection was solved again."""

    sentence: str
    changes: tuple[Reason, ...]


class Loser(Strictly):
    """A candidate that is not in. `lost` is what having it in would take off the total value, `null` if it cannot be.

    `let_in` are changes that were tried and did let it in; `null` if time ended before any was tried.
    """

    project: str
    kept_out: tuple[Reason, ...]
    lost: Decimal | None = None
    let_in: tuple[LetIn, ...] | None = None


def losers(wanted: Program, solution: Solution, deadline: Deadline | None) -> tuple[Loser, ...]:
    """Every candidate that is not in; without a deadline only why."""
    chosen = solution.chosen or frozenset()
    inside, held = wanted.candidates(chosen), beside(wanted, chosen)
    out = [place for place in range(len(wanted.given.candidates)) if place not in inside]
    return tuple(_loser(held, solution, place, deadline) for place in out)


def _loser(held: Beside, solution: Solution, place: int, deadline: Deadline | None) -> Loser:
    wanted = held.wanted
    name = wanted.given.candidates[place].project
    start, broken = held.best_start(place)
    kept_out = tuple(_reason(wanted, row, short, name) for row, short in broken) or (_by_value(wanted, start),)
    if deadline is None or not deadline.left():
        return Loser(project=name, kept_out=kept_out)
    forced = solve(wanted.forcing(place), deadline)
    lost = None if forced.chosen is None else max(NOTHING, solution.value - forced.value)
    found = [_by_worth(wanted, place, lost, deadline), _by_room(held, place, deadline)]
    tried = tuple(each for each in found if each)
    return Loser(project=name, kept_out=kept_out, lost=lost, let_in=tried if tried or deadline.left() else None)


def _by_value(wanted: Program, start: int) -> Reason:
    value = wanted.starts[start].value
    if value > 0:
        return Reason(kind="value", at=None, sentence="it would fit; the time was too short to find that")
    return Reason(kind="value", at=None, sentence=f"it adds nothing: its value is {value:f}")


def _reason(wanted: Program, row: Row, short: Decimal, name: str) -> Reason:
    return Reason(kind=row.kind, at=row.at, sentence=_sentence(wanted, row, short, name), short_by=short)


def _sentence(wanted: Program, row: Row, short: Decimal, name: str) -> str:
    match row.kind:
        case Kind.BUDGET:
            return f"{wanted.given.currency} {short:f} over {row.sentence}"
        case Kind.CAPACITY if row.high:
            return f"{short:f} too many beside {row.sentence}"
        case Kind.REQUIRES:
            return f"{row.sentence}, which is not in"
        case Kind.GOAL:
            return f"there would no longer be {row.sentence}"
        case _:
            return row.sentence


def _by_worth(wanted: Program, place: int, lost: Decimal | None, deadline: Deadline) -> LetIn | None:
    """More value: what having it in would lose, and the least step more."""
    if lost is None:
        return None
    by = lost + _step(wanted)
    if place not in _inside(wanted.raising({place: by}), deadline):
        return None
    change = _worth_more(by)
    return LetIn(sentence=change.sentence, changes=(change,))


def _by_room(held: Beside, place: int, deadline: Deadline) -> LetIn | None:
    """Room beside what is in: higher limits, what it needs, rules lifted; and more value if that is not enough."""
    wanted = held.wanted
    joined, added = _joined(held, place)
    short = _short(joined)
    if not short:
        return None
    changes = [_room(wanted, row, by) for row, by in short.values()]
    changes += [_also(wanted, each) for each in added]
    roomy = _with(wanted, short, added)
    found = solve(roomy, deadline)
    if found.chosen is None:
        return None
    if place not in roomy.candidates(found.chosen):
        forced = solve(roomy.forcing(place), deadline)
        if forced.chosen is None:
            return None
        by = max(NOTHING, found.value - forced.value) + _step(wanted)
        if place not in _inside(roomy.raising({place: by}), deadline):
            return None
        changes.append(_worth_more(by))
    return LetIn(sentence=", and ".join(each.sentence for each in changes), changes=tuple(changes))


def _joined(held: Beside, place: int) -> tuple[Beside, list[int]]:
    """The selection with a candidate and all it needs, and which of those were not in."""
    wanted = held.wanted
    names = {each.project: number for number, each in enumerate(wanted.given.candidates)}
    inside = wanted.candidates(held.chosen)
    waiting, added = [place], list[int]()
    while waiting:
        each = waiting.pop()
        if each in added or each in inside:
            continue
        added.append(each)
        own = wanted.given.candidates[each].project
        waiting += [names[pair.needs] for pair in wanted.given.requires if pair.project == own]
    for each in added:
        held = held.adding(held.best_start(each)[0])
    return held, [each for each in added if each != place]


def _short(joined: Beside) -> dict[str, tuple[Row, Decimal]]:
    """What is broken, once for each limit as it was given: one of every period is one limit, short by its worst."""
    found: dict[str, tuple[Row, Decimal]] = {}
    for row, short in joined.broken():
        if row.at not in found or found[row.at][1] < short:
            found[row.at] = row, short
    return found


def _with(wanted: Program, short: Mapping[str, tuple[Row, Decimal]], added: Sequence[int]) -> Program:
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


def _room(wanted: Program, row: Row, short: Decimal) -> Reason:
    match row.kind:
        case Kind.BUDGET:
            sentence = f"{wanted.given.currency} {short:f} more than {row.sentence}"
        case Kind.CAPACITY:
            sentence = f"{short:f} more than {_capacity(wanted, row)}"
        case Kind.AT_MOST:
            sentence = f"{short:f} more than {row.sentence}"
        case _:
            sentence = f"without the rule: {row.sentence}"
    return Reason(kind=row.kind, at=row.at, sentence=sentence, short_by=short)


def _capacity(wanted: Program, row: Row) -> str:
    """The limit as it was given, which may be that of each period."""
    limit = wanted.given.capacities[int(row.at.rpartition("/")[2])]
    return row.sentence if limit.period else f"{limit.amount:f} of {limit.role} in each period"


def _also(wanted: Program, place: int) -> Reason:
    return Reason(kind="include", at=None, sentence=f"{wanted.given.candidates[place].called} is in")


def _worth_more(by: Decimal) -> Reason:
    return Reason(kind="value", at=None, sentence=f"its value is higher by {by:f}", short_by=by)


def _inside(wanted: Program, deadline: Deadline) -> set[int]:
    found = solve(wanted, deadline)
    return wanted.candidates(found.chosen) if found.chosen is not None else set()


def _step(wanted: Program) -> Decimal:
    """The least by which two values given can differ."""
    exponents = [int(start.value.normalize().as_tuple().exponent) for start in wanted.starts if start.value]
    return WHOLE.scaleb(min([0, *exponents]))
