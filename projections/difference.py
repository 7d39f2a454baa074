"""What differs in a portfolio between two moments, each difference with the decision behind it."""

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from domain.resources.bookings import NOTHING, Booking, lowest
from projections.bounds import View
from projections.dated import Cells, set_by, value_of
from projections.journal import decisions_at
from projections.names import names_of
from projections.paging import Answer, Page, page_of
from projections.project_board import attribute, ever_held, member_of, order_in
from projections.projects import ranks_in
from projections.resources import bookings_over, share_text
from projections.staffing import staffing
from projections.trail import NAME as TRAIL


class Axis(StrEnum):
    """Which of the two times of a fact the moments bound."""

    RECORDED = "recorded"
    OCCURRED = "occurred"


class Difference(StrEnum):
    """What differs; rows come in this order."""

    ADDED = "added"
    REMOVED = "removed"
    STATE = "state"
    RANK = "rank"
    SLIPPED = "slipped"
    BUDGET = "budget"
    PEOPLE = "people"
    HEALTH = "health"


class Moments(NamedTuple):
    """The two moments that are compared, the earlier one first, and on which clock."""

    earlier: datetime
    later: datetime
    axis: Axis


class Row(NamedTuple):
    """One difference of a component; `because` is the position of the fact that set the new value."""

    kind: Difference
    component: UUID
    before: Any
    after: Any
    because: int | None
    person: UUID | None = None


ORDER = tuple(Difference)
FINISH = attribute("finish")
VALUES: dict[Difference, tuple[str, Callable[[Any], Any]]] = {
    Difference.STATE: ("state", lambda state: state),
    Difference.SLIPPED: (FINISH, lambda finish: finish),
    Difference.BUDGET: ("budget", lambda money: money),
    Difference.HEALTH: ("health", lambda report: report["overall"] if report else None),
}
"""Differences of one value: the aspect that holds it, and what of it is shown."""
ASPECTS = ("name", *(aspect for aspect, _ in VALUES.values()))
Bookings = list[tuple[int, tuple[Booking, ...]]]


@dataclass(frozen=True, slots=True)
class Side:
    """The portfolio at one of the moments.

    `cells` are of all components, `ranks` of those it shows; `people` has what everybody's time was
    promised to after each fact that moved it.
    """

    view: View
    cells: Cells
    ranks: dict[UUID, int]
    people: dict[UUID, Bookings]

    @property
    def day(self) -> date:
        """The day for which shares are compared."""
        return self.view.now.date()


def difference(view: View, portfolio: UUID, moments: Moments, page: Page) -> tuple[list[Answer], bool]:
    """One page of what differs, by kind, then name and id of the component, then of the person.

    A component that is held at one moment only is `added` or `removed` and nothing else.
    """
    before, after = (_side(view, portfolio, moment, moments.axis) for moment in moments[:2])
    stayed = before.ranks.keys() & after.ranks.keys()
    rows = [
        *_came_or_went(before, after, member_of(portfolio)),
        *_values(before, after, stayed),
        *_ranks(before, after, stayed, order_in(portfolio)),
        *_people(before, after, stayed),
    ]
    names = _names(after, rows)
    rows.sort(key=lambda row: _place(row, names))
    shown, more = page_of(rows, page)
    return _answers(after.view, shown, names), more


def reordered(view: View, portfolio: UUID, moments: Moments) -> list[Answer]:
    """What differs in the order alone: what came, went, moved, or has another rank because others did.

    Each tells its rank then and after; what came had none, what went has none.
    """
    before, after = (_side(view, portfolio, moment, moments.axis, people=False) for moment in moments[:2])
    stayed = before.ranks.keys() & after.ranks.keys()
    came_or_went = [
        row._replace(before=before.ranks.get(row.component), after=after.ranks.get(row.component))
        for row in _came_or_went(before, after, member_of(portfolio))
    ]
    rows = [*came_or_went, *_ranks(before, after, stayed, order_in(portfolio))]
    names = _names(after, rows)
    return _answers(after.view, sorted(rows, key=lambda row: _place(row, names)), names)


def _side(view: View, portfolio: UUID, moment: datetime, axis: Axis, *, people: bool = True) -> Side:
    bounded = _bounded(view, moment, axis)
    cells = ever_held(bounded, portfolio, [*ASPECTS, order_in(portfolio)])
    ranks = {
        component: rank
        for component, rank in ranks_in(cells, portfolio).items()
        if "state" in cells[component] and view.sees(component)
    }
    promised = staffing.cells(bounded) if people else {}
    booked = {person: list(bookings_over(own)) for person, own in promised.items() if view.sees(person)}
    return Side(bounded, cells, ranks, booked)


def _bounded(view: View, moment: datetime, axis: Axis) -> View:
    """The same snapshot at a moment, within what was asked for besides; its clock is no later than the moment."""
    known_at, as_of = view.bounds.known_at, view.bounds.as_of
    if axis is Axis.RECORDED:
        known_at = min(moment, known_at) if known_at else moment
    else:
        as_of = min(moment, as_of) if as_of else moment
    bounds = replace(view.bounds, known_at=known_at, as_of=as_of)
    return replace(view, bounds=bounds, now=as_of or min(view.now, moment))


def _came_or_went(before: Side, after: Side, member: str) -> Iterator[Row]:
    for component in after.ranks.keys() - before.ranks.keys():
        cells = after.cells[component]
        yield Row(Difference.ADDED, component, None, value_of(cells, "name"), set_by(cells, member))
    for component in before.ranks.keys() - after.ranks.keys():
        name = value_of(before.cells[component], "name")
        yield Row(Difference.REMOVED, component, name, None, set_by(after.cells[component], member))


def _values(before: Side, after: Side, stayed: Set[UUID]) -> Iterator[Row]:
    for component in stayed:
        was, now = before.cells[component], after.cells[component]
        for kind, (aspect, shown) in VALUES.items():
            old, new = shown(value_of(was, aspect)), shown(value_of(now, aspect))
            if old != new:
                yield Row(kind, component, old, new, set_by(now, aspect))


def _ranks(before: Side, after: Side, stayed: Set[UUID], order: str) -> Iterator[Row]:
    """Every other rank; the decision is that of the component's own move, none if only others moved."""
    for component in stayed:
        old, new = before.ranks[component], after.ranks[component]
        if old != new:
            was, now = before.cells[component], after.cells[component]
            moved = value_of(was, order) != value_of(now, order)
            yield Row(Difference.RANK, component, old, new, set_by(now, order) if moved else None)


def _people(before: Side, after: Side, stayed: Set[UUID]) -> Iterator[Row]:
    was, now = _shares(before, stayed), _shares(after, stayed)
    for project, person in was.keys() | now.keys():
        old, new = was.get((project, person)), now.get((project, person))
        if old != new:
            because = _cause(after.people[person], project, (after.day, before.day))
            yield Row(Difference.PEOPLE, project, old, new, because, person)


def _shares(side: Side, projects: Set[UUID]) -> dict[tuple[UUID, UUID], str]:
    """The share of each person's time that each of the projects holds on the day; absent if none."""
    found = {}
    for person, history in side.people.items():
        bookings = history[-1][1] if history else ()
        for project in projects & {booking.project for booking in bookings}:
            share = lowest(bookings, project, side.day, side.day)
            if share > NOTHING:
                found[project, person] = share_text(share)
    return found


def _cause(history: Bookings, project: UUID, days: Sequence[date]) -> int | None:
    """The last fact that set what the project holds on the first of these days that any fact is about.

    A share that ended by its own last day was set by the fact that had also set its end.
    """
    for day in days:
        cause, held = None, NOTHING
        for position, bookings in history:
            share = lowest(bookings, project, day, day)
            if share != held:
                cause, held = position, share
        if cause is not None:
            return cause
    return None


def _names(after: Side, rows: Sequence[Row]) -> dict[UUID, str | None]:
    """What everything in the rows is called at the later moment."""
    people = names_of(after.view, {row.person for row in rows if row.person})
    return people | {row.component: value_of(after.cells[row.component], "name") for row in rows}


def _place(row: Row, names: dict[UUID, str | None]) -> tuple[Any, ...]:
    """Where a row stands: text by code point, nulls last, ties by id."""
    named = [
        (names.get(each) is None, names.get(each) or "", str(each)) for each in (row.component, row.person) if each
    ]
    return (ORDER.index(row.kind), *named)


def _answers(view: View, rows: Sequence[Row], names: dict[UUID, str | None]) -> list[Answer]:
    decisions = _decisions(view, {row.because for row in rows if row.because is not None})
    return [
        {
            "kind": row.kind,
            "subject": {"id": str(row.component), "kind": "project", "name": names.get(row.component)},
            "person": {"id": str(row.person), "kind": "resource", "name": names.get(row.person)}
            if row.person
            else None,
            "from": row.before,
            "to": row.after,
            "decision": decisions.get(row.because) if row.because is not None else None,
        }
        for row in rows
    ]


def _decisions(view: View, positions: Set[int]) -> dict[int, Answer]:
    """The decisions among the facts at these positions: those that carry a reason."""
    trail = view.table(TRAIL)
    statement = select(trail.c.position).where(
        trail.c.position.in_(positions), trail.c.ordinal == 0, trail.c.code.is_not(None)
    )
    return decisions_at(view, view.connection.scalars(statement).all())
