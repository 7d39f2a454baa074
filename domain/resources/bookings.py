"""How much of somebody's time is promised, to whom, on which days."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from domain.resources import events as e

LAST_DAY = date.max
NOTHING = Decimal(0)
A_DAY = timedelta(days=1)


class Booking(NamedTuple):
    """`share` of full time for `project` from `starts_on` to `ends_on`, both included.

    Time that moved away is a booking with a negative share, so that the sum over all bookings of a
    project is what it holds on a day.
    """

    project: UUID
    share: Decimal
    starts_on: date
    ends_on: date
    as_role: str | None = None
    deliverable: str | None = None


class Stretch(NamedTuple):
    """A share that stays the same from one day to another, both included."""

    share: Decimal
    starts_on: date
    ends_on: date


def booked(bookings: tuple[Booking, ...], event: object) -> tuple[Booking, ...]:
    """The bookings after a fact. Pure; used by decisions and views alike."""
    match event:
        case e.ResourceAssigned():
            end = event.ends_on or LAST_DAY
            return (
                *bookings,
                Booking(event.project, event.share, event.starts_on, end, event.as_role, event.deliverable),
            )
        case e.ResourceReassigned():
            end = event.ends_on or LAST_DAY
            return (
                *bookings,
                Booking(event.from_project, -event.share, event.starts_on, end),
                Booking(event.to_project, event.share, event.starts_on, end),
            )
        case e.ResourceReleased():
            return tuple(_until(bookings, event.project, event.from_day))
        case _:
            return bookings


def _until(bookings: Iterable[Booking], project: UUID, day: date) -> Iterable[Booking]:
    for booking in bookings:
        if booking.project != project or booking.ends_on < day:
            yield booking
        elif booking.starts_on < day:
            yield booking._replace(ends_on=day - A_DAY)


def stretches(bookings: Iterable[Booking], starts_on: date, ends_on: date) -> list[Stretch]:
    """The total share over a period, as stretches of equal share without a gap."""
    touching = [b for b in bookings if b.starts_on <= ends_on and b.ends_on >= starts_on]
    edges = {starts_on, *(max(b.starts_on, starts_on) for b in touching)}
    edges.update(b.ends_on + A_DAY for b in touching if b.ends_on < ends_on)
    days = sorted(edges)
    found: list[Stretch] = []
    for day, following in zip(days, [*days[1:], None], strict=True):
        share = sum((b.share for b in touching if b.starts_on <= day <= b.ends_on), NOTHING)
        last = following - A_DAY if following else ends_on
        if found and found[-1].share == share:
            found[-1] = found[-1]._replace(ends_on=last)
        else:
            found.append(Stretch(share, day, last))
    return found


def peak(bookings: Iterable[Booking], starts_on: date, ends_on: date) -> Stretch:
    """The first stretch of a period with the highest total share."""
    return max(stretches(bookings, starts_on, ends_on), key=lambda stretch: stretch.share)


def lowest(bookings: Iterable[Booking], project: UUID, starts_on: date, ends_on: date) -> Decimal:
    """The smallest share the project holds on any day of the period."""
    own = [booking for booking in bookings if booking.project == project]
    return min(stretch.share for stretch in stretches(own, starts_on, ends_on))


def held(bookings: Iterable[Booking], project: UUID) -> list[Stretch]:
    """When the project holds a share, and which."""
    own = [booking for booking in bookings if booking.project == project]
    if not own:
        return []
    first, last = min(b.starts_on for b in own), max(b.ends_on for b in own)
    return [stretch for stretch in stretches(own, first, last) if stretch.share > 0]
