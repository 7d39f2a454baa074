"""How much of full time somebody has on each day, and where more is promised. Pure; for decisions and views alike."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import groupby, pairwise
from typing import NamedTuple
from uuid import UUID

from domain.kernel.event import Event
from domain.resources import events as e
from domain.resources.bookings import A_DAY, LAST_DAY, Booking, stretches
from domain.resources.words import FULL_TIME, NOTHING, WEEKDAYS, AbsenceReason, Excess, Week

A_WEEK = timedelta(days=7)
NO_TIME = Week(**dict.fromkeys(WEEKDAYS, NOTHING))


class Calendar(NamedTuple):
    """What each day of a period gives, as it was decided; `days_off` ask for nothing, like a free weekday."""

    starts_on: date
    ends_on: date
    week: Week
    days_off: frozenset[date]


class Absence(NamedTuple):
    """The days of a period that are lost, as the calendar had them when it was recorded."""

    starts_on: date
    ends_on: date
    reason: AbsenceReason
    days: frozenset[date]


class Judged(NamedTuple):
    """Days on which a promise is asked for, with what is promised and what there is, the same on each."""

    starts_on: date
    ends_on: date
    promised: Decimal
    capacity: Decimal


class Capacity:
    """Calendars in the order in which they were set, each for its days over the ones before, and absences."""

    def __init__(self, calendars: Iterable[Calendar] = (), absences: Iterable[tuple[UUID, Absence]] = ()) -> None:
        self.calendars = tuple(calendars)
        self.absences = dict(absences)

    def after(self, fact: Event, event_id: UUID) -> "Capacity":
        """What there is after one more fact."""
        match fact:
            case e.CapacitySet():
                end = fact.ends_on or LAST_DAY
                calendar = Calendar(fact.starts_on, end, fact.week, frozenset(fact.days_off))
                return Capacity([*self.calendars, calendar], self.absences.items())
            case e.AbsenceRecorded():
                absence = Absence(fact.starts_on, fact.ends_on, fact.reason, frozenset(fact.days))
                return Capacity(self.calendars, [*self.absences.items(), (event_id, absence)])
            case e.AbsenceCancelled():
                left = [pair for pair in self.absences.items() if pair[0] != fact.absence]
                return Capacity(self.calendars, left)
            case e.Departed() if fact.last_day < LAST_DAY:
                gone = Calendar(fact.last_day + A_DAY, LAST_DAY, NO_TIME, frozenset())
                return Capacity([*self.calendars, gone], self.absences.items())
        return self

    def calendar_on(self, day: date) -> Calendar | None:
        """The calendar that holds on a day."""
        return next((each for each in reversed(self.calendars) if each.starts_on <= day <= each.ends_on), None)

    def on(self, day: date) -> Decimal | None:
        """The share of full time somebody has on a day; `None` if nobody said."""
        if day in self._absent:
            return NOTHING
        calendar = self.calendar_on(day)
        if calendar is None:
            return None
        return NOTHING if day in calendar.days_off else calendar.week.on(day)

    def asks_on(self, day: date) -> bool:
        """Whether a promise asks for its share on that day: not on a free one.

        An absence takes the day away, not the promise; without a calendar every day counts.
        """
        calendar = self.calendar_on(day)
        return calendar is None or (day not in calendar.days_off and calendar.week.works_on(day))

    def parts(self, starts_on: date, ends_on: date) -> list[tuple[date, date]]:
        """The period in parts within which the same holds on the same weekday."""
        within = {day for day in self._edges if starts_on < day <= ends_on}
        first = sorted({starts_on, *within})
        return [*((day, following - A_DAY) for day, following in pairwise(first)), (first[-1], ends_on)]

    @cached_property
    def _absent(self) -> frozenset[date]:
        return frozenset(day for absence in self.absences.values() for day in absence.days)

    @cached_property
    def _edges(self) -> frozenset[date]:
        """The first days of such parts."""
        single = [*self._absent, *(day for calendar in self.calendars for day in calendar.days_off)]
        spans = [*((day, day) for day in single), *((each.starts_on, each.ends_on) for each in self.calendars)]
        ends = {last + A_DAY for _, last in spans if last < LAST_DAY}
        return frozenset(ends | {first for first, _ in spans})


def excesses(bookings: Iterable[Booking], capacity: Capacity, starts_on: date, ends_on: date) -> Iterator[Excess]:
    """Where more is promised than there is, day after day, in order; free days between them do not part them."""
    judged = _judged(bookings, capacity, starts_on, ends_on)
    for (promised, limit), alike in groupby(judged, key=lambda each: (each.promised, each.capacity)):
        run = list(alike)
        if promised > limit:
            end = None if run[-1].ends_on == LAST_DAY else run[-1].ends_on
            yield Excess(starts_on=run[0].starts_on, ends_on=end, promised=promised, capacity=limit)


def _judged(bookings: Iterable[Booking], capacity: Capacity, starts_on: date, ends_on: date) -> Iterator[Judged]:
    """What is promised on the days that count; a stretch in which nothing is too much is told as one."""
    for stretch in stretches(bookings, starts_on, ends_on):
        for first, last in capacity.parts(stretch.starts_on, stretch.ends_on):
            yield from _in_part(stretch.share, capacity, first, last)


def _in_part(promised: Decimal, capacity: Capacity, first: date, last: date) -> Iterator[Judged]:
    if not capacity.calendars and not capacity.absences:  # most people's, and asked for everybody at once
        yield Judged(first, last, promised, FULL_TIME)
        return
    days = [day for day in _days(first, min(last - first, A_WEEK - A_DAY)) if capacity.asks_on(day)]
    limits = {day.weekday(): limit_on(capacity, day) for day in days}
    if not limits:
        return
    least = min(limits.values())
    if promised <= least or len(set(limits.values())) == 1:
        yield Judged(days[0], _last_asked(capacity, first, last), promised, least)
        return
    for day in _days(first, last - first):
        if day.weekday() in limits:
            yield Judged(day, day, promised, limits[day.weekday()])


def limit_on(capacity: Capacity, day: date) -> Decimal:
    """What may be promised on a day: what there is, or full time where nobody said."""
    found = capacity.on(day)
    return FULL_TIME if found is None else found


def _last_asked(capacity: Capacity, first: date, last: date) -> date:
    if last == LAST_DAY:
        return last
    return next(
        day for day in (last - timedelta(days=back) for back in range((last - first).days + 1)) if capacity.asks_on(day)
    )


def _days(first: date, span: timedelta) -> Iterator[date]:
    """The days from `first` on, `span` further ones; one at a time, for there may be thousands of years."""
    for number in range(span.days + 1):
        yield first + timedelta(days=number)
