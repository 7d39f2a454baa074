"""Why a candidate is not in, and what would let it in: each proposal was solved again before it is told."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal

from domain.choosing.figures import NOTHING, WHOLE
from domain.choosing.rows import Chosen, Kind, Program, Row
from domain.choosing.solver import Deadline, Solution, solve
from domain.kernel.types import Strictly


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
    inside = wanted.candidates(chosen)
    out = [place for place in range(len(wanted.given.candidates)) if place not in inside]
    return tuple(_loser(wanted, solution, place, deadline) for place in out)


def _loser(wanted: Program, solution: Solution, place: int, deadline: Deadline | None) -> Loser:
    chosen = solution.chosen or frozenset()
    name = wanted.given.candidates[place].project
    start, broken = _best_start(wanted, chosen, place)
    kept_out = tuple(_reason(wanted, row, chosen | {start}, name) for row in broken) or (_by_value(wanted, start),)
    if deadline is None or not deadline.left():
        return Loser(project=name, kept_out=kept_out)
    forced = solve(wanted.forcing(place), deadline)
    lost = None if forced.chosen is None else max(NOTHING, solution.value - forced.value)
    found = [_by_worth(wanted, place, lost, deadline), _by_room(wanted, chosen, place, deadline)]
    tried = tuple(each for each in found if each)
    return Loser(project=name, kept_out=kept_out, lost=lost, let_in=tried if tried or deadline.left() else None)


def _best_start(wanted: Program, chosen: Chosen, place: int) -> tuple[int, list[Row]]:
    """The start that breaks the fewest constraints beside what is in, of several the earliest."""
    every = [(start, wanted.broken(chosen | {start})) for start in wanted.of(place)]
    return min(every, key=lambda each: len(each[1]))


def _by_value(wanted: Program, start: int) -> Reason:
    value = wanted.starts[start].value
    if value > 0:
        return Reason(kind="value", at=None, sentence="it would fit; the time was too short to find that")
    return Reason(kind="value", at=None, sentence=f"it adds nothing: its value is {value:f}")


def _reason(wanted: Program, row: Row, chosen: Collection[int], name: str) -> Reason:
    short = row.short_by(chosen)
    return Reason(kind=row.kind, at=row.at, sentence=_sentence(wanted, row, short, name), short_by=short)


def _sentence(wanted: Program, row: Row, short: Decimal, name: str) -> str:
    match row.kind:
        case Kind.BUDGET:
            return f"{wanted.given.currency} {short:f} over {row.sentence}"
        case Kind.CAPACITY:
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
    if place not in _inside(wanted.raising(place, by), deadline):
        return None
    change = _worth_more(by)
    return LetIn(sentence=change.sentence, changes=(change,))


def _by_room(wanted: Program, chosen: Chosen, place: int, deadline: Deadline) -> LetIn | None:
    """Room beside what is in: higher limits, what it needs, rules lifted; and more value if that is not enough."""
    joined, added = _joined(wanted, chosen, place)
    broken = wanted.broken(joined)
    if not broken:
        return None
    changes = [_room(wanted, row, joined) for row in broken]
    changes += [_also(wanted, each) for each in added]
    roomy = _with(wanted, broken, joined, added)
    found = solve(roomy, deadline)
    if found.chosen is None:
        return None
    if place not in roomy.candidates(found.chosen):
        forced = solve(roomy.forcing(place), deadline)
        if forced.chosen is None:
            return None
        by = max(NOTHING, found.value - forced.value) + _step(wanted)
        if place not in _inside(roomy.raising(place, by), deadline):
            return None
        changes.append(_worth_more(by))
    return LetIn(sentence=", and ".join(each.sentence for each in changes), changes=tuple(changes))


def _joined(wanted: Program, chosen: Chosen, place: int) -> tuple[Chosen, list[int]]:
    """The selection with a candidate and all it needs, and which of those were not in."""
    names = {each.project: number for number, each in enumerate(wanted.given.candidates)}
    waiting, added = [place], list[int]()
    while waiting:
        each = waiting.pop()
        if each in added or each in wanted.candidates(chosen):
            continue
        added.append(each)
        own = wanted.given.candidates[each].project
        waiting += [names[pair.needs] for pair in wanted.given.requires if pair.project == own]
    for each in added:
        chosen = chosen | {_best_start(wanted, chosen, each)[0]}
    return chosen, [each for each in added if each != place]


def _with(wanted: Program, broken: Sequence[Row], joined: Chosen, added: Sequence[int]) -> Program:
    """The same where limits are as high as the joined need, broken rules are lifted, and what is needed is in."""
    rows = []
    for row in wanted.rows:
        if row not in broken:
            rows.append(row)
        elif row.kind in (Kind.BUDGET, Kind.CAPACITY, Kind.AT_MOST):
            rows.append(replace(row, high=row.use(joined)))
    changed = replace(wanted, rows=rows)
    for each in added:
        changed = changed.forcing(each)
    return changed


def _room(wanted: Program, row: Row, joined: Chosen) -> Reason:
    short = row.short_by(joined)
    match row.kind:
        case Kind.BUDGET:
            sentence = f"{wanted.given.currency} {short:f} more than {row.sentence}"
        case Kind.CAPACITY | Kind.AT_MOST:
            sentence = f"{short:f} more than {row.sentence}"
        case _:
            sentence = f"without the rule: {row.sentence}"
    return Reason(kind=row.kind, at=row.at, sentence=sentence, short_by=short)


def _also(wanted: Program, place: int) -> Reason:
    return Reason(kind="include", at=None, sentence=f"{wanted.given.candidates[place].project} is in")


def _worth_more(by: Decimal) -> Reason:
    return Reason(kind="value", at=None, sentence=f"its value is higher by {by:f}", short_by=by)


def _inside(wanted: Program, deadline: Deadline) -> set[int]:
    found = solve(wanted, deadline)
    return wanted.candidates(found.chosen) if found.chosen is not None else set()


def _step(wanted: Program) -> Decimal:
    """The least by which two values given can differ."""
    exponents = [int(start.value.normalize().as_tuple().exponent) for start in wanted.starts if start.value]
    return WHOLE.scaleb(min([0, *exponents]))
