"""How much of somebody's time is promised, to whom, on which days."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from itertools import zip_longest
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


def booked(bookings: Iterable[Booking], *facts: object) -> tuple[Booking, ...]:
    """The bookings after some facts, in their order. Pure; used by decisions and views alike."""
    found = list(bookings)
    for fact in facts:
        match fact:
            case e.ResourceAssigned(project=project, share=share, starts_on=starts_on):
                end = fact.ends_on or LAST_DAY
                found.append(Booking(project, share, starts_on, end, fact.as_role, fact.deliverable))
            case e.ResourceReassigned(share=share, starts_on=starts_on):
                end = fact.ends_on or LAST_DAY
                found.append(Booking(fact.from_project, -share, starts_on, end))
                found.append(Booking(fact.to_project, share, starts_on, end))
            case e.ResourceReleased():
                found = list(_until(found, fact.project, fact.from_day))
    return tuple(found)


def _until(bookings: Iterable[Booking], project: UUID, day: date) -> Iterable[Booking]:
    for booking in bookings:
        if booking.project != project or booking.ends_on < day:
            yield booking
        elif booking.starts_on < day:
            yield booking._replace(ends_on=day - A_DAY)


def stretches(bookings: Iterable[Booking], starts_on: date, ends_on: date) -> list[Stretch]:
    """The total share over a period, as stretches of equal share without a gap."""
    changes = defaultdict[date, Decimal](Decimal, {starts_on: NOTHING})
    for booking in bookings:
        if booking.starts_on <= ends_on and booking.ends_on >= starts_on:
            changes[max(booking.starts_on, starts_on)] += booking.share
            if booking.ends_on < ends_on:
                changes[booking.ends_on + A_DAY] -= booking.share
    days = sorted(changes)
    found: list[Stretch] = []
    share = NOTHING
    for day, following in zip_longest(days, days[1:]):
        share += changes[day]
        last = following - A_DAY if following else ends_on
        if found and found[-1].share == share:
            found[-1] = found[-1]._replace(ends_on=last)
        else:
            found.append(Stretch(share, day, last))
    return found


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
