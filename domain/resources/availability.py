"""How much of somebody's time there is: what may be said about it, and what it comes to."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from domain.kernel.event import Event, Recorded
from domain.kernel.rationale import must_not_be_lost, require_code
from domain.kernel.refusal import Invalid, Refused
from domain.resources import commands as c
from domain.resources import events as e
from domain.resources.bookings import A_DAY, LAST_DAY
from domain.resources.capacity import Calendar, Capacity
from domain.resources.words import DAYS_AT_MOST, shares


@dataclass
class Availability:
    """`capacity` is what there is on each day; `cancelled` are the absences that were taken back.

    `departs_on` is the last day of somebody who leaves; a calendar that is set after that brings them back.
    """

    capacity: Capacity = field(default_factory=Capacity)
    cancelled: set[UUID] = field(default_factory=set)
    departs_on: date | None = None

    def set(self, command: c.SetCapacity) -> e.CapacitySet | None:
        """Days get a calendar; nothing is recorded if it was the last one that was set."""
        in_order(command.starts_on, command.ends_on)
        end = command.ends_on or LAST_DAY
        week = shares(command.week, command.full_day)
        days_off = tuple(sorted(set(command.days_off)))
        outside = next((day for day in days_off if not command.starts_on <= day <= end), None)
        if outside:
            raise Invalid({"/days_off": f"expected days from starts_on to ends_on; got {outside}"})
        last = self.capacity.calendars[-1:]
        if last == (Calendar(command.starts_on, end, week, frozenset(days_off)),):
            must_not_be_lost(command.rationale)
            return None
        return e.CapacitySet(
            starts_on=command.starts_on,
            ends_on=command.ends_on,
            week=week,
            days_off=days_off,
            worked=command.week,
            full_day=command.full_day,
            why=command.rationale,
        )

    def record_absence(self, command: c.RecordAbsence) -> e.AbsenceRecorded:
        """The working days of a period are lost."""
        in_order(command.starts_on, command.ends_on)
        length = (command.ends_on - command.starts_on).days + 1
        if length > DAYS_AT_MOST:
            told = f"expected at most {DAYS_AT_MOST} days; a longer one is a capacity of 0, which set-capacity sets"
            raise Invalid({"/ends_on": told})
        days = [command.starts_on + number * A_DAY for number in range(length)]
        working = tuple(day for day in days if self.capacity.asks_on(day))
        if not working:
            raise Refused("None of these days is a working day, so nothing would be lost; other days are possible.")
        if not any(self._is_there(day) for day in working):
            raise Refused("An absence on all of these days is recorded already; other days are possible.")
        return e.AbsenceRecorded(
            starts_on=command.starts_on,
            ends_on=command.ends_on,
            reason=command.reason,
            days=working,
            why=command.rationale,
        )

    def cancel_absence(self, command: c.CancelAbsence) -> e.AbsenceCancelled:
        """The days are there again."""
        require_code(command.rationale, ())
        if command.absence in self.cancelled:
            raise Refused("That absence was cancelled already; it can be recorded again.")
        absence = self.capacity.absences.get(command.absence)
        if absence is None:
            raise Invalid({"/absence": f"no absence of theirs has the event id {command.absence}"})
        return e.AbsenceCancelled(
            absence=command.absence, starts_on=absence.starts_on, ends_on=absence.ends_on, why=command.rationale
        )

    def _is_there(self, day: date) -> bool:
        return not any(day in absence.days for absence in self.capacity.absences.values())

    def apply(self, event: Event, fact: Recorded) -> None:
        """Take one fact in."""
        self.capacity = self.capacity.after(event, fact.event_id)
        match event:
            case e.AbsenceCancelled():
                self.cancelled.add(event.absence)
            case e.Departed():
                self.departs_on = event.last_day
            case e.CapacitySet():
                self.departs_on = None


def in_order(starts_on: date, ends_on: date | None) -> None:
    """Raises `Invalid` for a period that ends before it starts."""
    if ends_on and ends_on < starts_on:
        raise Invalid({"/ends_on": f"expected a day from {starts_on} on; got {ends_on}"})
