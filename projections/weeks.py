"""What each person's weeks come to: added up day by day, for whole ISO weeks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from domain.resources.bookings import A_DAY, held
from domain.resources.capacity import Capacity, limit_on
from domain.resources.words import NOTHING
from projections.bounds import View
from projections.dated import Cell, value_of
from projections.resources import bookings_of, capacity_of, role_in
from projections.staffing import staffing

WEEKS = 12
"""How many weeks are shown if nobody says how many."""
A_WEEK = timedelta(days=7)


class Whom(StrEnum):
    """Whose time is shown: those who are promised to the portfolio within the weeks, or everybody in scope."""

    ASSIGNED = "assigned"
    ALL = "all"


class Window(NamedTuple):
    """Whole ISO weeks: a Monday, and a Sunday."""

    first: date
    last: date

    def weeks(self) -> list[date]:
        """The Monday of each week."""
        return [self.first + number * A_WEEK for number in range((self.last - self.first).days // 7 + 1)]


def window_of(starts_on: date | None, ends_on: date | None, today: date) -> Window:
    """The weeks that hold these days: twelve from or up to a single one, the next twelve if none is given."""
    further = (WEEKS - 1) * A_WEEK
    first = monday_of(starts_on or (ends_on - further if ends_on else today))
    last = monday_of(ends_on) if ends_on else first + further
    return Window(first, last + A_WEEK - A_DAY)


def monday_of(day: date) -> date:
    """The first day of the ISO week."""
    return day - timedelta(days=day.weekday())


class Piece(NamedTuple):
    """A stretch in which a project holds the same share of somebody's time, in a role."""

    resource: UUID
    project: UUID
    as_role: str | None
    share: Decimal
    starts_on: date
    ends_on: date


class WeekOf(NamedTuple):
    """Somebody's week, in days of full time; `capacity` is `None` if it is not known for each of its days.

    `limit` is the most that may be promised, by full time where nobody said; `made` is how many days each piece takes.
    """

    capacity: Decimal | None
    limit: Decimal
    over: Decimal
    made: tuple[tuple[Piece, Decimal], ...]


@dataclass(frozen=True)
class Person:
    """Somebody whose time is shown."""

    id: UUID
    as_role: str | None
    weeks: tuple[WeekOf, ...]


def people_in(view: View, window: Window, components: set[UUID], whom: Whom) -> Iterator[Person]:
    """Those whose time is shown, with their weeks."""
    for resource, cells in staffing.cells(view).items():
        if "kind" in cells and view.sees(resource):
            pieces = _pieces(resource, cells, window)
            if whom is Whom.ALL or any(piece.project in components for piece in pieces):
                capacity = capacity_of(cells)
                weeks = tuple(_somebodys_week(pieces, capacity, monday) for monday in window.weeks())
                yield Person(resource, value_of(cells, "as_role"), weeks)


def _pieces(resource: UUID, cells: dict[str, Cell], window: Window) -> list[Piece]:
    bookings, usual = bookings_of(cells), value_of(cells, "as_role")
    found = []
    for project in sorted({booking.project for booking in bookings}):
        own = [booking for booking in bookings if booking.project == project]
        for share, starts_on, ends_on in held(own, project):
            if starts_on <= window.last and ends_on >= window.first:
                found.append(Piece(resource, project, role_in(own, ends_on) or usual, share, starts_on, ends_on))
    return found


def _somebodys_week(pieces: Sequence[Piece], capacity: Capacity, monday: date) -> WeekOf:
    """Everything is added up day by day; what is too much on one day is not made good by another."""
    days = [monday + number * A_DAY for number in range(7)]
    there = [capacity.on(day) for day in days]
    asked = [day for day in days if capacity.asks_on(day)]
    made = {piece: piece.share * _count(asked, piece) for piece in pieces}
    over = NOTHING
    for day in asked:
        promised = sum((piece.share for piece in pieces if piece.starts_on <= day <= piece.ends_on), NOTHING)
        over += max(NOTHING, promised - limit_on(capacity, day))
    return WeekOf(
        capacity=sum((each for each in there if each is not None), NOTHING) if None not in there else None,
        limit=sum((limit_on(capacity, day) for day in asked), NOTHING),
        over=over,
        made=tuple((piece, share) for piece, share in made.items() if share),
    )


def _count(days: Iterable[date], piece: Piece) -> int:
    return sum(piece.starts_on <= day <= piece.ends_on for day in days)
