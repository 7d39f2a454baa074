"""The resource: whose time is promised to which projects."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import ClassVar
from uuid import UUID

from domain.kernel.aggregate import Aggregate
from domain.kernel.decide import Occasion
from domain.kernel.event import Event, Recorded
from domain.kernel.rationale import Rationale, require_code
from domain.kernel.refusal import Invalid, Refused
from domain.resources import commands as c
from domain.resources import events as e
from domain.resources.availability import Availability, in_order
from domain.resources.bookings import A_DAY, LAST_DAY, Booking, booked, held, lowest
from domain.resources.capacity import excesses
from domain.resources.profile import Profile
from domain.resources.words import REASSIGN_CODES, Excess

TOLD_AT_MOST = 3
"""How many stretches of days a refusal names on which there is not enough."""


@dataclass
class Resource(Aggregate):
    """A person or team; `bookings` are what its time is promised to.

    `has_name` says that it is a person whose name is kept beside the facts.
    """

    kind: ClassVar[str] = "resource"

    bookings: tuple[Booking, ...] = ()
    has_name: bool = False
    availability: Availability = field(default_factory=Availability)
    profile: Profile = field(default_factory=Profile)

    def add(self, command: c.AddResource, _: Occasion) -> e.ResourceAdded:
        """It can be assigned from now on."""
        team = command.name if command.kind is e.ResourceKind.TEAM else None
        return e.ResourceAdded(kind=command.kind, team_name=team, why=command.rationale)

    def assign(self, command: c.AssignResource) -> e.ResourceAssigned:
        """A share of the time goes to a project; if that is more than there is, only for a reason of its own."""
        in_order(command.starts_on, command.ends_on)
        assigned = e.ResourceAssigned(
            project=command.project,
            share=command.share,
            starts_on=command.starts_on,
            ends_on=command.ends_on,
            as_role=command.as_role,
            deliverable=command.deliverable,
            override=command.override,
            request=command.request,
            why=command.rationale,
        )
        last = command.ends_on or LAST_DAY
        found = excesses(booked(self.bookings, assigned), self.availability.capacity, command.starts_on, last)
        over = tuple(islice(found, TOLD_AT_MOST))
        if over and command.override is None:
            raise Refused(
                f"This would put them at {_told(over)}. Reassign or release another share first, "
                "or say in override why it has to be.",
                over=[each.model_dump(mode="json") for each in over],
            )
        if command.override and not over:
            raise Invalid({"/override": "there is nothing to override, for that much is free; leave it out"})
        return assigned.model_copy(update={"over": over})

    def reassign(self, command: c.ReassignResource, further_codes: Iterable[str] = ()) -> e.ResourceReassigned:
        """A share of the time moves; its end is that of the old booking if none is given."""
        in_order(command.starts_on, command.ends_on)
        require_code(command.rationale, (*REASSIGN_CODES, *further_codes))
        if command.from_project == command.to_project:
            raise Invalid({"/to_project": "expected another project than from_project"})
        ends_on = command.ends_on or self._end_of(command)
        least = lowest(self.bookings, command.from_project, command.starts_on, ends_on)
        if least < command.share:
            raise Refused(
                f"The project to move from holds {_percent(least)} of their time "
                f"{_period(command.starts_on, ends_on)}; at most that can be moved, not {_percent(command.share)}."
            )
        return e.ResourceReassigned(
            from_project=command.from_project,
            to_project=command.to_project,
            share=command.share,
            starts_on=command.starts_on,
            ends_on=None if ends_on == LAST_DAY else ends_on,
            why=command.rationale,
        )

    def release(self, command: c.ReleaseResource) -> e.ResourceReleased:
        """The project holds none of the time from a day on."""
        if not self.holds(command.project, command.from_day):
            told = f"Nothing of their time is promised to that project from {command.from_day} on"
            raise Refused(f"{told}; only what is promised can be released.")
        return e.ResourceReleased(project=command.project, from_day=command.from_day, why=command.rationale)

    def depart(self, command: c.Depart) -> list[Event]:
        """They leave after a day: there is no time of theirs any more, and every project loses what it holds."""
        require_code(command.rationale, ())
        if self.availability.departs_on is not None and self.availability.departs_on <= command.last_day:
            raise Refused(f"They leave after {self.availability.departs_on} already; an earlier day is possible.")
        if command.last_day == LAST_DAY:
            raise Invalid({"/last_day": "expected a day that others follow"})
        first = command.last_day + A_DAY
        holding = sorted({each.project for each in self.bookings if self.holds(each.project, first)})
        gone = e.Departed(last_day=command.last_day, projects=tuple(holding), why=command.rationale)
        why = command.rationale.model_copy(update={"supersedes": None})
        return [gone, *(e.ResourceReleased(project=project, from_day=first, why=why) for project in holding)]

    def erase(self, why: Rationale) -> e.ResourceErased:
        """The name of a person goes; a team's is part of the facts."""
        if not self.has_name:
            raise Refused("Only the name of a person can be erased, and only once; this is a team or was erased.")
        return e.ResourceErased(why=why)

    def holds(self, project: UUID, day: date) -> bool:
        """Whether the project holds any of the time on that day or later."""
        return any(stretch.ends_on >= day for stretch in held(self.bookings, project))

    def _end_of(self, command: c.ReassignResource) -> date:
        end = command.starts_on
        for stretch in held(self.bookings, command.from_project):
            follows = end < LAST_DAY and stretch.starts_on <= end + A_DAY
            if stretch.ends_on >= end and stretch.share >= command.share and follows:
                end = stretch.ends_on
        return end

    def apply(self, event: Event, fact: Recorded) -> None:
        """Take one fact in."""
        self.bookings = booked(self.bookings, event)
        match event:
            case e.CapacityFact():
                self.availability.apply(event, fact)
            case e.ProfileFact():
                self.profile.apply(event, fact)
            case e.ResourceAdded():
                self.profile.kind = event.kind
                self.has_name = event.kind is e.ResourceKind.PERSON
            case e.ResourceErased():
                self.has_name = False


def _told(over: tuple[Excess, ...]) -> str:
    told = [
        f"{_percent(each.promised)} {_period(each.starts_on, each.ends_on or LAST_DAY)}, "
        f"where at most {_percent(each.capacity)} is possible"
        for each in over
    ]
    return "; ".join(told)


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f} %"


def _period(starts_on: date, ends_on: date) -> str:
    if starts_on == ends_on:
        return f"on {starts_on}"
    return f"from {starts_on} on" if ends_on == LAST_DAY else f"from {starts_on} to {ends_on}"
