"""Queries about people and teams."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.facts import CATALOGUE, Event
from domain.resources import events as e
from domain.resources.bookings import LAST_DAY, Booking, booked, held
from domain.resources.capacity import Capacity, excesses
from domain.resources.weeks import role_in
from projections.bounds import View
from projections.dated import Cell, Cells, value_of
from projections.journal import first_fact_at, is_known, versions
from projections.names import names_of
from projections.paging import Answer, Page, ordered, page_of
from projections.staffing import BOOKING, CAPACITY, staffing

Promises = Mapping[UUID, frozenset[UUID]]
"""The projects to which each one's time is promised."""


def list_resources(view: View, page: Page) -> tuple[list[Answer], bool]:
    """People and teams in scope by name, one page."""
    cells = staffing.cells(view)
    visible = [subject for subject in cells if "kind" in cells[subject] and view.sees(subject)]
    names = names_of(view, visible)
    shown, more = page_of(ordered(visible, names.get, str, descending=False), page)
    return _answers(view, {subject: cells[subject] for subject in shown}), more


def one_resource(view: View, resource: UUID) -> Answer | None:
    """The person or team within the bounds; `None` if no fact ever named it (or it is out of scope)."""
    if not view.sees(resource) or not is_known(view, resource, [f"{staffing.name}_latest"]):
        return None
    cells = staffing.cells(view, [resource]).get(resource, {})
    (answer,) = _answers(view, {resource: cells})
    return answer if cells else {**answer, "first_fact_at": first_fact_at(view, resource)}


def over_allocated(view: View) -> Promises:
    """Who is promised for more than there is, today or later, and the projects they are promised to."""
    found, today = {}, view.now.date()
    for subject, cells in staffing.cells(view).items():
        bookings = bookings_of(cells)
        if any(excesses(bookings, capacity_of(cells), today, LAST_DAY)):
            found[subject] = frozenset(booking.project for booking in bookings)
    return found


def of_these(over: Promises, projects: Collection[UUID]) -> list[UUID]:
    """Those of them who are promised to any of these projects."""
    return [subject for subject, promised in over.items() if not promised.isdisjoint(projects)]


def people_on(view: View, project: UUID) -> list[Answer]:
    """Who is promised to a project, with the stretches of equal share."""
    cells = staffing.cells(view)
    on_it = {subject: stretches_on for subject in cells if (stretches_on := held(bookings_of(cells[subject]), project))}
    names = names_of(view, on_it)
    return [
        {
            "resource": str(subject),
            "name": names.get(subject),
            "share": share_text(s.share),
            **_days(s.starts_on, s.ends_on),
        }
        for subject in sorted(on_it)
        for s in on_it[subject]
    ]


def bookings_of(cells: Mapping[str, Cell]) -> tuple[Booking, ...]:
    """What somebody's time is promised to."""
    return booked((), *(fact for _, fact, _ in facts_of(cells, BOOKING)))


def capacity_of(cells: Mapping[str, Cell]) -> Capacity:
    """How much of somebody's time there is."""
    capacity = Capacity()
    for _, fact, event_id in facts_of(cells, CAPACITY):
        capacity = capacity.after(fact, event_id)
    return capacity


def bookings_over(cells: Mapping[str, Cell]) -> Iterator[tuple[int, tuple[Booking, ...]]]:
    """Each fact that moved somebody's time, in (occurred_at, position): its position, and what is promised after it."""
    bookings: tuple[Booking, ...] = ()
    for position, fact, _ in facts_of(cells, BOOKING):
        bookings = booked(bookings, fact)
        yield position, bookings


def facts_of(cells: Mapping[str, Cell], kind: str) -> Iterator[tuple[int, Event, UUID]]:
    """The facts of a kind about somebody, in (occurred_at, position): position, event, event id."""
    kept = sorted((cell for aspect, cell in cells.items() if aspect.startswith(kind)), key=lambda cell: cell[1:])
    for fact, _, position in kept:
        yield position, CATALOGUE[fact["name"]].model_validate(fact["data"]), UUID(fact["event_id"])


def share_text(share: Decimal) -> str:
    """A share as text without needless zeros, such as 0.4."""
    return f"{share.normalize():f}"


def _answers(view: View, found: Cells) -> list[Answer]:
    """Whole answers for these people and teams, in this order; what they name is looked up once for all."""
    bookings = {resource: bookings_of(cells) for resource, cells in found.items()}
    named = {booking.project for promised in bookings.values() for booking in promised}
    members = {UUID(member) for cells in found.values() for member in value_of(cells, "members") or []}
    names, counted = names_of(view, {*found, *named, *members}), versions(view, list(found))
    return [
        {**_answer(view, resource, cells, bookings[resource], names), "version": counted.get(resource)}
        for resource, cells in found.items()
    ]


def _answer(
    view: View, resource: UUID, cells: Mapping[str, Cell], bookings: Sequence[Booking], names: Mapping[UUID, str | None]
) -> Answer:
    projects = sorted({booking.project for booking in bookings})
    members = [UUID(member) for member in value_of(cells, "members") or [] if view.sees(UUID(member))]
    return {
        "id": str(resource),
        "name": names.get(resource) if "kind" in cells else None,
        "kind": value_of(cells, "kind"),
        "as_role": value_of(cells, "as_role"),
        "skills": value_of(cells, "skills") or [],
        "members": [{"id": str(member), "kind": "resource", "name": names.get(member)} for member in members],
        "assignments": [
            {"project": str(project), "name": names.get(project), **assignment}
            for project in projects
            if view.sees(project)
            for assignment in assignments_of(bookings, project)
        ],
        "overrides": [
            {"name": names.get(UUID(each["project"])), **each}
            for each in _overrides(cells)
            if view.sees(UUID(each["project"]))
        ],
        **_availability(cells, view.now.date()),
    }


def assignments_of(bookings: Iterable[Booking], project: UUID) -> list[Answer]:
    """The stretches in which a project holds a share of somebody's time."""
    own = [booking for booking in bookings if booking.project == project]
    return [
        {
            "share": share_text(stretch.share),
            **_days(stretch.starts_on, stretch.ends_on),
            "as_role": role_in(own, stretch.ends_on),
            "deliverable": next((b.deliverable for b in own if b.deliverable and b.starts_on <= stretch.ends_on), None),
        }
        for stretch in held(own, project)
    ]


def _overrides(cells: Mapping[str, Cell]) -> Iterator[Answer]:
    """Where more was promised than there was, by how much, and why."""
    for _, fact, event_id in facts_of(cells, BOOKING):
        if isinstance(fact, e.ResourceAssigned) and fact.override:
            said = fact.model_dump(
                mode="json", include={"project", "share", "starts_on", "ends_on", "override", "over"}
            )
            yield {"event_id": str(event_id), **said.pop("override"), **said}


def _availability(cells: Mapping[str, Cell], today: date) -> Answer:
    capacity = capacity_of(cells)
    now = capacity.on(today)
    return {
        "capacity": share_text(now) if now is not None else None,
        "calendars": calendars_of(capacity),
        "absences": absences_of(capacity),
    }


def calendars_of(capacity: Capacity) -> list[Answer]:
    """What was said about each day, what holds over the others last."""
    return [
        {
            **_days(each.starts_on, each.ends_on),
            "week": each.week.model_dump(mode="json"),
            "days_off": sorted(day.isoformat() for day in each.days_off),
        }
        for each in capacity.calendars
    ]


def absences_of(capacity: Capacity) -> list[Answer]:
    """When somebody is away, by the first day."""
    return [
        {
            "id": str(absence),
            "starts_on": each.starts_on.isoformat(),
            "ends_on": each.ends_on.isoformat(),
            "reason": each.reason,
            "days": sorted(day.isoformat() for day in each.days),
        }
        for absence, each in sorted(capacity.absences.items(), key=lambda pair: (pair[1].starts_on, pair[0]))
    ]


def _days(starts_on: date, ends_on: date) -> Answer:
    return {"starts_on": starts_on.isoformat(), "ends_on": None if ends_on == LAST_DAY else ends_on.isoformat()}
