"""What the facts about people's time changed: who works on what, their calendars, absences and last day."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from domain.resources import events as e
from projections.bounds import View
from projections.dated import Cell
from projections.paging import Answer
from projections.resources import absences_of, assignments_of, bookings_of, calendars_of, capacity_of, facts_of
from projections.staffing import BOOKING, CAPACITY, staffing

Kept = Mapping[str, Cell]


def changes_of_time(view: View, found: Sequence[Answer]) -> Iterator[tuple[int, Answer]]:
    """By position: somebody's time after a fact, against what the log before it said for when it occurred."""
    told = [fact for fact in found if fact["name"].startswith("resource.")]
    cells = staffing.cells(view, list({UUID(fact["stream_id"]) for fact in told})) if told else {}
    for fact in told:
        kept = _kept(cells.get(UUID(fact["stream_id"]), {}))
        for aspect, own in kept.items():
            if own[2] == fact["position"]:
                earlier = {name: cell for name, cell in kept.items() if cell[2] < own[2] and cell[1] <= own[1]}
                before, after = _time(view, earlier), _time(view, {**earlier, aspect: own})
                for changed in before.keys() | after.keys():
                    values = {"from": before.get(changed), "to": after.get(changed)}
                    yield own[2], {"subject": fact["stream_id"], "aspect": changed, **values}


def _kept(cells: Kept) -> Kept:
    return {aspect: cell for aspect, cell in cells.items() if aspect.startswith((BOOKING, CAPACITY))}


def _time(view: View, cells: Kept) -> dict[str, Any]:
    """All that is known of somebody's time; nothing is `None`."""
    bookings, capacity = bookings_of(cells), capacity_of(cells)
    projects = {booking.project for booking in bookings if view.sees(booking.project)}
    return {
        **{f"assignments:{project}": assignments_of(bookings, project) or None for project in projects},
        **{f"absence:{absence['id']}": absence for absence in absences_of(capacity)},
        "calendars": calendars_of(capacity) or None,
        "departs_on": _last_day(cells),
    }


def _last_day(cells: Kept) -> str | None:
    """The last day of somebody who leaves; a calendar that is set after that brings them back."""
    last_day = None
    for _, event, _ in facts_of(cells, CAPACITY):
        if isinstance(event, e.Departed | e.CapacitySet):
            last_day = event.last_day.isoformat() if isinstance(event, e.Departed) else None
    return last_day
