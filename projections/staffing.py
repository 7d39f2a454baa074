"""Who works on what: every fact that moves time, kept to be folded within the bounds."""

from collections.abc import Iterable

from domain.kernel.event import Event, Recorded
from domain.resources import events as e
from projections.dated import Change, DatedChanges

staffing = DatedChanges("staffing")
BOOKING = "booking:"


@staffing.on(e.ResourceAdded)
def added(event: e.ResourceAdded, fact: Recorded) -> Iterable[Change]:
    """A person or team can be assigned."""
    yield Change(fact.stream_id, "kind", event.kind)
    yield Change(fact.stream_id, "team_name", event.team_name)


@staffing.on(e.ResourceAssigned, e.ResourceReassigned, e.ResourceReleased)
def time_moved(event: Event, fact: Recorded) -> Iterable[Change]:
    """Each such fact is an aspect of its own, so that none replaces another."""
    value = {"name": event.fact_name, "data": event.model_dump(mode="json")}
    yield Change(fact.stream_id, f"{BOOKING}{fact.version:08d}", value)
