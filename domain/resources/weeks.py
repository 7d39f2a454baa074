"""What a person's weeks come to, added up day by day, for whole ISO weeks; and the load of a role over them."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from domain.resources.bookings import A_DAY, Booking, held
from domain.resources.capacity import Capacity, limit_on
from domain.resources.words import NOTHING, PLACES

WEEKS = 12
"""How many weeks are shown if nobody says how many."""
A_WEEK = timedelta(days=7)


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


class Person(NamedTuple):
    """Somebody's time: the role they play, what they are promised to within the weeks asked for, and these weeks."""

    id: UUID
    as_role: str | None
    promised_to: frozenset[UUID]
    weeks: tuple[WeekOf, ...]


def person_of(
    resource: UUID, as_role: str | None, pieces: Sequence[Piece], capacity: Capacity, window: Window
) -> Person:
    """Somebody's weeks, by what their time is promised to and how much of it there is."""
    weeks = tuple(week_of(pieces, capacity, monday) for monday in window.weeks())
    return Person(resource, as_role, frozenset(piece.project for piece in pieces), weeks)


def pieces_of(resource: UUID, bookings: Iterable[Booking], usual: str | None, window: Window) -> list[Piece]:
    """What somebody's time is promised to within the weeks; the role is the usual one where none is named."""
    promised, found = list(bookings), []
    for project in sorted({booking.project for booking in promised}):
        own = [booking for booking in promised if booking.project == project]
        for share, starts_on, ends_on in held(own, project):
            if starts_on <= window.last and ends_on >= window.first:
                found.append(Piece(resource, project, role_in(own, ends_on) or usual, share, starts_on, ends_on))
    return found


def role_in(own: Iterable[Booking], last_day: date) -> str | None:
    """The role that the bookings of one project name for a stretch that ends on a day."""
    return next((booking.as_role for booking in own if booking.as_role and booking.starts_on <= last_day), None)


def week_of(pieces: Sequence[Piece], capacity: Capacity, monday: date) -> WeekOf:
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


def role_load(people: Iterable[Person], role: str) -> Decimal | None:
    """The days promised in a role over the days of those who play it; `None` if these are none, or not all known."""
    everybody = list(people)
    own = [week.capacity for person in everybody if person.as_role == role for week in person.weeks]
    there = sum((each for each in own if each is not None), NOTHING)
    if None in own or not there:
        return None
    made = (part for person in everybody for week in person.weeks for part in week.made)
    return (sum((days for piece, days in made if piece.as_role == role), NOTHING) / there).quantize(PLACES)


def _count(days: Iterable[date], piece: Piece) -> int:
    return sum(piece.starts_on <= day <= piece.ends_on for day in days)
