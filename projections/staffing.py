"""Who works on what: every fact that moves time, kept to be folded within the bounds."""

from collections.abc import Iterable
from uuid import UUID

from domain.kernel.event import Event, Recorded
from domain.resources import events as e
from projections.bounds import View
from projections.dated import Change, DatedChanges

staffing = DatedChanges("staffing")
BOOKING, CAPACITY = "booking:", "capacity:"


@staffing.on(e.ResourceAdded)
def added(event: e.ResourceAdded, fact: Recorded) -> Iterable[Change]:
    """A person or team can be assigned."""
    yield Change(fact.stream_id, "kind", event.kind)
    yield Change(fact.stream_id, "team_name", event.team_name)


@staffing.on(e.ResourceAssigned, e.ResourceReassigned, e.ResourceReleased)
def time_moved(event: Event, fact: Recorded) -> Iterable[Change]:
    """Each such fact is an aspect of its own, so that none replaces another."""
    yield _kept(BOOKING, fact)


@staffing.on(e.CapacityFact)
def capacity_changed(event: e.CapacityFact, fact: Recorded) -> Iterable[Change]:
    """So is each that says how much time there is."""
    yield _kept(CAPACITY, fact)


@staffing.on(e.SkillsSet)
def skills_set(event: e.SkillsSet, fact: Recorded) -> Iterable[Change]:
    """Somebody can do this."""
    yield Change(fact.stream_id, "skills", [each.model_dump(mode="json") for each in event.skills])


@staffing.on(e.RoleSet)
def role_set(event: e.RoleSet, fact: Recorded) -> Iterable[Change]:
    """Somebody plays another role."""
    yield Change(fact.stream_id, "as_role", event.as_role)


@staffing.on(e.MembersSet)
def members_set(event: e.MembersSet, fact: Recorded) -> Iterable[Change]:
    """A team is made of others."""
    yield Change(fact.stream_id, "members", [str(member) for member in event.members])


def staff_of(view: View, things: set[UUID]) -> set[UUID]:
    """Whoever was ever promised to any of these things."""
    wanted = {str(thing) for thing in things}
    return {
        resource
        for resource, cells in staffing.cells(view).items()
        if any(
            not wanted.isdisjoint(map(str, value["data"].values()))
            for aspect, (value, *_) in cells.items()
            if aspect.startswith(BOOKING)
        )
    }


def _kept(kind: str, fact: Recorded) -> Change:
    """The fact as it is, with its event id, by which an absence is cancelled."""
    event = fact.event
    value = {"name": event.fact_name, "data": event.model_dump(mode="json"), "event_id": str(fact.event_id)}
    return Change(fact.stream_id, f"{kind}{fact.version:08d}", value)
